"""Which moments of an event and of its sign-up go together."""

from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


def faults_of_times(
    *,
    begins_at: datetime | None,
    ends_at: datetime | None,
    opens_at: datetime | None,
    closes_at: datetime | None,
) -> dict[str, str | Promise]:
    """{name of the moment that is wrong: why}; empty when all is well. None: not given, and
    nothing is said of it."""
    faults: dict[str, str | Promise] = {}
    if begins_at and ends_at and ends_at <= begins_at:
        faults["ends_at"] = _("It must end after it begins.")
    if opens_at and closes_at and closes_at <= opens_at:
        faults["closes_at"] = _("Sign-up must close after it opens.")
    elif closes_at and ends_at and closes_at > ends_at:
        faults["closes_at"] = _("Nobody can sign up for what is over.")
    return faults
