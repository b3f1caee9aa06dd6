"""When something is, in words for readers who may live elsewhere. Pure."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils.formats import date_format

from config.kernel.punctuation import with_aside


def span_in(begins_at: datetime, ends_at: datetime, zone: str) -> str:
    """ "24 Nov 2026, 14:00–15:30 (UTC+8)" as the clocks of `zone` show it."""
    begin, end = (moment.astimezone(ZoneInfo(zone)) for moment in (begins_at, ends_at))
    shape = "TIME_FORMAT" if begin.date() == end.date() else "DATETIME_FORMAT"
    words = f"{date_format(begin, 'DATETIME_FORMAT')}–{date_format(end, shape)}"
    return with_aside(words, _offset(begin))


def _offset(local: datetime) -> str:
    minutes = round((local.utcoffset() or timedelta()).total_seconds() / 60)
    hours, rest = divmod(abs(minutes), 60)
    return f"UTC{'-' if minutes < 0 else '+'}{hours}" + (f":{rest:02}" if rest else "")
