"""Whether a day is out of the ordinary: the band in which a figure was to be expected.

Counts. Each day x becomes 2·√(x + 3/8) (Anscombe 1948), whose spread hardly depends on its size.
Kinds of days (weekdays, days off, working days that were moved) get an effect each, and the figure
a level, by median polish (Tukey 1977), so that earlier spikes bend neither. What is expected is
the median of the younger half of the days, moved on by the drift from the older half, plus the
effect of the kind. The spread is the standard deviation of what is left over, the farthest drawn
in, never below that of a Poisson.

Shares and means. Expected is what all answers of the last days together say; the spread is that
of so many answers, times the overdispersion with which days differ among themselves.

A day is out of the ordinary beyond the two-sided quantile of `confidence`, by default 1 - 1/1000.
How often an ordinary day is called out of the ordinary is simulated in the tests.
"""

import math
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from statistics import fmean, median

from analytics.metrics.student import t_quantile, two_sided_p

HISTORY_DAYS = 56
FEWEST_DAYS = 21
FEWEST_OF_A_KIND = 3
FEWEST_ANSWERS = 100  # behind an expected share or mean
CONFIDENCE = 0.999
LEAST_DIFFERENCE = 5  # records; three instead of none is no news
LEAST_ANSWERS = 3
_MAD = 1.4826  # makes the median absolute deviation of a normal its standard deviation
_MEDIAN_WASTE = math.pi / 2  # by which the variance of a median exceeds that of a mean
_MEDIAN_CHI_SQUARE = 0.4549  # of one degree of freedom


class Side(StrEnum):
    """Where a day lies."""

    ABOVE = "above"
    BELOW = "below"
    WITHIN = "within"


@dataclass(frozen=True, slots=True)
class Band:
    """What was to be expected, in the unit of the figure; `deviation`: how many standard
    deviations the day lies off (negative: below); `p_value` (0..1): how often an ordinary day
    lies that far off, on either side."""

    expected: float
    low: float
    high: float
    deviation: float
    side: Side
    p_value: float = 1.0

    def p_on(self, *sides: Side) -> float:
        """How often an ordinary day lies that far off on these sides; 1 for a day that lies on
        another one."""
        lies = Side.ABOVE if self.deviation > 0 else Side.BELOW
        if lies not in sides:
            return 1.0
        return self.p_value if len(sides) > 1 else self.p_value / 2


@dataclass(frozen=True, slots=True)
class Day:
    """A day's count and what kind of day it was (any key; days of one kind resemble each
    other)."""

    count: int
    kind: Hashable


@dataclass(frozen=True, slots=True)
class Answers:
    """The answers of a day as SQL adds them up: their number, sum and sum of squares (of a share
    both sums are the hits)."""

    n: int
    total: float
    squares: float


def count_band(
    history: Sequence[Day], today: Day, *, confidence: float = CONFIDENCE
) -> Band | None:
    """The band for a count, from up to HISTORY_DAYS days before it, oldest first.

    None with fewer than FEWEST_DAYS of them. A kind of day that came fewer than FEWEST_OF_A_KIND
    times has no effect of its own.
    """
    days = history[-HISTORY_DAYS:]
    if len(days) < FEWEST_DAYS:
        return None
    stable = [_stable(day.count) for day in days]
    effects = _effects(stable, [day.kind for day in days])
    plain = [value - effects.get(day.kind, 0.0) for value, day in zip(stable, days, strict=True)]
    half = len(plain) // 2
    earlier, recent = median(plain[:half]), median(plain[half:])
    slope = (recent - earlier) / (len(plain) / 2)
    level = recent + slope * (len(plain) - half + 1) / 2
    middle = (len(plain) - 1) / 2
    centre = (earlier + recent) / 2
    spread = max(
        1.0,
        _spread(
            [value - centre - slope * (at - middle) for at, value in enumerate(plain)],
            fitted=2 + len(effects),
        ),
    )
    known = sum(day.kind == today.kind for day in days) if today.kind in effects else half
    # The level is told by half of the days and moved on by the drift, the effect by its own days.
    spread *= math.sqrt(1 + _MEDIAN_WASTE * (2.5 / half + 1 / known))
    expected = level + effects.get(today.kind, 0.0)
    width = t_quantile(confidence, half) * spread
    deviation = (_stable(today.count) - expected) / spread
    low, high = _count(expected - width), _count(expected + width)
    side = _side(today.count, low, high)
    if abs(today.count - _count(expected)) < LEAST_DIFFERENCE:
        side = Side.WITHIN
    p_value = two_sided_p(deviation, half)
    return Band(_count(expected), low, high, deviation, side, p_value)


def mean_band(
    history: Sequence[Answers],
    today: Answers,
    *,
    scale: float = 1.0,
    confidence: float = CONFIDENCE,
) -> Band | None:
    """The band for a mean or a share, from the HISTORY_DAYS days before it, oldest first.

    `scale`: the width of the scale, 1 for shares, 4 for ratings from 1 to 5; a day that lies off
    by no more than LEAST_ANSWERS answers from one end to the other is within.

    None with fewer than FEWEST_ANSWERS answers on fewer than FEWEST_DAYS days, or without an
    answer today.
    """
    days = [day for day in history[-HISTORY_DAYS:] if day.n]
    n = sum(day.n for day in days)
    if today.n == 0 or n < FEWEST_ANSWERS or len(days) < FEWEST_DAYS:
        return None
    mean = math.fsum(day.total for day in days) / n
    variance = max(math.fsum(day.squares for day in days) / n - mean**2, 0.0) * n / (n - 1)
    # Unanimous answers still leave room for one that is not: half an answer on each side.
    variance = max(variance, 0.5 / n)
    off = [(day.total / day.n - mean) ** 2 * day.n / variance for day in days]
    typical = max(1.0, median(off) / _MEDIAN_CHI_SQUARE)
    dispersion = max(
        1.0, fmean(min(one, 9 * typical) for one in off) * len(days) / (len(days) - 1)
    )
    spread = math.sqrt(dispersion * variance * (1 / today.n + 1 / n))
    value = today.total / today.n
    width = t_quantile(confidence, len(days) - 1) * spread
    low, high = mean - width, mean + width
    # A few answers more or less are no news, however rare they are.
    reach = abs(today.total - today.n * mean) - LEAST_ANSWERS * scale
    side = _side(value, low, high) if reach > 0 else Side.WITHIN
    deviation = (value - mean) / spread
    return Band(mean, low, high, deviation, side, two_sided_p(deviation, len(days) - 1))


def _effects(values: Sequence[float], kinds: Sequence[Hashable]) -> dict[Hashable, float]:
    """How much each kind of day lies above the rest, by two rounds of median polish."""
    often = {kind for kind in kinds if kinds.count(kind) >= FEWEST_OF_A_KIND}
    effects: dict[Hashable, float] = dict.fromkeys(often, 0.0)
    for _ in range(2):
        level = median(
            value - effects.get(kind, 0.0) for value, kind in zip(values, kinds, strict=True)
        )
        for kind in often:
            effects[kind] = median(
                value - level for value, own in zip(values, kinds, strict=True) if own == kind
            )
    return effects


def _spread(residuals: Sequence[float], *, fitted: int) -> float:
    """Their standard deviation, those beyond three robust ones drawn in to there, with `fitted`
    numbers learnt from them."""
    border = 3 * _MAD * median(abs(residual) for residual in residuals)
    squares = math.fsum(min(abs(residual), border) ** 2 for residual in residuals)
    return math.sqrt(squares / max(len(residuals) - fitted, 1))


def _stable(count: float) -> float:
    return 2 * math.sqrt(count + 0.375)


def _count(stable: float) -> float:
    return max(0.0, max(stable, 0.0) ** 2 / 4 - 0.375)


def _side(value: float, low: float, high: float) -> Side:
    if value > high:
        return Side.ABOVE
    return Side.BELOW if value < low else Side.WITHIN
