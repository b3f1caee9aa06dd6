"""The one place that says when our next working hours begin."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from feedback.models import BusinessCalendar, Feedback
from feedback.rules.business_time import NoWorkingTime, next_opening
from feedback.rules.send_times import next_weekday_morning, tomorrow_morning
from feedback.selectors.sla_policies import calendar_of

# What begins within this is not "next": we are at work.
AT_WORK = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class SendTime:
    """A time that the editor offers; `name` is what its button sends. `at` is None where only
    looking into the calendar tells."""

    name: str
    label: str | Promise
    at: datetime | None


def calendar_for(feedback: Feedback | None) -> BusinessCalendar | None:
    """By which hours the people work who take care of a record: those of the service level that
    it is promised by, else the default calendar."""
    active = BusinessCalendar.objects.active()
    if feedback is not None:
        clocks = feedback.clocks.order_by("-pk")
        newest = clocks.select_related("policy__calendar").first()
        if newest is not None and newest.policy.calendar.archived_at is None:
            return newest.policy.calendar
    return active.filter(is_default=True).first()


def next_business_hours(now: datetime, feedback: Feedback | None = None) -> datetime:
    """When work begins next, by the calendar of the record; without one, weekdays at nine in the
    zone of the site."""
    opens = work_begins(now, feedback)
    if opens - now < AT_WORK:
        midnight = tomorrow_morning(timezone.localtime(now)).replace(hour=0)
        opens = work_begins(midnight, feedback)
    return opens


def next_working_day(now: datetime) -> datetime:
    """When the next day of work begins after `now`, by the default calendar; the end of a lunch
    break is no beginning of a day."""
    midnight = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    begins = work_begins(midnight)
    return begins if begins > now else work_begins(tomorrow_morning(midnight).replace(hour=0))


def work_begins(moment: datetime, feedback: Feedback | None = None) -> datetime:
    """When work begins at or after `moment`, by the calendar of the record (without one, the
    default calendar); without any, weekdays at nine in the zone of the site. During working
    hours it is `moment` itself."""
    row = calendar_for(feedback)
    if row is None:
        return next_weekday_morning(timezone.localtime(moment))
    try:
        return next_opening(calendar_of(row), moment)
    except NoWorkingTime:
        return next_weekday_morning(timezone.localtime(moment))


def send_times(now: datetime) -> list[SendTime]:
    tomorrow = tomorrow_morning(timezone.localtime(now))
    return [
        SendTime("tomorrow", _("Send tomorrow morning"), tomorrow),
        SendTime("business", _("Send when work begins next"), None),
    ]


def chosen_time(name: str, now: datetime, feedback: Feedback) -> datetime | None:
    """What a button of `send_times` means now on this record; None for any other name."""
    if name == "business":
        return next_business_hours(now, feedback)
    return {one.name: one.at for one in send_times(now)}.get(name)
