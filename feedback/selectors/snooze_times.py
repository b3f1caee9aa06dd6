"""The times until which a record is offered to be snoozed."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from feedback.rules.send_times import next_monday, tomorrow_morning
from feedback.selectors.send_times import work_begins

HOURS = 3


@dataclass(frozen=True, slots=True)
class SnoozeTime:
    """`name` is what its button sends."""

    name: str
    label: str | Promise
    at: datetime


# What can be sent, whether or not it is offered just now.
NAMES = ("hours", "tomorrow", "monday")


def snooze_times(now: datetime) -> list[SnoozeTime]:
    """In three hours; when work begins tomorrow; when it begins next Monday or, should nobody
    work then, after it. By the default calendar; where nobody works tomorrow, at nine."""
    local = timezone.localtime(now)
    morning, monday = tomorrow_morning(local), next_monday(local)
    tomorrow = _begins(morning)
    if tomorrow.date() != morning.date():
        tomorrow = morning
    return [
        SnoozeTime("hours", _("In 3 hours"), now + timedelta(hours=HOURS)),
        SnoozeTime("tomorrow", _("Tomorrow morning"), tomorrow),
        SnoozeTime("monday", _("Next Monday"), _begins(monday)),
    ]


def _begins(morning: datetime) -> datetime:
    """When work begins on the day of `morning` or after it; where it never ends, in the
    morning."""
    midnight = morning.replace(hour=0)
    begins = timezone.localtime(work_begins(midnight))
    return begins if begins > midnight else morning


def named_time(name: str, now: datetime) -> datetime | None:
    """What a button of `snooze_times` means now; None for any other name."""
    return {one.name: one.at for one in snooze_times(now)}.get(name) if name in NAMES else None
