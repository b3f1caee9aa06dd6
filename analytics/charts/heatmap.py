"""Two dimensions crossed: a number in each cell, its ground the stronger the more there is."""

import math
from dataclasses import dataclass

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from analytics.charts.cells import Table
from analytics.charts.data import Mark, Unit
from analytics.charts.frame import empty
from analytics.charts.lettering import shorten, text_width, wrap
from analytics.charts.svg import TEXT, Pen, tab_stops, unique_id
from analytics.charts.wording import write_mark, write_number
from analytics.metrics.association import STRIKING
from config.kernel.punctuation import labelled, with_aside

_LONGEST_NAME = 0.34  # of the width
_THINNEST, _BROADEST, _HIGH = 38.0, 120.0, 30.0
_HEAD_LINES, _LEADING = 2, 14.0
_BETWEEN = 18.0  # one block of columns and the next
_LEGEND = 26.0
# The strongest ground on which the ink is still read (a test computes it for both themes).
_STRONGEST, _WEAKEST = 0.5, 0.05
_FULL = 4.0  # a residual from here on has the strongest ground
_MORE, _FEWER = "series-3", "series-2"  # blue and orange: told apart with any eyes


@dataclass(frozen=True, slots=True)
class Heatmap:
    """`cells` has a row for each of `rows` with a mark for each of `columns` (else ValueError).

    With `residuals` (adjusted standardised, as `metrics.chi_square` finds them) the colour says
    whether a cell holds more or fewer than chance would put there, with an arrow from 1.96 on;
    without, how large its value is.
    """

    title: str
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    cells: tuple[tuple[Mark, ...], ...]
    unit: Unit = Unit.COUNT
    residuals: tuple[tuple[float | None, ...], ...] = ()
    corner: str = ""
    description: str = ""

    def __post_init__(self) -> None:
        for grid in (self.cells, self.residuals or self.cells):
            if len(grid) != len(self.rows) or any(len(row) != len(self.columns) for row in grid):
                raise ValueError(f"{len(self.rows)} by {len(self.columns)} cells are wanted.")

    @property
    def known(self) -> list[float]:
        """All values that are there."""
        return [mark.value for row in self.cells for mark in row if mark.value is not None]

    def residual(self, row: int, column: int) -> float | None:
        """Of a cell, None where there is none or it is no number."""
        found = self.residuals[row][column] if self.residuals else None
        return None if found is None or not math.isfinite(found) else found

    def as_table(self) -> Table:
        """The cells as they are."""
        header = (self.corner or _("Category"), *self.columns)
        return Table(
            self.title, header, tuple(zip(self.rows, self.cells, strict=True)), (self.unit,)
        )


@dataclass(frozen=True, slots=True)
class _Plan:
    """Measures shared by all cells; columns that do not fit stand in further blocks below."""

    names: float
    slot: float
    per_block: int
    head: float
    top: float

    def corner(self, chart: Heatmap, row: int, column: int) -> tuple[float, float]:
        """The upper left corner of a cell."""
        block, at = divmod(column, self.per_block)
        return (
            self.names + at * self.slot,
            self.top + block * self.block(chart) + self.head + row * _HIGH,
        )

    def block(self, chart: Heatmap) -> float:
        return self.head + _HIGH * len(chart.rows) + _BETWEEN


def heatmap(chart: Heatmap, *, width: float = 600, standalone: bool = False) -> SafeString:
    """The chart as SVG; its height follows from the rows, and from how many columns fit."""
    pen = Pen(unique_id(chart, width), standalone)
    if chart.known:
        plan = _plan(chart, width)
        blocks = math.ceil(len(chart.columns) / plan.per_block)
        height = plan.top + blocks * plan.block(chart) - _BETWEEN + 4
        body = _body(pen, chart, plan, blocks)
    else:
        height = 160.0
        body = empty(pen, width, height)
    return pen.root(
        *body,
        title=chart.title,
        description=chart.description or _summary(chart),
        width=width,
        height=height,
        interactive=any(mark.href for row in chart.cells for mark in row),
    )


def _summary(chart: Heatmap) -> str:
    if not chart.known:
        return _("No data for this choice")
    value, row, column = max(
        (mark.value, chart.rows[r], chart.columns[c])
        for r, marks in enumerate(chart.cells)
        for c, mark in enumerate(marks)
        if mark.value is not None
    )
    return _("%(rows)s rows, %(columns)s columns. Highest: %(row)s, %(column)s: %(value)s.") % {
        "rows": len(chart.rows),
        "columns": len(chart.columns),
        "row": row,
        "column": column,
        "value": write_number(value, chart.unit),
    }


def _plan(chart: Heatmap, width: float) -> _Plan:
    widest = max(text_width(name, TEXT) for name in chart.rows)
    names = min(widest, width * _LONGEST_NAME) + 10
    numbers = max(text_width(_number(chart, mark), TEXT) for row in chart.cells for mark in row)
    needed = max(_THINNEST, numbers + (22 if chart.residuals else 8))
    per_block = max(1, min(len(chart.columns), int((width - names) // needed)))
    # Blocks of about the same size: two of twelve rather than sixteen and eight.
    per_block = math.ceil(len(chart.columns) / math.ceil(len(chart.columns) / per_block))
    slot = min((width - names) / per_block, _BROADEST)
    lines = max(len(wrap(name, slot - 4, TEXT, _HEAD_LINES)) for name in chart.columns)
    return _Plan(names, slot, per_block, max(lines, 1) * _LEADING + 8, _LEGEND)


def _body(pen: Pen, chart: Heatmap, plan: _Plan, blocks: int) -> list[SafeString]:
    drawn = _legend(pen, chart)
    for block in range(blocks):
        first = block * plan.per_block
        for row, name in enumerate(chart.rows):
            y = plan.corner(chart, row, first)[1] + _HIGH / 2 + 4
            drawn.append(
                pen.text(shorten(name, plan.names - 10, TEXT), 0, y, part="name", full=name)
            )
    drawn += [text for at in range(len(chart.columns)) for text in _head(pen, chart, plan, at)]
    tab = tab_stops(len(chart.known))
    for row in range(len(chart.rows)):
        for column in range(len(chart.columns)):
            drawn.append(_cell(pen, chart, plan, row, column, tab=tab))
    return drawn


def _head(pen: Pen, chart: Heatmap, plan: _Plan, column: int) -> list[SafeString]:
    x, y = plan.corner(chart, 0, column)
    name = chart.columns[column]
    lines = wrap(name, plan.slot - 4, TEXT, _HEAD_LINES)
    return [
        pen.text(
            line,
            x + plan.slot / 2,
            y - 8 - (len(lines) - 1 - at) * _LEADING,
            anchor="middle",
            full=name if line.endswith("…") else "",
        )
        for at, line in enumerate(lines)
    ]


def _number(chart: Heatmap, mark: Mark) -> str:
    return "–" if mark.value is None else write_number(mark.value, chart.unit, short=True)


def _cell(
    pen: Pen, chart: Heatmap, plan: _Plan, row: int, column: int, *, tab: bool
) -> SafeString:
    mark, residual = chart.cells[row][column], chart.residual(row, column)
    (x, y), slot = plan.corner(chart, row, column), plan.slot
    number, middle = _number(chart, mark), x + slot / 2
    drawn = []
    if mark.value is not None:
        colour, strength = _ground(chart, mark.value, residual)
        drawn.append(
            pen.rect(
                (x + 1, y + 1),
                (slot - 2, _HIGH - 2),
                rx=3,
                part="bar",
                mark=colour,
                fill_opacity=f"{strength:.2f}",
            )
        )
    drawn.append(pen.rect((x + 1, y + 1), (slot - 2, _HIGH - 2), part="hit", rx=3))
    if mark.value is not None and abs(residual or 0.0) >= STRIKING:
        arrow = "M-4 3h8l-4 -7z" if (residual or 0.0) > 0 else "M-4 -4h8l-4 7z"
        place = middle + text_width(number, TEXT) / 2 + 6
        drawn.append(
            pen.path(arrow, part="value", transform=f"translate({place:.1f} {y + _HIGH / 2:.1f})")
        )
        middle -= 4
    drawn.append(pen.text(number, middle, y + _HIGH / 2 + 4, part="value", anchor="middle"))
    words = write_mark(mark, chart.unit)
    if residual is not None:
        words = with_aside(words, _("residual %(number)s") % {"number": _signed(residual)})
    title = labelled(f"{chart.rows[row]} · {chart.columns[column]}", words)
    return pen.link(mark.href if mark.value is not None else "", title, *drawn, tab=tab)


def _signed(residual: float) -> str:
    return write_number(round(residual, 1), Unit.POINTS)


def _ground(chart: Heatmap, value: float, residual: float | None) -> tuple[str, float]:
    """Which colour, and how much of it."""
    if chart.residuals:
        share = min(abs(residual or 0.0) / _FULL, 1.0)
        return (_MORE if (residual or 0.0) >= 0 else _FEWER), share * _STRONGEST
    low, high = min(0.0, *chart.known), max(chart.known)
    share = (value - low) / (high - low) if high > low else 0.5
    return "series-1", _WEAKEST + share * (_STRONGEST - _WEAKEST)


def _legend(pen: Pen, chart: Heatmap) -> list[SafeString]:
    if chart.residuals:
        more, fewer = _("More than by chance"), _("Fewer than by chance")
        second = 18 + text_width(more, TEXT) + 18
        return [
            *_sample(pen, 0.0, _MORE, more),
            *_sample(pen, second, _FEWER, fewer),
        ]
    low, high = min(0.0, *chart.known), max(chart.known)
    first = write_number(low, chart.unit, short=True)
    x = text_width(first, TEXT) + 6
    drawn = [pen.text(first, 0, 14)]
    for step in range(5):
        strength = _WEAKEST + step / 4 * (_STRONGEST - _WEAKEST)
        drawn.append(
            pen.rect(
                (x + step * 16, 4),
                (15, 12),
                part="bar",
                mark="series-1",
                fill_opacity=f"{strength:.2f}",
            )
        )
    last = write_number(high, chart.unit, short=True)
    return [*drawn, pen.text(last, x + 86, 14)]


def _sample(pen: Pen, x: float, mark: str, name: str) -> list[SafeString]:
    up = "M3.5 11h7l-3.5 -6.5z" if mark == _MORE else "M3.5 5h7l-3.5 6.5z"
    return [
        pen.rect((x, 3), (14, 14), rx=3, part="bar", mark=mark, fill_opacity=f"{_STRONGEST}"),
        pen.path(up, part="value", transform=f"translate({x:.1f} 2.5)"),
        pen.text(name, x + 20, 14, part="name"),
    ]
