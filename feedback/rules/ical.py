"""Reading holidays out of an iCalendar file (RFC 5545). Pure.

Only what such a file is used for here: events of whole days, those that return every year, and
the marks by which Chinese calendars tell a holiday (休) from a working day in its place (班).
Anything else in the file is passed over; nothing in it is ever carried out.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from feedback.enums import DayKind

MAX_BYTES = 2_000_000
MAX_EVENTS = 5_000
MAX_DAYS_OF_EVENT = 31

_WORKED = re.compile(
    r"补班|调休上班|上班|（班）|\(班\)|［班］|\[班\]|\b班\b|班$|work(ing)? ?day", re.I
)
# Not a holiday, although calendars like to tell of it.
_CLOCKS = re.compile(r"daylight saving|summer time|standard time|夏令时|冬令时", re.I)
_DATE = re.compile(r"^(\d{4})(\d{2})(\d{2})(T\d{6}Z?)?$")


class NotACalendar(ValueError):
    """`args[0]`: "size", "format" or "empty"."""


@dataclass(frozen=True, slots=True)
class FoundDay:
    date: date
    kind: DayKind
    name: str


def read_days(content: bytes, *, first: date, last: date) -> list[FoundDay]:
    """The special days from `first` to `last` that the file tells of, one for each date, in
    order; where it says both, the working day counts. Raises NotACalendar."""
    if len(content) > MAX_BYTES:
        raise NotACalendar("size")
    lines = list(_lines(content.decode("utf-8-sig", errors="replace")))
    if not lines or lines[0].upper() != "BEGIN:VCALENDAR":
        raise NotACalendar("format")
    found: dict[date, FoundDay] = {}
    for number, event in enumerate(_events(lines)):
        if number >= MAX_EVENTS:
            raise NotACalendar("size")
        for day in _days_of(event, first, last):
            known = found.get(day.date)
            if known is None or day.kind == DayKind.WORKDAY:
                found[day.date] = day
    if not found:
        raise NotACalendar("empty")
    return [found[day] for day in sorted(found)]


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


def _days_of(event: dict[str, str], first: date, last: date) -> Iterator[FoundDay]:
    starts, name = _date(event.get("DTSTART", "")), _text(event.get("SUMMARY", ""))
    is_off = event.get("STATUS", "").upper() == "CANCELLED" or _CLOCKS.search(name)
    if starts is None or is_off:
        return
    ends = _date(event.get("DTEND", "")) or starts + timedelta(days=1)
    length = min(max(1, (ends - starts).days), MAX_DAYS_OF_EVENT)
    mark = event.get("X-APPLE-SPECIAL-DAY", "").upper()
    is_worked = mark == "ALTERNATE-WORKDAY" or (not mark and _WORKED.search(name))
    kind = DayKind.WORKDAY if is_worked else DayKind.HOLIDAY
    for begins in _returns(starts, event.get("RRULE", "").upper(), first, last):
        for number in range(length):
            day = begins + timedelta(days=number)
            if first <= day <= last:
                yield FoundDay(day, kind, name)


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


def _text(value: str) -> str:
    plain = re.sub(r"\\([\\,;])", r"\1", value.replace("\\n", " ").replace("\\N", " "))
    return " ".join("".join(c if c.isprintable() else " " for c in plain).split())[:120]
