"""Mail to staff about a promise: in their language, and in working hours unless it is urgent."""

from collections.abc import Iterable
from datetime import datetime

from django.conf import settings
from django.utils import translation
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from accounts.models import User
from feedback.enums import EscalateOn, Metric, Priority
from feedback.models import BusinessCalendar, Feedback, SLAClock
from feedback.rules.business_time import NoWorkingTime, next_opening
from feedback.selectors.sla_policies import calendar_of
from feedback.services.staff_mail import language_of, mail_staff


def tell_people(
    people: Iterable[User], feedback: Feedback, clock: SLAClock, on: EscalateOn, now: datetime
) -> list[int]:
    """One mail to each; the same promise never twice to the same person. Gives their ids."""
    people = list(people)
    when = _when(feedback, clock, now) if people else now
    for person in people:
        with translation.override(language_of(person)):
            subject, text = _words(feedback, clock, on)
        mail_staff(
            person,
            feedback_id=feedback.pk,
            subject=subject,
            text=text,
            dedupe_key=f"sla:{clock.pk}:{on}:{person.pk}",
            not_before=when,
        )
    return [person.pk for person in people]


def _when(feedback: Feedback, clock: SLAClock, now: datetime) -> datetime:
    """Nobody is woken for what is not urgent."""
    if feedback.priority == Priority.URGENT:
        return now
    row = BusinessCalendar.objects.get(policies=clock.policy_id)
    try:
        return next_opening(calendar_of(row), now)
    except NoWorkingTime:
        return now


def _words(feedback: Feedback, clock: SLAClock, on: EscalateOn) -> tuple[str, str]:
    values = {
        "number": feedback.number,
        "promise": Metric(clock.metric).label,
        "due": date_format(localtime(clock.due_at), "DATETIME_FORMAT") if clock.due_at else "",
        "subject": feedback.subject,
        "link": settings.SITE_URL + feedback.get_absolute_url(),
    }
    if on == EscalateOn.BREACH:
        subject = _("#%(number)s is overdue: %(promise)s") % values
        lead = _("What was promised by %(due)s did not happen: %(promise)s.") % values
    else:
        subject = _("#%(number)s is due soon: %(promise)s") % values
        lead = _("This is promised by %(due)s: %(promise)s.") % values
    return subject, f"{lead}\n\n#{feedback.number} {feedback.subject}\n{values['link']}\n"
