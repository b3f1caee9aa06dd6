"""What a measure did to a figure: whole weeks before the day it came into force and whole weeks
from that day on, compared in one of three designs.

Before and after: shares by Newcombe, means by Welch, NPS by its variance, quantiles by their
intervals (metrics.trend, as the metric says), counts by the ratio of rates (metrics.rates).
Compared with what was left untouched: the same, less what changed there (metrics.controlled).
Interrupted time series: segmented regression over the weeks (metrics.interrupted).
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from analytics.charts.data import Unit
from analytics.metrics.catalogue.metric import Metric
from analytics.metrics.catalogue.sums import Sums
from analytics.metrics.controlled import beyond
from analytics.metrics.interrupted import (
    FEWEST_EACH_SIDE,
    CannotTell,
    Interruption,
    Refusal,
    interrupted_counts,
    interrupted_mean,
)
from analytics.metrics.rates import Ratio, rate_ratio, ratio_beyond
from analytics.metrics.trend import Change

FEWEST_WEEKS = 4  # each side of a comparison; of a time series FEWEST_EACH_SIDE
FEWEST_ANSWERS = 30  # each side, of figures that are made of answers
FEWEST_COUNTED = 10  # before, of counts
A_YEAR = 52
SEASON_FROM_WEEKS = 2 * A_YEAR


class Why(StrEnum):
    """Why the data cannot carry the question."""

    FEW_WEEKS = "few_weeks"
    FEW_ANSWERS = "few_answers"
    FEW_COUNTED = "few_counted"
    GAPS = "gaps"
    NO_CURVE = "no_curve"
    NOTHING = "nothing"


class CannotMeasure(ValueError):
    """`why`, with the numbers that its sentence needs: how many there are, how many it takes."""

    def __init__(self, why: Why, there: int = 0, needed: int = 0) -> None:
        super().__init__(f"{why}: {there} of {needed}")
        self.why, self.there, self.needed = why, there, needed


@dataclass(frozen=True, slots=True)
class Part:
    """An estimate with its interval."""

    value: float
    low: float
    high: float
    p_value: float


@dataclass(frozen=True, slots=True)
class Effect:
    """`change` in the unit of the metric, or as a ratio (`is_ratio`, 1 meaning none); of a time
    series it is the step at once, and `slope` what is added each week. `before` and `after`: the
    figure itself (counts: per week); `n_before`, `n_after`: what it is made of. `values`: week by
    week, None where there was nothing; `without`: what the weeks after would have been without
    the measure. `untouched`: the figure of the group left untouched, before and after."""

    change: Part
    is_ratio: bool
    before: float
    after: float
    n_before: int
    n_after: int
    values: tuple[float | None, ...]
    without: tuple[float, ...]
    slope: Part | None = None
    untouched: tuple[float, float] | None = None
    durbin_watson: float | None = None
    dispersion: float | None = None
    has_season: bool = False

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def of_json(cls, kept: dict[str, Any]) -> "Effect":
        untouched = kept["untouched"]
        return cls(
            **{
                **kept,
                "change": Part(**kept["change"]),
                "slope": Part(**kept["slope"]) if kept["slope"] else None,
                "values": tuple(kept["values"]),
                "without": tuple(kept["without"]),
                "untouched": (untouched[0], untouched[1]) if untouched else None,
            }
        )


@dataclass(frozen=True, slots=True)
class Weeks:
    """The sums of the weeks before the measure and of those from it on, oldest first."""

    before: tuple[Sums, ...]
    after: tuple[Sums, ...]

    @property
    def all(self) -> tuple[Sums, ...]:
        return (*self.before, *self.after)


def is_count(metric: Metric) -> bool:
    return metric.unit is Unit.COUNT


def before_and_after(metric: Metric, weeks: Weeks) -> Effect:
    """Raises CannotMeasure."""
    _ensure_weeks(weeks, FEWEST_WEEKS)
    if is_count(metric):
        ratio = _ratio_of(metric, weeks)
        return _effect(metric, weeks, _part(ratio), dispersion=ratio.dispersion)
    return _effect(metric, weeks, _part(_change_of(metric, weeks)))


def against_untouched(metric: Metric, weeks: Weeks, untouched: Weeks) -> Effect:
    """Raises CannotMeasure, also where the untouched group has too little."""
    _ensure_weeks(weeks, FEWEST_WEEKS)
    change: Part
    if is_count(metric):
        change = _part(ratio_beyond(_ratio_of(metric, weeks), _ratio_of(metric, untouched)))
    else:
        change = _part(beyond(_change_of(metric, weeks), _change_of(metric, untouched)))
    sides = _side(metric, untouched.before), _side(metric, untouched.after)
    return _effect(metric, weeks, change, untouched=sides)


def time_series(metric: Metric, weeks: Weeks) -> Effect:
    """Raises CannotMeasure."""
    _ensure_weeks(weeks, FEWEST_EACH_SIDE)
    values = _values(metric, weeks)
    missing = sum(value is None for value in values)
    if missing:
        raise CannotMeasure(Why.GAPS, missing)
    season = A_YEAR if is_count(metric) and len(values) >= SEASON_FROM_WEEKS else None
    known = [value for value in values if value is not None]
    try:
        found = _interrupted(metric, known, len(weeks.before), season)
    except CannotTell as refusal:
        why = Why.NOTHING if refusal.why is Refusal.NOTHING_COUNTED else Why.NO_CURVE
        raise CannotMeasure(why) from refusal
    except OverflowError as endless:  # a ratio without bound
        raise CannotMeasure(Why.NO_CURVE) from endless
    level, slope = found.level, found.slope
    return _effect(
        metric,
        weeks,
        Part(level.value, level.low, level.high, level.p_value),
        slope=Part(slope.value, slope.low, slope.high, slope.p_value),
        without=found.without,
        durbin_watson=found.durbin_watson,
        dispersion=found.dispersion,
        has_season=season is not None,
    )


def apart_before(metric: Metric, weeks: Weeks, untouched: Weeks) -> bool:
    """Whether both groups went different ways already before the measure: then the untouched one
    says little about what would have been. False where that cannot be told."""
    half = len(weeks.before) // 2
    first, second = (Weeks(one.before[:half], one.before[half:]) for one in (weeks, untouched))
    try:
        gone = against_untouched(metric, first, second)
    except CannotMeasure:
        return False
    return is_certain(gone.change, gone.is_ratio)


def is_certain(part: Part, is_ratio: bool) -> bool:
    """The interval leaves out what would be no change."""
    nothing = 1.0 if is_ratio else 0.0
    return part.low > nothing or part.high < nothing


def _interrupted(
    metric: Metric, values: Sequence[float], first_after: int, season: int | None
) -> Interruption:
    if is_count(metric):
        return interrupted_counts([int(value) for value in values], first_after, season=season)
    return interrupted_mean(values, first_after)


def _effect(metric: Metric, weeks: Weeks, change: Part, **more: Any) -> Effect:
    before, after = _side(metric, weeks.before), _side(metric, weeks.after)
    untouched = more.get("untouched")
    gone = _expected(metric, before, untouched) if untouched else before
    return Effect(
        change=change,
        is_ratio=is_count(metric),
        before=before,
        after=after,
        n_before=_n(metric, weeks.before),
        n_after=_n(metric, weeks.after),
        values=_values(metric, weeks),
        **{"without": (gone,) * len(weeks.after), **more},
    )


def _expected(metric: Metric, before: float, untouched: tuple[float, float]) -> float:
    """Where the group would be if it had gone the way of the untouched one."""
    if is_count(metric):
        return before * untouched[1] / untouched[0] if untouched[0] else before
    return before + untouched[1] - untouched[0]


def _values(metric: Metric, weeks: Weeks) -> tuple[float | None, ...]:
    return tuple(metric.measured(one).value for one in weeks.all)


def _side(metric: Metric, weeks: Sequence[Sums]) -> float:
    value = metric.measured(_together(weeks)).value or 0.0
    return value / len(weeks) if is_count(metric) else value


def _n(metric: Metric, weeks: Sequence[Sums]) -> int:
    return metric.measured(_together(weeks)).n


def _together(weeks: Sequence[Sums]) -> Sums:
    found = weeks[0]
    for one in weeks[1:]:
        found = found + one
    return found


def _ratio_of(metric: Metric, weeks: Weeks) -> Ratio:
    before = [metric.measured(one).n for one in weeks.before]
    after = [metric.measured(one).n for one in weeks.after]
    if sum(before) < FEWEST_COUNTED:
        raise CannotMeasure(Why.FEW_COUNTED, sum(before), FEWEST_COUNTED)
    found = rate_ratio(before, after)
    if found is None:
        raise CannotMeasure(Why.NOTHING)
    return found


def _change_of(metric: Metric, weeks: Weeks) -> Change:
    fewest = min(_n(metric, weeks.before), _n(metric, weeks.after))
    if fewest < FEWEST_ANSWERS:
        raise CannotMeasure(Why.FEW_ANSWERS, fewest, FEWEST_ANSWERS)
    compare = metric.change
    found = compare(_together(weeks.before), _together(weeks.after)) if compare else None
    if found is None:
        raise CannotMeasure(Why.NOTHING)
    return found


def _part(found: Ratio | Change) -> Part:
    value = found.value if isinstance(found, Ratio) else found.difference
    return Part(value, found.low, found.high, found.p_value)


def _ensure_weeks(weeks: Weeks, needed: int) -> None:
    there = min(len(weeks.before), len(weeks.after))
    if there < needed:
        raise CannotMeasure(Why.FEW_WEEKS, there, needed)
