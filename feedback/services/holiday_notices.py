"""Mail to admins about calendars that will soon be wrong, once for each matter."""

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.services.admin_mail import mail_admins
from feedback.models import BusinessCalendar, HolidayFeed
from feedback.rules.feed_problems import problem_in_words
from feedback.selectors.holidays import (
    calendars_to_tell_of,
    feeds_failing_since,
    year_looked_for,
)

# A feed that fails for a night tells nobody.
FAILING_FOR = timedelta(days=3)


def tell_of_holidays() -> None:
    """Calendars without the holidays of the coming year, and feeds that fail for days."""
    now = timezone.now()
    today = timezone.localdate(now)
    for calendar in calendars_to_tell_of(today):
        _tell_of_year(calendar, year_looked_for(today))
    for feed in feeds_failing_since(now - FAILING_FOR):
        _tell_of_feed(feed)


@transaction.atomic
def _tell_of_year(calendar: BusinessCalendar, year: int) -> None:
    def words() -> tuple[str, str]:
        values = {"calendar": calendar.name, "year": year, "link": _link(calendar)}
        subject = _("No holidays for %(year)s in “%(calendar)s”") % values
        text = _(
            "The calendar “%(calendar)s” has no holidays for %(year)s yet. Until it has, promised "
            "times in working hours count them as days on which people work.\n\n"
            "Enter or import them here:\n%(link)s\n"
        )
        return subject, text % values

    mail_admins(words, once=f"holidays:{calendar.pk}:{year}")


@transaction.atomic
def _tell_of_feed(feed: HolidayFeed) -> None:
    since = feed.failing_since
    assert since is not None  # noqa: S101 - it was asked for by that

    def words() -> tuple[str, str]:
        values = {
            "calendar": feed.calendar.name,
            "host": feed.host,
            "problem": problem_in_words(feed.problem),
            "link": _link(feed.calendar),
        }
        subject = _("Holidays of “%(calendar)s” cannot be fetched") % values
        text = _(
            "For three days the holidays from %(host)s could not be fetched: %(problem)s\n\n"
            "The days that are known stay as they are.\n%(link)s\n"
        )
        return subject, text % values

    mail_admins(words, once=f"feed:{feed.pk}:{since:%Y%m%d%H%M}")


def _link(calendar: BusinessCalendar) -> str:
    return settings.SITE_URL + reverse("feedback:calendar", args=[calendar.pk])
