"""Things by two measures: a matrix of levels with zones, or a field of points with two scales."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from analytics.charts.cells import Cell, Table, Words
from analytics.charts.data import Mark
from analytics.charts.field import Dot, Field, Ruler, field_of, frame
from analytics.charts.frame import empty
from analytics.charts.lettering import shorten, text_width
from analytics.charts.places import RADIUS, Placed, in_cells, kept_apart
from analytics.charts.svg import TEXT, Pen, tab_stops, unique_id
from analytics.charts.wording import write_number
from config.kernel.punctuation import labelled, listed

_BESIDE_FROM = 560.0
_LIST, _ROW = 0.36, 26.0
_LISTED = 24  # names beside the picture; the table has all
_NUMBERED = 40  # numbers in the picture; beyond, plain dots


@dataclass(frozen=True, slots=True)
class Zones:
    """Names of the zones from the mildest to the gravest, and for each level upwards the zone of
    each level across, as its place among the names."""

    names: tuple[str, ...]
    rows: tuple[tuple[int, ...], ...]


@dataclass(frozen=True, slots=True)
class Matrix:
    """Dots by two rulers, both with levels (then `zones` may colour the cells) or both without
    (then `corners` may name the parts: upper left, upper right, lower left, lower right).
    ValueError where only one has levels."""

    title: str
    dots: tuple[Dot, ...]
    across: Ruler
    up: Ruler
    zones: Zones | None = None
    corners: tuple[str, str, str, str] | None = None
    description: str = ""

    def __post_init__(self) -> None:
        if bool(self.across.levels) != bool(self.up.levels):
            raise ValueError("Either both directions have levels or none has.")

    @property
    def known(self) -> tuple[Dot, ...]:
        """Those that have a place, in their order: the first is number 1."""
        return tuple(dot for dot in self.dots if dot.is_known)

    def as_table(self) -> Table:
        """Each dot with its two values."""
        header = (_("Entry"), self.across.name, self.up.name)
        rows = tuple(
            (dot.name, (_cell(dot, dot.across, self.across), _cell(dot, dot.up, self.up)))
            for dot in self.dots
        )
        return Table(self.title, header, rows, (self.across.unit, self.up.unit))


def matrix(chart: Matrix, *, width: float = 600, standalone: bool = False) -> SafeString:
    """The chart as SVG, the names of the dots beside it or, where it is narrow, below."""
    pen = Pen(unique_id(chart, width), standalone)
    known = chart.known
    if known:
        beside = width >= _BESIDE_FROM
        list_room = min(width * _LIST, 360.0) if beside else width
        field_room = width - list_room - 24 if beside else width
        field = field_of(chart.across, chart.up, known, field_room, spare=_spare(chart))
        corner = (field.right + 24, 4.0) if beside else (0.0, field.height + 10)
        rows = _rows(len(known))
        end = corner[1] + rows * _ROW + 4
        height = max(field.height, end) if rows else field.height
        body = _body(pen, chart, field, corner, list_room)
    else:
        height = 240.0
        body = empty(pen, width, height)
    return pen.root(
        *body,
        title=chart.title,
        description=chart.description or _summary(chart),
        width=width,
        height=height,
        interactive=any(dot.href for dot in known),
    )


def _spare(chart: Matrix) -> tuple[float, float]:
    """Height above and below the field: zones have their names above, corners on both sides."""
    if chart.across.levels:
        return (22.0 if chart.zones else 0.0), 0.0
    return (18.0, 18.0) if chart.corners else (0.0, 0.0)


def _summary(chart: Matrix) -> str:
    if not chart.known:
        return _("No data for this choice")
    best = max(chart.known, key=lambda dot: ((dot.up or 0.0), (dot.across or 0.0)))
    return _("%(count)s entries. Highest: %(name)s (%(values)s).") % {
        "count": len(chart.known),
        "name": best.name,
        "values": _values(chart, best),
    }


def _values(chart: Matrix, dot: Dot) -> str:
    """Both values with their names."""
    return listed(
        labelled(ruler.name, _write(value, ruler))
        for value, ruler in ((dot.across, chart.across), (dot.up, chart.up))
    )


def _write(value: float | None, ruler: Ruler) -> str:
    if value is None:
        return _("no data")
    if ruler.levels:
        return ruler.levels[level_of(value, ruler)]
    return write_number(value, ruler.unit)


def _cell(dot: Dot, value: float | None, ruler: Ruler) -> Cell:
    if ruler.levels:
        return Words(_write(value, ruler), dot.href)
    return Mark(value, dot.href)


def level_of(value: float, ruler: Ruler) -> int:
    """The place of a value among the levels, from 0; beyond the ends it is the end."""
    return min(max(round(value) - 1, 0), len(ruler.levels) - 1)


def _rows(known: int) -> int:
    """Lines of the list; of more dots than have numbers there is none."""
    if known > _NUMBERED:
        return 0
    return min(known, _LISTED) + (known > _LISTED)


def _body(
    pen: Pen, chart: Matrix, field: Field, corner: tuple[float, float], room: float
) -> list[SafeString]:
    drawn = frame(pen, chart.across, chart.up, field)
    if chart.zones and chart.across.levels:
        drawn = [*_zones(pen, chart.zones, field), *drawn]
    if chart.corners:
        drawn += _corners(pen, chart, field)
    known = chart.known
    if len(known) > _NUMBERED:
        return drawn + [_plain(pen, chart, field, dot) for dot in known]
    places = _places(chart, field)
    tab = tab_stops(len(known))
    for index, place in enumerate(places):
        line = (corner[0], corner[1] + index * _ROW, room)
        drawn.append(_entry(pen, chart, index, place, line, tab=tab))
    if len(known) > _LISTED:
        more = _("and %(count)s more: see the table") % {"count": len(known) - _LISTED}
        drawn.append(pen.text(more, corner[0] + 30, corner[1] + _LISTED * _ROW + 17))
    return [*drawn, *_crowded(pen, places)]


def _places(chart: Matrix, field: Field) -> list[Placed]:
    if chart.across.levels:
        cells = [
            (level_of(dot.across or 0.0, chart.across), level_of(dot.up or 0.0, chart.up))
            for dot in chart.known
        ]
        return in_cells(cells, field.cell)
    points = [(field.x.at(dot.across or 0.0), field.y.at(dot.up or 0.0)) for dot in chart.known]
    return kept_apart(points, (field.x.start, field.y.end, field.x.end, field.y.start))


def _entry(
    pen: Pen,
    chart: Matrix,
    index: int,
    place: Placed,
    line: tuple[float, float, float],
    *,
    tab: bool,
) -> SafeString:
    """The circle with its number and the line of the list are one link."""
    dot = chart.known[index]
    drawn: list[SafeString] = []
    if index < _LISTED:
        x, y, room = line
        drawn += [
            pen.rect((x, y), (room, _ROW - 2), part="hit", rx=4),
            *_circle(pen, dot, index, (x + RADIUS + 3, y + _ROW / 2 - 1)),
            pen.text(
                shorten(dot.name, room - 34, TEXT), x + 30, y + 16, part="name", full=dot.name
            ),
        ]
    if place.at:
        if place.is_moved:
            drawn.append(pen.line(place.origin, place.at, part="axis", stroke_width=1))
            drawn.append(pen.dot(place.origin, 2.5, mark=_mark(dot), stroke_width=0.5))
        drawn += _circle(pen, dot, index, place.at)
    return pen.link(dot.href, labelled(dot.name, _values(chart, dot)), *drawn, tab=tab)


def _mark(dot: Dot) -> str:
    return f"tone-{dot.tone.value}" if dot.tone else "series-1"


def _circle(pen: Pen, dot: Dot, index: int, at: tuple[float, float]) -> list[SafeString]:
    number = str(index + 1)
    return [
        pen.dot(at, RADIUS, mark=_mark(dot), stroke_width=1.5),
        pen.text(
            number, at[0], at[1] + 4, part="inverse", anchor="middle", size=11, font_weight="600"
        ),
    ]


def _plain(pen: Pen, chart: Matrix, field: Field, dot: Dot) -> SafeString:
    """One of very many, without a number."""
    if chart.across.levels:
        left, top, right, bottom = field.cell(
            level_of(dot.across or 0.0, chart.across), level_of(dot.up or 0.0, chart.up)
        )
        at = ((left + right) / 2, (top + bottom) / 2)
    else:
        at = (field.x.at(dot.across or 0.0), field.y.at(dot.up or 0.0))
    circle = pen.dot(at, 4, mark=_mark(dot), stroke_width=1, fill_opacity="0.75")
    return pen.link(dot.href, labelled(dot.name, _values(chart, dot)), circle, tab=False)


def _crowded(pen: Pen, places: Sequence[Placed]) -> list[SafeString]:
    """How many more a cell holds than it has room for; the list beside it names them."""
    return [
        pen.text(f"+{one.more}", one.at[0] + RADIUS + 3, one.at[1] + 4, part="name", size=11)
        for one in places
        if one.at and one.more
    ]


def _zones(pen: Pen, zones: Zones, field: Field) -> list[SafeString]:
    """Cells the darker the graver, and the names of the zones above them."""
    drawn = []
    for up, row in enumerate(zones.rows):
        for across, zone in enumerate(row):
            left, top, right, bottom = field.cell(across, up)
            drawn.append(
                pen.rect(
                    (left, top),
                    (right - left, bottom - top),
                    part="bar",
                    mark="tone-bad",
                    fill_opacity=_strength(zone),
                )
            )
    x, y = field.x.start, field.y.end - 9
    for zone, name in enumerate(zones.names):
        drawn.append(
            pen.rect(
                (x, y - 10),
                (12, 12),
                rx=3,
                part="bar",
                mark="tone-bad",
                fill_opacity=_strength(zone),
            )
        )
        drawn.append(pen.rect((x, y - 10), (12, 12), rx=3, part="frame", stroke_width=1))
        drawn.append(pen.text(name, x + 17, y, part="name"))
        x += 17 + text_width(name, TEXT) + 14
    return drawn


def _strength(zone: int) -> str:
    return f"{(0.04, 0.16, 0.3, 0.48)[min(zone, 3)]}"


def _corners(pen: Pen, chart: Matrix, field: Field) -> list[SafeString]:
    """Names of the four parts, outside the field where no dot can cover them."""
    upper_left, upper_right, lower_left, lower_right = chart.corners or ("",) * 4
    left, right = field.x.start, field.x.end
    top, bottom = field.y.end - 7, field.y.start + 37
    room = (right - left) / 2 - 8
    return [
        pen.text(shorten(name, room, TEXT), x, y, anchor=anchor, full=name)
        for name, x, y, anchor in (
            (upper_left, left, top, "start"),
            (upper_right, right, top, "end"),
            (lower_left, left, bottom, "start"),
            (lower_right, right, bottom, "end"),
        )
        if name
    ]
