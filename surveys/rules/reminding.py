"""Which reminder of an event is due. Pure."""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

# In minutes before an event begins, as they are offered.
USUAL = (1440, 60)
OFFERED = (10080, 2880, 1440, 180, 60, 15)
EARLIEST, LATEST = 43_200, 5  # a month, five minutes


def usual_reminders() -> list[int]:
    return list(USUAL)


def name_of(minutes: int, begins_at: datetime) -> str:
    """What tells one reminder from others, also when the event is put off."""
    return f"{minutes}@{int(begins_at.timestamp())}"


def due_reminders(
    reminders: Iterable[int], begins_at: datetime, done: Collection[str], now: datetime
) -> list[int]:
    """Minutes of those whose moment has come and that were not dealt with, the latest last.
    Of several only the last is worth sending. None once the event has begun."""
    if now >= begins_at:
        return []
    due = (
        one
        for one in set(reminders)
        if begins_at - timedelta(minutes=one) <= now and name_of(one, begins_at) not in done
    )
    return sorted(due, reverse=True)
