"""Small words that every template may use (a builtin: no {% load %} needed)."""

import zlib
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from django import template
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, gettext, ngettext, pgettext
from lucide.templatetags.lucide import lucide

from config.kernel.bilingual import localized
from config.kernel.http import undo_url_of
from config.kernel.punctuation import labelled, listed, with_aside

register = template.Library()

# From here on a promise is shown as about to be missed.
DUE_SOON = timedelta(hours=2)


@register.simple_tag
@lru_cache(maxsize=512)
def icon(name: str, size: int = 18) -> str:
    """An inline SVG icon of the Lucide set; hidden from screen readers."""
    return lucide(name, size=size, aria_hidden="true")


@register.filter(name="localized")
def localized_field(record: Any, field: str) -> str:
    """{{ category|localized:"name" }}"""
    return localized(record, field)


@register.filter
def is_within(path: str, url: str) -> bool:
    """Whether the page at `path` is `url` or lies below it; "/" holds only itself."""
    return path == url or (url != "/" and path.startswith(url.partition("?")[0]))


@register.filter
def undo_url(message: Any) -> str:
    """The Undo address of a message made by config.kernel.http.toast; empty without one."""
    return undo_url_of(message.extra_tags)


@register.simple_tag
def colon() -> str:
    """Between a label and its words where markup keeps them apart; else use `labelled`."""
    return pgettext("between a label and its words", ": ")


@register.simple_tag
def comma() -> str:
    return pgettext("between words of a line", ", ")


@register.filter(name="labelled")
def labelled_words(label: object, words: object) -> str:
    """{{ kind|labelled:address }}"""
    return labelled(label, words)


@register.filter
def covered_by(text: str, cover: Callable[[str], str]) -> str:
    """What people wrote, as `cover` shows it (accounts.selectors.personal_data)."""
    return cover(text or "")


@register.filter
def file_named_by(name: str, cover: Any) -> str:
    """The name of a file that somebody sent, as `cover` shows it."""
    shown: str = cover.file_name(name)
    return shown


@register.filter(name="listed")
def listed_words(words: Iterable[object]) -> str:
    """{{ names|listed }}"""
    return listed(words)


_TONES = ("brand", "blue", "violet", "green", "amber", "gray")


@register.filter
def tone_of(text: Any) -> str:
    """Always the same colour for the same name: "tone-blue"."""
    return f"tone-{_TONES[zlib.crc32(str(text).encode()) % len(_TONES)]}"


def span_in_words(seconds: float, *, exact: bool = False) -> str:
    """A length of time as people say it: "40 minutes", "3 days"; less than a minute is
    "1 minute". With `exact`, below three hours also the minutes: "1 hour 20 minutes".
    `seconds` is not negative."""
    minutes = max(round(seconds / 60), 1)
    if minutes < 60:
        return _span("minute", minutes, get_language())
    if exact and minutes < 180 and minutes % 60:
        hour, rest = divmod(minutes, 60)
        language = get_language()
        return f"{_span('hour', hour, language)} {_span('minute', rest, language)}"
    hours = round(minutes / 60)
    if hours < 48:
        return _span("hour", hours, get_language())
    days = round(hours / 24)
    if days < 60:
        return _span("day", days, get_language())
    months = round(days / 30.4)
    if months < 24:
        return _span("month", months, get_language())
    return _span("year", round(days / 365.25), get_language())


@lru_cache(maxsize=1024)
def _span(unit: str, n: int, _language: str | None) -> str:
    """So many of a unit; a list shows the same few again and again."""
    words = {
        "minute": lambda: ngettext("%(n)d minute", "%(n)d minutes", n),
        "hour": lambda: ngettext("%(n)d hour", "%(n)d hours", n),
        "day": lambda: ngettext("%(n)d day", "%(n)d days", n),
        "month": lambda: ngettext("%(n)d month", "%(n)d months", n),
        "year": lambda: ngettext("%(n)d year", "%(n)d years", n),
    }
    return words[unit]() % {"n": n}


@register.filter
def ago(moment: datetime | None) -> str:
    """How long ago, in one unit: "5 minutes ago", "just now"; "in 3 days" for later."""
    if moment is None:
        return ""
    seconds = (timezone.now() - moment).total_seconds()
    if abs(seconds) < 60:
        return gettext("just now")
    span = span_in_words(abs(seconds))
    return (
        gettext("%(span)s ago") % {"span": span}
        if seconds > 0
        else gettext("in %(span)s") % {"span": span}
    )


@register.filter
def with_zone(at: datetime | None) -> str:
    """Date, time and zone, for readers who may live elsewhere: "24 Nov 2026, 20:38 (UTC+8)"."""
    if at is None:
        return ""
    local = timezone.localtime(at)
    minutes = round((local.utcoffset() or timedelta()).total_seconds() / 60)
    hours, rest = divmod(abs(minutes), 60)
    zone = f"UTC{'-' if minutes < 0 else '+'}{hours}" + (f":{rest:02}" if rest else "")
    return with_aside(date_format(local, "DATETIME_FORMAT"), zone)


@register.filter
def due_words(due_at: datetime | None, now: datetime | None = None) -> str:
    """What is left until `due_at`: "40 minutes left", "overdue by 2 hours"; empty without one.
    `now` defaults to the present."""
    if due_at is None:
        return ""
    seconds = (due_at - (now or timezone.now())).total_seconds()
    span = span_in_words(abs(seconds), exact=True)
    if seconds < 0:
        return gettext("overdue by %(span)s") % {"span": span}
    return gettext("%(span)s left") % {"span": span}


@register.filter
def due_tone(due_at: datetime | None, now: datetime | None = None) -> str:
    """red = past, amber = within two hours, gray = later (or no date)."""
    if due_at is None:
        return "gray"
    left = due_at - (now or timezone.now())
    if left < timedelta(0):
        return "red"
    return "amber" if left <= DUE_SOON else "gray"
