"""Which dates are written under a time axis, so that none touches its neighbour."""

from collections.abc import Iterable
from datetime import date
from itertools import pairwise

from analytics.charts.data import Step, TimeAxis
from analytics.charts.lettering import text_width
from analytics.charts.wording import write_date

_GAP = 10.0
Label = tuple[int, str]


def date_labels(axis: TimeAxis, slot: float, size: float) -> list[Label]:
    """Positions and their labels, for positions that are `slot` user units apart.

    Days thin out to Mondays, weeks to every other or fourth, both to months; months to quarters,
    half-years and years. January carries the year instead of its name.
    """
    for labels in _choices(axis):
        if labels and _fits(labels, slot, size):
            return labels
    return [(len(axis) - 1, _short(axis.dates[-1], axis.step))] if len(axis) else []


def _choices(axis: TimeAxis) -> Iterable[list[Label]]:
    positions = list(enumerate(axis.dates))
    newest = len(positions) - 1
    if axis.step is Step.DAY:
        yield _named(axis, positions)
        yield _named(axis, [p for p in positions if (newest - p[0]) % 2 == 0])
        yield _named(axis, [p for p in positions if p[1].weekday() == 0])
        yield _named(axis, [p for p in positions if p[1].toordinal() % 14 == 1])  # a Monday
    elif axis.step is Step.WEEK:
        for every in (1, 2, 4):
            yield _named(axis, [p for p in positions if (newest - p[0]) % every == 0])
    opening = [p for p in positions if _opens_month(axis, p[0])]
    for months in (1, 2, 3, 6, 12, 24, 60):
        yield [
            (index, _month(day))
            for index, day in opening
            if (day.year * 12 + day.month - 1) % months == 0
        ]


def _named(axis: TimeAxis, positions: list[tuple[int, date]]) -> list[Label]:
    return [(index, _short(day, axis.step)) for index, day in positions]


def _short(day: date, step: Step) -> str:
    return _month(day) if step is Step.MONTH else write_date(day, "day")


def _month(day: date) -> str:
    return write_date(day, "year" if day.month == 1 else "month")


def _opens_month(axis: TimeAxis, index: int) -> bool:
    if axis.step is Step.MONTH:
        return True
    day = axis.dates[index]
    if index == 0:
        return day.day == 1
    return axis.dates[index - 1].month != day.month


def _fits(labels: list[Label], slot: float, size: float) -> bool:
    return all(
        (later - earlier) * slot >= (text_width(one, size) + text_width(other, size)) / 2 + _GAP
        for (earlier, one), (later, other) in pairwise(labels)
    )
