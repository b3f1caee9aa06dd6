"""What stands out of a table, in the order of how much."""

from dataclasses import dataclass
from statistics import NormalDist

from analytics.selectors.cross.heads import Head
from analytics.selectors.cross.table import Cell, Cross, Table

MOST = 5
_LEVEL = 0.05
_EXPECTED = 5  # below this a residual is not nearly normal


@dataclass(frozen=True)
class Finding:
    row: Head
    column: Head
    layer: Head | None
    cell: Cell

    @property
    def is_more(self) -> bool:
        return (self.cell.residual or 0) > 0


def findings_of(cross: Cross) -> list[Finding]:
    """Cells whose residual is beyond chance even when all cells are looked at: the level of 5 % is
    divided by their number (Bonferroni). Those that are expected to hold fewer than five, and
    those that put groups together, are left out."""
    cells = sum(len(one.rows) * len(one.columns) for one in cross.tables if one.test)
    if not cells:
        return []
    limit = NormalDist().inv_cdf(1 - _LEVEL / cells / 2)
    found = [one for table in cross.tables for one in _beyond(table, limit)]
    return sorted(found, key=lambda one: -abs(one.cell.residual or 0))[:MOST]


def _beyond(table: Table, limit: float) -> list[Finding]:
    return [
        Finding(row, column, table.layer, cell)
        for row, line in table.lines
        for column, cell in zip(table.columns, line, strict=False)
        if cell.residual is not None
        and cell.expected is not None
        and abs(cell.residual) >= limit
        and cell.expected >= _EXPECTED
        and not (row.is_rest or column.is_rest)
    ]
