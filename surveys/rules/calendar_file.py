"""One event as a file for calendars (RFC 5545). Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

LONGEST_LINE = 75  # octets, the line end not counted (RFC 5545, 3.1)


@dataclass(frozen=True, slots=True)
class CalendarEntry:
    """`uid` stays the same for all files about one event; `sequence` grows with each change of
    it, so that calendars replace what they have. Moments are aware."""

    uid: str
    begins_at: datetime
    ends_at: datetime
    written_at: datetime
    title: str
    text: str = ""
    place: str = ""
    url: str = ""
    sequence: int = 0
    is_cancelled: bool = False

    @property
    def method(self) -> str:
        return "CANCEL" if self.is_cancelled else "PUBLISH"


def calendar_file(entry: CalendarEntry) -> str:
    """The whole file; lines end with CRLF and none is longer than 75 octets."""
    return "".join(f"{part}\r\n" for line in _lines(entry) for part in _folded(line))


def _lines(entry: CalendarEntry) -> Iterator[str]:
    yield "BEGIN:VCALENDAR"
    yield "VERSION:2.0"
    yield "PRODID:-//Huiyin//Events//EN"
    yield "CALSCALE:GREGORIAN"
    yield f"METHOD:{entry.method}"
    yield "BEGIN:VEVENT"
    yield f"UID:{_escaped(entry.uid)}"
    yield f"SEQUENCE:{entry.sequence}"
    yield f"DTSTAMP:{_moment(entry.written_at)}"
    yield f"DTSTART:{_moment(entry.begins_at)}"
    yield f"DTEND:{_moment(entry.ends_at)}"
    yield f"SUMMARY:{_escaped(entry.title)}"
    if entry.text:
        yield f"DESCRIPTION:{_escaped(entry.text)}"
    if entry.place:
        yield f"LOCATION:{_escaped(entry.place)}"
    if entry.url:
        yield f"URL:{_without_controls(entry.url)}"
    yield f"STATUS:{'CANCELLED' if entry.is_cancelled else 'CONFIRMED'}"
    yield "END:VEVENT"
    yield "END:VCALENDAR"


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def _escaped(text: str) -> str:
    """A value of the type TEXT: RFC 5545, 3.3.11."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    for mark in ("\\", ";", ","):
        text = text.replace(mark, f"\\{mark}")
    return _without_controls(text.replace("\n", "\\n"))


def _without_controls(text: str) -> str:
    return "".join(one for one in text if one >= " " and one != "\x7f")


def _folded(line: str) -> Iterator[str]:
    """In pieces, each but the first after a space; no character is cut in two."""
    piece, size = "", 0
    for one in line:
        octets = len(one.encode())
        if size + octets > LONGEST_LINE:
            yield piece
            piece, size = " ", 1
        piece += one
        size += octets
    yield piece
