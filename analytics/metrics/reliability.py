"""Whether several questions measure one thing."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import variance


@dataclass(frozen=True, slots=True)
class Reliability:
    """`alpha` is at most 1 and may be negative: then a reversed item was not turned round, say
    so. `without` is alpha if each item is left out, in their order; None with two items. `n` is
    the number of people who answered every item."""

    alpha: float
    without: tuple[float, ...] | None
    n: int

    @property
    def looks_reversed(self) -> bool:
        """Ask whether an item is worded the other way round."""
        return self.alpha < 0


def cronbach_alpha(
    people: Sequence[Sequence[float | None]],
    *,
    reversed_items: Sequence[int] = (),
    scale: tuple[float, float] | None = None,
) -> Reliability | None:
    """Cronbach's alpha k/(k-1)·(1-Σs²ᵢ/s²ₜ) over `people`, each a row of answers to the items;
    who left an item out is left out (listwise). `reversed_items` are turned round on `scale`
    (lowest, highest): highest + lowest - answer. None with fewer than two items, two people, or
    without any spread. Source: Cronbach 1951, Psychometrika 16:297-334. Raises ValueError when
    items are to be turned round and no scale says where.
    """
    if reversed_items and scale is None:
        raise ValueError("Say on which scale the items are to be turned round.")
    rows = [
        [
            _turned(value, scale) if scale and item in reversed_items else value
            for item, value in enumerate(row)
            if value is not None
        ]
        for row in people
        if None not in row
    ]
    alpha = _alpha(rows)
    if alpha is None:
        return None
    items = len(rows[0])
    without = None
    if items > 2:
        each = [_alpha([_left_out(row, item) for row in rows]) for item in range(items)]
        without = tuple(math.nan if one is None else one for one in each)
    return Reliability(alpha, without, len(rows))


def _turned(value: float, scale: tuple[float, float]) -> float:
    return scale[0] + scale[1] - value


def _left_out(row: Sequence[float], item: int) -> list[float]:
    return [value for number, value in enumerate(row) if number != item]


def _alpha(rows: Sequence[Sequence[float]]) -> float | None:
    if len(rows) < 2 or len(rows[0]) < 2:
        return None
    total = variance([math.fsum(row) for row in rows])
    if total == 0:
        return None
    items = len(rows[0])
    of_items = math.fsum(variance(column) for column in zip(*rows, strict=True))
    return items / (items - 1) * (1 - of_items / total)
