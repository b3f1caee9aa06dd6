"""Fetching holiday feeds."""

from django.utils import timezone

from config.kernel.fetching.errors import FetchFailed
from config.kernel.fetching.fetch import fetch
from feedback.rules.feed_problems import UNUSABLE, problem_of_file, problem_of_status
from feedback.rules.ical import MAX_BYTES, NotACalendar, read_days
from feedback.services.calendars import CalendarNotUsable
from feedback.services.holiday_feeds import (
    claim_feed,
    note_problem,
    take_over_days,
    window_of,
)

SECONDS = 20.0
ACCEPT = {"Accept": "text/calendar, text/plain;q=0.5, */*;q=0.1"}


def refresh_feed(feed_id: int) -> bool:
    """Fetch a feed that is due and take its days over; whatever goes wrong is noted on the feed
    and changes no day. False when it was not due. May run twice."""
    now = timezone.now()
    feed = claim_feed(feed_id, now)
    if feed is None:
        return False
    first, last = window_of(feed, timezone.localdate(now))
    try:
        answer = fetch(feed.url, headers=ACCEPT, seconds=SECONDS, max_bytes=MAX_BYTES)
        if not answer.is_good:
            note_problem(feed, problem_of_status(answer.status), now)
            return True
        zone = feed.calendar.time_zone
        days = read_days(answer.body, first=first, last=last, zone=zone)
        take_over_days(feed, days, now)
    except FetchFailed as failed:
        note_problem(feed, failed.problem, now)
    except NotACalendar as refusal:
        note_problem(feed, problem_of_file(refusal.args[0]), now)
    except CalendarNotUsable:
        note_problem(feed, UNUSABLE, now)
    return True
