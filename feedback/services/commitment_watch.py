"""Telling people that a promised day has passed, once for each day."""

from datetime import datetime

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from accounts.models import User
from feedback.enums import NoticeKind, Priority, TimelineKind
from feedback.models import Commitment
from feedback.models.commitment import ALARMED_STATES
from feedback.selectors.commitments import today
from feedback.selectors.send_times import work_begins
from feedback.services.notifying import notify
from feedback.services.records import tell
from feedback.services.sla_watch import leads_of

AT_ONCE = 200


def watch_commitments(*, limit: int = AT_ONCE) -> int:
    """Tell whoever sees to what is overdue; gives of how many. Safe to run at the same moment
    elsewhere: what is locked there is left to it."""
    now = timezone.now()
    untold = Q(alarmed_for=None) | ~Q(alarmed_for=F("due_on"))
    overdue = Commitment.objects.overdue(today()).filter(untold)
    keys = list(overdue.order_by("due_on", "pk").values_list("pk", flat=True)[:limit])
    return sum(_alarm(pk, now) for pk in keys)


@transaction.atomic
def _alarm(pk: int, now: datetime) -> bool:
    commitment = (
        Commitment.objects.select_for_update(of=["self"], skip_locked=True)
        .select_related("feedback__team", "feedback__assignee", "feedback__customer", "owner")
        .filter(pk=pk)
        .first()
    )
    if commitment is None or not commitment.is_open or commitment.due_on is None:
        return False
    feedback = commitment.feedback
    is_told = commitment.alarmed_for == commitment.due_on
    if is_told or commitment.due_on >= today() or feedback.state not in ALARMED_STATES:
        return False
    commitment.alarmed_for = commitment.due_on
    commitment.save(update_fields=["alarmed_for"])
    day = commitment.due_on.isoformat()
    tell(
        feedback,
        TimelineKind.COMMITMENT,
        commitment=commitment.pk,
        of=str(commitment.kind),
        what="overdue",
        due_on=day,
    )
    # Nobody is woken for what is not urgent.
    urgent = feedback.priority == Priority.URGENT
    mail_after = now if urgent else work_begins(now, feedback)
    people = [one.pk for one in _who_hears(commitment)]
    notify(feedback, NoticeKind.COMMITMENT, by=None, to=people, mail_after=mail_after)
    return True


def _who_hears(commitment: Commitment) -> list[User]:
    for person in (commitment.owner, commitment.feedback.assignee):
        if person is not None and person.is_active:
            return [person]
    return leads_of(commitment.feedback)
