"""Words and phrases of the texts that somebody chose: how many texts have each, how that moves,
and which tell two groups of texts apart."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from hashlib import sha256

import numpy as np
from django.core.cache import cache
from django.core.exceptions import EmptyResultSet
from django.db.models import F, Func, QuerySet, TextField, Value
from numpy.typing import NDArray

from accounts.models import User
from analytics.charts.data import Step
from analytics.metrics.discoveries import adjusted
from analytics.metrics.periods import Period
from analytics.metrics.trend import Change, compare_shares
from analytics.models import TextReading
from analytics.selectors.expressions import BucketOf
from analytics.selectors.keyword_texts import (
    EARLIER,
    OTHERS,
    THESE,
    how_many,
    is_second_cut,
    newest,
    parts_of,
)
from analytics.selectors.text_choice import BEFORE, MOODS, TextChoice, readings_of
from analytics.text.keywords import Odds, Term, Terms, Wording, log_odds, telling
from feedback.enums import Mood
from feedback.selectors.queue_filters import start_of

SHOWN = 100
FEWEST = 3  # texts that have a word; what fewer have may be a name
COSTLY = 2_000  # texts from which what was counted is kept for some minutes
KEPT_SECONDS = 300
TOLD_APART = 30  # terms that are shown for each of two groups
CERTAIN = 1.96  # |z| from which a difference is hardly chance
DISCOVERY = 0.05
BETWEEN = "\x1f"  # words; no word has it, for they are normalised


@dataclass(frozen=True, slots=True)
class Keyword:
    """`texts` = how many of those chosen have it, `series` the same for each part of the period,
    `change` against the period before (None without texts there), `is_news` when that is more
    than chance would make of so many words (Benjamini-Hochberg, 5 percent)."""

    term: Term
    texts: int
    share: float
    series: tuple[int, ...]
    change: Change | None
    is_news: bool
    odds: Odds

    @property
    def label(self) -> str:
        return self.term.label

    @property
    def percent(self) -> float:
        return self.share * 100

    @property
    def key(self) -> str:
        """What stands for it in an address."""
        return " ".join(self.term.words)


@dataclass(frozen=True)
class Keywords:
    """`rows` by how many texts have them; `first` and `second` are those that tell the two
    groups apart, the strongest first; `sizes` how many texts are in each group."""

    rows: list[Keyword] = field(default_factory=list)
    texts: int = 0
    first: list[Keyword] = field(default_factory=list)
    second: list[Keyword] = field(default_factory=list)
    sizes: tuple[int, int] = (0, 0)
    buckets: tuple[Period, ...] = ()
    step: Step = Step.DAY
    total: int = 0  # texts that were chosen; of more than `AT_MOST` the newest are counted
    second_is_cut: bool = False  # the second group is the newest of what is perhaps more

    @property
    def is_cut(self) -> bool:
        return self.total > self.texts

    @cached_property
    def shown(self) -> list[Keyword]:
        return self.rows[:SHOWN]


def keywords_of(
    user: User, choice: TextChoice, wording: Wording, *, answers: bool = True
) -> Keywords:
    """Counts the words of the newest texts that somebody chose and may see. What took long is
    kept for five minutes, for this person and this choice."""
    key = _key(user, choice, wording, answers=answers)
    kept = cache.get(key)
    if kept is not None:
        there: Keywords = kept
        return there
    period = choice.window.period
    step = period.broad_step
    buckets = period.buckets(step)
    bounds = tuple(start_of(bucket.first) for bucket in buckets)
    rows = [
        (part, *row)
        for part in parts_of(choice)
        for row in newest(user, choice, part, answers=answers).values_list(
            _said(), "mood", BucketOf("said_at", bounds)
        )
    ]
    part_of = np.array([row[0] for row in rows], np.int64)
    if not (part_of == THESE).any():
        return Keywords()
    groups = _groups(choice.compare, part_of, np.array([row[2] for row in rows]))
    bucket_of = np.where(part_of == THESE, np.array([row[3] for row in rows]) - 1, -1)
    terms = Terms([row[1].split(BETWEEN) for row in rows], wording)
    found = _Counted(terms, part_of, groups, bucket_of, buckets, step).keywords()
    found = replace(
        found,
        total=how_many(user, choice, found.texts, answers=answers),
        second_is_cut=is_second_cut(choice, found.sizes[1]),
    )
    if len(rows) >= COSTLY:
        cache.set(key, found, KEPT_SECONDS)
    return found


def _said() -> Func:
    """The words as one text: tens of thousands of lists take long to be read."""
    return Func(F("words"), Value(BETWEEN), function="array_to_string", output_field=TextField())


def _key(user: User, choice: TextChoice, wording: Wording, *, answers: bool) -> str:
    """Of what is counted: whose it is, what was asked for, and which texts may be seen."""
    readings = readings_of(user, answers=answers)
    chosen = [choice, choice.other] if choice.other else [choice]
    texts = [(one.window.period, _sql(readings.filter(one.condition))) for one in chosen]
    words = (sorted(wording.stop), sorted(wording.synonyms.items()), sorted(wording.own))
    asked = (user.pk, choice.query(), texts, words)
    return "keywords:" + sha256(repr(asked).encode()).hexdigest()


def _sql(found: QuerySet[TextReading]) -> str:
    try:
        return str(found.query)
    except EmptyResultSet:
        return ""


def _groups(
    compare: str, part_of: NDArray[np.int64], moods: NDArray[np.str_]
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    inside = part_of == THESE
    if compare == MOODS:
        return inside & (moods == Mood.NEGATIVE.value), inside & (moods == Mood.POSITIVE.value)
    return inside, part_of == (EARLIER if compare == BEFORE else OTHERS)


@dataclass(frozen=True)
class _Counted:
    """Texts of the parts THESE, EARLIER and OTHERS."""

    terms: Terms
    part_of: NDArray[np.int64]
    groups: tuple[NDArray[np.bool_], NDArray[np.bool_]]
    bucket_of: NDArray[np.int64]
    buckets: tuple[Period, ...]
    step: Step

    def keywords(self) -> Keywords:
        terms, first_of, second_of = self.terms, *self.groups
        inside, before = self.part_of == THESE, self.part_of == EARLIER
        counts, earlier = terms.of(inside), terms.of(before)
        sizes = int(inside.sum()), int(before.sum())
        odds = log_odds(terms.of(first_of), terms.of(second_of))
        tells = telling(terms.terms, counts + earlier)
        # Words that only the others have set them apart best.
        others = terms.of(self.part_of == OTHERS)
        tells |= telling(terms.terms, others) & (counts + earlier == 0)
        order = [int(at) for at in np.argsort(-counts, kind="stable") if tells[at]]
        usual = [at for at in order if counts[at] >= FEWEST][:SHOWN]
        first, second = _apart(order, odds)
        changes = {
            at: compare_shares(
                hits_before=int(earlier[at]),
                n_before=sizes[1],
                hits_after=int(counts[at]),
                n_after=sizes[0],
            )
            for at in {*usual, *first, *second}
        }
        news = _news(usual, changes)
        series = terms.by_group(self.bucket_of, len(self.buckets))
        made = {
            at: Keyword(
                terms.terms[at],
                int(counts[at]),
                counts[at] / sizes[0],
                tuple(series[:, at].tolist()),
                change,
                at in news,
                odds[at],
            )
            for at, change in changes.items()
        }
        return Keywords(
            [made[at] for at in usual],
            sizes[0],
            [made[at] for at in first],
            [made[at] for at in second],
            (int(first_of.sum()), int(second_of.sum())),
            self.buckets,
            self.step,
            sizes[0],
        )


def _apart(order: Sequence[int], odds: Sequence[Odds]) -> tuple[list[int], list[int]]:
    """Places of the terms of the first group and of the second, the surest first."""
    apart = sorted((at for at in order if abs(odds[at].z) >= CERTAIN), key=lambda at: -odds[at].z)
    first = [at for at in apart if odds[at].z > 0 and odds[at].first >= FEWEST]
    second = [at for at in reversed(apart) if odds[at].z < 0 and odds[at].second >= FEWEST]
    return first[:TOLD_APART], second[:TOLD_APART]


def _news(places: Sequence[int], changes: dict[int, Change | None]) -> set[int]:
    tested = [(at, change) for at in places if (change := changes[at]) is not None]
    levels = adjusted([change.p_value for _at, change in tested])
    return {at for (at, _change), level in zip(tested, levels, strict=True) if level < DISCOVERY}
