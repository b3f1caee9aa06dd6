"""The only writer of a record's status."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from config.kernel.events import announce
from feedback.enums import DONE_STATES, OUR_TURN, NoticeKind, State, TimelineKind
from feedback.errors import NegativePointsMissing, NothingToUndo
from feedback.events import FeedbackReopened, FeedbackResolved, FeedbackTakenFromSpam
from feedback.models import Feedback, Status, TimelineEntry
from feedback.rules.promise import answer_due
from feedback.rules.workflow import ensure_step
from feedback.services.batch import through
from feedback.services.custom_values import ensure_filled_in
from feedback.services.notifying import notify
from feedback.services.records import lock, save_change, tell
from feedback.services.sla_clocks import settle_clocks

_STATUS_KINDS = (TimelineKind.STATUS, TimelineKind.REOPENED)
_DATES = ("resolved_at", "closed_at", "waiting_since", "reply_due_at", "snoozed_until")
_OTHERS = ("resolved_by_id", "resolved_team_id", "reopened_count", "snoozed_by_id")
_FIELDS = (
    "status",
    "state",
    "resolved_at",
    "resolved_by",
    "resolved_team",
    "closed_at",
    "reopened_count",
    "waiting_since",
    "reply_due_at",
    "snoozed_until",
    "snoozed_by",
)


@transaction.atomic
def change_status(
    feedback_id: int,
    *,
    status: Status,
    by: User | None,
    version: int | None = None,
    note: str = "",
) -> Feedback:
    """Move a record to `status`. Raises StepNotAllowed, Stale and, when staff resolve it,
    FieldsMissing; moving to the status it has changes nothing."""
    feedback = lock(feedback_id, version=version)
    apply_status(feedback, status, by=by, note=note)
    return feedback


def resolve_feedback(
    feedback_id: int, *, by: User | None, outcome: str = "", version: int | None = None
) -> Feedback:
    """The matter is settled: later the customer is asked whether it is."""
    status = Status.objects.default_for(State.RESOLVED)
    return change_status(feedback_id, status=status, by=by, version=version, note=outcome)


def reopen_feedback(
    feedback_id: int, *, by: User | None, reason: str = "", version: int | None = None
) -> Feedback:
    status = Status.objects.for_reopened()
    return change_status(feedback_id, status=status, by=by, version=version, note=reason)


@transaction.atomic
def take_back_status(feedback_id: int, *, by: User, version: int) -> Feedback:
    """Undo one's own last change of status: the record is as it was before, its dates too, and
    the change does not count as a reopening. Raises Stale when anything happened since, and
    NothingToUndo when the last change was not a change of status made by this person."""
    feedback = lock(feedback_id, version=version)
    put_back_last(feedback, by=by)
    return feedback


def put_back_last(feedback: Feedback, *, by: User) -> None:
    """Inside another service: `take_back_status` of a locked record. Raises NothingToUndo."""
    entry = through(feedback).last_entry(feedback)
    if entry is None or entry.kind not in _STATUS_KINDS or entry.actor_id != by.pk:
        raise NothingToUndo
    put_back(feedback, entry, by=by)


def put_back(feedback: Feedback, entry: TimelineEntry, *, by: User) -> None:
    """Inside another service: undo the change of status that `entry` tells of."""
    left = State(feedback.state)
    code = entry.data["before"]
    feedback.status = through(feedback).statuses([code])[code]
    feedback.state = feedback.status.state
    for name, value in entry.data["was"].items():
        as_date = name in _DATES and value is not None
        setattr(feedback, name, datetime.fromisoformat(value) if as_date else value)
    codes = {"before": entry.data["after"], "after": entry.data["before"]}
    tell(feedback, TimelineKind.STATUS, by=by, undone=entry.pk, **codes)
    settle_clocks(feedback)
    save_change(feedback, *_FIELDS)
    # Whoever acted on the change learns that it did not last.
    if left == State.RESOLVED and feedback.is_open:
        announce(FeedbackReopened(feedback_id=feedback.pk))
    elif feedback.state == State.RESOLVED and left != State.RESOLVED:
        announce(FeedbackResolved(feedback_id=feedback.pk))
    _tell_if_taken_from_spam(feedback, left)


def as_it_was(feedback: Feedback) -> dict[str, Any]:
    """What a change of status may change, for the timeline: `put_back` reads it."""
    dates = {name: getattr(feedback, name) for name in _DATES}
    was: dict[str, Any] = {name: at and at.isoformat() for name, at in dates.items()}
    return was | {name: getattr(feedback, name) for name in _OTHERS}


def apply_status(
    feedback: Feedback,
    status: Status,
    *,
    by: User | None,
    note: str = "",
    tell_followers: bool = True,
    for_good: bool = True,
    **why: Any,
) -> None:
    """Inside another service: change the status of a record that is already locked; it is
    snoozed no longer. `why` goes into the timeline: codes and ids. Followers are told that it
    was resolved or opened again, unless the caller tells them of what led to it. `for_good`
    off: even what is closed may be opened again."""
    if feedback.status_id == status.pk:
        return
    before, wanted = State(feedback.state), State(status.state)
    ensure_step(before, wanted, for_good=for_good)
    if by is not None and wanted == State.RESOLVED:
        ensure_filled_in(feedback)
    if wanted in DONE_STATES and before not in DONE_STATES and by is not None:
        _ensure_not_silently(feedback)
    now = timezone.now()
    reopened = before in DONE_STATES and wanted not in DONE_STATES
    old_code, was = feedback.status.code, as_it_was(feedback)
    feedback.status, feedback.state = status, wanted
    set_dates(feedback, before, wanted, by=by, now=now)
    kind = TimelineKind.REOPENED if reopened else TimelineKind.STATUS
    codes = {"before": old_code, "after": status.code}
    tell(feedback, kind, by=by, note=note, was=was, **codes, **why)
    settle_clocks(feedback, now=now)
    save_change(feedback, *_FIELDS)
    if wanted == State.RESOLVED and before != State.RESOLVED:
        announce(FeedbackResolved(feedback_id=feedback.pk))
        if tell_followers:
            notify(feedback, NoticeKind.RESOLVED, by=by)
    if reopened:
        announce(FeedbackReopened(feedback_id=feedback.pk))
        if tell_followers:
            notify(feedback, NoticeKind.REOPENED, by=by)
    _tell_if_taken_from_spam(feedback, before)


def _tell_if_taken_from_spam(feedback: Feedback, before: State) -> None:
    if before == State.SPAM and feedback.state not in {State.SPAM, State.MERGED}:
        announce(FeedbackTakenFromSpam(feedback_id=feedback.pk))


def _ensure_not_silently(feedback: Feedback) -> None:
    """Raises NegativePointsMissing: a person resolves negative feedback when what is required is
    done, or after saying why not."""
    if feedback.negative_at is None:
        return
    desk = through(feedback)
    missing = desk.missing_points(feedback)
    if missing and not desk.is_excused(feedback):
        raise NegativePointsMissing(kind.label for kind in missing)


def set_dates(
    feedback: Feedback, before: State, wanted: State, *, by: User | None, now: datetime
) -> None:
    """What a change of status means for the dates of the record; nothing is stored."""
    feedback.snoozed_until = feedback.snoozed_by = None
    if wanted in DONE_STATES:
        if before not in DONE_STATES:
            feedback.resolved_at = now
            feedback.resolved_by = by or feedback.assignee
            feedback.resolved_team = feedback.team
        if wanted == State.CLOSED:
            feedback.closed_at = now
        feedback.waiting_since = None
    elif before in DONE_STATES:
        feedback.resolved_at = feedback.resolved_by = feedback.resolved_team = None
        feedback.reopened_count += 1
        if wanted in OUR_TURN:
            feedback.waiting_since = feedback.waiting_since or now
    elif wanted == State.SPAM:
        feedback.waiting_since = None
    due = answer_due(feedback.waiting_since, feedback.priority)
    feedback.reply_due_at = due if wanted in OUR_TURN else None
