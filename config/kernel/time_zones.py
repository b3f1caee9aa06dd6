from functools import cache
from zoneinfo import available_timezones


@cache
def known_time_zones() -> frozenset[str]:
    """The names of all zones of this machine. Python opens 600 files to tell them, each time."""
    return frozenset(available_timezones())
