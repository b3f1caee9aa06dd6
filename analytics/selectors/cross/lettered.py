"""Which columns of a row are significantly higher than which others."""

from collections.abc import Sequence

from analytics.charts.data import Unit
from analytics.metrics.catalogue.metric import Metric
from analytics.metrics.catalogue.sums import Sums
from analytics.metrics.column_letters import (
    SMALL_BASE,
    Column,
    compared_letters,
    share_letters,
)
from analytics.selectors.crosstab import LEVELS


def letters_of(
    metric: Metric, cells: Sequence[Sums], foot: Sequence[Sums], *, level: int, bonferroni: bool
) -> list[str]:
    """Of what is counted the shares of the columns are compared; a value is compared as with the
    period before (Metric.change). `foot` are the totals of the columns."""
    alpha = LEVELS[level]
    if metric.unit is Unit.COUNT:
        columns = [
            Column(cell["n"], of["n"], of["n"]) for cell, of in zip(cells, foot, strict=True)
        ]
        return share_letters(columns, level=alpha, bonferroni=bonferroni)
    if metric.change is None:
        return [""] * len(cells)
    change = metric.change

    def compare(one: int, two: int) -> tuple[float, float]:
        found = change(cells[two], cells[one])
        return (0.0, 1.0) if found is None else (found.difference, found.p_value)

    usable = [metric.measured(cell).n >= SMALL_BASE for cell in cells]
    return compared_letters(usable, compare, alpha, bonferroni)
