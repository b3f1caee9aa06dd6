"""A chart as a file that stands by itself: a picture with its title, or its numbers as a table.

Files lead nowhere: links into the product would tell whoever gets the file what was filtered by.
"""

import io
import re
from dataclasses import dataclass
from enum import StrEnum

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import override

from analytics.charts.cells import Cell, Table
from analytics.charts.data import Mark
from analytics.charts.figure import svg
from analytics.charts.lettering import wrap
from analytics.charts.svg import Pen, unique_id
from analytics.charts.table import Chart, table_of
from analytics.charts.theme import FONTS
from config.kernel.png import as_png
from config.kernel.spreadsheets import csv_lines, write_xlsx

WIDTH, HEIGHT = 760.0, 320.0
_PAD, _NARROWEST = 20.0, 260.0
_TITLE, _LEADING = 16.0, 22.0
_SMALL, _SMALL_LEADING = 11.0, 16.0
_LINES = 3
_VIEW = re.compile(r'viewBox="0 0 ([\d.]+) ([\d.]+)"')
_LINK = re.compile(r"<a [^>]*>")  # a > inside an attribute is escaped
_UNFIT = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*\u202a-\u202e\u2066-\u2069]+')


class Kind(StrEnum):
    """What the file is, and its ending."""

    SVG = "svg"
    PNG = "png"
    CSV = "csv"
    XLSX = "xlsx"


TYPES = {
    Kind.SVG: "image/svg+xml",
    Kind.PNG: "image/png",
    Kind.CSV: "text/csv; charset=utf-8",
    Kind.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@dataclass(frozen=True, slots=True)
class File:
    """Its name with the ending, what the browser is told it is, and its bytes."""

    name: str
    type: str
    content: bytes


def picture(
    chart: Chart, kind: Kind, language: str, *, footer: str = "", width: float = WIDTH
) -> File:
    """The chart as a file whose numbers, dates and words are those of `language`. `footer` is a
    line below a picture: period, filters, the day it was made."""
    with override(language):
        match kind:
            case Kind.SVG:
                content = _drawn(chart, footer, width)[0].encode()
            case Kind.PNG:
                drawn, size = _drawn(chart, footer, width)
                content = as_png(drawn, width=size[0], height=size[1])
            case Kind.CSV:
                content = "".join(csv_lines(*_flat(table_of(chart)))).encode()
            case Kind.XLSX:
                content = _workbook(table_of(chart))
    return File(f"{_name(chart.title)}.{kind.value}", TYPES[kind], content)


def _name(title: str) -> str:
    """The title as far as file systems take it."""
    return _UNFIT.sub(" ", title).strip(" .")[:80].strip() or "chart"


def _drawn(chart: Chart, footer: str, width: float) -> tuple[SafeString, tuple[float, float]]:
    """The picture below its title, and its size."""
    inner = _without_links(svg(chart, width - 2 * _PAD, HEIGHT, standalone=True))
    view = _VIEW.search(inner)
    wide, high = (float(one) for one in view.groups()) if view else (width, HEIGHT)
    width = max(wide + 2 * _PAD, _NARROWEST)
    pen = Pen(unique_id(chart, width, "picture"), standalone=True)
    title = wrap(chart.title, width - 2 * _PAD, _TITLE, _LINES)
    top = _PAD + len(title) * _LEADING + 6
    notes = wrap(footer, width - 2 * _PAD, _SMALL, _LINES)
    height = top + high + (8 + len(notes) * _SMALL_LEADING if notes else 0) + _PAD
    # Without overflow="visible" the inner picture is drawn apart and clipped: twice the time.
    place = f'<svg x="{(width - wide) / 2:g}" y="{top:g}" overflow="visible" '
    body = [
        pen.rect((0, 0), (width, height), part="surface"),
        *(
            pen.text(line, _PAD, _PAD + 14 + at * _LEADING, part="name", size=_TITLE)
            for at, line in enumerate(title)
        ),
        SafeString(inner.replace("<svg ", place, 1)),
        *(
            pen.text(line, _PAD, top + high + 20 + at * _SMALL_LEADING, size=_SMALL)
            for at, line in enumerate(notes)
        ),
    ]
    drawn = pen.draw(
        "svg",
        *body,
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {width:g} {height:g}",
        width=width,
        height=height,
        font_family=FONTS,
    )
    return drawn, (width, height)


def _without_links(drawn: str) -> str:
    return _LINK.sub("<g>", drawn).replace("</a>", "</g>")


def _flat(numbers: Table) -> tuple[list[str], list[list[object]]]:
    """Head and rows with one number a cell: intervals and numbers of answers get columns of their
    own where there are any. Shares stay parts of one."""
    columns = [[cells[at] for _name, cells in numbers.rows] for at in range(_width(numbers))]
    head, sides = [numbers.header[0]], []
    for name, cells in zip(numbers.header[1:], columns, strict=True):
        parts = _parts_of(cells)
        sides.append(parts)
        words = {
            "value": name,
            "low": _("%(name)s: lower end") % {"name": name},
            "high": _("%(name)s: upper end") % {"name": name},
            "n": _("%(name)s: n") % {"name": name},
        }
        head += [words[part] for part in parts]
    rows = [
        [
            name,
            *(
                _read(cell, part)
                for cell, parts in zip(cells, sides, strict=True)
                for part in parts
            ),
        ]
        for name, cells in numbers.rows
    ]
    return head, rows


def _width(numbers: Table) -> int:
    return len(numbers.header) - 1


def _parts_of(cells: list[Cell]) -> list[str]:
    marks = [cell for cell in cells if isinstance(cell, Mark)]
    parts = ["value"]
    if any(mark.interval for mark in marks):
        parts += ["low", "high"]
    if any(mark.n is not None for mark in marks):
        parts.append("n")
    return parts


def _read(cell: Cell, part: str) -> object:
    if isinstance(cell, Mark):
        return getattr(cell, part)
    return cell.text if part == "value" else None


def _workbook(numbers: Table) -> bytes:
    file = io.BytesIO()
    head, rows = _flat(numbers)
    write_xlsx(file, head, rows, title=numbers.caption)
    return file.getvalue()
