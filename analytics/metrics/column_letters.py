"""Letters under the columns of a table: above which other columns a share or a mean stands.

The rule is that of IBM Dimensions: pairs of columns, pooled share, t on effective bases. Other
programs differ (SPSS takes Bonferroni by default, others do not pool), so whoever shows letters
names the rule.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import combinations
from string import ascii_uppercase

from analytics.metrics.student import two_sided_p, welch_df

SMALL_BASE = 30


@dataclass(frozen=True, slots=True)
class Column:
    """One column of one row: `hits` of `base` (both may be weighted); `effective` is the base
    that the spread of the weights leaves, (Σw)²/Σw²; the same as `base` without weights."""

    hits: float
    base: float
    effective: float

    @property
    def share(self) -> float:
        return self.hits / self.base if self.base else 0.0


@dataclass(frozen=True, slots=True)
class Mean:
    """One column of a row of means; `variance` is that of the answers (n - 1)."""

    value: float
    variance: float
    effective: float


def letter_of(column: int) -> str:
    """A, B, … Z, AA, AB … for column 0, 1, …"""
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = ascii_uppercase[rest] + name
    return name


def share_letters(
    columns: Sequence[Column], *, level: float = 0.05, bonferroni: bool = False
) -> list[str]:
    """For each column the letters of those whose share is significantly lower.

    Formula: t = (p₁-p₂)/√(p(1-p)(1/e₁+1/e₂)) with the share p pooled over the effective bases,
    e₁+e₂-2 degrees of freedom. Columns with a base below 30 and empty cells take no part.
    """
    usable = [
        column.effective >= SMALL_BASE and column.base > 0 and column.hits > 0
        for column in columns
    ]
    return compared_letters(
        usable, lambda one, two: _of_shares(columns[one], columns[two]), level, bonferroni
    )


def mean_letters(
    columns: Sequence[Mean], *, level: float = 0.05, bonferroni: bool = False
) -> list[str]:
    """For each column the letters of those whose mean is significantly lower (Welch 1947)."""
    usable = [column.effective >= SMALL_BASE for column in columns]
    return compared_letters(
        usable, lambda one, two: _of_means(columns[one], columns[two]), level, bonferroni
    )


def share_statistic(one: Column, two: Column) -> float:
    """t of the difference of two shares, pooled; 0 when both are alike or without spread.
    Example: 601 of 933 beside 370 of 585 is 0.4613."""
    pooled = (one.share * one.effective + two.share * two.effective) / (
        one.effective + two.effective
    )
    spread = math.sqrt(pooled * (1 - pooled) * (1 / one.effective + 1 / two.effective))
    return (one.share - two.share) / spread if spread else 0.0


def _of_shares(one: Column, two: Column) -> tuple[float, float]:
    statistic = share_statistic(one, two)
    return statistic, two_sided_p(statistic, one.effective + two.effective - 2)


def _of_means(one: Mean, two: Mean) -> tuple[float, float]:
    errors = one.variance / one.effective, two.variance / two.effective
    total = sum(errors)
    difference = one.value - two.value
    if total == 0:
        return difference, 1.0 if difference == 0 else 0.0
    df = welch_df(errors, (one.effective, two.effective))
    return difference, two_sided_p(difference / math.sqrt(total), df)


def compared_letters(
    usable: Sequence[bool],
    compare: Callable[[int, int], tuple[float, float]],
    level: float,
    bonferroni: bool,
) -> list[str]:
    """For each column the letters of those that are significantly lower. `compare` gives (which is
    higher: its sign, p value) of two columns; only `usable` ones take part."""
    pairs = [
        (one, two)
        for one, two in combinations(range(len(usable)), 2)
        if usable[one] and usable[two]
    ]
    limit = level / len(pairs) if bonferroni and pairs else level
    lower: list[list[int]] = [[] for _column in usable]
    for one, two in pairs:
        sign, p_value = compare(one, two)
        if p_value < limit and sign:
            higher, other = (one, two) if sign > 0 else (two, one)
            lower[higher].append(other)
    return [" ".join(letter_of(column) for column in sorted(columns)) for columns in lower]
