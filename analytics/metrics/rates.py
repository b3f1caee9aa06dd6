"""Counts before and after, as the ratio of two rates.

log((a/m) / (b/k)) for `b` counted in `k` periods before and `a` in `m` after, with the variance
φ·(1/a + 1/b) and Student's t. φ is Pearson's χ²/(n - 2) of the single periods around their side's
mean, never below 1: counts vary more than a Poisson would. This is quasi-Poisson regression with
one step (McCullagh & Nelder 1989, Generalized Linear Models, 4.5 and 9.2).
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from analytics.metrics.intervals import CONFIDENCE
from analytics.metrics.student import t_quantile, two_sided_p

_CORRECTION = 0.5  # added to both sides where one has nothing (Haldane 1956)


@dataclass(frozen=True, slots=True)
class Ratio:
    """`value` 0.8: a fifth fewer than before; its interval `low`..`high`; two-sided p (0..1).
    `error`: the standard error of its logarithm, with `df` degrees of freedom."""

    value: float
    low: float
    high: float
    p_value: float
    error: float
    df: int
    dispersion: float


def rate_ratio(
    before: Sequence[int], after: Sequence[int], *, confidence: float = CONFIDENCE
) -> Ratio | None:
    """Of counts of periods of equal length. None with fewer than two periods on a side, or where
    nothing was counted at all."""
    if min(len(before), len(after)) < 2 or not (any(before) or any(after)):
        return None
    add = 0.0 if any(before) and any(after) else _CORRECTION
    first, second = sum(before) + add, sum(after) + add
    df = len(before) + len(after) - 2
    dispersion = max((_spread(before) + _spread(after)) / df, 1.0)
    error = math.sqrt(dispersion * (1 / first + 1 / second))
    log = math.log(second / len(after)) - math.log(first / len(before))
    return _ratio(log, error, df, dispersion, confidence)


def ratio_beyond(treated: Ratio, untouched: Ratio, *, confidence: float = CONFIDENCE) -> Ratio:
    """Difference in differences of counts: how much the treated ratio exceeds that of a group
    which was left untouched."""
    return _ratio(
        math.log(treated.value) - math.log(untouched.value),
        math.hypot(treated.error, untouched.error),
        min(treated.df, untouched.df),
        max(treated.dispersion, untouched.dispersion),
        confidence,
    )


def _spread(counts: Sequence[int]) -> float:
    mean = sum(counts) / len(counts)
    return sum((count - mean) ** 2 for count in counts) / mean if mean else 0.0


def _ratio(log: float, error: float, df: int, dispersion: float, confidence: float) -> Ratio:
    reach = t_quantile(confidence, df) * error
    return Ratio(
        math.exp(log),
        math.exp(log - reach),
        math.exp(log + reach),
        two_sided_p(log / error, df),
        error,
        df,
        dispersion,
    )
