"""Words and phrases of the texts that somebody chose: how many texts have each, how that moves,
and which tell two groups of texts apart."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from hashlib import sha256

import numpy as np
from django.core.cache import cache
from django.core.exceptions import EmptyResultSet
from django.db.models import Case, Q, QuerySet, When
from numpy.typing import NDArray

from accounts.models import User
from analytics.charts.data import Step
from analytics.metrics.discoveries import adjusted
from analytics.metrics.periods import Period
from analytics.metrics.trend import Change, compare_shares
from analytics.models import TextReading
from analytics.selectors.text_choice import BEFORE, MOODS, TextChoice, readings_of
from analytics.text.keywords import Odds, Term, Terms, Wording, holds, log_odds, telling
from feedback.enums import Mood
from feedback.selectors.queue_filters import start_of

SHOWN = 100
AT_MOST = 20_000  # texts that are counted at once, the newest
COMPARED = 10_000  # the newest of those that they are compared with
FEWEST = 3  # texts that have a word; what fewer have may be a name
COSTLY = 2_000  # texts from which what was counted is kept for some minutes
KEPT_SECONDS = 300
TOLD_APART = 30  # terms that are shown for each of two groups
CERTAIN = 1.96  # |z| from which a difference is hardly chance
DISCOVERY = 0.05


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
    window, readings = choice.window, readings_of(user, answers=answers)
    chosen = readings.filter(choice.condition)
    key = _key(user, choice, wording, readings)
    kept = cache.get(key)
    if kept is not None:
        there: Keywords = kept
        return there
    inside = chosen.filter(window.inside("said_at"))
    parts = [(0, inside), (1, chosen.filter(window.before("said_at")))]
    if choice.compare not in {MOODS, BEFORE}:
        others = _rest(readings.filter(window.inside("said_at")), choice.condition)
        if choice.of_other is not None:
            others = others.filter(choice.shared_condition, choice.of_other)
        parts.append((2, others))
    rows = [
        (part, *row)
        for part, found in parts
        for row in found.order_by("-said_at").values_list("words", "mood", "said_at")[
            : AT_MOST if part == 0 else COMPARED
        ]
    ]
    part_of = np.array([row[0] for row in rows], np.int64)
    if not (part_of == 0).any():
        return Keywords()
    groups = _groups(choice.compare, part_of, np.array([row[2] for row in rows]))
    step = window.period.broad_step
    buckets = window.period.buckets(step)
    ends = [start_of(bucket.first).timestamp() for bucket in buckets]
    times = np.array([row[3].timestamp() for row in rows])
    bucket_of = np.where(part_of == 0, np.searchsorted(ends, times, side="right") - 1, -1)
    terms = Terms([row[1] for row in rows], wording)
    found = _Counted(terms, part_of, groups, bucket_of, buckets, step).keywords()
    if found.texts >= AT_MOST:
        found = replace(found, total=inside.count())
    if len(rows) >= COSTLY:
        cache.set(key, found, KEPT_SECONDS)
    return found


def _rest(whole: QuerySet[TextReading], condition: Q) -> QuerySet[TextReading]:
    """Those of `whole` that are not chosen, told row by row: the newest are found without
    looking for all that are."""
    if not condition:
        return whole.none()
    return whole.annotate(is_chosen=Case(When(condition, then=True), default=False)).filter(
        is_chosen=False
    )


def _key(user: User, choice: TextChoice, wording: Wording, readings: QuerySet[TextReading]) -> str:
    """Of what is counted: whose it is, what was asked for, and which texts may be seen."""
    chosen = [readings.filter(choice.condition), readings.filter(choice.of_other or Q())]
    words = (sorted(wording.stop), sorted(wording.synonyms.items()), sorted(wording.own))
    window = choice.window.period
    parts = (user.pk, choice.query(), window, [_sql(one) for one in chosen], words)
    return "keywords:" + sha256(repr(parts).encode()).hexdigest()


def _sql(found: QuerySet[TextReading]) -> str:
    try:
        return str(found.query)
    except EmptyResultSet:
        return ""


def texts_with(
    user: User, choice: TextChoice, key: str, wording: Wording
) -> QuerySet[TextReading]:
    """The texts behind the number of a word or phrase, the newest first."""
    found = readings_of(user).filter(choice.condition, choice.window.inside("said_at"))
    found = found.order_by("-said_at", "-pk")
    words = tuple(key.split())
    if not words:
        return found
    for word in words:
        found = found.filter(words__overlap=wording.written(word))
    if len(words) == 1:
        return found
    rows = found.values_list("pk", "words")[:AT_MOST]
    return found.filter(pk__in=[pk for pk, said in rows if holds(said, words, wording)])


def _groups(
    compare: str, part_of: NDArray[np.int64], moods: NDArray[np.str_]
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    inside = part_of == 0
    if compare == MOODS:
        return inside & (moods == Mood.NEGATIVE.value), inside & (moods == Mood.POSITIVE.value)
    return inside, part_of == (1 if compare == BEFORE else 2)


@dataclass(frozen=True)
class _Counted:
    """Texts of this period (part 0), of the one before (1) and all others (2)."""

    terms: Terms
    part_of: NDArray[np.int64]
    groups: tuple[NDArray[np.bool_], NDArray[np.bool_]]
    bucket_of: NDArray[np.int64]
    buckets: tuple[Period, ...]
    step: Step

    def keywords(self) -> Keywords:
        terms, first_of, second_of = self.terms, *self.groups
        inside, before = self.part_of == 0, self.part_of == 1
        counts, earlier = terms.of(inside), terms.of(before)
        sizes = int(inside.sum()), int(before.sum())
        odds = log_odds(terms.of(first_of), terms.of(second_of))
        tells = telling(terms.terms, counts + earlier)
        # Words that only the others have set them apart best.
        others = terms.of(self.part_of == 2)
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
