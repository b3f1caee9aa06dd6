"""Everybody who came to a survey, counted in one go over all of its responses: what the strip and
the pages of its results have in common."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Case, Count, F, IntegerField, Q, When

from accounts.models import User
from surveys.enums import ResponseStatus
from surveys.models import Response, Survey
from surveys.models.response import ResponseQuerySet
from surveys.selectors.response_list import Chosen, narrowed_by_origin

FINISHED = frozenset({ResponseStatus.COMPLETE, ResponseStatus.QUOTA_FULL, ResponseStatus.REJECTED})
# What was taken down or handed in by a program took no time that is known.
_TIMED = Q(status=ResponseStatus.COMPLETE, is_counted=True, active_ms__gt=0)


@dataclass(frozen=True, slots=True)
class Part:
    """`n` responses that ended alike. `page` is the last they saw, None of those that finished;
    `seconds` what counted ones took, None where that is not known."""

    version: int
    status: str
    is_counted: bool
    page: int | None
    seconds: int | None
    n: int


@dataclass(frozen=True, slots=True)
class Came:
    parts: tuple[Part, ...]

    def count(self, status: ResponseStatus, *, is_counted: bool | None = None) -> int:
        return sum(
            one.n
            for one in self.parts
            if one.status == status and is_counted in {None, one.is_counted}
        )

    @property
    def median(self) -> timedelta | None:
        """Of the times of counted responses; None where none is known."""
        return _middle((one.seconds, one.n) for one in self.parts if one.seconds is not None)


def who_came(survey: Survey, chosen: Chosen, user: User) -> Came:
    """As far as `user` may see, without tests, by where answers come from and by day. One query
    that reads no answers: as many rows as there are different times, twice at most."""
    seen = Response.objects.visible_to(user).filter(survey=survey, is_test=False)
    page = Case(
        When(status__in=sorted(FINISHED), then=None),
        default=F("page_no"),
        output_field=IntegerField(),
    )
    tallied, others = (
        part.order_by()
        .annotate(page=page, seconds=_seconds())
        .values_list("version", "status", "is_counted", "page", "seconds")
        .annotate(n=Count("*"))
        for part in narrowed_by_origin(seen, chosen).in_two_parts()
    )
    rows = tallied.union(others, all=True)
    return Came(tuple(Part(*row) for row in rows))


@dataclass(frozen=True, slots=True)
class Times:
    """`n` responses, and the median of the times they took, to the second; None where no time is
    known."""

    n: int
    median: timedelta | None


def times_of(responses: ResponseQuerySet) -> Times:
    """Of counted responses. One query."""
    tallied, others = (
        part.order_by().annotate(seconds=_seconds()).values_list("seconds").annotate(n=Count("*"))
        for part in responses.in_two_parts()
    )
    counted = list(tallied.union(others, all=True))
    median = _middle((time, n) for time, n in counted if time is not None)
    return Times(sum(n for _time, n in counted), median)


def _seconds() -> Case:
    """Whole seconds, rounded: sorting milliseconds of a million takes longer than all the rest."""
    rounded = (F("active_ms") + 500) / 1000
    return Case(When(_TIMED, then=rounded), default=None, output_field=IntegerField())


def _middle(counted: Iterable[tuple[int, int]]) -> timedelta | None:
    """The middle value; of an even number the mean of the two in the middle."""
    counts: Counter[int] = Counter()
    for seconds, n in counted:
        counts[seconds] += n
    total = counts.total()
    if not total:
        return None
    passed, low = 0, None
    for seconds in sorted(counts):
        passed += counts[seconds]
        if low is None and passed > (total - 1) // 2:
            low = seconds
        if low is not None and passed > total // 2:
            return timedelta(seconds=(low + seconds) / 2)
    raise AssertionError("the counts do not add up")
