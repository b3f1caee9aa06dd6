"""The records or responses that a figure counted on a day, and what moved it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import reduce
from operator import add
from typing import Any

from analytics.charts.data import Step, Unit
from analytics.metrics.baseline import HISTORY_DAYS, Answers
from analytics.metrics.catalogue.metric import Metric
from analytics.metrics.catalogue.sums import FactName, Sums
from analytics.metrics.contributions import Part, parts_of_count, parts_of_mean, stands_out
from analytics.metrics.daily import answers_of, slower_than
from analytics.metrics.periods import Period
from analytics.metrics.spread import quantile
from analytics.rules.alerts import Texts
from analytics.selectors.boards.asking import keys_of
from analytics.selectors.facts.counting import filtered
from analytics.selectors.facts.dimension import DIMENSIONS
from analytics.selectors.facts.facts import FACTS
from analytics.selectors.facts.measuring import dimensions_of, measure
from analytics.selectors.facts.question import Answer, asked
from analytics.selectors.window import Window
from feedback.selectors.queue_filters import NONE

MOST_EVIDENCE = 1_000
MOST_PARTS = 8
LEAST_PART = 0.15  # of the whole difference; less moved nothing
_LOOKED_AT = (
    "branch", "category", "product", "channel", "team", "stage", "form", "survey", "way", "tier",
    "language",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Said:
    """A record or a response (its id), and the moment by which it counted."""

    feedback: int | None
    response: int | None
    at: datetime


@dataclass(frozen=True, slots=True)
class Evidence:
    """`count` of all of them, `rows` the newest."""

    count: int
    rows: tuple[Said, ...]


def evidence_of(metric: Metric, filters: Texts, day: date, now: datetime) -> Evidence:
    """What the figure of that day is made of, as its list shows it. Raises FilterNotKnown."""
    fact = FACTS[metric.fact]
    rows = fact.rows(None).filter(Window(Period(day, day), now).inside(fact.moment))
    meant = {**keys_of(filters), **metric.within}
    rows = filtered(fact, rows, tuple(sorted(meant.items())))
    hits = getattr(fact.sums[metric.listed], "filter", None)
    if hits is not None:
        rows = rows.filter(hits)
    key = "response_id" if fact.asked else "pk"
    if fact.name is FactName.PROMISED:
        key = "feedback_id"
    found: dict[int, datetime] = {}
    for pk, at in rows.order_by(f"-{fact.moment}").values_list(key, fact.moment):
        found.setdefault(pk, at)
    said = (Said(None, pk, at) if fact.asked else Said(pk, None, at) for pk, at in found.items())
    return Evidence(len(found), tuple(said)[:MOST_EVIDENCE])


def moved_by(
    metric: Metric, filters: Texts, day: date, expected: float, now: datetime
) -> list[dict[str, Any]]:
    """Which values of which dimensions make the difference of a day, the largest part first, as
    Alert.moved keeps it. `expected` is that of the whole."""
    keys = keys_of(filters)
    known = {name for name, values in keys.items() if len(values) == 1}
    if "category" in keys:
        known.add("branch")
    found: list[dict[str, Any]] = []
    for name in _LOOKED_AT:
        if name not in known and name in dimensions_of(metric):
            found += _named(name, metric, _by(metric, name, keys, day, now), expected)
    return sorted(found, key=lambda one: -one["part"])[:MOST_PARTS]


def _named(name: str, metric: Metric, answer: Answer, expected: float) -> list[dict[str, Any]]:
    if len(answer.groups) < 2:
        return []
    texts, is_count = _texts(name, answer), metric.unit is Unit.COUNT
    whole = sum(sums["n"] for _key, sums in _sums(answer, last=True)) if is_count else 0
    return [
        {
            "by": name,
            "value": texts.get(one.key, NONE),
            "now": one.now,
            "usual": one.usual,
            "part": one.part,
        }
        for one in _parts(metric, answer, expected)
        if one.part >= LEAST_PART and (not is_count or stands_out(one, whole, expected))
    ]


def _by(
    metric: Metric, name: str, keys: Mapping[str, tuple[Any, ...]], day: date, now: datetime
) -> Answer:
    period = Period(day - timedelta(days=HISTORY_DAYS), day)
    question = asked(metric.key, period, by=[name], step=Step.DAY, filters=keys)
    return measure(None, question, now=now)


def _parts(metric: Metric, answer: Answer, expected: float) -> list[Part[Any]]:
    now, before = dict(_sums(answer, last=True)), dict(_sums(answer, last=False))
    if metric.unit is Unit.COUNT:
        return parts_of_count(
            {key: sums["n"] for key, sums in now.items()},
            {key: sums["n"] for key, sums in before.items()},
            expected,
        )
    if metric.quantile is None:
        return parts_of_mean(
            {key: answers_of(metric, sums) for key, sums in now.items()},
            {key: answers_of(metric, sums) for key, sums in before.items()},
        )
    pooled = reduce(add, before.values(), Sums()).cells
    border = quantile(pooled, metric.quantile)
    if border is None:
        return []

    def slow(sums: Sums) -> Answers:
        return slower_than(sums, border)

    found = parts_of_mean(
        {key: slow(sums) for key, sums in now.items()},
        {key: slow(sums) for key, sums in before.items()},
    )
    return [
        Part(
            one.key,
            _hours(metric, now.get(one.key, Sums())),
            _hours(metric, before.get(one.key, Sums())),
            one.part,
        )
        for one in found
    ]


def _hours(metric: Metric, sums: Sums) -> float | None:
    return metric.measured(sums).value


def _sums(answer: Answer, *, last: bool) -> Iterator[tuple[Any, Sums]]:
    """Of each value: of the day itself, or of all days before it."""
    buckets = answer.buckets[-1:] if last else answer.buckets[:-1]
    for group in answer.groups:
        rows = [row.sums for one in buckets if (row := answer.at(group.keys, one)) is not None]
        yield group.keys[0], reduce(add, rows, Sums())


def _texts(name: str, answer: Answer) -> Mapping[Any, str]:
    keys = [row.keys[0] for row in answer.groups]
    found = DIMENSIONS[name].texts([key for key in keys if key is not None])
    return {**found, None: NONE}
