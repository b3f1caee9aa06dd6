"""Stretches of days: what a page looks at, what it is compared with, how a chart cuts it."""

from dataclasses import dataclass
from datetime import date, timedelta

from analytics.charts.data import Step

# Up to so many days a chart has one position for each day, each week; beyond, each month.
_DAYS_UP_TO, _WEEKS_UP_TO = 31, 184
_DAYS_OF_SHARES_UP_TO = 14


@dataclass(frozen=True, slots=True)
class Period:
    """From the first day to the last; both belong to it. ValueError if they are swapped."""

    first: date
    last: date

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise ValueError("A period ends before it begins.")

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    @property
    def before(self) -> "Period":
        """The same number of days, immediately before."""
        return Period(self.first - timedelta(days=self.days), self.first - timedelta(days=1))

    @property
    def step(self) -> Step:
        """What one position of a chart of many counts covers."""
        if self.days <= _DAYS_UP_TO:
            return Step.DAY
        return Step.WEEK if self.days <= _WEEKS_UP_TO else Step.MONTH

    @property
    def broad_step(self) -> Step:
        """The same for figures that need many answers to say anything, such as shares."""
        if self.days <= _DAYS_OF_SHARES_UP_TO:
            return Step.DAY
        return Step.WEEK if self.days <= _WEEKS_UP_TO else Step.MONTH

    def buckets(self, step: Step) -> "tuple[Period, ...]":
        """The period cut into calendar days, weeks from Monday or months; together they are
        exactly the period, so the first and the last may be shorter than their step."""
        found, first = [], self.first
        while first <= self.last:
            last = min(_end_of_step(first, step), self.last)
            found.append(Period(first, last))
            first = last + timedelta(days=1)
        return tuple(found)


def last_days(days: int, today: date) -> Period:
    """So many days up to and including `today`."""
    return Period(today - timedelta(days=days - 1), today)


def _end_of_step(day: date, step: Step) -> date:
    if step is Step.DAY:
        return day
    if step is Step.WEEK:
        return day + timedelta(days=6 - day.weekday())
    next_month = (day.replace(day=1) + timedelta(days=32)).replace(day=1)
    return next_month - timedelta(days=1)
