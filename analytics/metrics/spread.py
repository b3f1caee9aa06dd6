"""How durations lie, as counts of fixed cells that add up: days and groups can be put together,
and what comes out is the same from daily sums as from every single record.

The cells are logarithmic: each is 2 % wider than the one before. A quantile found in them lies in
the same cell as the exact one, so it is at most 2 % away from it. The idea is that of Masson, Rim
and Lee 2019, DDSketch, VLDB 12(12):2195-2205, with cells that never merge.
"""

import math
from collections.abc import Mapping

from analytics.metrics.intervals import CONFIDENCE, Estimate, normal_quantile

WIDTH = 1.02
FLOOR = 1.0  # seconds; whatever is shorter is in cell 0


def cell_of(seconds: float) -> int:
    """The cell of a duration; a negative one counts as none at all."""
    return 0 if seconds < FLOOR else 1 + math.floor(math.log(seconds) / math.log(WIDTH))


def quantile(cells: Mapping[int, int], share: float) -> float | None:
    """The duration in seconds below which `share` (0..1) of those counted lie; None without any.

    Formula: position share · (n - 1), as percentile_cont (Hyndman & Fan 1996, type 7), in a cell
    whose durations are taken to lie evenly on the logarithmic scale. Raises ValueError for a
    share outside 0..1.
    """
    if not 0 <= share <= 1:
        raise ValueError("A quantile is asked for as a share from 0 to 1.")
    n = sum(cells.values())
    return _at(cells, share * (n - 1)) if n else None


def quantile_estimate(
    cells: Mapping[int, int], share: float, *, confidence: float = CONFIDENCE
) -> Estimate | None:
    """`quantile()` with its distribution-free interval; None without durations.

    Source: the ranks n·p ± z·√(n·p·(1-p)) of the order statistics (Conover 1999, Practical
    Nonparametric Statistics, 3.2), cut at the ends.
    """
    n = sum(cells.values())
    value = quantile(cells, share)
    if value is None:
        return None
    spread = normal_quantile(confidence) * math.sqrt(n * share * (1 - share))
    low, high = (min(max(n * share + side * spread - 0.5, 0), n - 1) for side in (-1, 1))
    return Estimate(
        value, min(_at(cells, low), value), max(_at(cells, high), value), n, confidence
    )


def _at(cells: Mapping[int, int], position: float) -> float:
    """The duration at a place (from 0) of all of them in ascending order."""
    before, last, held = 0, 0, 1
    for cell, count in sorted(cells.items()):
        last, held = cell, count
        if position < before + count - 0.5:
            break
        before += count
    else:
        before -= held
    return _inside(last, min(max((position - before + 0.5) / held, 0.0), 1.0))


def _inside(cell: int, share: float) -> float:
    return FLOOR * share if cell == 0 else WIDTH ** (cell - 1 + share)
