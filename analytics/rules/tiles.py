"""Which charts make sense of which metric, and what a tile and a dashboard are made of."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.utils.functional import Promise

from analytics.charts.data import Unit
from analytics.enums import TileChart, TileSize
from analytics.metrics.catalogue.metric import Metric

# How many dimensions a chart tells apart: at least, at most.
_TAKES = {
    TileChart.NUMBER: (0, 0),
    TileChart.GAUGE: (0, 0),
    TileChart.LINE: (0, 1),
    TileChart.COLUMNS: (0, 1),
    TileChart.SHARES: (1, 1),
    TileChart.BARS: (1, 1),
    TileChart.DONUT: (1, 1),
    TileChart.PARETO: (1, 1),
    TileChart.HEATMAP: (2, 2),
    TileChart.TABLE: (1, 2),
}
OVER_TIME = {TileChart.NUMBER, TileChart.LINE, TileChart.COLUMNS, TileChart.SHARES}
# Parts of a whole: only of what is counted.
_OF_COUNTS = {TileChart.COLUMNS, TileChart.SHARES, TileChart.DONUT, TileChart.PARETO}
_BOUNDED = {Unit.SHARE: (0.0, 1.0), Unit.POINTS: (-100.0, 100.0), Unit.RATING: (1.0, 7.0)}
MOST_TILES = 24


@dataclass(frozen=True, slots=True)
class TilePlan:
    """What one tile shows. `by` are dimensions, `filters` its own ones: dimension → values as
    addresses write them. A `goal` is in the unit of the metric, shares from 0 to 1."""

    key: str
    metric: str
    chart: TileChart = TileChart.NUMBER
    by: tuple[str, ...] = ()
    size: TileSize = TileSize.MEDIUM
    title: str | Promise = ""
    goal: float | None = None
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class BoardPlan:
    """A dashboard: `days` up to today, `filters` and the comparison are where it begins; its
    address may say otherwise. `key` stands in the address."""

    key: str
    name: str | Promise
    tiles: tuple[TilePlan, ...] = ()
    lead: str | Promise = ""
    icon: str = "layout-dashboard"
    days: int = 30
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    compares: bool = False


def charts_for(metric: Metric, dimensions: int) -> list[TileChart]:
    """The charts that show so many dimensions of a metric, the plainest first."""
    return [
        chart
        for chart, (fewest, most) in _TAKES.items()
        if fewest <= dimensions <= most and _fits(chart, metric)
    ]


def _fits(chart: TileChart, metric: Metric) -> bool:
    if chart in _OF_COUNTS and metric.unit is not Unit.COUNT:
        return False
    if metric.is_stock and chart in {TileChart.COLUMNS, TileChart.SHARES}:
        return False  # what stands at the end of each week does not add up over weeks
    return chart is not TileChart.GAUGE or metric.unit in _BOUNDED


def bounds_of(unit: Unit) -> tuple[float, float] | None:
    """From the worst to the best that a metric of this unit can be; None where there is none."""
    return _BOUNDED.get(unit)
