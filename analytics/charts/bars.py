"""Vertical bars over time or categories, side by side or stacked, each a link to its list."""

from dataclasses import dataclass, replace

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from analytics.charts.data import Axis, Mark, Series, Unit, ensure_aligned, known_values
from analytics.charts.frame import (
    HEADROOM,
    THINNEST_TO_HIT,
    Plot,
    axis_labels,
    empty,
    grid,
    lay_out,
)
from analytics.charts.legend import legend
from analytics.charts.lettering import text_width
from analytics.charts.svg import TEXT, Pen, tab_stops, unique_id
from analytics.charts.texture import fill_of, patterns
from analytics.charts.wording import write_mark, write_number, write_position
from config.kernel.punctuation import labelled

_WIDEST = 44.0
_SMALL = 11.0


@dataclass(frozen=True, slots=True)
class BarChart:
    """Series over a time axis or over names. Stacked values must not be negative (ValueError).

    `of_total` makes every stack as high as the others: marks are then shares of their stack, and
    `n` what they count.
    """

    title: str
    axis: Axis
    series: tuple[Series, ...]
    unit: Unit = Unit.COUNT
    stacked: bool = False
    of_total: bool = False
    bounds: tuple[float, float] | None = None
    description: str = ""

    def __post_init__(self) -> None:
        ensure_aligned(self.axis, self.series)
        if (self.stacked or self.of_total) and any(
            value < 0 for value in known_values(self.series)
        ):
            raise ValueError("A negative value cannot be stacked.")

    def in_shares(self) -> "BarChart":
        """The chart as it is drawn: itself, or with each stack cut into shares."""
        if not self.of_total:
            return self
        totals = [self.total(position) for position in range(len(self.axis))]
        series = tuple(
            replace(one, marks=tuple(map(_share_of, one.marks, totals))) for one in self.series
        )
        return replace(
            self, series=series, unit=Unit.SHARE, stacked=True, of_total=False, bounds=(0, 1)
        )

    @property
    def is_whole(self) -> bool:
        """Whether every stack is 100 %, so that nobody needs to read its height."""
        return self.stacked and self.unit is Unit.SHARE and self.bounds == (0, 1)

    def total(self, position: int) -> float:
        """The height of the stack at a position."""
        return sum(one.marks[position].value or 0.0 for one in self.series)


def _share_of(mark: Mark, total: float) -> Mark:
    if mark.value is None or not total:
        return Mark(None)
    return Mark(round(mark.value / total, 4), mark.href, n=round(mark.value))


@dataclass(frozen=True, slots=True)
class _Bar:
    x: float
    y: float
    width: float
    height: float


def bars(
    chart: BarChart, *, width: float = 600, height: float = 240, standalone: bool = False
) -> SafeString:
    """The chart as SVG."""
    chart = chart.in_shares()
    pen = Pen(unique_id(chart, width), standalone)
    known = known_values(chart.series)
    body = _body(pen, chart, width, height) if known else empty(pen, width, height)
    return pen.root(
        *body,
        title=chart.title,
        description=chart.description or _summary(chart),
        width=width,
        height=height,
        interactive=any("<a " in part for part in body),
    )


def _summary(chart: BarChart) -> str:
    positions = range(len(chart.axis))
    if not known_values(chart.series):
        return _("No data for this choice")
    best = max(
        positions,
        key=lambda p: (
            chart.total(p) if chart.stacked else max(m.marks[p].value or 0.0 for m in chart.series)
        ),
    )
    return _("%(first)s to %(last)s. Highest at %(best)s.") % {
        "first": write_position(chart.axis, 0),
        "last": write_position(chart.axis, positions[-1]),
        "best": write_position(chart.axis, best),
    }


def _body(pen: Pen, chart: BarChart, width: float, height: float) -> list[SafeString]:
    several = len(chart.series) > 1
    names, top = legend(pen, chart.series, width, lines=False) if several else ([], 0.0)
    positions = len(chart.axis)
    reach = known_values(chart.series)
    if chart.stacked:
        reach = [chart.total(position) for position in range(positions)]
    plot = lay_out(
        reach,
        unit=chart.unit,
        bounds=chart.bounds,
        positions=positions,
        width=width,
        height=height,
        top=top + HEADROOM,
    )
    drawn = [patterns(pen, chart.series), *names, *grid(pen, plot, chart.unit)]
    drawn += axis_labels(pen, plot, chart.axis, height)
    drawn += _stacked(pen, plot, chart) if chart.stacked else _side_by_side(pen, plot, chart)
    return drawn


def _side_by_side(pen: Pen, plot: Plot, chart: BarChart) -> list[SafeString]:
    count = len(chart.series)
    room = min(plot.slot * (0.72 if plot.slot > 8 else 0.86), _WIDEST * max(1, count * 0.7))
    each = room / count
    tab = tab_stops(len(known_values(chart.series)))
    labelled = count == 1 and _labels_fit(chart, plot)
    solids, fields = [], []
    for position in range(len(chart.axis)):
        for index, one in enumerate(chart.series):
            mark = one.marks[position]
            if mark.value is None:
                continue
            left = plot.middle(position) - room / 2 + index * each
            bar = _bar(plot, left, each - (2 if count > 1 and each > 6 else 0), 0.0, mark.value)
            solids.append(_solid(pen, chart, index, bar, up=mark.value >= 0))
            if labelled:
                solids.append(_label(pen, plot, chart, mark, bar))
            field = _Bar(
                left if count > 1 else plot.middle(position) - plot.slot / 2,
                plot.top,
                each if count > 1 else plot.slot,
                plot.bottom - plot.top,
            )
            hint = () if labelled else (_label(pen, plot, chart, mark, bar, hover=True),)
            fields.append(
                _field(pen, chart, index=index, position=position, place=field, tab=tab, hint=hint)
            )
    return solids + fields


def _stacked(pen: Pen, plot: Plot, chart: BarChart) -> list[SafeString]:
    room = min(plot.slot * (0.72 if plot.slot > 8 else 0.86), _WIDEST)
    tab = tab_stops(sum(1 for value in known_values(chart.series) if value))
    totals = not chart.is_whole and _labels_fit(chart, plot)
    outlines: list[list[str]] = [[] for _one in chart.series]
    solids, fields = [], []
    for position in range(len(chart.axis)):
        left, reached = plot.middle(position) - room / 2, 0.0
        for index, one in enumerate(chart.series):
            mark = one.marks[position]
            if not mark.value:
                continue
            bar = _bar(plot, left, room, reached, reached + mark.value)
            reached += mark.value
            outlines[index].append(_part(bar))
            if plot.slot >= THINNEST_TO_HIT:
                fields.append(
                    _field(pen, chart, index=index, position=position, place=bar, tab=tab)
                )
        if totals and reached:
            label = write_number(reached, chart.unit)
            top = plot.scale.at(reached)
            solids.append(
                pen.text(label, plot.middle(position), top - 6, anchor="middle", size=_SMALL)
            )
    # One outline for all parts of a series: a month of six series has two hundred of them.
    stacks = [
        pen.path("".join(parts), **fill_of(pen, chart.series[index], index))
        for index, parts in enumerate(outlines)
        if parts
    ]
    return stacks + solids + fields


def _part(bar: _Bar) -> str:
    """A part of a stack, with a seam towards the next."""
    height = max(bar.height - 1.5, min(bar.height, 1.0))
    top = bar.y + bar.height - height
    return f"M{bar.x:.1f} {top:.1f}h{bar.width:.1f}v{height:.1f}h{-bar.width:.1f}z"


def _bar(plot: Plot, left: float, width: float, start: float, end: float) -> _Bar:
    one, other = sorted((plot.scale.at(start), plot.scale.at(end)))
    return _Bar(left, one, width, other - one)


def _solid(pen: Pen, chart: BarChart, index: int, bar: _Bar, *, up: bool) -> SafeString:
    """The visible bar; the end away from zero is rounded."""
    fill = fill_of(pen, chart.series[index], index)
    radius = min(3.0, bar.width / 2, bar.height)
    near, far = (bar.y + bar.height, bar.y) if up else (bar.y, bar.y + bar.height)
    turn = radius if up else -radius
    right = bar.x + bar.width
    outline = (
        f"M{bar.x:.1f} {near:.1f}V{far + turn:.1f}Q{bar.x:.1f} {far:.1f} {bar.x + radius:.1f} "
        f"{far:.1f}H{right - radius:.1f}Q{right:.1f} {far:.1f} {right:.1f} {far + turn:.1f}"
        f"V{near:.1f}Z"
    )
    return pen.path(outline, **fill)


def _labels_fit(chart: BarChart, plot: Plot) -> bool:
    """Whether each column has the room for its number, so that nobody has to point at it."""
    widest = max(
        text_width(write_number(value, chart.unit), _SMALL)
        for value in (
            [chart.total(p) for p in range(len(chart.axis))]
            if chart.stacked
            else known_values(chart.series)
        )
    )
    return widest + 9 <= plot.slot


def _label(
    pen: Pen, plot: Plot, chart: BarChart, mark: Mark, bar: _Bar, *, hover: bool = False
) -> SafeString:
    value = mark.value or 0.0
    label = write_number(value, chart.unit)
    y = bar.y - 6 if value >= 0 else bar.y + bar.height + 14
    x = plot.keep_inside(bar.x + bar.width / 2, label, _SMALL)
    if hover:
        return pen.text(
            label, x, y, part="value", hover=True, anchor="middle", size=TEXT, font_weight="600"
        )
    return pen.text(label, x, y, anchor="middle", size=_SMALL)


def _field(
    pen: Pen,
    chart: BarChart,
    *,
    index: int,
    position: int,
    place: _Bar,
    tab: bool,
    hint: tuple[SafeString, ...] = (),
) -> SafeString:
    one = chart.series[index]
    mark = one.marks[position]
    what = f"{write_position(chart.axis, position)} · {one.name}"
    title = labelled(what, write_mark(mark, chart.unit))
    return pen.link(
        mark.href,
        title,
        pen.rect((place.x, place.y), (place.width, max(place.height, 1.0)), part="hit"),
        *pen.only_on_hover(*hint),
        tab=tab,
    )
