"""When an answer that need not go at once may go instead."""

from datetime import datetime, time, timedelta

MORNING = time(9)
LAST = timedelta(days=366)
SATURDAY = 5


def tomorrow_morning(now: datetime) -> datetime:
    """9:00 on the day after `now`, in the zone of `now`."""
    return datetime.combine(now.date() + timedelta(days=1), MORNING, tzinfo=now.tzinfo)


def next_weekday_morning(now: datetime) -> datetime:
    """The next 9:00 on a day from Monday to Friday, in the zone of `now`; never `now` itself."""
    day = now.date() if now.time() < MORNING else now.date() + timedelta(days=1)
    while day.weekday() >= SATURDAY:
        day += timedelta(days=1)
    return datetime.combine(day, MORNING, tzinfo=now.tzinfo)


def next_monday(now: datetime) -> datetime:
    """9:00 on the next Monday after today, in the zone of `now`."""
    day = now.date() + timedelta(days=7 - now.weekday())
    return datetime.combine(day, MORNING, tzinfo=now.tzinfo)


def can_be_scheduled(send_at: datetime, now: datetime) -> bool:
    return now < send_at <= now + LAST
