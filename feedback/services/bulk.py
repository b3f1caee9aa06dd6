"""One change to many records: the service for one, called for each.

Each record is its own transaction, so that one refusal does not undo the others; what was
refused comes back with its reason, what was changed with how it was before.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction

from accounts.models import Team, User
from config.kernel.errors import DomainError
from feedback.errors import TooMany
from feedback.models import Category, Feedback, Status
from feedback.services.assignment import assign_feedback, may_work_in
from feedback.services.details import add_tags, set_category, set_priority, set_tags
from feedback.services.snoozing import put_snooze, snooze_of
from feedback.services.workflow import change_status, take_back_status

AT_ONCE = 1000


@dataclass(frozen=True, slots=True)
class Changed:
    """A record that was changed: its version since, and the ids or codes it had before."""

    feedback_id: int
    number: int
    version: int
    before: Any


@dataclass(frozen=True, slots=True)
class Refused:
    number: int
    sentence: str


@dataclass(slots=True)
class BulkOutcome:
    changed: list[Changed] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)


def assign_many(
    feedback_ids: Sequence[int], *, by: User, assignee: User | None, team: Team | None = None
) -> BulkOutcome:
    """Give them to one person; they stay in their teams unless `team` is given. Raises TooMany."""

    def assign(one: Feedback) -> Feedback:
        to = team or one.team
        return assign_feedback(one.pk, by=by, assignee=assignee, team=to, version=one.version)

    def before(one: Feedback) -> Any:
        return [one.assignee_id, one.team_id]

    return _each(feedback_ids, assign, before)


def move_many(feedback_ids: Sequence[int], *, by: User, team: Team) -> BulkOutcome:
    """Hand them to another team; whoever may not work there loses them. Raises TooMany."""

    def move(one: Feedback) -> Feedback:
        keeps = one.assignee is not None and may_work_in(one.assignee, team)
        to = one.assignee if keeps else None
        return assign_feedback(one.pk, by=by, assignee=to, team=team, version=one.version)

    def before(one: Feedback) -> Any:
        return [one.assignee_id, one.team_id]

    return _each(feedback_ids, move, before)


def change_status_of_many(feedback_ids: Sequence[int], *, by: User, status: Status) -> BulkOutcome:
    """Raises TooMany."""

    def change(one: Feedback) -> Feedback:
        return change_status(one.pk, by=by, status=status, version=one.version)

    return _each(feedback_ids, change, lambda one: one.status_id)


def prioritise_many(feedback_ids: Sequence[int], *, by: User, priority: int) -> BulkOutcome:
    """Raises TooMany."""

    def change(one: Feedback) -> Feedback:
        return set_priority(one.pk, by=by, priority=priority, version=one.version)

    return _each(feedback_ids, change, lambda one: one.priority)


def tag_many(feedback_ids: Sequence[int], *, by: User, names: Sequence[str]) -> BulkOutcome:
    """Raises TooMany."""

    def change(one: Feedback) -> Feedback:
        return add_tags(one.pk, by=by, names=names, version=one.version)

    return _each(feedback_ids, change, lambda one: sorted(tag.name for tag in one.tags.all()))


def snooze_many(feedback_ids: Sequence[int], *, by: User, until: datetime | None) -> BulkOutcome:
    """Put each off until then; None brings them back. Raises TooMany."""

    def put_off(one: Feedback) -> Feedback:
        return put_snooze(one.pk, by=by, until=until, version=one.version)

    return _each(feedback_ids, put_off, snooze_of)


def undo_many(action: str, changed: Sequence[Changed], *, by: User) -> BulkOutcome:
    """Give each record back what it had before `action` ("assign", "status", "priority",
    "category", "snooze", "tag"), unless somebody changed it since: those are refused."""
    was = {one.feedback_id: one for one in changed}

    def undo(one: Feedback) -> Feedback:
        before, version = was[one.pk].before, was[one.pk].version
        match action:
            case "assign":
                person, team = before
                return assign_feedback(
                    one.pk,
                    by=by,
                    assignee=User.objects.filter(pk=person).first(),
                    team=Team.objects.filter(pk=team).first(),
                    version=version,
                )
            case "status":
                return take_back_status(one.pk, by=by, version=version)
            case "priority":
                return set_priority(one.pk, by=by, priority=before, version=version)
            case "category":
                category = Category.objects.filter(pk=before).first()
                return set_category(one.pk, by=by, category=category, version=version)
            case "snooze":
                until = before and datetime.fromisoformat(before)
                return put_snooze(one.pk, by=by, until=until, version=version)
            case "tag":
                return set_tags(one.pk, by=by, names=before, version=version)
        raise ValueError(action)

    return _each(list(was), undo, lambda _: None)


def _each(
    feedback_ids: Sequence[int],
    do: Callable[[Feedback], Feedback],
    before: Callable[[Feedback], Any],
) -> BulkOutcome:
    if len(feedback_ids) > AT_ONCE:
        raise TooMany(AT_ONCE)
    outcome = BulkOutcome()
    records = Feedback.objects.select_related("team", "assignee").prefetch_related("tags")
    for one in records.filter(pk__in=feedback_ids).order_by("pk"):
        was = before(one)
        try:
            with transaction.atomic():
                after = do(one)
        except DomainError as refusal:
            outcome.refused.append(Refused(one.number, str(refusal.message)))
        else:
            if after.version != one.version:
                outcome.changed.append(Changed(one.pk, one.number, after.version, was))
    return outcome
