"""Many tests at once: of twenty that mean nothing, one looks significant by chance."""

from collections.abc import Sequence


def adjusted(p_values: Sequence[float]) -> list[float]:
    """For each p value (0..1) the smallest share of false discoveries at which it still counts,
    in the order given: take those below 0.05 and one in twenty of them is wrong.

    Source: Benjamini and Hochberg 1995, Journal of the Royal Statistical Society B 57:289-300.
    Example: 0.01, 0.04, 0.03 give 0.03, 0.04, 0.04.
    """
    tests = len(p_values)
    result = [1.0] * tests
    least = 1.0
    falling = sorted(range(tests), key=lambda at: p_values[at], reverse=True)
    for rank, at in zip(range(tests, 0, -1), falling, strict=True):
        least = min(least, p_values[at] * tests / rank)
        result[at] = least
    return result
