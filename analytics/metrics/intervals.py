"""An estimate never travels without its uncertainty: value, interval and number of answers."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from statistics import NormalDist, fmean

from analytics.metrics.student import t_quantile

CONFIDENCE = 0.95
SMALL_SAMPLE = 30


@dataclass(frozen=True, slots=True)
class Estimate:
    """A measured value with its confidence interval; low <= value <= high always holds.

    `value`, `low` and `high` share the unit of the function that made them; `n` is the number of
    valid answers behind them.
    """

    value: float
    low: float
    high: float
    n: int
    confidence: float = CONFIDENCE

    @property
    def is_small(self) -> bool:
        """Fewer than 30 answers: show it as an indication and never rank by it."""
        return self.n < SMALL_SAMPLE

    def scaled(self, factor: float) -> "Estimate":
        """The same estimate in another unit, for example a share (0..1) in percent."""
        return Estimate(
            self.value * factor, self.low * factor, self.high * factor, self.n, self.confidence
        )

    def clipped(self, lowest: float, highest: float) -> "Estimate":
        """The same estimate with an interval that stays on the scale `lowest`..`highest`."""
        return Estimate(
            self.value, max(self.low, lowest), min(self.high, highest), self.n, self.confidence
        )


def normal_quantile(confidence: float = CONFIDENCE) -> float:
    """The z with P(|Z| <= z) = `confidence`: 1.959964 for 0.95."""
    if not 0 < confidence < 1:
        raise ValueError("Confidence lies strictly between 0 and 1.")
    return NormalDist().inv_cdf((1 + confidence) / 2)


def wilson(hits: int, n: int, *, confidence: float = CONFIDENCE) -> Estimate | None:
    """Share `hits / n` (0..1) with the Wilson score interval; None without answers.

    Source: Wilson 1927; Newcombe 1998, Statistics in Medicine 17:857-872, method 3 (without
    continuity correction). Holds its coverage for small n and for shares near 0 and 1.
    """
    _ensure_part(hits, n)
    return _wilson(hits / n, n, n, confidence) if n else None


def weighted_wilson(
    share: float, effective: float, *, confidence: float = CONFIDENCE
) -> Estimate | None:
    """A weighted `share` (0..1) with the Wilson interval on its effective base (Σw)²/Σw², which
    the estimate has as `n`, rounded; None without one."""
    if effective <= 0:
        return None
    return _wilson(min(max(share, 0.0), 1.0), effective, round(effective), confidence)


def _wilson(share: float, n: float, told: int, confidence: float) -> Estimate:
    z = normal_quantile(confidence)
    centre = share + z * z / (2 * n)
    spread = z * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    scale = 1 + z * z / n
    low, high = max(0.0, (centre - spread) / scale), min(1.0, (centre + spread) / scale)
    return _estimate(share, low, high, told, confidence)


def adjusted_wald(
    gains: int, losses: int, n: int, *, confidence: float = CONFIDENCE
) -> Estimate | None:
    """Net share `(gains - losses) / n` (-1..1) with the adjusted Wald interval; None for n = 0.

    Source: Rocks 2016, The American Statistician 70(4):365-372: three answers are added, 3/4 of
    them gains and 3/4 losses, before the Wald interval is taken; clipped to -1..1. The value
    itself is not adjusted. The interval is widened to hold the value where the adjustment would
    push it out, which happens for a single answer only.
    """
    _ensure_part(gains + losses, n)
    _ensure_part(min(gains, losses), n)
    if n == 0:
        return None
    base = n + 3
    plus, minus = (gains + 0.75) / base, (losses + 0.75) / base
    centre = plus - minus
    spread = normal_quantile(confidence) * math.sqrt((plus + minus - centre**2) / base)
    low, high = max(-1.0, centre - spread), min(1.0, centre + spread)
    return _estimate((gains - losses) / n, low, high, n, confidence)


def mean(values: Iterable[float], *, confidence: float = CONFIDENCE) -> Estimate | None:
    """Arithmetic mean with Student's t interval, in the unit of `values`; None without values.

    Formula: mean ± t(n-1) · s / √n with the sample standard deviation s. One value says nothing
    about its spread: the interval is then infinite.
    """
    sample = list(values)
    if not sample:
        return None
    centre = fmean(sample)
    squares = math.fsum((value - centre) ** 2 for value in sample)
    return _mean(centre, squares, len(sample), confidence)


def mean_of_counts(
    counts: Mapping[int, int], *, confidence: float = CONFIDENCE
) -> Estimate | None:
    """`mean()` of ratings given as {rating: number of answers}, as SQL groups them."""
    n = sum(counts.values())
    if n == 0:
        return None
    centre = math.fsum(rating * count for rating, count in counts.items()) / n
    squares = math.fsum(count * (rating - centre) ** 2 for rating, count in counts.items())
    return _mean(centre, squares, n, confidence)


def mean_of_sums(
    n: int, total: int, squares: int, *, confidence: float = CONFIDENCE
) -> Estimate | None:
    """`mean()` of `n` whole numbers given as their sum and the sum of their squares, as SQL adds
    them up; None for n = 0."""
    if n == 0:
        return None
    return _mean(total / n, (n * squares - total * total) / n, n, confidence)


def _mean(centre: float, squares: float, n: int, confidence: float) -> Estimate:
    if n == 1:
        return Estimate(centre, -math.inf, math.inf, n, confidence)
    spread = t_quantile(confidence, n - 1) * math.sqrt(squares / (n - 1) / n)
    return Estimate(centre, centre - spread, centre + spread, n, confidence)


def _estimate(value: float, low: float, high: float, n: int, confidence: float) -> Estimate:
    """Rounding may leave a bound of an extreme share a hair on the wrong side of it."""
    return Estimate(value, min(low, value), max(high, value), n, confidence)


def _ensure_part(hits: int, n: int) -> None:
    if not 0 <= hits <= n:
        raise ValueError(f"{hits} of {n} answers is not a share.")
