"""What a metric is: a name, a formula, and a pure function from sums to a value."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from django.utils.functional import Promise

from analytics.charts.data import Unit
from analytics.metrics.catalogue.sums import FactName, Sums
from analytics.metrics.intervals import SMALL_SAMPLE, Estimate
from analytics.metrics.trend import Change


class Better(StrEnum):
    """Which way is good news."""

    HIGHER = "higher"
    LOWER = "lower"
    NEITHER = "neither"


@dataclass(frozen=True, slots=True)
class Measured:
    """A value in the unit of its metric with its interval, None where there is none; `n` is how
    many things it was made of, `is_small` that they are too few to rank by."""

    value: float | None = None
    low: float | None = None
    high: float | None = None
    n: int = 0
    is_small: bool = False


@dataclass(frozen=True)
class Metric:
    """`fact` is what it counts, `needs` the sums it is made of, `value` how, `change` how two
    periods are compared (None: the difference is shown, and nothing said about chance).
    `uses_cells`: durations are needed. `within` narrows the fact to values of dimensions. `minus`
    makes it a stock: all there ever was of `fact` less all there ever was of `minus`, at the end
    of a day. The list behind it has exactly the sum `listed` and is narrowed by `list_filters`.
    `quantile` (0..1): which one of durations it is."""

    key: str
    name: Promise
    explanation: Promise
    formula: str
    source: str
    unit: Unit
    better: Better
    fact: FactName
    needs: tuple[str, ...]
    value: Callable[[Sums], Estimate | None]
    change: Callable[[Sums, Sums], Change | None] | None = None
    uses_cells: bool = False
    within: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)
    minus: FactName | None = None
    listed: str = "n"
    list_filters: Mapping[str, Any] = field(default_factory=dict)
    small: int = SMALL_SAMPLE
    quantile: float | None = None

    @property
    def is_stock(self) -> bool:
        return self.minus is not None

    @property
    def sums(self) -> tuple[str, ...]:
        """All that has to be counted, each once."""
        return tuple(dict.fromkeys((*self.needs, self.listed)))

    def measured(self, sums: Sums) -> Measured:
        """Its value. Counts have no interval: they are what happened, not a sample."""
        found = self.value(sums)
        if found is None:
            return Measured()
        is_small = found.n < self.small
        if self.unit is Unit.COUNT:
            return Measured(found.value, None, None, found.n, is_small)
        low = found.low if found.low > -float("inf") else None
        high = found.high if found.high < float("inf") else None
        return Measured(found.value, low, high, found.n, is_small)
