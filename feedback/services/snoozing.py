"""Putting a record off: until a time, or until the customer writes.

Being snoozed stops no clock: what was promised stays promised. Whoever wants the clock to stand
still chooses a status that stops it.
"""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from config.kernel.errors import DomainError
from feedback.enums import NoticeKind, State, TimelineKind, WokenBy
from feedback.errors import NotOpen, TimeHasPassed
from feedback.models import Feedback, Status
from feedback.rules.send_times import can_be_scheduled
from feedback.rules.workflow import can_step
from feedback.services.notifying import notify
from feedback.services.records import lock, save_change, tell
from feedback.services.workflow import apply_status

_WAITING = (State.WAITING_CUSTOMER, State.WAITING_THIRD)
_FIELDS = ("snoozed_until", "snoozed_by")


@transaction.atomic
def snooze_feedback(
    feedback_id: int, *, by: User, until: datetime, version: int | None = None
) -> Feedback:
    """Out of the lists of work until then, within a year. Its status and what was promised stay.

    It comes back by itself, at once when the customer writes or its status changes. Raises
    TimeHasPassed, NotOpen, Stale.
    """
    feedback = lock(feedback_id, version=version)
    apply_snooze(feedback, by=by, until=until)
    return feedback


@transaction.atomic
def wake_feedback(feedback_id: int, *, by: User, version: int | None = None) -> Feedback:
    """Back into the lists of work with the status that it has. Raises Stale."""
    feedback = lock(feedback_id, version=version)
    apply_snooze(feedback, by=by, until=None)
    return feedback


def apply_snooze(feedback: Feedback, *, by: User, until: datetime | None) -> None:
    """Inside another service: `snooze_feedback` of a locked record, or `wake_feedback` for None.
    Raises TimeHasPassed, NotOpen."""
    if until is None:
        if feedback.snoozed_until is not None:
            end_snooze(feedback, WokenBy.PERSON, by=by)
            save_change(feedback, *_FIELDS)
        return
    if not can_be_scheduled(until, timezone.now()):
        raise TimeHasPassed
    if not feedback.is_open:
        raise NotOpen
    if feedback.snoozed_until == until:
        return
    feedback.snoozed_until, feedback.snoozed_by = until, by
    tell(feedback, TimelineKind.SNOOZED, by=by, until=until.isoformat())
    save_change(feedback, *_FIELDS)


def end_snooze(feedback: Feedback, why: WokenBy, *, by: User | None = None) -> None:
    """Inside another service, on a locked record: it is snoozed no longer. The caller stores
    `snoozed_until` and `snoozed_by`."""
    feedback.snoozed_until = feedback.snoozed_by = None
    tell(feedback, TimelineKind.SNOOZED, by=by, woke=why)


def wake_due(*, at_most: int = 200) -> int:
    """Bring back what was snoozed until now; how many those were. Safe to run side by side."""
    due = Feedback.objects.filter(snoozed_until__lte=timezone.now()).order_by("snoozed_until")
    return sum(_wake_in_time(pk) for pk in list(due.values_list("pk", flat=True)[:at_most]))


@transaction.atomic
def _wake_in_time(feedback_id: int) -> bool:
    """Into the status that follows its own; what waited and has none is open again."""
    feedback = lock(feedback_id)
    if feedback.snoozed_until is None or feedback.snoozed_until > timezone.now():
        return False  # woken, or put off again, just now
    people = [feedback.assignee_id or feedback.snoozed_by_id]
    end_snooze(feedback, WokenBy.TIME)
    save_change(feedback, *_FIELDS)
    if not feedback.is_open:  # closed by a way that does not know of snoozing
        return True
    following = _what_follows(feedback)
    if following is not None:
        try:
            with transaction.atomic():
                apply_status(feedback, following, by=None, note="woke")
        except DomainError:  # something is missing for that step: a person sees to it
            feedback = lock(feedback_id)
    notify(feedback, NoticeKind.WOKE, by=None, to=[one for one in people if one is not None])
    return True


def _what_follows(feedback: Feedback) -> Status | None:
    following = feedback.status.next_status
    if following is not None and can_step(State(feedback.state), State(following.state)):
        return following
    return Status.objects.for_reopened() if feedback.state in _WAITING else None


def put_snooze(
    feedback_id: int, *, by: User, until: datetime | None, version: int | None = None
) -> Feedback:
    """`snooze_feedback`, or `wake_feedback` for None. Raises what they raise."""
    if until is None:
        return wake_feedback(feedback_id, by=by, version=version)
    return snooze_feedback(feedback_id, by=by, until=until, version=version)


def snooze_of(feedback: Feedback) -> str | None:
    """What `put_snooze` needs to give back, as JSON can hold it."""
    until = feedback.snoozed_until
    return None if until is None else until.isoformat()
