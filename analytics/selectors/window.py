"""A period as moments: what of it is over, what it is compared with, how it is cut."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from analytics.metrics.periods import Period
from analytics.selectors.expressions import BucketOf
from feedback.selectors.queue_filters import start_of

# What BucketOf gives for the bounds that a window makes.
BEFORE, FIRST = 1, 3


def today(now: datetime) -> date:
    """The day it is where this installation is (settings.TIME_ZONE)."""
    return timezone.localdate(now, timezone.get_default_timezone())


@dataclass(frozen=True, slots=True)
class Window:
    """The moments of a period, seen at `now`.

    The period before ends at the same point of its way as this one has reached, so that at nine
    in the morning nobody is told that everything is going down.
    """

    period: Period
    now: datetime

    @property
    def start(self) -> datetime:
        return start_of(self.period.first)

    @property
    def end(self) -> datetime:
        """The first moment after the period."""
        return start_of(self.period.last + timedelta(days=1))

    @property
    def before_start(self) -> datetime:
        return start_of(self.period.before.first)

    @property
    def before_end(self) -> datetime:
        gone = min(max(self.now, self.start), self.end) - self.start
        return min(self.before_start + gone, self.start)

    @property
    def is_running(self) -> bool:
        return self.start <= self.now < self.end

    def before(self, moment: str) -> Q:
        """`moment` lies in what the period is compared with."""
        return Q(**{f"{moment}__gte": self.before_start, f"{moment}__lt": self.before_end})

    def inside(self, moment: str) -> Q:
        """`moment` lies in the period."""
        return Q(**{f"{moment}__gte": self.start, f"{moment}__lt": self.end})

    def parts(self, buckets: Sequence[Period]) -> tuple[datetime, ...]:
        """Bounds that tell the period before (BEFORE) and the buckets (FIRST + index) apart."""
        return self.before_start, self.before_end, *(start_of(one.first) for one in buckets)

    def grouped(
        self, records: QuerySet[Any], moment: str, bounds: Sequence[datetime], *by: str
    ) -> QuerySet[Any, Any]:
        """The rows whose `moment` lies in the period or in the one before, ready to be counted
        by bucket (and by other fields)."""
        rows = self.covered(records, moment).annotate(bucket=BucketOf(moment, bounds))
        return rows.order_by().values("bucket", *by)

    def covered(self, records: QuerySet[Any], moment: str) -> QuerySet[Any]:
        """The rows whose `moment` lies in the period or in the one before."""
        return records.filter(
            **{f"{moment}__gte": self.before_start, f"{moment}__lt": self.end}
        ).order_by()
