"""Holiday feeds of a calendar in words, and calendars whose next year nobody has entered yet."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from feedback.enums import DayKind
from feedback.models import BusinessCalendar, CalendarDay, HolidayFeed
from feedback.rules.chinese_holidays import YEARS
from feedback.rules.feed_problems import left_out_in_words, problem_in_words

# From this month on a calendar should know the holidays of the next year …
LOOKED_FOR_FROM = 11
# … and from this one on, admins are told by mail that it does not.
TOLD_FROM = 12


@dataclass(frozen=True, slots=True)
class FeedShown:
    feed: HolidayFeed
    address: str  # whole only for those who may change it: it can hold a key
    problem: str
    left_out: str  # empty when every event was taken over


def feeds_of(calendar: BusinessCalendar, *, whole: bool) -> list[FeedShown]:
    return [
        FeedShown(
            one,
            one.url if whole else one.host,
            problem_in_words(one.problem),
            left_out_in_words(one.timed_count) if one.timed_count else "",
        )
        for one in calendar.feeds.order_by("pk")
    ]


def sources_in_words(calendar: BusinessCalendar) -> dict[str, str]:
    """CalendarDay.source → what people call it, where that differs."""
    named = {one.source: one.host for one in calendar.feeds.all()}
    official = _("Official, mainland China")
    return named | {f"cn-{year}": official for year in YEARS}


def year_looked_for(today: date) -> int:
    """The latest year whose holidays should be known by now."""
    return today.year + (today.month >= LOOKED_FOR_FROM)


def lacks_year(today: date) -> Q:
    """Of a calendar: it has holidays in the year before, and none in the one that should be known
    by now (`year_looked_for`)."""
    year = year_looked_for(today)
    holidays = CalendarDay.objects.in_use().filter(calendar=OuterRef("pk"), kind=DayKind.HOLIDAY)
    known, before = holidays.filter(date__year=year), holidays.filter(date__year=year - 1)
    return Q(Exists(before)) & ~Q(Exists(known))


def missing_year(calendar: BusinessCalendar, today: date) -> int | None:
    lacking = BusinessCalendar.objects.filter(lacks_year(today), pk=calendar.pk)
    return year_looked_for(today) if lacking.exists() else None


def calendars_to_tell_of(today: date) -> list[BusinessCalendar]:
    """Those in use that lack a year so late that admins are told by mail."""
    if LOOKED_FOR_FROM <= today.month < TOLD_FROM:
        return []
    return list(BusinessCalendar.objects.active().filter(lacks_year(today)).order_by("pk"))


def feeds_failing_since(before: datetime) -> list[HolidayFeed]:
    failing = HolidayFeed.objects.filter(
        failing_since__lte=before, calendar__archived_at=None
    ).exclude(problem="")
    return list(failing.select_related("calendar").order_by("pk"))
