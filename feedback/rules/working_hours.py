"""Working hours as people type them: "09:00-12:00, 13:30-18:00". Pure."""

import re
from collections.abc import Iterable

from feedback.rules.business_time import DAY, Spans

_SPAN = re.compile(r"^(\d{1,2})[:：.](\d{2})\s*(?:-|–|—|~|～|至|到|to)\s*(\d{1,2})[:：.](\d{2})$")
AT_MOST = 12  # windows in one day


class HoursNotReadable(ValueError):
    """`args[0]`: "format", "order" (ends before it begins), "overlap" or "many"."""


def read_spans(text: str) -> Spans:
    """The windows of a day, in order; empty text = none. 24:00, 23:59 and, as an end, 00:00
    mean midnight. Raises HoursNotReadable."""
    parts = [part.strip() for part in re.split(r"[,，;；、\n]", text) if part.strip()]
    return in_order(_read_span(part) for part in parts)


def _read_span(text: str) -> tuple[int, int]:
    found = _SPAN.match(text)
    if found is None:
        raise HoursNotReadable("format")
    a, b, c, d = (int(number) for number in found.groups())
    if b > 59 or d > 59:
        raise HoursNotReadable("format")
    start, end = 60 * a + b, 60 * c + d
    if end in {0, DAY - 1}:
        end = DAY
    return start, end


def in_order(spans: Iterable[Iterable[int]]) -> Spans:
    """Sorted and checked. Raises HoursNotReadable."""
    found = sorted((int(a), int(b)) for a, b in spans)
    if len(found) > AT_MOST:
        raise HoursNotReadable("many")
    before = 0
    for start, end in found:
        if not 0 <= start < end <= DAY:
            raise HoursNotReadable("order")
        if start < before:
            raise HoursNotReadable("overlap")
        before = end
    return tuple(found)


def spans_in_words(spans: Iterable[Iterable[int]]) -> str:
    """What `read_spans` reads."""
    return ", ".join(f"{_clock(a)}-{_clock(b)}" for a, b in spans)


def _clock(minute: int) -> str:
    return f"{minute // 60:02d}:{minute % 60:02d}"
