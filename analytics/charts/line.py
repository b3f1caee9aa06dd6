"""Values over time: one or more lines, each point a link, with the interval as a band."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from analytics.charts.data import Series, TimeAxis, Unit, ensure_aligned, known_values
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
from analytics.charts.svg import Attributes, Pen, tab_stops, unique_id
from analytics.charts.texture import dash_of, mark_of, shade
from analytics.charts.wording import write_mark, write_number, write_position
from config.kernel.punctuation import labelled

# Below this a point can neither be pointed at nor be told from its neighbour: the table has the
# links. Several lines share the height too, so each point needs more room.
_THINNEST_SLOT = 4.0
_DOTS_FROM_SLOT = 36.0


@dataclass(frozen=True, slots=True)
class LineChart:
    """Series over a time axis. `bounds` fixes the ends of the value axis, for example (0, 1)."""

    title: str
    axis: TimeAxis
    series: tuple[Series, ...]
    unit: Unit = Unit.COUNT
    bounds: tuple[float, float] | None = None
    description: str = ""

    def __post_init__(self) -> None:
        ensure_aligned(self.axis, self.series)


def line(
    chart: LineChart, *, width: float = 600, height: float = 240, standalone: bool = False
) -> SafeString:
    """The chart as SVG."""
    pen = Pen(unique_id(chart, width), standalone)
    values = known_values(chart.series)
    body = _body(pen, chart, width, height) if values else empty(pen, width, height)
    return pen.root(
        *body,
        title=chart.title,
        description=chart.description or summary(chart.axis, values, chart.unit),
        width=width,
        height=height,
        interactive=any("<a " in part for part in body),
    )


def summary(axis: TimeAxis, values: Sequence[float], unit: Unit) -> str:
    """One sentence for those who do not see the picture."""
    if not values:
        return _("No data for this choice")
    return _("%(first)s to %(last)s. Lowest %(low)s, highest %(high)s.") % {
        "first": write_position(axis, 0),
        "last": write_position(axis, len(axis) - 1),
        "low": write_number(min(values), unit),
        "high": write_number(max(values), unit),
    }


def _body(pen: Pen, chart: LineChart, width: float, height: float) -> list[SafeString]:
    several = len(chart.series) > 1
    names, top = legend(pen, chart.series, width, lines=True) if several else ([], 0.0)
    reach = known_values(chart.series)
    for one in chart.series:
        for mark in one.marks:
            reach.extend(mark.interval or ())
    plot = lay_out(
        reach,
        unit=chart.unit,
        bounds=chart.bounds,
        positions=len(chart.axis),
        width=width,
        height=height,
        top=top + HEADROOM,
    )
    drawn = [*names, *grid(pen, plot, chart.unit), *axis_labels(pen, plot, chart.axis, height)]
    for index, one in enumerate(chart.series):
        drawn += _surface(pen, plot, one, index, alone=not several)
    for index, one in enumerate(chart.series):
        drawn += _stroke(pen, plot, one, index, unfinished=chart.axis.unfinished)
    if len(reach) == 1 or len(chart.axis) == 1:
        drawn += _all_labels(pen, plot, chart)
    if plot.slot >= (THINNEST_TO_HIT if several else _THINNEST_SLOT):
        drawn += _marks(pen, plot, chart)
    return drawn


def _points(plot: Plot, one: Series, run: Sequence[int]) -> list[tuple[float, float]]:
    return [(plot.middle(i), plot.scale.at(one.marks[i].value or 0.0)) for i in run]


def _path(points: Sequence[tuple[float, float]]) -> str:
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points)


def _surface(pen: Pen, plot: Plot, one: Series, index: int, *, alone: bool) -> list[SafeString]:
    """The band of the intervals, or a soft shade under a line that is alone."""
    mark = mark_of(one, index)
    if any(m.interval for m in one.marks):
        return [_band(pen, plot, one, run, mark) for run in _runs_with_interval(one)]
    if not alone:
        return []
    drawn = [shade(pen, mark)]
    for run in one.runs():
        points = _points(plot, one, run)
        outline = [(points[0][0], plot.zero), *points, (points[-1][0], plot.zero)]
        drawn.append(pen.path(_path(outline) + "Z", fill=f"url(#{pen.uid}-g)"))
    return drawn


def _runs_with_interval(one: Series) -> list[list[int]]:
    known = Series(
        one.name, tuple(m if m.interval else type(m)(None) for m in one.marks), one.tone
    )
    return list(known.runs())


def _band(pen: Pen, plot: Plot, one: Series, run: Sequence[int], mark: str) -> SafeString:
    upper = [(plot.middle(i), plot.scale.at(one.marks[i].high or 0.0)) for i in run]
    lower = [(plot.middle(i), plot.scale.at(one.marks[i].low or 0.0)) for i in run]
    if len(run) == 1:  # a band of no width would not be seen
        (x, high), (_x, low) = upper[0], lower[0]
        upper, lower = [(x - 3, high), (x + 3, high)], [(x - 3, low), (x + 3, low)]
    outline = _path([*upper, *reversed(lower)]) + "Z"
    return pen.path(outline, part="band", mark=mark, fill_opacity="0.16")


def _stroke(
    pen: Pen, plot: Plot, one: Series, index: int, *, unfinished: bool
) -> list[SafeString]:
    mark = mark_of(one, index)
    style: Attributes = {
        "stroke_width": "2",
        "stroke_linejoin": "round",
        "stroke_linecap": "round",
    }
    drawn = []
    for run in one.runs():
        points = _points(plot, one, run)
        solid = points
        if unfinished and run[-1] == len(one.marks) - 1 and len(points) > 1:
            solid = points[:-1]
            drawn.append(
                pen.path(
                    _path(points[-2:]),
                    part="line",
                    mark=mark,
                    **{**style, "stroke_dasharray": "1 5"},
                )
            )
        if len(solid) > 1:
            drawn.append(pen.path(_path(solid), part="line", mark=mark, **style, **dash_of(index)))
        if len(points) == 1 or plot.slot >= _DOTS_FROM_SLOT:
            drawn += [pen.dot(point, 3, mark=mark, stroke_width="1.5") for point in points]
        elif run[-1] == len(one.marks) - 1:
            drawn.append(pen.dot(points[-1], 3, mark=mark, stroke_width="1.5"))
    return drawn


def _all_labels(pen: Pen, plot: Plot, chart: LineChart) -> list[SafeString]:
    """A point that is alone says its number without being pointed at."""
    return [
        _label(pen, plot, point, write_number(one.marks[index].value or 0.0, chart.unit))
        for one in chart.series
        for run in one.runs()
        for index, point in zip(run, _points(plot, one, run), strict=True)
    ]


def _marks(pen: Pen, plot: Plot, chart: LineChart) -> list[SafeString]:
    """One invisible field per point; together they cover the plot, nearest point first."""
    count = len(known_values(chart.series))
    tab = tab_stops(count)
    drawn = []
    for position in range(len(chart.axis)):
        present = [
            (plot.scale.at(mark.value), index)
            for index, one in enumerate(chart.series)
            if (mark := one.marks[position]).value is not None
        ]
        present.sort()
        for order, (y, index) in enumerate(present):
            above = plot.top if order == 0 else (present[order - 1][0] + y) / 2
            last = order == len(present) - 1
            below = plot.bottom if last else (y + present[order + 1][0]) / 2
            drawn.append(
                _mark(
                    pen, plot, chart, index=index, position=position, span=(above, below), tab=tab
                )
            )
    return drawn


def _mark(
    pen: Pen,
    plot: Plot,
    chart: LineChart,
    *,
    index: int,
    position: int,
    span: tuple[float, float],
    tab: bool,
) -> SafeString:
    one = chart.series[index]
    mark = one.marks[position]
    x, y = plot.middle(position), plot.scale.at(mark.value or 0.0)
    above, below = span
    label = write_number(mark.value or 0.0, chart.unit)
    place = write_position(chart.axis, position)
    title = labelled(f"{place} · {one.name}", write_mark(mark, chart.unit))
    return pen.link(
        mark.href,
        title,
        pen.rect((x - plot.slot / 2, above), (plot.slot, max(below - above, 0.5)), part="hit"),
        *pen.only_on_hover(
            *_hair(pen, plot, x, alone=len(chart.series) == 1),
            pen.dot((x, y), 4.5, mark=mark_of(one, index), hover=True, stroke_width="1.5"),
            _label(pen, plot, (x, y), label, hover=True),
        ),
        tab=tab,
    )


def _hair(pen: Pen, plot: Plot, x: float, *, alone: bool) -> list[SafeString]:
    """From the point down to its date; between several lines it would only be in the way."""
    if not alone:
        return []
    return [pen.line((x, plot.top), (x, plot.bottom), part="hair", hover=True, stroke_width=1)]


def _label(
    pen: Pen, plot: Plot, at: tuple[float, float], label: str, *, hover: bool = False
) -> SafeString:
    x = plot.keep_inside(at[0], label)
    return pen.text(
        label, x, at[1] - 10, part="value", hover=hover, anchor="middle", font_weight="600"
    )
