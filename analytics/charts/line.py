"""Values over time: one or more lines, each point a link, with the interval as a band.

What they are read against (expected range, goal, notes) is drawn by `context`.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from analytics.charts.context import (
    Goal,
    Note,
    bands,
    entries,
    flags,
    goal_line,
    outside,
    rings,
    room_for,
)
from analytics.charts.data import Mark, Series, TimeAxis, Unit, ensure_aligned, known_values
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
from config.kernel.punctuation import labelled, with_aside

# Below this a point can neither be pointed at nor be told from its neighbour: the table has the
# links. Several lines share the height too, so each point needs more room.
_THINNEST_SLOT = 4.0
_DOTS_FROM_SLOT = 36.0


@dataclass(frozen=True, slots=True)
class LineChart:
    """Series over a time axis. `bounds` fixes the ends of the value axis, for example (0, 1).

    `expected` has one mark per position for the first series: its low..high is the range in which
    the value was expected (`metrics.baseline`), points outside it get a ring. `notes` outside the
    axis are left out.
    """

    title: str
    axis: TimeAxis
    series: tuple[Series, ...]
    unit: Unit = Unit.COUNT
    bounds: tuple[float, float] | None = None
    expected: tuple[Mark, ...] = ()
    goal: Goal | None = None
    notes: tuple[Note, ...] = ()
    description: str = ""

    def __post_init__(self) -> None:
        ensure_aligned(self.axis, self.series)
        if self.expected:
            ensure_aligned(self.axis, (Series("expected", self.expected),))

    @property
    def is_several(self) -> bool:
        """More lines than one."""
        return len(self.series) > 1

    def verdict(self, index: int, position: int) -> str:
        """Whether a point lies above or below what was expected, in words; nothing if not."""
        if index or not self.expected:
            return ""
        return outside(self.series[0].marks[position].value, self.expected[position])


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
    more = entries(pen, chart.expected, chart.goal, chart.unit)
    has_legend = chart.is_several or bool(more)
    names, top = legend(pen, chart.series, width, lines=True, more=more) if has_legend else ([], 0)
    plot = lay_out(
        _reach(chart),
        unit=chart.unit,
        bounds=chart.bounds,
        positions=len(chart.axis),
        width=width,
        height=height,
        top=top + max(HEADROOM, room_for(chart.notes, chart.axis)),
    )
    drawn = [*names, *grid(pen, plot, chart.unit), *axis_labels(pen, plot, chart.axis, height)]
    drawn += _behind(pen, plot, chart)
    for index, one in enumerate(chart.series):
        drawn += _surface(pen, plot, one, index, alone=not has_legend)
    for index, one in enumerate(chart.series):
        drawn += _stroke(pen, plot, one, index, unfinished=chart.axis.unfinished)
    if chart.expected:
        drawn += rings(pen, plot, chart.series[0].marks, chart.expected)
    if len(known_values(chart.series)) == 1 or len(chart.axis) == 1:
        drawn += _all_labels(pen, plot, chart)
    if plot.slot >= (THINNEST_TO_HIT if chart.is_several else _THINNEST_SLOT):
        drawn += _marks(pen, plot, chart)
    return drawn


def _reach(chart: LineChart) -> list[float]:
    """Every value that must be in sight."""
    reach = known_values(chart.series)
    for mark in (*(mark for one in chart.series for mark in one.marks), *chart.expected):
        reach.extend(mark.interval or ())
    return [*reach, chart.goal.value] if chart.goal else reach


def _behind(pen: Pen, plot: Plot, chart: LineChart) -> list[SafeString]:
    """What the lines are read against."""
    return [
        *bands(pen, plot, chart.expected, "tone-neutral", opacity="0.2"),
        *((goal_line(pen, plot, chart.goal),) if chart.goal else ()),
        *flags(pen, plot, chart.axis, chart.notes),
    ]


def _points(plot: Plot, one: Series, run: Sequence[int]) -> list[tuple[float, float]]:
    return [(plot.middle(i), plot.scale.at(one.marks[i].value or 0.0)) for i in run]


def _path(points: Sequence[tuple[float, float]]) -> str:
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points)


def _surface(pen: Pen, plot: Plot, one: Series, index: int, *, alone: bool) -> list[SafeString]:
    """The band of the intervals, or a soft shade under a line that is alone."""
    mark = mark_of(one, index)
    if any(m.interval for m in one.marks):
        return bands(pen, plot, one.marks, mark)
    if not alone:
        return []
    drawn = [shade(pen, mark)]
    for run in one.runs():
        points = _points(plot, one, run)
        outline = [(points[0][0], plot.zero), *points, (points[-1][0], plot.zero)]
        drawn.append(pen.path(_path(outline) + "Z", fill=f"url(#{pen.uid}-g)"))
    return drawn


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
            drawn.append(
                pen.path(_path(solid), part="line", mark=mark, **style, **dash_of(one, index))
            )
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
    words = write_mark(mark, chart.unit)
    if verdict := chart.verdict(index, position):
        words = with_aside(words, verdict)
    title = labelled(f"{place} · {one.name}", words)
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
