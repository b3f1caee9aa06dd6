"""Holiday feeds: adding, removing, and what comes of fetching them. The network lies between
`claim_feed` and `take_over_days` or `note_problem`, outside of transactions."""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from config.kernel.errors import DomainError
from config.kernel.fetching.target import read_target
from config.kernel.jobs import enqueue
from feedback.models import BusinessCalendar, HolidayFeed
from feedback.rules.ical import FoundDays
from feedback.services.calendars import Imported, import_days

EVERY = timedelta(days=1)
AGAIN_AFTER_FAILURE = timedelta(hours=3)
# While one worker asks, no other does.
LEASE = timedelta(minutes=5)
# What is taken from a feed: a holiday of ten years ago or in ten years is of no use.
BACK, AHEAD = timedelta(days=366), timedelta(days=3 * 366)
MOST_OF_A_CALENDAR = 10


class FeedRefused(DomainError):
    code = "feed_refused"


@transaction.atomic
def add_feed(calendar: BusinessCalendar, *, url: str) -> HolidayFeed:
    """Fetch special days from `url` (https, or webcal) from now on, every day. Raises
    FetchFailed for an address that is not asked, FeedRefused."""
    url = https_of(url)
    read_target(url)
    BusinessCalendar.objects.select_for_update().get(pk=calendar.pk)
    if calendar.feeds.filter(url=url).exists():
        raise FeedRefused(_("This address is fetched already."))
    if calendar.feeds.count() >= MOST_OF_A_CALENDAR:
        raise FeedRefused(_("A calendar has at most ten addresses."))
    feed = HolidayFeed.objects.create(calendar=calendar, url=url)
    enqueue("feedback.tasks.refresh_holiday_feed", feed_id=feed.pk)
    return feed


def https_of(url: str) -> str:
    """Calendar programs write webcal:// where they mean https://."""
    url = url.strip()
    scheme, separator, rest = url.partition("://")
    return f"https://{rest}" if separator and scheme.lower() in {"webcal", "webcals"} else url


@transaction.atomic
def remove_feed(feed: HolidayFeed) -> None:
    """No longer fetched. The days to come that it brought go with it, those that have passed
    stay. Raises CalendarNotUsable."""
    # In the order of `take_over_days`, which may be at it.
    HolidayFeed.objects.select_for_update().filter(pk=feed.pk).first()
    import_days(feed.calendar, [], source=feed.source, first=timezone.localdate(), last=date.max)
    feed.delete()


@transaction.atomic
def ask_feed_now(feed: HolidayFeed) -> None:
    """Not to wait for its next turn."""
    HolidayFeed.objects.filter(pk=feed.pk).update(next_at=timezone.now())
    enqueue("feedback.tasks.refresh_holiday_feed", feed_id=feed.pk)


@transaction.atomic
def claim_feed(feed_id: int, now: datetime) -> HolidayFeed | None:
    """The right to fetch it now; None when another has it, or it is not due or gone."""
    due = HolidayFeed.objects.due(now).select_for_update(of=["self"], skip_locked=True)
    feed = due.select_related("calendar").filter(pk=feed_id).first()
    if feed is not None:
        feed.next_at = now + LEASE
        feed.save(update_fields=["next_at"])
    return feed


def window_of(feed: HolidayFeed, today: date) -> tuple[date, date]:
    """Which days are taken from it: the first time the past year as well, later only what is to
    come, because a feed that forgets last year must not change what was promised then."""
    return (today if feed.fetched_at else today - BACK), today + AHEAD


@transaction.atomic
def take_over_days(feed: HolidayFeed, fetched: FoundDays, now: datetime) -> Imported | None:
    """What was fetched becomes the feed's days. None when the feed was removed meanwhile. Raises
    CalendarNotUsable; then nothing was changed."""
    known = HolidayFeed.objects.select_for_update().filter(pk=feed.pk)
    if not known.exists():
        return None
    first, last = window_of(feed, timezone.localdate(now))
    found = import_days(feed.calendar, fetched.days, source=feed.source, first=first, last=last)
    count = feed.calendar.days.filter(source=feed.source, is_active=True).count()
    known.update(
        fetched_at=now,
        day_count=count,
        timed_count=fetched.timed,
        problem="",
        failing_since=None,
        next_at=now + EVERY,
    )
    return found


@transaction.atomic
def note_problem(feed: HolidayFeed, problem: str, now: datetime) -> None:
    """It could not be fetched: why, and since when. The days that it brought before stay."""
    HolidayFeed.objects.filter(pk=feed.pk).update(
        problem=problem,
        failing_since=feed.failing_since or now,
        next_at=now + AGAIN_AFTER_FAILURE,
    )
