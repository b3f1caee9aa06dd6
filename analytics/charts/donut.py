"""Shares of a whole as a ring; names, numbers and shares stand beside it in words."""

import math
from dataclasses import dataclass

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from analytics.charts.data import Item, Unit
from analytics.charts.frame import empty
from analytics.charts.legend import sample
from analytics.charts.lettering import shorten, text_width
from analytics.charts.svg import TEXT, Pen, unique_id
from analytics.charts.texture import fill_of, patterns
from analytics.charts.wording import write_number
from config.kernel.punctuation import clauses, labelled, with_aside

_NARROW_BELOW = 420.0
_OUTER, _INNER = 80.0, 54.0
_ROW = 28.0


@dataclass(frozen=True, slots=True)
class DonutChart:
    """Parts of one whole, at best not more than six; no part is negative (ValueError)."""

    title: str
    items: tuple[Item, ...]
    unit: Unit = Unit.COUNT
    centre: str = ""
    description: str = ""

    def __post_init__(self) -> None:
        if any((item.mark.value or 0) < 0 for item in self.items):
            raise ValueError("A part of a whole cannot be negative.")

    @property
    def total(self) -> float:
        """The whole."""
        return sum(item.mark.value or 0.0 for item in self.items)


def donut(chart: DonutChart, *, width: float = 600, standalone: bool = False) -> SafeString:
    """The chart as SVG; below 420 units the names stand under the ring."""
    pen = Pen(unique_id(chart, width), standalone)
    list_height = _ROW * len(chart.items)
    below = width < _NARROW_BELOW
    ring = 2 * _OUTER + 8
    height = ring + 12 + list_height if below else max(ring, list_height)
    if not chart.total:
        height = ring
        body = empty(pen, width, height)
    else:
        centre = (width / 2, ring / 2) if below else (_OUTER + 4, height / 2)
        corner = (0.0, ring + 12) if below else (ring + 24, (height - list_height) / 2)
        body = [patterns(pen, chart.items), *_middle(pen, chart, centre)]
        start = 0.0
        for index, item in enumerate(chart.items):
            share = (item.mark.value or 0.0) / chart.total
            body.append(
                _part(
                    pen,
                    chart,
                    index=index,
                    span=(start, start + share),
                    centre=centre,
                    corner=corner,
                    width=width,
                )
            )
            start += share
    return pen.root(
        *body,
        title=chart.title,
        description=chart.description or _summary(chart),
        width=width,
        height=height,
        interactive=any(item.mark.href for item in chart.items),
    )


def _summary(chart: DonutChart) -> str:
    if not chart.total:
        return _("No data for this choice")
    return clauses(f"{item.name} {_share(chart, item)}" for item in chart.items if item.mark.value)


def _share(chart: DonutChart, item: Item) -> str:
    return write_number(round((item.mark.value or 0.0) / chart.total, 3), Unit.SHARE)


def _middle(pen: Pen, chart: DonutChart, centre: tuple[float, float]) -> list[SafeString]:
    x, y = centre
    caption = chart.centre or _("Total")
    return [
        pen.text(
            write_number(chart.total, chart.unit),
            x,
            y + 4,
            part="value",
            anchor="middle",
            size=24,
            font_weight="600",
        ),
        pen.text(
            shorten(caption, 2 * _INNER - 20, TEXT), x, y + 22, anchor="middle", full=caption
        ),
    ]


def _part(
    pen: Pen,
    chart: DonutChart,
    *,
    index: int,
    span: tuple[float, float],
    centre: tuple[float, float],
    corner: tuple[float, float],
    width: float,
) -> SafeString:
    """A slice and its line in the list are one link: pointing at either lights up both."""
    item = chart.items[index]
    left, top = corner[0], corner[1] + index * _ROW
    middle = top + _ROW / 2
    value = write_number(item.mark.value or 0.0, chart.unit)
    share = _share(chart, item)
    right = min(width, left + 360)
    room = right - left - 26 - text_width(value, TEXT) - 66
    drawn = [pen.rect((left - 6, top + 1), (right - left + 6, _ROW - 2), part="hit", rx=4)]
    if span[1] > span[0]:
        drawn.append(
            pen.path(ring_path(centre, span), fill_rule="evenodd", **fill_of(pen, item, index))
        )
        drawn.append(pen.path(ring_path(centre, span), part="gap", fill="none", stroke_width="2"))
    drawn += [
        sample(pen, item, index, left, middle, lines=False),
        pen.text(
            shorten(item.name, room, TEXT), left + 22, middle + 4, part="name", full=item.name
        ),
        pen.text(value, right - 58, middle + 4, part="value", anchor="end", font_weight="600"),
        pen.text(share, right - 4, middle + 4, anchor="end"),
    ]
    return pen.link(item.mark.href, labelled(item.name, with_aside(value, share)), *drawn)


def ring_path(centre: tuple[float, float], span: tuple[float, float]) -> str:
    """The outline of the part of the ring from `span[0]` to `span[1]` (shares of the circle,
    clockwise from the top). A whole circle is two circles, as an arc cannot end where it began."""
    x, y = centre
    if span[1] - span[0] >= 1 - 1e-9:
        return "".join(
            f"M{x:.2f} {y - r:.2f}A{r:.2f} {r:.2f} 0 1 1 {x:.2f} {y + r:.2f}"
            f"A{r:.2f} {r:.2f} 0 1 1 {x:.2f} {y - r:.2f}Z"
            for r in (_OUTER, _INNER)
        )
    large = 1 if span[1] - span[0] > 0.5 else 0
    (ax, ay), (bx, by) = (_on(centre, _OUTER, share) for share in span)
    (cx, cy), (dx, dy) = (_on(centre, _INNER, share) for share in reversed(span))
    return (
        f"M{ax:.2f} {ay:.2f}A{_OUTER:.2f} {_OUTER:.2f} 0 {large} 1 {bx:.2f} {by:.2f}"
        f"L{cx:.2f} {cy:.2f}A{_INNER:.2f} {_INNER:.2f} 0 {large} 0 {dx:.2f} {dy:.2f}Z"
    )


def _on(centre: tuple[float, float], radius: float, share: float) -> tuple[float, float]:
    angle = 2 * math.pi * share
    return centre[0] + radius * math.sin(angle), centre[1] - radius * math.cos(angle)
