"""Pieces of pages that are drawn many times: builtins, no {% load %} needed.

Drawing a row must not cost more than reading it from the database, so what does not depend on
the moment is drawn once per process and kept.
"""

from datetime import date, datetime, time
from functools import lru_cache
from typing import Any

from django import template
from django.conf import settings
from django.template.loader import get_template
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from config.kernel.templatetags.ui import ago, due_tone, due_words, icon

register = template.Library()

_DUE_ICONS = {"red": "alarm-clock-off", "amber": "alarm-clock", "gray": "clock"}
_PLAIN = (str, int, bool, type(None))

# Name, type and value: "<b>" that is safe and "<b>" that is not are equal but not the same.
_Given = tuple[tuple[str, type, Any], ...]


@register.simple_tag
def part(name: str, /, **given: Any) -> str:
    """{% part "components/badge.html" text=text tone="red" %} is {% include … only %} for
    templates that show nothing but what they are given: texts, numbers, yes or no. The same
    words in the same language are drawn only once."""
    plain = {key: str(one) if isinstance(one, Promise) else one for key, one in given.items()}
    if settings.DEBUG or not all(isinstance(one, _PLAIN) for one in plain.values()):
        return _draw(name, plain)
    key = tuple([(key, type(one), one) for key, one in plain.items()])
    return _drawn(name, get_language(), key)


@lru_cache(maxsize=4096)
def _drawn(name: str, _language: str | None, given: _Given) -> str:
    return _draw(name, {key: value for key, _type, value in given})


def _draw(name: str, given: dict[str, Any]) -> str:
    return get_template(name).render(given)


@register.simple_tag
def moment(at: datetime | None) -> str:
    """When, relative; the moment itself on hover."""
    if at is None:
        return ""
    return _time('class="nowrap"', at, "", ago(at))


@register.simple_tag
def time_of_day(at: datetime) -> str:
    """Hours and minutes, where the day is told otherwise; the moment itself on hover."""
    local = timezone.localtime(at)
    return _time('class="clock"', at, "", f"{local.hour:02}:{local.minute:02}")


@register.simple_tag
def due(at: datetime | None, now: datetime | None = None) -> str:
    """Time left in words, colour and icon; the moment itself on hover."""
    if at is None:
        return ""
    tone = due_tone(at, now)
    return _time(
        f'class="due tone-{tone}"', at, icon(_DUE_ICONS[tone], size=14), due_words(at, now)
    )


def _time(attributes: str, at: datetime, before: str, words: str) -> SafeString:
    local = timezone.localtime(at)
    when = f'datetime="{local.isoformat()}" title="{escape(in_full(local))}"'
    return mark_safe(  # noqa: S308 - the attributes and the icon are ours, the words escaped
        f"<time {attributes} {when}>{before}{escape(words)}</time>"
    )


def in_full(local: datetime) -> str:
    """`local` as DATETIME_FORMAT writes it, which ends with hours and minutes in all our
    languages; the day before them is looked up once."""
    return f"{_midnight(local.date(), get_language())[:-5]}{local.hour:02}:{local.minute:02}"


@lru_cache(maxsize=2048)
def _midnight(day: date, _language: str | None) -> str:
    return date_format(datetime.combine(day, time()), "DATETIME_FORMAT")
