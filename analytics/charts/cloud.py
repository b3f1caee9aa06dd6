"""Words in lines, the more frequent the larger. For a first look; the table beside it counts."""

import math
from dataclasses import dataclass

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from analytics.charts.data import Item, Unit
from analytics.charts.frame import empty
from analytics.charts.lettering import shorten, text_width
from analytics.charts.svg import Pen, tab_stops, unique_id
from analytics.charts.wording import write_number
from config.kernel.punctuation import labelled, listed

_SMALLEST, _LARGEST = 13.0, 40.0
_GAP, _LEADING = 14.0, 1.3


@dataclass(frozen=True, slots=True)
class CloudChart:
    """Items by frequency, the most frequent first; each may lead to the list that it counts."""

    title: str
    items: tuple[Item, ...]
    description: str = ""


@dataclass(frozen=True, slots=True)
class _Word:
    item: Item
    text: str
    size: float
    width: float


def cloud(chart: CloudChart, *, width: float = 600, standalone: bool = False) -> SafeString:
    """The chart as SVG; its height follows from the words. Letters grow with the root of the
    number, so that an area stands for it."""
    pen = Pen(unique_id(chart, width), standalone)
    most = max((item.mark.value or 0 for item in chart.items), default=0) or 1
    tab = tab_stops(len(chart.items))
    body: list[SafeString] = []
    top = 6.0
    for line in _lines([_sized(item, most, width) for item in chart.items], width):
        height = max(word.size for word in line) * _LEADING
        x = (width - sum(word.width + _GAP for word in line) + _GAP) / 2
        for word in line:
            body.append(_drawn(pen, word, x, top + height * 0.76, tab=tab))
            x += word.width + _GAP
        top += height
    height = math.ceil(top + 6) if body else 120
    return pen.root(
        *(body or empty(pen, width, height)),
        title=chart.title,
        description=chart.description or _description(chart),
        width=width,
        height=height,
        interactive=bool(body),
    )


def _sized(item: Item, most: float, room: float) -> _Word:
    share = math.sqrt((item.mark.value or 0) / most)
    size = round(_SMALLEST + (min(_LARGEST, room / 9) - _SMALLEST) * share, 1)
    text = shorten(item.name, room - 8, size)
    return _Word(item, text, size, text_width(text, size))


def _lines(words: list[_Word], width: float) -> list[list[_Word]]:
    lines: list[list[_Word]] = []
    used = 0.0
    for word in words:
        if not lines or used + word.width > width:
            lines.append([])
            used = 0.0
        lines[-1].append(word)
        used += word.width + _GAP
    return lines


def _drawn(pen: Pen, word: _Word, x: float, y: float, *, tab: bool) -> SafeString:
    item = word.item
    title = labelled(item.name, write_number(item.mark.value or 0.0, Unit.COUNT))
    text = pen.text(word.text, x, y, part="name", size=word.size, full=item.name)
    return pen.link(item.mark.href, title, text, tab=tab)


def _description(chart: CloudChart) -> str:
    first = [
        labelled(item.name, write_number(item.mark.value or 0.0, Unit.COUNT))
        for item in chart.items[:10]
    ]
    return _("The most frequent: %(words)s.") % {"words": listed(first)}
