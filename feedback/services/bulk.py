"""One change to many records: the service for one, called for each.

Each record is its own transaction, so that one refusal does not undo the others; what was
refused comes back with its reason, what was changed with how it was before.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from accounts.models import Team, User
from config.kernel.errors import DomainError
from feedback.errors import TooMany
from feedback.models import Category, Feedback, Status
from feedback.selectors.sla_policies import one_policy_book
from feedback.services.assignment import assign_feedback, may_work_in
from feedback.services.details import add_tags, set_category, set_priority, set_tags
from feedback.services.macro_undo import take_back_macro
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


@dataclass(frozen=True, slots=True)
class Change:
    """A change that can be made to any number of records: `do` calls the service for one and
    gives the record as it is then, `before` what undoing needs, under the name `undone_as`."""

    undone_as: str
    do: Callable[[Feedback], Feedback]
    before: Callable[[Feedback], Any]


def assigning(*, by: User, assignee: User | None, team: Team | None = None) -> Change:
    """Give them to one person; they stay in their teams unless `team` is given."""

    def assign(one: Feedback) -> Feedback:
        to = team or one.team
        return assign_feedback(one.pk, by=by, assignee=assignee, team=to, version=one.version)

    return Change("assign", assign, lambda one: [one.assignee_id, one.team_id])


def moving(*, by: User, team: Team) -> Change:
    """Hand them to another team; whoever may not work there loses them."""

    def move(one: Feedback) -> Feedback:
        keeps = one.assignee is not None and may_work_in(one.assignee, team)
        to = one.assignee if keeps else None
        return assign_feedback(one.pk, by=by, assignee=to, team=team, version=one.version)

    return Change("assign", move, lambda one: [one.assignee_id, one.team_id])


def changing_status(*, by: User, status: Status) -> Change:
    def change(one: Feedback) -> Feedback:
        return change_status(one.pk, by=by, status=status, version=one.version)

    return Change("status", change, lambda one: one.status_id)


def prioritising(*, by: User, priority: int) -> Change:
    def change(one: Feedback) -> Feedback:
        return set_priority(one.pk, by=by, priority=priority, version=one.version)

    return Change("priority", change, lambda one: one.priority)


def tagging(*, by: User, names: Sequence[str]) -> Change:
    def change(one: Feedback) -> Feedback:
        return add_tags(one.pk, by=by, names=names, version=one.version)

    return Change("tag", change, lambda one: sorted(tag.name for tag in one.tags.all()))


def assign_many(
    feedback_ids: Sequence[int], *, by: User, assignee: User | None, team: Team | None = None
) -> BulkOutcome:
    """Raises TooMany."""
    return each(feedback_ids, assigning(by=by, assignee=assignee, team=team))


def move_many(feedback_ids: Sequence[int], *, by: User, team: Team) -> BulkOutcome:
    """Raises TooMany."""
    return each(feedback_ids, moving(by=by, team=team))


def change_status_of_many(feedback_ids: Sequence[int], *, by: User, status: Status) -> BulkOutcome:
    """Raises TooMany."""
    return each(feedback_ids, changing_status(by=by, status=status))


def prioritise_many(feedback_ids: Sequence[int], *, by: User, priority: int) -> BulkOutcome:
    """Raises TooMany."""
    return each(feedback_ids, prioritising(by=by, priority=priority))


def tag_many(feedback_ids: Sequence[int], *, by: User, names: Sequence[str]) -> BulkOutcome:
    """Raises TooMany."""
    return each(feedback_ids, tagging(by=by, names=names))


def snoozing(*, by: User, until: datetime | None) -> Change:
    """Put each off until then; None brings them back."""

    def put_off(one: Feedback) -> Feedback:
        return put_snooze(one.pk, by=by, until=until, version=one.version)

    return Change("snooze", put_off, snooze_of)


def snooze_many(feedback_ids: Sequence[int], *, by: User, until: datetime | None) -> BulkOutcome:
    """Raises TooMany."""
    return each(feedback_ids, snoozing(by=by, until=until))


def undo_many(action: str, changed: Sequence[Changed], *, by: User) -> BulkOutcome:
    """Give each record back what it had before `action` (see `undoing`). Raises TooMany."""
    was = {one.feedback_id: (one.before, one.version) for one in changed}
    return each(list(was), undoing(action, was, by=by))


def undoing(action: str, was: Mapping[int, tuple[Any, int]], *, by: User) -> Change:
    """Give a record back what it had before `action` ("assign", "status", "priority",
    "category", "snooze", "tag", "macro"), unless somebody changed it since: those are refused.
    `was`: record → what it had, and its version since."""

    def take_back(one: Feedback) -> Feedback:
        before, version = was[one.pk]
        return take_back_macro(one.pk, by=by, version=version, did=before)

    def undo(one: Feedback) -> Feedback:
        before, version = was[one.pk]
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

    return Change(action, take_back if action == "macro" else undo, lambda _: None)


def records_to_change(feedback_ids: Sequence[int]) -> QuerySet[Feedback]:
    """With what a Change reads of them."""
    records = Feedback.objects.select_related("team", "assignee").prefetch_related("tags")
    return records.filter(pk__in=feedback_ids).order_by("pk")


def each(feedback_ids: Sequence[int], change: Change) -> BulkOutcome:
    """`change` for each record in a transaction of its own. Raises TooMany."""
    if len(feedback_ids) > AT_ONCE:
        raise TooMany(AT_ONCE)
    outcome = BulkOutcome()
    with one_policy_book():
        for one in records_to_change(feedback_ids):
            was = change.before(one)
            try:
                with transaction.atomic():
                    after = change.do(one)
            except DomainError as refusal:
                outcome.refused.append(Refused(one.number, str(refusal.message)))
            else:
                if after.version != one.version:
                    outcome.changed.append(Changed(one.pk, one.number, after.version, was))
    return outcome
