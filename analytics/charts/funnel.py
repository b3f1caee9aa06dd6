"""Steps that fewer and fewer reach, with the share that goes on from each to the next."""

from dataclasses import dataclass

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from analytics.charts.cells import Table
from analytics.charts.data import Item, Mark, Unit
from analytics.charts.frame import empty
from analytics.charts.lettering import shorten, text_width
from analytics.charts.svg import TEXT, Pen, tab_stops, unique_id
from analytics.charts.wording import write_number
from config.kernel.punctuation import labelled

_NAME, _BAR, _GAP = 22.0, 26.0, 30.0
_STEP = _NAME + _BAR + _GAP


@dataclass(frozen=True, slots=True)
class FunnelChart:
    """Counts of the steps in their order, the first being everybody; none is negative
    (ValueError). A later step may be larger than the one before."""

    title: str
    steps: tuple[Item, ...]
    description: str = ""

    def __post_init__(self) -> None:
        if any((step.mark.value or 0) < 0 for step in self.steps):
            raise ValueError("A step cannot be reached by fewer than nobody.")

    def of_first(self, index: int) -> float | None:
        """The share of the first step that reached this one."""
        return _share(self.steps[index], self.steps[0])

    def of_before(self, index: int) -> float | None:
        """The share of the step before; None for the first."""
        return _share(self.steps[index], self.steps[index - 1]) if index else None

    def as_table(self) -> Table:
        """Count, share of the step before and of the first."""
        rows = tuple(
            (step.name, (step.mark, Mark(self.of_before(at)), Mark(self.of_first(at))))
            for at, step in enumerate(self.steps)
        )
        header = (_("Step"), _("Count"), _("Of the step before"), _("Of the first step"))
        return Table(self.title, header, rows, (Unit.COUNT, Unit.SHARE, Unit.SHARE))


def _share(part: Item, whole: Item) -> float | None:
    if part.mark.value is None or not whole.mark.value:
        return None
    return round(part.mark.value / whole.mark.value, 3)


def funnel(chart: FunnelChart, *, width: float = 600, standalone: bool = False) -> SafeString:
    """The chart as SVG; its height follows from the number of steps."""
    pen = Pen(unique_id(chart, width), standalone)
    most = max((step.mark.value or 0.0 for step in chart.steps), default=0.0)
    if most:
        height = _STEP * len(chart.steps) - _GAP + 4
        tab = tab_stops(len(chart.steps))
        body = [
            part
            for index in range(len(chart.steps))
            for part in _step(pen, chart, index, width, most, tab=tab)
        ]
    else:
        height = 160.0
        body = empty(pen, width, height)
    return pen.root(
        *body,
        title=chart.title,
        description=chart.description or _summary(chart, most),
        width=width,
        height=height,
        interactive=any(step.mark.href for step in chart.steps),
    )


def _summary(chart: FunnelChart, most: float) -> str:
    end = chart.of_first(len(chart.steps) - 1) if most else None
    if end is None:
        return _("No data for this choice")
    return _("%(count)s steps, from %(first)s to %(last)s: %(share)s reach the end.") % {
        "count": len(chart.steps),
        "first": chart.steps[0].name,
        "last": chart.steps[-1].name,
        "share": write_number(end, Unit.SHARE),
    }


def _span(chart: FunnelChart, index: int, width: float, most: float) -> tuple[float, float]:
    """Left and right end of a step's bar, which stands in the middle."""
    half = max((chart.steps[index].mark.value or 0.0) / most * (width - 8) / 2, 1.0)
    return width / 2 - half, width / 2 + half


def _step(
    pen: Pen, chart: FunnelChart, index: int, width: float, most: float, *, tab: bool
) -> list[SafeString]:
    step, top = chart.steps[index], _STEP * index
    left, right = _span(chart, index, width, most)
    value = step.mark.value
    number = _("no data") if value is None else write_number(value, Unit.COUNT)
    share = chart.of_first(index)
    whole = "" if share is None else write_number(share, Unit.SHARE)
    taken = text_width(number, TEXT) + text_width(whole, TEXT) + 22
    drawn = [
        pen.rect((0, top), (width, _NAME + _BAR + 2), part="hit", rx=4),
        pen.text(
            shorten(step.name, width - taken, TEXT), 4, top + 15, part="name", full=step.name
        ),
        pen.text(
            number,
            width - text_width(whole, TEXT) - 14,
            top + 15,
            part="value",
            anchor="end",
            font_weight="600",
        ),
        pen.text(whole, width - 4, top + 15, anchor="end"),
        pen.rect((left, top + _NAME), (right - left, _BAR), rx=3, part="bar", mark="series-1"),
    ]
    words = (
        number
        if not whole
        else _("%(number)s, %(share)s of the first step")
        % {
            "number": number,
            "share": whole,
        }
    )
    link = pen.link(step.mark.href, labelled(step.name, words), *drawn, tab=tab)
    return [*_way(pen, chart, index, width, most), link]


def _way(pen: Pen, chart: FunnelChart, index: int, width: float, most: float) -> list[SafeString]:
    """From the step before to this one: its slope, and the share that came."""
    share = chart.of_before(index)
    if share is None:
        return []
    (left, right), (to_left, to_right) = (
        _span(chart, at, width, most) for at in (index - 1, index)
    )
    top = _STEP * index - _GAP
    bottom = top + _GAP + _NAME
    way = (
        f"M{left:.1f} {top:.1f}L{right:.1f} {top:.1f}L{to_right:.1f} {bottom:.1f}"
        f"L{to_left:.1f} {bottom:.1f}Z"
    )
    return [
        pen.path(way, part="band", mark="series-1", fill_opacity="0.12"),
        pen.text(
            f"↓ {write_number(share, Unit.SHARE)}",
            width / 2,
            top + 19,
            part="name",
            anchor="middle",
        ),
    ]
