"""Two periods side by side: the difference, how sure we are of it, and whether it counts.

All comparisons treat the two periods as independent samples. A change is significant exactly when
its interval leaves out zero, so that what a page says and what it draws never contradict.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from statistics import NormalDist

from analytics.metrics.intervals import (
    CONFIDENCE,
    SMALL_SAMPLE,
    Estimate,
    mean_of_counts,
    mean_of_sums,
    normal_quantile,
    wilson,
)
from analytics.metrics.nps import Nps
from analytics.metrics.student import t_quantile, two_sided_p, welch_df


class Direction(StrEnum):
    """What may be said of a change."""

    UP = "up"
    DOWN = "down"
    UNCLEAR = "unclear"  # no evidence of a change, which is not evidence of no change


@dataclass(frozen=True, slots=True)
class Change:
    """`difference` is after minus before, with its confidence interval `low`..`high`, in the unit
    of the compared figure; `p_value` two-sided, 0..1; `n_before`, `n_after` are answers."""

    difference: float
    low: float
    high: float
    p_value: float
    n_before: int
    n_after: int

    @property
    def is_significant(self) -> bool:
        """The interval leaves out zero."""
        return self.low > 0 or self.high < 0

    @property
    def is_small(self) -> bool:
        """One side has fewer than 30 answers: say so beside the change."""
        return min(self.n_before, self.n_after) < SMALL_SAMPLE

    @property
    def direction(self) -> Direction:
        """Up or down only if significant."""
        if not self.is_significant:
            return Direction.UNCLEAR
        return Direction.UP if self.difference > 0 else Direction.DOWN


def compare_shares(
    *,
    hits_before: int,
    n_before: int,
    hits_after: int,
    n_after: int,
    confidence: float = CONFIDENCE,
) -> Change | None:
    """Difference of two shares (-1..1); None if one period has no answers.

    Interval: Newcombe 1998, Statistics in Medicine 17:873-890, method 10 (hybrid of the two
    Wilson intervals). p value: score test with the pooled share, which equals Pearson's
    chi-square without continuity correction.
    """
    before = wilson(hits_before, n_before, confidence=confidence)
    after = wilson(hits_after, n_after, confidence=confidence)
    if before is None or after is None:
        return None
    difference = after.value - before.value
    down = math.hypot(after.value - after.low, before.high - before.value)
    up = math.hypot(after.high - after.value, before.value - before.low)
    pooled = (hits_before + hits_after) / (n_before + n_after)
    error = math.sqrt(pooled * (1 - pooled) * (1 / n_before + 1 / n_after))
    return Change(
        difference,
        max(difference - down, -1.0),
        min(difference + up, 1.0),
        normal_p(difference, error),
        n_before,
        n_after,
    )


def compare_nps(before: Nps, after: Nps, *, confidence: float = CONFIDENCE) -> Change | None:
    """Difference of two Net Promoter Scores in points (-200..200); None if one has no answers.

    Formula: z = (N2 - N1) / √(SE1² + SE2²) with the adjusted variances of Rocks 2016 (three
    answers added to each side, so that unanimous small samples keep a spread).
    """
    if before.n == 0 or after.n == 0:
        return None
    difference = _net(after) - _net(before)
    error = math.sqrt(_nps_variance(before) + _nps_variance(after))
    spread = normal_quantile(confidence) * error
    return Change(
        difference,
        max(difference - spread, -200.0),
        min(difference + spread, 200.0),
        normal_p(difference, error),
        before.n,
        after.n,
    )


def compare_means(
    before: Mapping[int, int], after: Mapping[int, int], *, confidence: float = CONFIDENCE
) -> Change | None:
    """Difference of the mean ratings of two {rating: answers}, in steps of the scale.

    Formula: Welch 1947, unequal variances with Satterthwaite's degrees of freedom. None if a side
    has fewer than two answers, since one answer has no spread.
    """
    first, second = mean_of_counts(before), mean_of_counts(after)
    if first is None or second is None or min(first.n, second.n) < 2:
        return None
    squared_errors = _squared_error(before, first), _squared_error(after, second)
    return _welch(first, second, squared_errors, confidence)


def compare_means_of_sums(
    before: tuple[int, int, int], after: tuple[int, int, int], *, confidence: float = CONFIDENCE
) -> Change | None:
    """`compare_means()` of whole numbers given as (n, their sum, the sum of their squares)."""
    first, second = mean_of_sums(*before), mean_of_sums(*after)
    if first is None or second is None or min(first.n, second.n) < 2:
        return None
    errors = _error_of_sums(*before), _error_of_sums(*after)
    return _welch(first, second, errors, confidence)


def compare_quantiles(before: Estimate | None, after: Estimate | None) -> Change | None:
    """Difference of two quantiles that were estimated with distribution-free intervals, in
    their unit; None if one has no values.

    Source: Price and Bonett 2002, Journal of Statistical Computation and Simulation 72:119-124:
    each standard error is the width of the interval through 2z.
    """
    if before is None or after is None:
        return None
    z = normal_quantile(after.confidence)
    error = math.hypot(before.high - before.low, after.high - after.low) / (2 * z)
    difference = after.value - before.value
    return Change(
        difference,
        difference - z * error,
        difference + z * error,
        normal_p(difference, error),
        before.n,
        after.n,
    )


def _welch(
    first: Estimate, second: Estimate, squared_errors: tuple[float, float], confidence: float
) -> Change:
    difference = second.value - first.value
    total = sum(squared_errors)
    if total == 0:  # unanimous on both sides
        p_value = 1.0 if difference == 0 else 0.0
        return Change(difference, difference, difference, p_value, first.n, second.n)
    df = welch_df(squared_errors, (first.n, second.n))
    error = math.sqrt(total)
    spread = t_quantile(confidence, df) * error
    return Change(
        difference,
        difference - spread,
        difference + spread,
        two_sided_p(difference / error, df),
        first.n,
        second.n,
    )


def _error_of_sums(n: int, total: int, squares: int) -> float:
    return (n * squares - total * total) / n / (n - 1) / n


def _squared_error(counts: Mapping[int, int], mean: Estimate) -> float:
    squares = math.fsum(n * (rating - mean.value) ** 2 for rating, n in counts.items())
    return squares / (mean.n - 1) / mean.n


def normal_p(difference: float, error: float) -> float:
    """Two-sided probability (0..1) of a difference at least as large by chance, `error` being
    its standard error."""
    if error == 0:
        return 1.0 if difference == 0 else 0.0
    return 2 * NormalDist().cdf(-abs(difference / error))


def _net(score: Nps) -> float:
    return 100 * (score.promoters - score.detractors) / score.n


def _nps_variance(score: Nps) -> float:
    base = score.n + 3
    plus, minus = (score.promoters + 0.75) / base, (score.detractors + 0.75) / base
    return 10_000 * (plus + minus - (plus - minus) ** 2) / base
