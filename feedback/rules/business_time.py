"""Working time: when a number of working seconds is over, and how many lie between two moments.

Pure. A calendar is a week of windows in one time zone and the days that differ from it: public
holidays, working days in their place (调休), half days. All arithmetic happens in UTC, because
adding to a local time across a change of the clocks adds wall-clock time.
"""

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property, lru_cache
from zoneinfo import ZoneInfo

DAY = 24 * 60  # minutes; as the end of a window: midnight
HORIZON = timedelta(days=20 * 366)  # nobody is promised anything later than that

Spans = tuple[tuple[int, int], ...]  # (from, to) in minutes of the local day, in order
Pause = tuple[datetime, datetime]

_DAY = timedelta(days=1)
_WEEK = timedelta(days=7)


class NoWorkingTime(ValueError):
    """A calendar has no (or hardly any) working time: what is asked for never comes."""


@dataclass(frozen=True)
class Calendar:
    """`week`: the windows of Monday to Sunday. `days`: the windows of days that differ from
    their weekday; no windows = a holiday."""

    zone: str
    week: tuple[Spans, ...]
    days: Mapping[date, Spans] = field(default_factory=dict)

    @cached_property
    def tz(self) -> ZoneInfo:
        return ZoneInfo(self.zone)

    @cached_property
    def _special(self) -> list[date]:
        return sorted(self.days)

    @cached_property
    def week_seconds(self) -> int:
        """Of a week without special days and without a change of the clocks."""
        return 60 * sum(end - start for day in self.week for start, end in day)

    def spans_on(self, day: date) -> Spans:
        special = self.days.get(day)
        return self.week[day.weekday()] if special is None else special

    def windows(self, day: date) -> list[tuple[datetime, datetime]]:
        """The windows of a local day as moments in UTC. On a day on which the clocks change a
        window opens and closes when the wall clock first reaches its time."""
        known = self._windows.get(day)
        if known is None:
            known = self._windows[day] = self._windows_of(day)
        return known

    @cached_property
    def _windows(self) -> dict[date, list[tuple[datetime, datetime]]]:
        """By day: many records are reckoned over the same few days."""
        return {}

    def _windows_of(self, day: date) -> list[tuple[datetime, datetime]]:
        found = []
        for start, end in self.spans_on(day):
            opens, closes = _moment(day, start, self.tz), _moment(day, end, self.tz)
            if closes > opens:
                found.append((opens, closes))
        return found

    def regular_weeks(self, day: date, limit: date) -> int:
        """How many whole weeks from `day` on, ending before `limit`, are like any other."""
        place = bisect_left(self._special, day)
        if place < len(self._special):
            limit = min(limit, self._special[place])
        if (limit - day) < _WEEK:
            return 0
        for year in range(day.year, limit.year + 1):
            changes = clock_changes(self.zone, year)
            place = bisect_left(changes, day)
            if place < len(changes):
                limit = min(limit, changes[place])
                break
        return max(0, (limit - day).days // 7)

    def is_open(self, moment: datetime) -> bool:
        day = moment.astimezone(self.tz).date()
        return any(start <= moment < end for start, end in self.windows(day))


@lru_cache(maxsize=256)
def clock_changes(zone: str, year: int) -> list[date]:
    """The days of a year that are not 24 hours long in that zone."""
    tz, day = ZoneInfo(zone), date(year, 1, 1)
    found, offset = [], datetime.combine(day, time(0), tz).utcoffset()
    while day.year == year:
        following = day + _DAY
        next_offset = datetime.combine(following, time(0), tz).utcoffset()
        if next_offset != offset:
            found.append(day)
        day, offset = following, next_offset
    return found


def due_at(
    calendar: Calendar | None,
    start: datetime,
    seconds: int,
    pauses: Sequence[Pause] = (),
) -> datetime:
    """The first moment at which `seconds` of working time have passed since `start`; without a
    calendar, of any time. Time inside `pauses` does not count. Raises NoWorkingTime.

    The inverse of `elapsed`: elapsed(start, due_at(start, n)) == n for n > 0.
    """
    left, moment = timedelta(seconds=seconds), start.astimezone(UTC)
    latest = moment + HORIZON
    for begins, ends in _in_order(pauses):
        if ends <= moment:
            continue
        if begins > moment:
            reached = _reach(calendar, moment, left, min(begins, latest))
            if isinstance(reached, datetime):
                return reached
            left = reached
        moment = max(moment, ends)
    latest = moment + HORIZON
    reached = _reach(calendar, moment, left, latest)
    if isinstance(reached, datetime):
        return reached
    raise NoWorkingTime("The calendar has no working time.")


def elapsed(
    calendar: Calendar | None, start: datetime, end: datetime, pauses: Sequence[Pause] = ()
) -> int:
    """Working seconds from `start` to `end` outside of `pauses`; 0 when `end` comes first.
    Parts of a second are cut off."""
    moment, until = start.astimezone(UTC), end.astimezone(UTC)
    total = timedelta(0)
    for begins, ends in _in_order(pauses):
        if begins >= until:
            break
        total += _between(calendar, moment, begins)
        moment = max(moment, ends)
    return int((total + _between(calendar, moment, until)).total_seconds())


def next_opening(calendar: Calendar, moment: datetime) -> datetime:
    """`moment` when it is working time, else when working time begins. Raises NoWorkingTime."""
    if calendar.is_open(moment):
        return moment
    # One second after the opening, counted back.
    return due_at(calendar, moment, 1) - timedelta(seconds=1)


def _in_order(pauses: Iterable[Pause]) -> list[Pause]:
    return sorted((a.astimezone(UTC), b.astimezone(UTC)) for a, b in pauses if b > a)


def _reach(
    calendar: Calendar | None, start: datetime, left: timedelta, limit: datetime
) -> datetime | timedelta:
    """The moment at which `left` is used up, if that is not after `limit`; else what is then
    still left."""
    if calendar is None:
        return start + left if start + left <= limit else left - (limit - start)
    if left <= timedelta(0):
        return start
    first = day = start.astimezone(calendar.tz).date()
    last = limit.astimezone(calendar.tz).date()
    while day <= last:
        if day > first and (weeks := _weeks_to_skip(calendar, day, last, left)):
            left -= timedelta(seconds=weeks * calendar.week_seconds)
            day += weeks * _WEEK
            continue
        for opens, closes in calendar.windows(day):
            begins, ends = max(opens, start), min(closes, limit)
            if ends > begins:
                if ends - begins >= left:
                    return begins + left
                left -= ends - begins
        day += _DAY
    return left


def _weeks_to_skip(calendar: Calendar, day: date, last: date, left: timedelta) -> int:
    """Whole weeks that can be counted without looking at their days; `left` stays above 0."""
    week = timedelta(seconds=calendar.week_seconds)
    if week and left <= week:
        return 0
    weeks = calendar.regular_weeks(day, last)
    if not week:
        return weeks
    return min(weeks, -(-left // week) - 1)


def _between(calendar: Calendar | None, start: datetime, end: datetime) -> timedelta:
    if end <= start:
        return timedelta(0)
    if calendar is None:
        return end - start
    total = timedelta(0)
    first = day = start.astimezone(calendar.tz).date()
    last = end.astimezone(calendar.tz).date()
    while day <= last:
        if day > first and (weeks := calendar.regular_weeks(day, last)):
            total += timedelta(seconds=weeks * calendar.week_seconds)
            day += weeks * _WEEK
            continue
        for opens, closes in calendar.windows(day):
            begins, ends = max(opens, start), min(closes, end)
            if ends > begins:
                total += ends - begins
        day += _DAY
    return total


def _moment(day: date, minute: int, tz: ZoneInfo) -> datetime:
    """When the wall clock of `day` first shows (or jumps over) `minute`, in UTC."""
    if minute >= DAY:
        day, minute = day + _DAY, minute - DAY
    wall = datetime.combine(day, time(minute // 60, minute % 60), tz)
    moment = wall.astimezone(UTC)
    if moment.astimezone(tz).replace(tzinfo=None) == wall.replace(tzinfo=None):
        return moment
    # A time that the clocks jump over: the moment of the jump lies between the two readings.
    before, after = wall.replace(fold=1).astimezone(UTC), moment
    offset = after.astimezone(tz).utcoffset()
    while after - before > timedelta(seconds=1):
        middle = before + (after - before) // 2
        if middle.astimezone(tz).utcoffset() == offset:
            after = middle
        else:
            before = middle
    return after.replace(microsecond=0)
