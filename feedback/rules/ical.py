"""Reading holidays out of an iCalendar file (RFC 5545). Pure.

Only what such a file is used for here: events of whole days, those that return every year, and
the marks by which Chinese calendars tell a holiday (休) from a working day in its place (班).
Anything else in the file is passed over; nothing in it is ever carried out.

What is a whole day: the calendars of public holidays that Apple, Google, Outlook and governments
(China, Hong Kong, the United States, the European Union) publish write days without a time
(`VALUE=DATE`). Programs that know no such thing write from midnight to midnight, or to a minute
before, or mark the event as lasting all day; midnight is then that of the time zone that the
event names, or of UTC, or, of a moment in UTC, that of the calendar. Everything else with a time
is a meeting or a party, not a holiday: it is left out and counted. One exception: an event of at
least four hours that is marked as worked (补班, 9:00–18:00) makes its day a working day.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from config.kernel.printable import printable
from feedback.enums import DayKind

MAX_BYTES = 2_000_000
MAX_EVENTS = 5_000
MAX_DAYS_OF_EVENT = 31

_WORKED = re.compile(
    r"补班|调休上班|上班|（班）|\(班\)|［班］|\[班\]|\b班\b|班$|work(ing)? ?day", re.I
)
# Not a holiday, although calendars like to tell of it.
_CLOCKS = re.compile(r"daylight saving|summer time|standard time|夏令时|冬令时", re.I)
_DATE = re.compile(r"^(\d{4})(\d{2})(\d{2})(T\d{6}Z?)?$", re.A)
_DURATION = re.compile(
    r"^P(?:(\d{1,3})W)?(?:(\d{1,4})D)?(?:T(?:(\d{1,4})H)?(?:(\d{1,5})M)?(?:(\d{1,6})S)?)?$", re.A
)
_ALL_DAY = ("X-MICROSOFT-CDO-ALLDAYEVENT", "X-MICROSOFT-MSNCALENDAR-ALLDAYEVENT")
_DAY, _NEARLY_MIDNIGHT = timedelta(days=1), time(23, 59)
_WORKING_DAY = timedelta(hours=4)  # what lasts shorter is a meeting about working days


class NotACalendar(ValueError):
    """`args[0]`: "size", "format", "empty", or "timed": all that it holds has a time."""


@dataclass(frozen=True, slots=True)
class FoundDay:
    date: date
    kind: DayKind
    name: str


@dataclass(frozen=True, slots=True)
class FoundDays:
    days: list[FoundDay]  # one for each date, in order
    timed: int = 0  # events of that time that were left out, because they are of some hours


def read_days(content: bytes, *, first: date, last: date, zone: str = "UTC") -> FoundDays:
    """The special days from `first` to `last` that the file tells of; where it says both, the
    working day counts. `zone`: where the days are those of, for moments in UTC. Raises
    NotACalendar."""
    if len(content) > MAX_BYTES:
        raise NotACalendar("size")
    lines = list(_lines(content.decode("utf-8-sig", errors="replace")))
    if not lines or lines[0].upper() != "BEGIN:VCALENDAR":
        raise NotACalendar("format")
    found: dict[date, FoundDay] = {}
    tz, timed = ZoneInfo(zone), 0
    for number, event in enumerate(_events(lines)):
        if number >= MAX_EVENTS:
            raise NotACalendar("size")
        span = _whole_days(event, tz)
        if span is None:
            starts = _date(event.get("DTSTART", ""))
            timed += starts is not None and _falls(event, starts, first, last)
            continue
        for day in _days_of(event, *span, first, last):
            known = found.get(day.date)
            if known is None or day.kind == DayKind.WORKDAY:
                found[day.date] = day
    if not found:
        raise NotACalendar("timed" if timed else "empty")
    return FoundDays([found[day] for day in sorted(found)], timed)


def _lines(text: str) -> Iterator[str]:
    """Lines as they were before they were folded."""
    line = ""
    for raw in re.split(r"\r\n|\n|\r", text):
        if raw[:1] in {" ", "\t"}:
            line += raw[1:]
            continue
        if line.strip():
            yield line.strip()
        line = raw
    if line.strip():
        yield line.strip()


def _events(lines: list[str]) -> Iterator[dict[str, str]]:
    event: dict[str, str] | None = None
    inside = 0  # an alarm in an event has dates of its own
    for line in lines:
        name, _, value = line.partition(":")
        name = name.partition(";")[0].upper()
        if name == "BEGIN":
            if value.upper() == "VEVENT":
                event, inside = {}, 0
            elif event is not None:
                inside += 1
        elif name == "END":
            if value.upper() == "VEVENT" and event is not None:
                yield event
                event = None
            elif event is not None:
                inside = max(0, inside - 1)
        elif event is not None and not inside:
            event.setdefault(name, value)


def _days_of(
    event: dict[str, str], starts: date, length: int, first: date, last: date
) -> Iterator[FoundDay]:
    name = _text(event.get("SUMMARY", ""))
    if event.get("STATUS", "").upper() == "CANCELLED" or _CLOCKS.search(name):
        return
    kind = DayKind.WORKDAY if _is_worked(event) else DayKind.HOLIDAY
    for begins in _returns(starts, event.get("RRULE", "").upper(), first, last):
        for number in range(length):
            day = begins + timedelta(days=number)
            if first <= day <= last:
                yield FoundDay(day, kind, name)


def _falls(event: dict[str, str], starts: date, first: date, last: date) -> bool:
    return any(True for _day in _days_of(event, starts, 1, first, last))


def _is_worked(event: dict[str, str]) -> bool:
    mark = event.get("X-APPLE-SPECIAL-DAY", "").upper()
    if mark:
        return mark == "ALTERNATE-WORKDAY"
    return _WORKED.search(_text(event.get("SUMMARY", ""))) is not None


def _whole_days(event: dict[str, str], zone: ZoneInfo) -> tuple[date, int] | None:
    """The first day and how many; None where it is of some hours, or without a date."""
    starts = _moment(event.get("DTSTART", ""))
    if starts is None:
        return None
    ends = _moment(event.get("DTEND", "")) or _after(starts, event.get("DURATION", ""))
    if "T" not in event["DTSTART"].upper():
        return starts.date(), _days_between(starts, ends)
    if any(event.get(mark, "").upper() == "TRUE" for mark in _ALL_DAY):
        starts = starts.astimezone(zone) if starts.tzinfo and starts.time() != time() else starts
        return starts.date(), 1 if ends is None else _days_between(starts, _like(ends, starts))
    for begins in (starts, starts.astimezone(zone)) if starts.tzinfo else (starts,):
        until = ends and _like(ends, begins)
        at_the_end = until.time() if until else time()
        if begins.time() == time() and (at_the_end == time() or at_the_end >= _NEARLY_MIDNIGHT):
            return begins.date(), _days_between(begins, until)
    if ends and _is_worked(event) and _WORKING_DAY <= _like(ends, starts) - starts < _DAY:
        return (starts.astimezone(zone) if starts.tzinfo else starts).date(), 1
    return None


def _like(moment: datetime, other: datetime) -> datetime:
    """In the time zone of the other one; as it stands where one of both names none."""
    if moment.tzinfo and other.tzinfo:
        return moment.astimezone(other.tzinfo)
    return moment.replace(tzinfo=other.tzinfo)


def _days_between(starts: datetime, ends: datetime | None) -> int:
    if ends is None:
        return 1
    length = -((starts.replace(tzinfo=None) - ends.replace(tzinfo=None)) // _DAY)  # rounded up
    return min(max(1, length), MAX_DAYS_OF_EVENT)


def _after(starts: datetime, duration: str) -> datetime | None:
    found = _DURATION.match(duration.strip().upper())
    if found is None or not any(found.groups()):
        return None
    weeks, days, hours, minutes, seconds = (int(part or 0) for part in found.groups())
    return starts + timedelta(
        weeks=weeks, days=days, hours=hours, minutes=minutes, seconds=seconds
    )


def _returns(starts: date, rule: str, first: date, last: date) -> Iterator[date]:
    """The dates on which an event begins; a rule other than "each year" counts once."""
    parts = dict(part.split("=", 1) for part in rule.split(";") if "=" in part)
    if parts.get("FREQ") != "YEARLY" or {"BYDAY", "BYWEEKNO", "BYYEARDAY"} & set(parts):
        yield starts
        return
    step, count = _number(parts.get("INTERVAL"), 1), _number(parts.get("COUNT"), 0)
    until = _date(parts.get("UNTIL", "")) or last
    for number, year in enumerate(range(starts.year, last.year + 1, max(1, step))):
        if count and number >= count:
            return
        try:
            day = starts.replace(year=year)
        except ValueError:  # 29 February
            continue
        if day > until:
            return
        if year >= first.year - 1:
            yield day


def _number(text: str | None, usual: int) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 6 else usual


def _date(text: str) -> date | None:
    found = _DATE.match(text.strip())
    if found is None:
        return None
    try:
        day = date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        return None
    return day if 1900 <= day.year <= 2200 else None


def _moment(text: str) -> datetime | None:
    """With UTC where it says so, else without a time zone: the clock on the wall."""
    day, clock = _date(text), text.strip()[8:]
    if day is None:
        return None
    try:
        at = time(int(clock[1:3]), int(clock[3:5]), int(clock[5:7])) if clock else time()
    except ValueError:
        return None
    return datetime.combine(day, at, UTC if clock.endswith("Z") else None)


def _text(value: str) -> str:
    plain = re.sub(r"\\([\\,;])", r"\1", value.replace("\\n", " ").replace("\\N", " "))
    return " ".join(printable(plain).split())[:120]
