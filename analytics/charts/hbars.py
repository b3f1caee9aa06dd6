"""Categories from top to bottom: room for long names, the number at the end of each bar."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from analytics.charts.data import Item, Unit
from analytics.charts.frame import empty
from analytics.charts.lettering import shorten, text_width
from analytics.charts.scale import Scale
from analytics.charts.svg import TEXT, Pen, tab_stops, unique_id
from analytics.charts.theme import series_mark
from analytics.charts.wording import write_mark, write_number
from config.kernel.punctuation import labelled

_NARROW_BELOW = 420.0
_ROW, _TALL_ROW = 32.0, 46.0
_THICK = 14.0
_LONGEST_NAME = 0.36


@dataclass(frozen=True, slots=True)
class HBarChart:
    """Items in the order in which they are drawn; values must not be negative (ValueError).

    `of_total` writes each item's share of the sum beside its value. `bounds` fixes the length of
    a full bar, for example (0, 1) for shares.
    """

    title: str
    items: tuple[Item, ...]
    unit: Unit = Unit.COUNT
    of_total: bool = False
    bounds: tuple[float, float] | None = None
    description: str = ""

    def __post_init__(self) -> None:
        if any((item.mark.value or 0) < 0 for item in self.items):
            raise ValueError("A bar of a category cannot have a negative length.")


@dataclass(frozen=True, slots=True)
class _Rows:
    """The places every row shares: height, height of the bar's middle, start and scale."""

    height: float
    bar_at: float
    name_at: float
    scale: Scale
    name_room: float
    stacked: bool


def hbars(chart: HBarChart, *, width: float = 600, standalone: bool = False) -> SafeString:
    """The chart as SVG; its height follows from the number of items."""
    pen = Pen(unique_id(chart, width), standalone)
    known = [item.mark.value for item in chart.items if item.mark.value is not None]
    if known:
        rows = _lay_out(chart, known, width)
        height = rows.height * len(chart.items)
        body = [
            _row(pen, chart, rows, index, width, tab=tab_stops(len(chart.items)))
            for index in range(len(chart.items))
        ]
    else:
        height = 160.0
        body = empty(pen, width, height)
    return pen.root(
        *body,
        title=chart.title,
        description=chart.description or _summary(chart),
        width=width,
        height=height,
        interactive=any(item.mark.href for item in chart.items),
    )


def _summary(chart: HBarChart) -> str:
    known = [item for item in chart.items if item.mark.value is not None]
    if not known:
        return _("No data for this choice")
    best = max(known, key=lambda item: item.mark.value or 0.0)
    return _("%(count)s categories. Highest: %(name)s, %(value)s.") % {
        "count": len(chart.items),
        "name": best.name,
        "value": write_number(best.mark.value or 0.0, chart.unit),
    }


def _lay_out(chart: HBarChart, known: Sequence[float], width: float) -> _Rows:
    reach = [*known, *(item.mark.high for item in chart.items if item.mark.high is not None)]
    low, high = chart.bounds or (0.0, max(reach) or 1.0)
    if high <= low:
        high = low + 1
    numbers = 10 + max(
        text_width(_number(chart, item) + _share(chart, item), TEXT) + 8 for item in chart.items
    )
    if width < _NARROW_BELOW:
        return _Rows(_TALL_ROW, 32.0, 17.0, Scale(low, high, 0.0, width), width - numbers, True)
    names = max(text_width(item.name, TEXT) for item in chart.items)
    room = min(names, width * _LONGEST_NAME)
    scale = Scale(low, high, room + 14, width - numbers - 4)
    return _Rows(_ROW, _ROW / 2, _ROW / 2 + 4, scale, room, False)


def _number(chart: HBarChart, item: Item) -> str:
    value = item.mark.value
    return _("no data") if value is None else write_number(value, chart.unit)


def _share(chart: HBarChart, item: Item) -> str:
    """The item's part of the sum, or nothing where it was not asked for."""
    total = sum(one.mark.value or 0.0 for one in chart.items)
    if not chart.of_total or not total or item.mark.value is None:
        return ""
    return write_number(round(item.mark.value / total, 3), Unit.SHARE)


def _figures(
    pen: Pen, chart: HBarChart, item: Item, *, x: float, y: float, at_end: bool
) -> list[SafeString]:
    """Value and, more quietly, share: to the right of `x`, or `at_end` to its left."""
    number, share = _number(chart, item), _share(chart, item)
    anchor = "end" if at_end else "start"
    if not share:
        return [pen.text(number, x, y, part="value", anchor=anchor)]
    number_at, share_at = x, x + text_width(number, TEXT) + 8
    if at_end:
        number_at, share_at = x - text_width(share, TEXT) - 8, x
    return [
        pen.text(number, number_at, y, part="value", anchor=anchor),
        pen.text(share, share_at, y, anchor=anchor),
    ]


def _row(
    pen: Pen, chart: HBarChart, rows: _Rows, index: int, width: float, *, tab: bool
) -> SafeString:
    item = chart.items[index]
    top = rows.height * index
    value = item.mark.value or 0.0
    end = rows.scale.at(value)
    drawn = [
        pen.rect((0, top + 1), (width, rows.height - 2), part="hit", rx=4),
        pen.text(
            shorten(item.name, rows.name_room, TEXT),
            0,
            top + rows.name_at,
            part="name",
            full=item.name,
        ),
    ]
    if item.mark.value is not None:
        drawn += _bar(pen, rows, item, top)
    after = max(end, rows.scale.at(item.mark.high or 0.0) if item.mark.interval else end) + 8
    drawn += _figures(
        pen,
        chart,
        item,
        x=width if rows.stacked else after,
        y=top + rows.name_at,
        at_end=rows.stacked,
    )
    title = labelled(item.name, write_mark(item.mark, chart.unit))
    if share := _share(chart, item):
        title += f" ({share})"
    return pen.link(item.mark.href, title, *drawn, tab=tab)


def _bar(pen: Pen, rows: _Rows, item: Item, top: float) -> list[SafeString]:
    mark = f"tone-{item.tone.value}" if item.tone else series_mark(0)
    middle = top + rows.bar_at
    thick = _THICK if not rows.stacked else 8.0
    start, end = rows.scale.start, rows.scale.at(item.mark.value or 0.0)
    drawn = [
        pen.rect(
            (start, middle - thick / 2),
            (max(end - start, 1.5), thick),
            part="bar",
            mark=mark,
            rx=min(3.0, thick / 2),
        )
    ]
    if item.mark.interval:
        low, high = (rows.scale.at(value) for value in item.mark.interval)
        whisker = f"M{low:.1f} {middle - 4:.1f}v8m0 -4H{high:.1f}m0 -4v8"
        # A rim in the colour of the ground lets it be seen on the bar too.
        drawn.append(
            pen.path(whisker, part="gap", fill="none", stroke_width="3.5", stroke_opacity="0.6")
        )
        drawn.append(pen.path(whisker, part="whisker", stroke_width="1.5"))
    return drawn
