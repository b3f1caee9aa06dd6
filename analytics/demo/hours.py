"""When people here work and when customers write. Pure; times are aware, in local time."""

from datetime import datetime, time, timedelta
from random import Random

OPENS, SHUTS = time(9), time(18, 30)
SHUTS_AT_WEEKENDS = {5: time(16), 6: time(11, 30)}  # on Sundays somebody is on duty

# How many customers write in each hour of the day, beginning at midnight.
BY_HOUR = (2, 1, 1, 1, 1, 2, 4, 9, 14, 20, 22, 18, 14, 15, 17, 17, 15, 13, 13, 17, 20, 19, 12, 6)


def work_ends(at: datetime) -> datetime:
    """The end of the working hours on this day."""
    shuts = SHUTS_AT_WEEKENDS.get(at.weekday(), SHUTS)
    return at.replace(hour=shuts.hour, minute=shuts.minute, second=0, microsecond=0)


def after_work_time(start: datetime, minutes: float) -> datetime:
    """The moment when `minutes` of working time have passed since `start`."""
    at, left = start, timedelta(minutes=minutes)
    while True:
        opens = at.replace(hour=OPENS.hour, minute=OPENS.minute, second=0, microsecond=0)
        ends, begins = work_ends(at), max(at, opens)
        if begins < ends:
            if begins + left <= ends:
                return begins + left
            left -= ends - begins
        at = opens + timedelta(days=1)


def moment_of_day(rng: Random) -> timedelta:
    """How far into a day a customer writes."""
    hour = rng.choices(range(24), BY_HOUR)[0]
    return timedelta(hours=hour, minutes=rng.randrange(60), seconds=rng.randrange(60))
