"""A field with two directions: its scales or cells, ticks and the names of both."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString

from analytics.charts.data import Mark, Tone, Unit
from analytics.charts.lettering import shorten, text_width, wrap
from analytics.charts.scale import Scale, nice_ticks, ticks_within
from analytics.charts.svg import TEXT, Pen
from analytics.charts.wording import write_number

_ABOVE, _BELOW = 26.0, 46.0
_LEVEL_HEIGHT, _SCALE_HEIGHT = 52.0, 300.0
_LONGEST_LEVEL = 0.2  # of the width


@dataclass(frozen=True, slots=True)
class Ruler:
    """One of the two directions. With `levels` (names from the lowest up) a value is the number
    of its level, 1 being the lowest; without, a number on a scale of `unit`, whose ends `bounds`
    may fix. `cut` draws a line there that parts the field."""

    name: str
    unit: Unit = Unit.COUNT
    levels: tuple[str, ...] = ()
    bounds: tuple[float, float] | None = None
    cut: float | None = None


@dataclass(frozen=True, slots=True)
class Dot:
    """One thing: how far to the right and how far up, and where it leads. What is not a finite
    number is missing; such a thing stands in the table only."""

    name: str
    across: float | None
    up: float | None
    href: str = ""
    tone: Tone = Tone.NONE

    def __post_init__(self) -> None:
        for name in ("across", "up"):
            object.__setattr__(self, name, Mark(getattr(self, name), self.href).value)

    @property
    def is_known(self) -> bool:
        """Whether it has a place."""
        return self.across is not None and self.up is not None


@dataclass(frozen=True, slots=True)
class Field:
    """The scales in user units; `ticks` are those across and those up."""

    x: Scale
    y: Scale
    ticks: tuple[tuple[float, ...], tuple[float, ...]]
    height: float

    @property
    def right(self) -> float:
        return self.x.end

    def cell(self, across: int, up: int) -> tuple[float, float, float, float]:
        """Left, top, right and bottom of the cell of two levels, counted from 0."""
        return (
            self.x.at(across + 0.5),
            self.y.at(up + 1.5),
            self.x.at(across + 1.5),
            self.y.at(up + 0.5),
        )


def field_of(
    across: Ruler, up: Ruler, dots: Sequence[Dot], width: float, *, spare: tuple[float, float]
) -> Field:
    """The room for the dots, with levels of equal size or scales that hold all of them. `spare`
    is what else needs height between the names of the directions and the field."""
    top, below = _ABOVE + spare[0], _BELOW + spare[1]
    if up.levels:
        room = max(min(text_width(name, TEXT), width * _LONGEST_LEVEL) for name in up.levels)
        bottom = top + _LEVEL_HEIGHT * len(up.levels)
        return Field(
            Scale(0.5, len(across.levels) + 0.5, room + 10, width - 4),
            Scale(0.5, len(up.levels) + 0.5, bottom, top),
            (_levels(across), _levels(up)),
            bottom + below,
        )
    flat, steep = (
        _ticks(ruler, [value for dot in dots if (value := read(dot)) is not None])
        for ruler, read in ((across, lambda dot: dot.across), (up, lambda dot: dot.up))
    )
    left = 8 + max(text_width(write_number(tick, up.unit, short=True), TEXT) for tick in steep)
    bottom = top + _SCALE_HEIGHT
    return Field(
        Scale(*_ends(across, flat), math.ceil(left), width - 14),
        Scale(*_ends(up, steep), bottom, top),
        (flat, steep),
        bottom + below,
    )


def _levels(ruler: Ruler) -> tuple[float, ...]:
    return tuple(float(number) for number in range(1, len(ruler.levels) + 1))


def _ticks(ruler: Ruler, values: list[float]) -> tuple[float, ...]:
    whole = ruler.unit is Unit.COUNT or ruler.unit is Unit.POINTS
    if ruler.bounds:
        return tuple(ticks_within(*ruler.bounds, 5, whole=whole))
    if ruler.cut is not None:
        values = [*values, ruler.cut]
    return tuple(nice_ticks(min(0, *values), max(0, *values), 5, whole=whole))


def _ends(ruler: Ruler, ticks: tuple[float, ...]) -> tuple[float, float]:
    return ruler.bounds or (ticks[0], ticks[-1])


def frame(pen: Pen, across: Ruler, up: Ruler, field: Field) -> list[SafeString]:
    """Lines, ticks and names: the one upwards at the top, the one across at the bottom."""
    x = field.x
    drawn = _cells(pen, across, up, field) if up.levels else _grid(pen, across, up, field)
    below = f"{across.name} →"
    above = f"↑ {up.name}"
    room = x.end - 4
    return [
        *drawn,
        pen.text(shorten(above, room, TEXT), 0, 15, part="name", full=above),
        pen.text(
            shorten(below, room, TEXT),
            x.end,
            field.height - 6,
            part="name",
            anchor="end",
            full=below,
        ),
    ]


def _cells(pen: Pen, across: Ruler, up: Ruler, field: Field) -> list[SafeString]:
    x, y = field.x, field.y
    drawn = []
    for at in range(len(up.levels) + 1):
        place = y.at(at + 0.5)
        drawn.append(pen.line((x.start, place), (x.end, place), part="grid", stroke_width=1))
    for at in range(len(across.levels) + 1):
        place = x.at(at + 0.5)
        drawn.append(pen.line((place, y.end), (place, y.start), part="grid", stroke_width=1))
    for at, name in enumerate(up.levels):
        lines = wrap(name, x.start - 8, TEXT, 3)
        first = y.at(at + 1) + 4 - (len(lines) - 1) * 7
        drawn += [
            pen.text(line, x.start - 8, first + 14 * order, anchor="end", full=name)
            for order, line in enumerate(lines)
        ]
    slot = (x.end - x.start) / len(across.levels)
    for at, name in enumerate(across.levels):
        drawn.append(
            pen.text(
                shorten(name, slot - 4, TEXT),
                x.at(at + 1),
                y.start + 18,
                anchor="middle",
                full=name,
            )
        )
    return drawn


def _grid(pen: Pen, across: Ruler, up: Ruler, field: Field) -> list[SafeString]:
    x, y = field.x, field.y
    flat, steep = field.ticks
    drawn = []
    for tick in steep:
        place, part = y.at(tick), "axis" if tick == 0 else "grid"
        drawn.append(pen.line((x.start, place), (x.end, place), part=part, stroke_width=1))
        label = write_number(tick, up.unit, short=True)
        drawn.append(pen.text(label, x.start - 8, place + 4, anchor="end"))
    for tick in flat:
        place, part = x.at(tick), "axis" if tick == 0 else "grid"
        drawn.append(pen.line((place, y.end), (place, y.start), part=part, stroke_width=1))
        label = write_number(tick, across.unit, short=True)
        drawn.append(pen.text(label, place, y.start + 18, anchor="middle"))
    style = {"part": "axis", "stroke_width": 1.5, "stroke_dasharray": "5 4"}
    if up.cut is not None:
        drawn.append(pen.line((x.start, y.at(up.cut)), (x.end, y.at(up.cut)), **style))
    if across.cut is not None:
        place = x.at(across.cut)
        drawn.append(pen.line((place, y.end), (place, y.start), **style))
    return drawn
