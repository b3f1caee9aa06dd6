"""Telling people about a promise: as each chose, and mail in working hours unless it is urgent."""

from collections.abc import Collection, Iterable
from datetime import datetime

from accounts.models import User
from feedback.enums import EscalateOn, NoticeKind, Priority
from feedback.models import BusinessCalendar, Feedback, SLAClock
from feedback.rules.business_time import NoWorkingTime, next_opening
from feedback.selectors.sla_policies import calendar_of
from feedback.services.notifying import notify


def tell_people(
    people: Iterable[User],
    feedback: Feedback,
    clock: SLAClock,
    on: EscalateOn,
    now: datetime,
    *,
    told: Collection[int] = (),
    to_lead: bool = False,
) -> list[int]:
    """A notification to each of them, but those who were `told` of this moment already; gives
    the ids of whom it went to. `to_lead`: it reaches them because they lead the team."""
    keys = [person.pk for person in people if person.pk not in told]
    if not keys or clock.due_at is None:
        return []
    kind = NoticeKind.MISSED if on == EscalateOn.BREACH else NoticeKind.DUE
    notify(
        feedback,
        NoticeKind.ESCALATED if to_lead else kind,
        by=None,
        to=keys,
        mail_after=_when(feedback, clock, now),
        about={"metric": clock.metric, "due": clock.due_at.isoformat(), "on": str(on)},
    )
    return keys


def _when(feedback: Feedback, clock: SLAClock, now: datetime) -> datetime:
    """Nobody is woken for what is not urgent."""
    if feedback.priority == Priority.URGENT:
        return now
    row = BusinessCalendar.objects.get(policies=clock.policy_id)
    try:
        return next_opening(calendar_of(row), now)
    except NoWorkingTime:
        return now
