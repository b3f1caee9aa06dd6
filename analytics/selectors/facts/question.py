"""What is asked of metrics and what comes back."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from analytics.charts.data import Step
from analytics.metrics.catalogue.metric import Measured, Metric
from analytics.metrics.catalogue.metrics import METRICS
from analytics.metrics.catalogue.sums import Sums
from analytics.metrics.periods import Period
from analytics.metrics.trend import Change
from analytics.selectors.facts.dimension import DIMENSIONS, Dimension
from analytics.selectors.facts.further import Further

MOST_DIMENSIONS = 3


class NotAsked(ValueError):
    """A metric, dimension or combination that there is not; `name` is the part at fault."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


@dataclass(frozen=True, slots=True)
class Question:
    """`metric` is a key of METRICS; `by` up to three dimensions, `step` cuts the period for a
    time axis; `filters` are pairs of a dimension and the values it may have (None: without any);
    a category means also what is below it. Without `compares` the period before is not looked at.
    `further` are dimensions beside those that all figures know, which `by` may name. Use `asked()`
    to make one of a mapping."""

    metric: str
    period: Period
    by: tuple[str, ...] = ()
    step: Step | None = None
    filters: tuple[tuple[str, tuple[Any, ...]], ...] = ()
    compares: bool = True
    further: tuple[Further, ...] = field(default=(), compare=False)

    @property
    def used(self) -> list[Further]:
        """The further dimensions that it tells apart by."""
        return [one for one in self.further if one.key in self.by]

    def dimension(self, name: str) -> Dimension:
        """KeyError for what there is not."""
        known = {one.key: one.dimension for one in self.further}
        return known[name] if name in known else DIMENSIONS[name]


def asked(
    metric: str,
    period: Period,
    *,
    by: Iterable[str] = (),
    step: Step | None = None,
    filters: Mapping[str, Iterable[Any]] | None = None,
    compares: bool = True,
    further: Iterable[Further] = (),
) -> Question:
    given = {name: tuple(values) for name, values in (filters or {}).items()}
    return Question(
        metric, period, tuple(by), step, tuple(sorted(given.items())), compares, tuple(further)
    )


@dataclass(frozen=True, slots=True)
class Row:
    """One group: `keys` in the order of `by`; `period` its days. `measured` is its value, `count`
    how many things the list at `url` holds (no url: there is no such list). `before` and `change`
    compare with the period before: of the whole and of groups, not of single steps."""

    keys: tuple[Any, ...]
    period: Period
    sums: Sums
    measured: Measured
    count: int
    url: str = ""
    before: Measured | None = None
    change: Change | None = None

    @property
    def value(self) -> float | None:
        return self.measured.value

    @property
    def n(self) -> int:
        return self.measured.n


@dataclass(frozen=True)
class Answer:
    """`groups`: one row for each combination of values over the whole period, the most frequent
    first; `rows`: the same step by step (equal to `groups` without a step); `buckets`: the steps,
    all of them, also where no row is. `names`: what values are called, a mapping for each of
    `by`."""

    question: Question
    total: Row
    groups: tuple[Row, ...] = ()
    rows: tuple[Row, ...] = ()
    buckets: tuple[Period, ...] = ()
    names: tuple[Mapping[Any, str], ...] = ()
    is_running: bool = False
    _index: dict[Any, Row] = field(default_factory=dict, repr=False, compare=False)

    @property
    def metric(self) -> Metric:
        return METRICS[self.question.metric]

    def name(self, row: Row) -> tuple[str, ...]:
        """What the values of a row are called."""
        return tuple(names[key] for names, key in zip(self.names, row.keys, strict=True))

    def at(self, keys: tuple[Any, ...], bucket: Period | None = None) -> Row | None:
        """The row of a combination of values, in one of the buckets; None where nothing was."""
        if not self._index:
            self._index.update({(row.keys, row.period): row for row in self.rows})
            self._index.update({(row.keys, None): row for row in self.groups})
        return self._index.get((keys, bucket))
