"""Which time a report that comes again is about."""

from datetime import date, timedelta

from analytics.enums import ReportEvery
from analytics.metrics.periods import Period


def last_whole(every: str, today: date) -> Period:
    """The month or the quarter that has ended before `today`."""
    last = _beginning(every, today) - timedelta(days=1)
    return Period(_beginning(every, last), last)


def next_beginning(every: str, today: date) -> date:
    """The first day of the month or quarter after the one of `today`: when a draft is due."""
    ahead = 31 if every == ReportEvery.MONTH else 92
    return _beginning(every, _beginning(every, today) + timedelta(days=ahead))


def _beginning(every: str, day: date) -> date:
    month = day.month if every == ReportEvery.MONTH else (day.month - 1) // 3 * 3 + 1
    return day.replace(month=month, day=1)
