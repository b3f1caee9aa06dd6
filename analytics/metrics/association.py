"""Two questions side by side: whether the answers to one go with the answers to the other."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from analytics.metrics.chi_square import tail

Table = Sequence[Sequence[float]]
FEW = 5  # an expected count below this is thin (Cochran 1954)
THIN_SHARE = 0.2
# Where rows and columns have nothing to do with each other an adjusted residual is nearly standard
# normal (Agresti 2007, 2.4): beyond the first of these comes one in 20, beyond the second one in
# 1,000; the third is far beyond what chance does in any table.
STRIKING = 1.96
_EMPHASES = (STRIKING, 3.3, 6.0)


class Strength(StrEnum):
    """How much rows and columns have to do with each other, by Cohen's w = √(χ²/n): 0.1 is small,
    0.3 medium, 0.5 large (Cohen 1988, Statistical Power Analysis, 7.2)."""

    NONE = "none"
    WEAK = "weak"
    MODERATE = "moderate"
    STRONG = "strong"


_STRENGTHS = ((0.5, Strength.STRONG), (0.3, Strength.MODERATE), (0.1, Strength.WEAK))


@dataclass(frozen=True, slots=True)
class Association:
    """`statistic` is Pearson's chi-square with `df` degrees of freedom, `p_value` 0..1, `v`
    Cramér's V 0..1; `expected` and `residuals` have the shape of the table that was given, with
    None where its row or column is empty; `n` is the (weighted) number of answers."""

    statistic: float
    df: int
    p_value: float
    v: float
    n: float
    expected: tuple[tuple[float | None, ...], ...]
    residuals: tuple[tuple[float | None, ...], ...]

    @property
    def strength(self) -> Strength:
        """Of what was seen, whether or not it may be chance."""
        w = math.sqrt(self.statistic / self.n)
        return next((word for least, word in _STRENGTHS if w >= least), Strength.NONE)

    @property
    def is_thin(self) -> bool:
        """An expected count below 1, or more than a fifth of them below 5: the p value is not to
        be relied on; advise to merge rows or columns (Cochran 1954)."""
        counts = [count for row in self.expected for count in row if count is not None]
        few = sum(count < FEW for count in counts)
        return any(count < 1 for count in counts) or few > THIN_SHARE * len(counts)


def associate(table: Table) -> Association | None:
    """Pearson's test of independence without continuity correction, Cramér's V and adjusted
    residuals of a table of counts; empty rows and columns are left out. None when fewer than two
    rows or columns have answers.

    Formulas: χ² = Σ(O-E)²/E; V = √(χ²/(n·(min(r, c)-1))); adjusted residual
    (O-E)/√(E(1-row share)(1-column share)) (Agresti 2007, An Introduction to Categorical Data
    Analysis, 2.4). Raises ValueError for a negative count or rows of different length.
    """
    _ensure_table(table)
    in_rows = [math.fsum(row) for row in table]
    in_columns = [math.fsum(column) for column in zip(*table, strict=True)]
    n = math.fsum(in_rows)
    rows, columns = sum(map(bool, in_rows)), sum(map(bool, in_columns))
    if rows < 2 or columns < 2:
        return None
    expected = tuple(
        tuple(row * column / n if row and column else None for column in in_columns)
        for row in in_rows
    )
    residuals = tuple(
        tuple(
            None if should is None else _residual(count, should, row / n, column / n)
            for count, should, column in zip(line, wanted, in_columns, strict=True)
        )
        for line, wanted, row in zip(table, expected, in_rows, strict=True)
    )
    statistic = math.fsum(
        (count - should) ** 2 / should
        for line, wanted in zip(table, expected, strict=True)
        for count, should in zip(line, wanted, strict=True)
        if should is not None
    )
    df = (rows - 1) * (columns - 1)
    v = math.sqrt(statistic / (n * (min(rows, columns) - 1)))
    return Association(statistic, df, tail(statistic, df), min(v, 1.0), n, expected, residuals)


def strikes(residual: float | None) -> str:
    """ "more" or "fewer" than if rows and columns had nothing to do with each other; "" for what
    may be chance, and where there is no (adjusted) residual."""
    if residual is None or abs(residual) < STRIKING:
        return ""
    return "more" if residual > 0 else "fewer"


def emphasis(residual: float | None) -> int:
    """How strongly a cell stands out: 0 (may be chance) … 3."""
    return 0 if residual is None else sum(abs(residual) >= least for least in _EMPHASES)


def _residual(count: float, expected: float, row: float, column: float) -> float:
    return (count - expected) / math.sqrt(expected * (1 - row) * (1 - column))


def _ensure_table(table: Table) -> None:
    if len({len(row) for row in table}) > 1:
        raise ValueError("All rows must be equally long.")
    if any(count < 0 for row in table for count in row):
        raise ValueError("A count cannot be negative.")
