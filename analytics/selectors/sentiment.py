"""How the texts sound that somebody chose: by mood, over time, by where they come from, and what
they say of each category that they mention. Everything is added up in the database."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Count, F, Func, IntegerField, Q, QuerySet, Sum, Value
from django.db.models.functions import Cast

from accounts.models import User
from analytics.charts.data import Step
from analytics.metrics.intervals import Estimate, mean_of_sums, wilson
from analytics.metrics.periods import Period
from analytics.metrics.trend import Change, compare_shares
from analytics.models import TextReading
from analytics.selectors.category_names import category_names
from analytics.selectors.expressions import rows_where
from analytics.selectors.text_choice import TextChoice, readings_of
from analytics.selectors.window import BEFORE, FIRST
from config.kernel.text.mood.labels import NEARLY
from feedback.enums import Mood

# What texts are told apart by: parameter of an address → column of a reading.
GROUPS = {
    "channel": F("feedback__channel"),
    "language": F("language"),
    "product": F("feedback__product"),
    "category": F("feedback__category"),
}
_SUMS: dict[str, Any] = {
    **{mood.value: rows_where(Q(mood=mood)) for mood in Mood},
    "ironic": rows_where(Q(is_ironic=True)),
    "scored": Count("sentiment"),
    "total": Sum("sentiment", default=0),
    "squares": Sum(F("sentiment") * F("sentiment"), default=0, output_field=IntegerField()),
}


@dataclass(frozen=True, slots=True)
class Tally:
    """Texts by mood; `ironic` of them may mean the opposite; `scored` have a sentiment of -100 to
    100, with its sum and the sum of its squares."""

    negative: int = 0
    neutral: int = 0
    positive: int = 0
    mixed: int = 0
    undetermined: int = 0
    ironic: int = 0
    scored: int = 0
    total: int = 0
    squares: int = 0

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(*(getattr(self, name) + getattr(other, name) for name in _SUMS))

    @property
    def told(self) -> int:
        """Texts whose mood is known: what shares are of."""
        return self.negative + self.neutral + self.positive + self.mixed

    @property
    def texts(self) -> int:
        return self.told + self.undetermined

    @property
    def share(self) -> Estimate | None:
        """Of negative texts among those whose mood is known (0..1)."""
        return wilson(self.negative, self.told)

    @property
    def mean(self) -> Estimate | None:
        """Mean sentiment, -100..100."""
        found = mean_of_sums(self.scored, self.total, self.squares)
        return found.clipped(-100, 100) if found else None


@dataclass(frozen=True, slots=True)
class Part:
    """The texts with one value of a group; `value` None: those without any."""

    group: str
    value: str | None
    tally: Tally


@dataclass(frozen=True, slots=True)
class Aspect:
    """What texts say of a category that they mention: in `texts` of them, negative in
    `negative`; `mean` from -100 to 100."""

    category: int
    name: str
    texts: int
    negative: int
    mean: Estimate
    share: Estimate


@dataclass(frozen=True)
class Sentiment:
    """`series` has a tally for each of `buckets`; `before` is the period before, `change` how the
    share of negative texts differs from it; `aspects` the worst first."""

    whole: Tally
    before: Tally
    buckets: tuple[Period, ...]
    step: Step
    series: tuple[Tally, ...]
    parts: list[Part] = field(default_factory=list)
    aspects: list[Aspect] = field(default_factory=list)

    @property
    def change(self) -> Change | None:
        return compare_shares(
            hits_before=self.before.negative,
            n_before=self.before.told,
            hits_after=self.whole.negative,
            n_after=self.whole.told,
        )


def sentiment_of(user: User, choice: TextChoice, *, answers: bool = True) -> Sentiment:
    """Three statements, for any number of texts."""
    window = choice.window
    chosen = readings_of(user, answers=answers).filter(choice.condition)
    step = window.period.broad_step
    buckets = window.period.buckets(step)
    rows = window.grouped(chosen, "said_at", window.parts(buckets)).annotate(**_SUMS)
    found = {row.pop("bucket"): Tally(**row) for row in rows}
    series = tuple(found.get(FIRST + at, Tally()) for at in range(len(buckets)))
    inside = chosen.filter(window.inside("said_at")).order_by()
    return Sentiment(
        sum(series, Tally()),
        found.get(BEFORE, Tally()),
        buckets,
        step,
        series,
        _parts(inside),
        _aspects(inside),
    )


def texts_behind(
    user: User, choice: TextChoice, *, aspect: int | None, negative: bool, ironic: bool
) -> QuerySet[TextReading]:
    """The texts behind a number, the newest first. `aspect`: they mention this category, and
    with `negative` say something bad of it; `ironic`: they may mean the opposite."""
    found = readings_of(user).filter(choice.condition, choice.window.inside("said_at"))
    if ironic:
        found = found.filter(is_ironic=True)
    if aspect is not None:
        # Not a lookup by key: that takes a number for a place in a list.
        score = Func(F("aspects"), Value(str(aspect)), function="jsonb_extract_path_text")
        found = found.filter(aspects__has_key=str(aspect)).alias(score=Cast(score, IntegerField()))
        found = found.filter(score__lt=-NEARLY) if negative else found
    return found.order_by("-said_at", "-pk")


def _parts(inside: QuerySet[TextReading]) -> list[Part]:
    """One statement for all groups; within each group those with most texts first."""
    sums: dict[str, dict[Any, Tally]] = {group: {} for group in GROUPS}
    columns: dict[str, Any] = {f"by_{group}": column for group, column in GROUPS.items()}
    rows: Any = inside.values(**columns).annotate(**_SUMS)
    for row in rows:
        values = {group: row.pop(f"by_{group}") for group in GROUPS}
        tally = Tally(**row)
        for group, value in values.items():
            key = None if value in {None, ""} else str(value)
            sums[group][key] = sums[group].get(key, Tally()) + tally
    return [
        Part(group, value, tally)
        for group, found in sums.items()
        for value, tally in sorted(found.items(), key=lambda one: -one[1].texts)
    ]


def _aspects(inside: QuerySet[TextReading]) -> list[Aspect]:
    """By the lower end of the interval of what is negative, so that one bad text of two does not
    stand above forty of a hundred."""
    try:
        texts, params = inside.exclude(aspects={}).values("aspects").query.sql_with_params()
    except EmptyResultSet:
        return []
    # The inner statement is the ORM's, values are parameters.
    statement = f"""
        SELECT said.key, COUNT(*), COUNT(*) FILTER (WHERE said.value::int < %s),
               SUM(said.value::int), SUM(said.value::int * said.value::int)
        FROM ({texts}) AS read CROSS JOIN LATERAL jsonb_each_text(read.aspects) AS said
        GROUP BY said.key
    """  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(statement, [-NEARLY, *params])
        rows = cursor.fetchall()
    names = category_names()
    found = [_aspect(row, names) for row in rows if row[0].isdigit() and int(row[0]) in names]
    return sorted(found, key=lambda one: (-one.share.low, one.mean.value, one.name))


def _aspect(row: tuple[str, int, int, int, int], names: Mapping[int, str]) -> Aspect:
    key, texts, negative, total, squares = row
    mean, share = mean_of_sums(texts, total, squares), wilson(negative, texts)
    assert mean is not None and share is not None  # noqa: S101, PT018 - a group has a row
    return Aspect(int(key), names[int(key)], texts, negative, mean.clipped(-100, 100), share)
