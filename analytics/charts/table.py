"""The same numbers as a table: for screen readers, for copying, for those who like tables."""

from collections.abc import Sequence

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from analytics.charts.bars import BarChart
from analytics.charts.cells import Cell, Table, Words
from analytics.charts.context import notes_of
from analytics.charts.data import Axis, Mark, Series, Unit
from analytics.charts.donut import DonutChart
from analytics.charts.funnel import FunnelChart
from analytics.charts.gauge import Gauge
from analytics.charts.hbars import HBarChart
from analytics.charts.heatmap import Heatmap
from analytics.charts.ishikawa import Ishikawa
from analytics.charts.line import LineChart
from analytics.charts.matrix import Matrix
from analytics.charts.pareto import ParetoChart
from analytics.charts.reliability import ReliabilityChart
from analytics.charts.sparkline import Sparkline
from analytics.charts.svg import written
from analytics.charts.tornado import TornadoChart
from analytics.charts.wording import (
    axis_header,
    write_interval,
    write_mark,
    write_position,
)
from config.kernel.punctuation import listed

Chart = (
    LineChart
    | BarChart
    | HBarChart
    | DonutChart
    | Sparkline
    | Gauge
    | ReliabilityChart
    | ParetoChart
    | Ishikawa
    | Matrix
    | Heatmap
    | FunnelChart
    | TornadoChart
)


def table_of(chart: Chart) -> Table:
    """The numbers of a chart, in its order."""
    match chart:
        case LineChart():
            return _of_line(chart)
        case BarChart():
            drawn = chart.in_shares()
            return _over_axis(drawn.title, drawn.axis, drawn.series, drawn.unit)
        case Sparkline():
            return _over_axis(chart.title, chart.axis, (chart.series,), chart.unit)
        case HBarChart() | DonutChart():
            rows = tuple((item.name, (item.mark,)) for item in chart.items)
            return Table(chart.title, (_("Category"), _("Value")), rows, (chart.unit,))
        case Gauge():
            rows = ((chart.title, (chart.mark,)),)
            return Table(chart.title, (_("Figure"), _("Value")), rows, (chart.unit,))
        case _:
            return chart.as_table()


def table(chart: Chart, *, hidden: bool = False) -> SafeString:
    """The chart as an HTML table whose numbers link to the same lists as the marks.

    `hidden` leaves it to screen readers; it then has no links, since focus must be visible.
    """
    numbers = table_of(chart)
    html = format_html(
        '<table class="chart-table table table-sm"><caption>{}</caption>'
        "<thead><tr>{}</tr></thead><tbody>{}</tbody></table>",
        written(numbers.caption),
        format_html_join("", '<th scope="col">{}</th>', ((written(h),) for h in numbers.header)),
        format_html_join(
            "",
            '<tr><th scope="row">{}</th>{}</tr>',
            (
                (written(name), _cells(numbers, cells, links=not hidden))
                for name, cells in numbers.rows
            ),
        ),
    )
    # A table ignores the tiny width of .visually-hidden, a box around it does not.
    return format_html('<div class="visually-hidden">{}</div>', html) if hidden else html


def _over_axis(title: str, axis: Axis, series: Sequence[Series], unit: Unit) -> Table:
    rows = tuple(
        (write_position(axis, index), tuple(one.marks[index] for one in series))
        for index in range(len(axis))
    )
    return Table(title, (axis_header(axis), *(one.name for one in series)), rows, (unit,))


def _of_line(chart: LineChart) -> Table:
    """The series, then what was expected and what happened, where there is such a thing."""
    plain = _over_axis(chart.title, chart.axis, chart.series, chart.unit)
    header, cells = list(plain.header), [list(cells) for _name, cells in plain.rows]
    if chart.expected:
        header.append(_("Expected range"))
        for row, one in zip(cells, chart.expected, strict=True):
            text = write_interval(*one.interval, chart.unit) if one.interval else _("no data")
            row.append(Words(text, one.href))
    if chart.notes:
        header.append(_("Notes"))
        for index, row in enumerate(cells):
            notes = notes_of(chart.notes, chart.axis, index)
            only = notes[0].href if len(notes) == 1 else ""
            row.append(Words(listed(one.title for one in notes), only))
    rows = tuple((name, tuple(row)) for (name, _old), row in zip(plain.rows, cells, strict=True))
    return Table(plain.caption, tuple(header), rows, plain.units)


def _cells(numbers: Table, cells: Sequence[Cell], *, links: bool) -> SafeString:
    return format_html_join(
        "",
        "<td>{}</td>",
        ((_cell(cell, numbers.unit(at), links=links),) for at, cell in enumerate(cells)),
    )


def _cell(cell: Cell, unit: Unit, *, links: bool) -> str:
    words = write_mark(cell, unit) if isinstance(cell, Mark) else written(cell.text)
    if not links or not cell.href or (isinstance(cell, Mark) and cell.value is None):
        return words
    return format_html('<a href="{}">{}</a>', written(cell.href), words)
