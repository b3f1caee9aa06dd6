"""Which days resemble each other: weekdays, but for days off and days worked instead (调休)."""

from collections.abc import Callable
from datetime import date

from feedback.models import BusinessCalendar
from feedback.selectors.sla_policies import calendar_of

SUNDAY, MIDWEEK = 6, 2
Kinds = Callable[[date], int]


def day_kinds() -> Kinds:
    """By the default calendar: a day off on a weekday is like a Sunday, a Saturday or Sunday that
    is worked instead like a Wednesday. Holidays are too few to have a level of their own."""
    row = BusinessCalendar.objects.active().filter(is_default=True).first()
    if row is None:
        return date.weekday
    calendar = calendar_of(row)

    def kind(day: date) -> int:
        spans = calendar.days.get(day)
        if spans is None:
            return day.weekday()
        if not spans:
            return SUNDAY
        return day.weekday() if calendar.week[day.weekday()] else MIDWEEK

    return kind
