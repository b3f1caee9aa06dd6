"""What a line is read against: the range in which it was expected, a goal, what happened when."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from analytics.charts.data import Mark, Series, TimeAxis, Unit
from analytics.charts.frame import Plot
from analytics.charts.legend import Entry
from analytics.charts.lettering import shorten, text_width
from analytics.charts.svg import Pen, Place
from analytics.charts.wording import write_date, write_number
from config.kernel.punctuation import labelled

ROOM_FOR_FLAGS = 22.0
_SMALL = 11.0
_FLAG = 16.0  # from one flag to the next, at least
_FEWEST_LETTERS = 60.0  # room below which only the flag is drawn


@dataclass(frozen=True, slots=True)
class Note:
    """Something that happened on a day: a release, a campaign, a measure. With `is_moment` it is
    what the chart is about: a line through the whole height, at the beginning of its period."""

    day: date
    title: str
    href: str = ""
    is_moment: bool = False

    def __post_init__(self) -> None:
        Mark(None, self.href)  # refuses what is no address


@dataclass(frozen=True, slots=True)
class Goal:
    """A value to be reached; without a name it is called goal."""

    value: float
    name: str = ""


def position_of(axis: TimeAxis, day: date) -> int | None:
    """The position that holds the day; None outside the axis."""
    for index, first in enumerate(axis.dates):
        if first <= day <= axis.end(index):
            return index
    return None


def outside(value: float | None, expected: Mark) -> str:
    """Above or below what was expected, in words; nothing for what lies within."""
    if value is None or expected.interval is None:
        return ""
    low, high = expected.interval
    if value > high:
        return _("above what was expected")
    return _("below what was expected") if value < low else ""


def bands(
    pen: Pen, plot: Plot, marks: Sequence[Mark], mark: str, *, opacity: str = "0.16"
) -> list[SafeString]:
    """From low to high of each mark, a gap where there is no interval."""
    known = Series("", tuple(Mark(one.low if one.interval else None) for one in marks))
    drawn = []
    for run in known.runs():
        upper = [(plot.middle(i), plot.scale.at(marks[i].high or 0.0)) for i in run]
        lower = [(plot.middle(i), plot.scale.at(marks[i].low or 0.0)) for i in run]
        if len(run) == 1:  # a band of no width would not be seen
            (x, high), (_x, low) = upper[0], lower[0]
            upper, lower = [(x - 3, high), (x + 3, high)], [(x - 3, low), (x + 3, low)]
        way = "L".join(f"{x:.1f} {y:.1f}" for x, y in [*upper, *reversed(lower)])
        drawn.append(pen.path(f"M{way}Z", part="band", mark=mark, fill_opacity=opacity))
    return drawn


def rings(
    pen: Pen, plot: Plot, marks: Sequence[Mark], expected: Sequence[Mark]
) -> list[SafeString]:
    """Around each point that lies outside what was expected."""
    return [
        pen.draw(
            "circle",
            part="whisker",
            cx=plot.middle(index),
            cy=plot.scale.at(mark.value or 0.0),
            r=6,
            stroke_width=1.75,
        )
        for index, (mark, band) in enumerate(zip(marks, expected, strict=True))
        if outside(mark.value, band)
    ]


def goal_line(pen: Pen, plot: Plot, goal: Goal) -> SafeString:
    """Through the whole width; the legend says what it is."""
    y = plot.scale.at(goal.value)
    return _goal(pen, (plot.left, y), (plot.right, y))


def _goal(pen: Pen, start: Place, end: Place) -> SafeString:
    return pen.line(
        start, end, part="line", mark="tone-good", stroke_width=1.5, stroke_dasharray="8 3"
    )


def entries(pen: Pen, expected: Sequence[Mark], goal: Goal | None, unit: Unit) -> list[Entry]:
    """What the legend says of them."""
    found: list[Entry] = []
    if expected:
        found.append((_("Expected range"), partial(_sample_of_band, pen)))
    if goal:
        name = goal.name or pgettext("line in a chart", "Goal")
        words = labelled(name, write_number(goal.value, unit))
        found.append((words, lambda x, y: _goal(pen, (x, y), (x + 18, y))))
    return found


def _sample_of_band(pen: Pen, x: float, y: float) -> SafeString:
    return pen.rect(
        (x, y - 6), (18, 12), rx=2, part="band", mark="tone-neutral", fill_opacity="0.3"
    )


def flags(pen: Pen, plot: Plot, axis: TimeAxis, notes: Sequence[Note]) -> list[SafeString]:
    """A flag above the plot for each note within the axis, with its title where there is room."""
    found = [
        (index, note)
        for note in sorted(notes, key=lambda one: (one.day, one.title))
        if (index := position_of(axis, note.day)) is not None
    ]
    places: list[float] = []
    for index, note in found:
        x = plot.left + index * plot.slot if note.is_moment else plot.middle(index)
        places.append(max(x, places[-1] + _FLAG) if places else x)
    drawn = []
    for at, (index, note) in enumerate(found):
        after = places[at + 1] - 6 if at + 1 < len(found) else plot.right
        drawn.append(_flag(pen, plot, index, note, room=(places[at], after)))
    return drawn


def _flag(
    pen: Pen, plot: Plot, index: int, note: Note, *, room: tuple[float, float]
) -> SafeString:
    place, end = room
    at_left = plot.left + index * plot.slot
    x = at_left if note.is_moment else plot.middle(index)
    top = plot.top - ROOM_FOR_FLAGS + 2
    mark = "series-5" if note.is_moment else "series-7"
    free = end - place - 14
    words = shorten(note.title, free, _SMALL) if free >= _FEWEST_LETTERS else ""
    if text_width(note.title, _SMALL) <= free:
        words = note.title
    style = {} if note.is_moment else {"stroke_dasharray": "2 3"}
    return pen.link(
        note.href,
        labelled(write_date(note.day, "full_day"), note.title),
        pen.rect((place - 3, top - 2), (17 + text_width(words, _SMALL), 18), part="hit", rx=3),
        pen.line(
            (x, top + 14 if place > x else top),
            (x, plot.bottom),
            part="line",
            mark=mark,
            stroke_width=1.5 if note.is_moment else 1,
            **style,
        ),
        pen.path(f"M{place:.1f} {top:.1f}h11l-3 5 3 5h-11z", part="bar", mark=mark),
        *([pen.text(words, place + 15, top + 10, part="name", size=_SMALL)] if words else []),
    )


def room_for(notes: Sequence[Note], axis: TimeAxis) -> float:
    """The height that flags need."""
    has_any = any(position_of(axis, one.day) is not None for one in notes)
    return ROOM_FOR_FLAGS if has_any else 0.0


def notes_of(notes: Sequence[Note], axis: TimeAxis, index: int) -> list[Note]:
    """The notes of a position."""
    return [one for one in notes if position_of(axis, one.day) == index]
