"""How long things took: medians and high percentiles, because one forgotten case ruins a mean."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise


@dataclass(frozen=True, slots=True)
class Durations:
    """`median` and `p90` in the unit of the input (the product uses seconds), None without
    values; `n` finished cases."""

    median: float | None
    p90: float | None
    n: int


def durations(ordered: Sequence[float]) -> Durations:
    """Median and 90th percentile of durations in ascending order (see `percentile`).

    Only finished cases belong in the list: what still waits is backlog, not a duration.
    """
    if not ordered:
        return Durations(None, None, 0)
    _ensure_ordered(ordered)
    return Durations(_percentile(ordered, 0.5), _percentile(ordered, 0.9), len(ordered))


def percentile(ordered: Sequence[float], share: float) -> float:
    """The value below which `share` (0..1) of the ascending list lies, in the unit of the list.

    Formula: linear interpolation at position share · (n - 1), which is percentile_cont of
    PostgreSQL (Hyndman & Fan 1996, type 7), so that Python and SQL agree to the digit. Raises
    ValueError for an empty or unordered list or a share outside 0..1.
    """
    if not ordered:
        raise ValueError("An empty list has no percentile.")
    if not 0 <= share <= 1:
        raise ValueError("A percentile is asked for as a share from 0 to 1.")
    _ensure_ordered(ordered)
    return _percentile(ordered, share)


def _percentile(ordered: Sequence[float], share: float) -> float:
    position = share * (len(ordered) - 1)
    below = int(position)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (position - below) * (ordered[above] - ordered[below])


def _ensure_ordered(values: Sequence[float]) -> None:
    if any(later < earlier for earlier, later in pairwise(values)):
        raise ValueError("The list must be in ascending order.")
