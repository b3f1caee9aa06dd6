"""A table as a chart, and as lines of a file that everything else can be computed from."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from analytics.charts.bars import BarChart
from analytics.charts.data import Mark, NameAxis, Series, Unit
from analytics.charts.heatmap import Heatmap
from analytics.charts.table import Chart
from analytics.selectors.cross.asking import CrossAsking
from analytics.selectors.cross.table import Cell, Cross, Table

_DIGITS = {Unit.SHARE: 3, Unit.RATING: 2, Unit.POINTS: 1, Unit.HOURS: 2}


def title_of(asking: CrossAsking, table: Table | None = None) -> str:
    """What is shown by what."""
    rows, columns = (str(one.label) for one in asking.dimensions[:2])
    words = _("%(metric)s: %(rows)s × %(columns)s") % {
        "metric": asking.metric.name,
        "rows": rows,
        "columns": columns,
    }
    if table is None or table.layer is None:
        return words
    return f"{words} · {asking.dimensions[2].label}: {table.layer.label}"


def unit_of(asking: CrossAsking) -> Unit:
    """Of what stands in the cells."""
    return Unit.SHARE if asking.show in {"rows", "columns", "all"} else asking.metric.unit


def value_of(asking: CrossAsking, cell: Cell) -> float | None:
    """What stands in a cell; None where nothing is known or nothing may be shown."""
    if cell.is_hidden:
        return None
    match asking.show:
        case "rows":
            return cell.of_row
        case "columns":
            return cell.of_column
        case "all":
            return cell.of_all
        case "count":
            return cell.count
    return cell.measured.value


def chart_of(asking: CrossAsking, table: Table) -> Chart | None:
    """None where there is nothing to draw."""
    if not table.rows or not table.columns:
        return None
    if asking.chart == "stacks":
        return _stacks(asking, table)
    residuals = _residuals(table) if table.test is not None else ()
    return Heatmap(
        title_of(asking, table),
        tuple(one.label for one in table.rows),
        tuple(one.label for one in table.columns),
        tuple(tuple(_mark(asking, cell) for cell in line[:-1]) for line in table.cells[:-1]),
        unit_of(asking),
        residuals=residuals,
        corner=str(asking.dimensions[0].label),
    )


def _residuals(table: Table) -> tuple[tuple[float | None, ...], ...]:
    return tuple(tuple(cell.residual for cell in line[:-1]) for line in table.cells[:-1])


def _stacks(asking: CrossAsking, table: Table) -> BarChart:
    """A bar for each row: of counts, or, where shares of rows are shown, as parts of each."""
    series = tuple(
        Series(
            column.label,
            tuple(
                Mark(None if line[at].is_hidden else line[at].count, line[at].url)
                for line in table.cells[:-1]
            ),
        )
        for at, column in enumerate(table.columns)
    )
    axis = NameAxis(tuple(one.label for one in table.rows))
    of_total = asking.show == "rows"
    return BarChart(
        title_of(asking, table), axis, series, Unit.COUNT, stacked=not of_total, of_total=of_total
    )


def _mark(asking: CrossAsking, cell: Cell) -> Mark:
    value = value_of(asking, cell)
    digits = _DIGITS.get(unit_of(asking), 0)
    if value is None:
        return Mark(None)
    n = None if asking.is_counted else cell.measured.n
    return Mark(round(value, digits), cell.url, n=n)


def file_head(cross: Cross) -> list[str]:
    asking = cross.asking
    names = [str(one.label) for one in reversed(asking.dimensions[2:])]
    names += [str(one.label) for one in asking.dimensions[:2]]
    if not asking.is_counted:
        return [
            *names,
            _("Letter"),
            pgettext("how many", "Number"),
            _("Value"),
            _("From (95 %)"),
            _("To (95 %)"),
            _("Significantly more than"),
        ]
    return [
        *names,
        _("Letter"),
        pgettext("how many", "Number"),
        _("Share of the row"),
        _("Share of the column"),
        _("Share of the whole"),
        _("Expected"),
        _("Adjusted residual"),
        _("Significantly more than"),
    ]


def file_rows(cross: Cross) -> list[list[Any]]:
    """One for each cell, totals too. What is hidden says only that."""
    rows = []
    for table in cross.tables:
        layer = [table.layer.label] if table.layer else []
        heads = [*table.rows, None]
        for head, line in zip(heads, table.cells, strict=True):
            for at, cell in enumerate(line):
                column = table.columns[at] if at < len(table.columns) else None
                names = [one.label if one else _("Total") for one in (head, column)]
                letter = column.letter if column else ""
                rows.append([*layer, *names, letter, *_values(cross.asking, cell)])
    return rows


def _values(asking: CrossAsking, cell: Cell) -> Sequence[Any]:
    if cell.is_hidden:
        width = 5 if not asking.is_counted else 7
        return [hidden_words(asking), *([None] * (width - 1))]
    if not asking.is_counted:
        found = cell.measured
        numbers = (found.value, found.low, found.high)
        return [found.n, *(_rounded(one, 4) for one in numbers), cell.letters]
    shares = (cell.of_row, cell.of_column, cell.of_all)
    return [
        cell.count,
        *(_rounded(one, 4) for one in shares),
        _rounded(cell.expected, 2),
        _rounded(cell.residual, 3),
        cell.letters,
    ]


def _rounded(value: float | None, digits: int) -> float | None:
    return None if value is None else round(value, digits)


def hidden_words(asking: CrossAsking) -> str:
    """In the place of a number that is too small to be shown."""
    return _("hidden (fewer than %(n)s)") % {"n": asking.least}
