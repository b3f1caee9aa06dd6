"""The figure of a tile as a chart."""

from collections.abc import Callable
from dataclasses import replace

from django.utils.translation import gettext as _

from analytics.charts.bars import BarChart
from analytics.charts.context import Goal
from analytics.charts.data import Item, Mark, NameAxis, Series, Unit
from analytics.charts.donut import DonutChart
from analytics.charts.gauge import Gauge
from analytics.charts.hbars import HBarChart
from analytics.charts.heatmap import Heatmap
from analytics.charts.line import LineChart
from analytics.charts.pareto import ParetoChart
from analytics.charts.sparkline import Sparkline
from analytics.charts.table import Chart
from analytics.enums import TileChart
from analytics.metrics.pareto import pareto
from analytics.rules.tiles import bounds_of
from analytics.selectors.boards.figures import TileFigure
from analytics.selectors.boards.rows import Groups, axis_of, mark_of, marks_over_time
from analytics.selectors.facts.question import Answer

_LINES, _STACKS, _PARTS, _ROWS, _COLUMNS, _IN_TABLE = 5, 6, 5, 12, 10, 40


def chart_of(figure: TileFigure) -> Chart | None:
    """None where there is nothing to draw. A number alone is drawn as its way over time."""
    if figure.answer is None:
        return None
    return _DRAWN[figure.plan.chart](figure, figure.answer)


def spark_of(figure: TileFigure) -> Sparkline | None:
    """The direction beside a number."""
    answer = figure.answer
    if answer is None or len(answer.buckets) < 3:
        return None
    marks = tuple(Mark(one.value) for one in marks_over_time(answer))
    if sum(one.value is not None for one in marks) < 2:
        return None
    return Sparkline(figure.title, axis_of(answer), marks, answer.metric.unit)


def _line(figure: TileFigure, answer: Answer) -> LineChart:
    axis = axis_of(answer)
    if answer.question.by:
        groups = Groups(figure, answer, _LINES)
        series = tuple(_without_bands(one) for one in groups.series()[: len(groups.shown)])
    else:
        series = (Series(figure.title, tuple(marks_over_time(answer))),)
    if figure.before is not None:
        quiet = tuple(Mark(one.value) for one in marks_over_time(figure.before, len(axis)))
        series = (*series, Series(_("The period before"), quiet, is_quiet=True))
    goal = None if figure.plan.goal is None else Goal(figure.plan.goal)
    return LineChart(figure.title, axis, series, answer.metric.unit, goal=goal, notes=figure.notes)


def _without_bands(series: Series) -> Series:
    """The intervals of several lines lie over each other; too many to be read."""
    marks = tuple(replace(one, low=None, high=None) for one in series.marks)
    return replace(series, marks=marks)


def _columns(figure: TileFigure, answer: Answer) -> BarChart:
    axis = axis_of(answer)
    if answer.question.by:
        series = Groups(figure, answer, _STACKS).series()
    else:
        series = (Series(figure.title, tuple(marks_over_time(answer))),)
    of_total = figure.plan.chart == TileChart.SHARES
    return BarChart(
        figure.title, axis, series, answer.metric.unit, stacked=not of_total, of_total=of_total
    )


def _items(figure: TileFigure, answer: Answer, most: int) -> list[Item]:
    groups = Groups(figure, answer, most)
    items = [Item(groups.name(row), mark_of(row, groups.unit)) for row in groups.shown]
    if groups.has_rest:
        items.append(Item(groups.rest_name, groups.rest()))
    return items


def _bars(figure: TileFigure, answer: Answer, most: int = _ROWS) -> HBarChart | BarChart:
    unit, items = answer.metric.unit, _items(figure, answer, most)
    if any((item.mark.value or 0) < 0 for item in items):
        axis = NameAxis(tuple(item.name for item in items))
        marks = tuple(item.mark for item in items)
        return BarChart(figure.title, axis, (Series(figure.title, marks),), unit)
    bounds = (0.0, 1.0) if unit is Unit.SHARE else None
    return HBarChart(figure.title, tuple(items), unit, of_total=unit is Unit.COUNT, bounds=bounds)


def _donut(figure: TileFigure, answer: Answer) -> DonutChart:
    items = tuple(one for one in _items(figure, answer, _PARTS) if one.mark.value)
    return DonutChart(figure.title, items, answer.metric.unit)


def _pareto(figure: TileFigure, answer: Answer) -> ParetoChart:
    items = _items(figure, answer, _ROWS)
    amounts = {item.name: item.mark.value or 0.0 for item in items}
    rest = items[-1].name if Groups(figure, answer, _ROWS).has_rest else None
    links = {item.name: item.mark.href for item in items}
    causes = tuple(pareto(amounts, last=rest))
    return ParetoChart(figure.title, causes, tuple(links[one.name] for one in causes))


def _gauge(figure: TileFigure, answer: Answer) -> Gauge:
    unit = answer.metric.unit
    bounds = bounds_of(unit) or (0.0, 1.0)
    origin = 0.0 if unit is Unit.POINTS else None
    return Gauge(figure.title, mark_of(answer.total, unit), bounds, unit, origin)


def _heatmap(figure: TileFigure, answer: Answer) -> Heatmap:
    """The most frequent of both dimensions; each cell by itself."""
    rows, columns = _frequent(answer, 0, _ROWS), _frequent(answer, 1, _COLUMNS)
    names = answer.names
    unit = answer.metric.unit
    return Heatmap(
        figure.title,
        tuple(names[0][key] for key in rows),
        tuple(names[1][key] for key in columns),
        tuple(
            tuple(mark_of(answer.at((row, column)), unit) for column in columns) for row in rows
        ),
        unit,
    )


def _frequent(answer: Answer, at: int, most: int) -> list[object]:
    counts: dict[object, int] = {}
    for row in answer.groups:
        counts[row.keys[at]] = counts.get(row.keys[at], 0) + max(row.count, row.n)
    return sorted(counts, key=lambda key: (-counts[key], str(key)))[:most]


def _table(figure: TileFigure, answer: Answer) -> Chart:
    if len(answer.question.by) == 2:
        return _heatmap(figure, answer)
    return _bars(figure, answer, _IN_TABLE)


_DRAWN: dict[str, Callable[[TileFigure, Answer], Chart]] = {
    TileChart.NUMBER: _line,
    TileChart.LINE: _line,
    TileChart.COLUMNS: _columns,
    TileChart.SHARES: _columns,
    TileChart.BARS: _bars,
    TileChart.DONUT: _donut,
    TileChart.PARETO: _pareto,
    TileChart.GAUGE: _gauge,
    TileChart.HEATMAP: _heatmap,
    TileChart.TABLE: _table,
}
