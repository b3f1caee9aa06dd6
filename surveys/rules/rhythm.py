"""When a wave that is repeated comes again. Pure."""

import calendar
from datetime import datetime, timedelta

from surveys.enums import Rhythm


def next_time(last: datetime, rhythm: str, every: int, now: datetime) -> datetime | None:
    """The first time after `now`, counted from `last` in steps of `every` weeks or months; None
    for what happens once. In months the day stays, or is the last one of a shorter month;
    `last` is in the zone whose clock it follows."""
    if rhythm == Rhythm.ONCE:
        return None
    step = 1
    while (at := _after(last, rhythm, every * step)) <= now:
        step += 1
    return at


def _after(last: datetime, rhythm: str, count: int) -> datetime:
    if rhythm == Rhythm.WEEKS:
        return last + timedelta(weeks=count)
    months = last.month - 1 + count
    year, month = last.year + months // 12, months % 12 + 1
    day = min(last.day, calendar.monthrange(year, month)[1])
    return last.replace(year=year, month=month, day=day)


def next_hour(now: datetime, hour: int) -> datetime:
    """The next full `hour` o'clock, in the zone of `now`; `now` itself while that hour lasts."""
    if now.hour == hour:
        return now
    at = now.replace(hour=hour, minute=0, second=0, microsecond=0)
    return at if at > now else at + timedelta(days=1)
