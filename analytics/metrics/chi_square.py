"""The chi-square distribution, without scipy.

Probabilities are the regularised upper incomplete gamma function, by its series for small and its
continued fraction for large arguments (DLMF 8.11.4 and 8.9.2, modified Lentz algorithm).
"""

import math

from analytics.metrics.student import away_from_zero

_TINY = 1e-300
_SETTLED = 1e-15
_MAX_STEPS = 10_000


def tail(statistic: float, df: int) -> float:
    """Probability (0..1) that chi-square with `df` > 0 degrees of freedom is at least
    `statistic`. Example: 30.070 with 2 gives 2.954e-07."""
    if df <= 0:
        raise ValueError("Degrees of freedom must be positive.")
    if statistic <= 0:
        return 1.0
    a, x = df / 2, statistic / 2
    front = math.exp(a * math.log(x) - x - math.lgamma(a))
    if front == 0.0:
        return 0.0 if x > a else 1.0
    return 1 - front * _series(a, x) if x < a + 1 else front * _fraction(a, x)


def _series(a: float, x: float) -> float:
    term = total = 1 / a
    for step in range(1, _MAX_STEPS):
        term *= x / (a + step)
        total += term
        if term < total * _SETTLED:
            break
    return total


def _fraction(a: float, x: float) -> float:
    b = x + 1 - a
    numerator, denominator = 1 / _TINY, 1 / b
    result = denominator
    for step in range(1, _MAX_STEPS):
        part = -step * (step - a)
        b += 2
        denominator = 1 / away_from_zero(part * denominator + b)
        numerator = away_from_zero(b + part / numerator)
        factor = denominator * numerator
        result *= factor
        if abs(factor - 1) < _SETTLED:
            break
    return result
