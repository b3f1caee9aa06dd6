"""The band of a day for any metric of the catalogue, from the sums of the days before it.

A count has the band of counts, a share or a mean that of its answers (see `baseline`). A quantile
of durations: how many of a day took longer than the quantile of all days before. That share has a
band of its own, and its ends are read back as durations at the quantile that lies as far up or
down (the ranks of a sample quantile, Conover 1999, 3.2).
"""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from operator import add

from analytics.charts.data import Unit
from analytics.metrics.baseline import (
    CONFIDENCE,
    HISTORY_DAYS,
    Answers,
    Band,
    Day,
    Side,
    count_band,
    mean_band,
)
from analytics.metrics.catalogue.metric import Better, Metric
from analytics.metrics.catalogue.metrics import METRICS
from analytics.metrics.catalogue.sums import Sums
from analytics.metrics.nps import PASSIVE_FROM, PROMOTER_FROM
from analytics.metrics.spread import cell_of, quantile

_HOUR = 3600
# What a day says only when later days are over: whether something comes back.
_TOLD_LATER = frozenset({"reopened"})
_WIDTH = {Unit.SHARE: 1.0, Unit.POINTS: 200.0, Unit.RATING: 6.0}

# Metrics that can be watched day by day: no stock, whose days resemble the day before.
WATCHABLE: dict[str, Metric] = {
    key: metric
    for key, metric in METRICS.items()
    if not metric.is_stock and key not in _TOLD_LATER
}


@dataclass(frozen=True, slots=True)
class DaySums:
    """What a day adds up to, and what kind of day it was."""

    sums: Sums
    kind: Hashable


def band_of(
    metric: Metric,
    history: Sequence[DaySums],
    today: DaySums,
    *,
    confidence: float = CONFIDENCE,
) -> Band | None:
    """The band for a day, in the unit of the metric; None where too little is known."""
    if metric.unit is Unit.COUNT:
        return count_band(
            [Day(_count(metric, one.sums), one.kind) for one in history],
            Day(_count(metric, today.sums), today.kind),
            confidence=confidence,
        )
    if metric.quantile is not None:
        return _duration_band(metric.quantile, history, today, confidence)
    return mean_band(
        [answers_of(metric, one.sums) for one in history],
        answers_of(metric, today.sums),
        scale=_WIDTH[metric.unit],
        confidence=confidence,
    )


def bad_sides(metric: Metric) -> tuple[Side, ...]:
    """Where bad news lies; of what is neither good nor bad, more of it."""
    return (Side.BELOW,) if metric.better is Better.HIGHER else (Side.ABOVE,)


def answers_of(metric: Metric, sums: Sums) -> Answers:
    """The answers of a day: their number, sum and sum of squares, in the unit of the metric."""
    if metric.unit is Unit.SHARE:
        found = metric.value(sums)
        hits = round(found.value * found.n) if found else 0
        return Answers(found.n if found else 0, hits, hits)
    if "felt" in metric.needs:
        return Answers(sums["felt"], sums["feeling"], sums["feeling_squared"])
    worth = _worth(metric)
    counts = {step: sums[f"r{step}"] for step in worth}
    return Answers(
        sum(counts.values()),
        sum(worth[step] * n for step, n in counts.items()),
        sum(worth[step] ** 2 * n for step, n in counts.items()),
    )


def slower_than(sums: Sums, seconds: float) -> Answers:
    """Of the durations of a day, how many took longer."""
    border = cell_of(seconds)
    hits = sum(n for cell, n in sums.cells.items() if cell > border)
    return Answers(sum(sums.cells.values()), hits, hits)


def _duration_band(
    share: float, history: Sequence[DaySums], today: DaySums, confidence: float
) -> Band | None:
    days = history[-HISTORY_DAYS:]
    pooled = reduce(add, (one.sums for one in days), Sums()).cells
    border = quantile(pooled, share)
    value = quantile(today.sums.cells, share)
    if border is None or value is None:
        return None
    band = mean_band(
        [slower_than(one.sums, border) for one in days],
        slower_than(today.sums, border),
        confidence=confidence,
    )
    if band is None:
        return None
    low, high = (_at(pooled, share + end - band.expected) for end in (band.low, band.high))
    if band.side is Side.ABOVE:
        high = min(high, value)
    if band.side is Side.BELOW:
        low = max(low, value)
    return replace(band, expected=border / _HOUR, low=low / _HOUR, high=high / _HOUR)


def _at(cells: Mapping[int, int], share: float) -> float:
    return quantile(cells, min(max(share, 0.0), 1.0)) or 0.0


def _count(metric: Metric, sums: Sums) -> int:
    found = metric.value(sums)
    return int(found.value) if found else 0


def _worth(metric: Metric) -> Mapping[int, float]:
    """What each rating counts in the unit of the metric."""
    steps = [int(name[1:]) for name in metric.needs]
    if metric.unit is Unit.RATING:
        return {step: float(step) for step in steps}
    return {
        step: 100.0 if step >= PROMOTER_FROM else 0.0 if step >= PASSIVE_FROM else -100.0
        for step in steps
    }
