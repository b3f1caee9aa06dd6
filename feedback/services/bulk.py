"""One change to many records, some hundred at a time.

They are locked and changed together, each by the part of its service that changes a locked record
(services.batch), so that nothing is decided otherwise than for one. What one refuses the others
do not suffer: it comes back with its reason, what was changed with how it was before.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import DatabaseError, OperationalError, transaction
from django.utils.translation import gettext as _

from accounts.models import Team, User
from config.kernel.errors import DomainError
from feedback.errors import TooMany
from feedback.models import Category, Feedback, Status
from feedback.selectors.sla_policies import one_policy_book
from feedback.services.assignment import apply_assignment, may_work_in
from feedback.services.batch import batch_of, through
from feedback.services.details import (
    apply_category,
    apply_more_tags,
    apply_priority,
    apply_tags,
)
from feedback.services.macro_undo import take_back_macro
from feedback.services.notifying import gathered, pass_on, tell_gathered
from feedback.services.records import ensure_version
from feedback.services.snoozing import apply_snooze, snooze_of
from feedback.services.tags import tags_named
from feedback.services.workflow import apply_status, put_back_last

AT_ONCE = 1000
TOGETHER = 500  # records that are locked and written together


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
    feedback_id: int = 0


@dataclass(slots=True)
class BulkOutcome:
    changed: list[Changed] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Change:
    """A change that can be made to any number of records. `do` makes it to a locked one;
    `before` gives what undoing needs, under the name `undone_as`; `ensure` refuses records that
    are not to be touched (raises DomainError)."""

    undone_as: str
    by: User
    do: Callable[[Feedback], None]
    before: Callable[[Feedback], Any]
    ensure: Callable[[Feedback], None] = lambda _record: None


@dataclass(frozen=True, slots=True)
class OneByOne:
    """What is too much for a batch: a macro that answers, and taking it back. `do` is the service
    for one, with the version it is to have; it gives the record and what undoing needs."""

    undone_as: str
    by: User
    do: Callable[[Feedback], tuple[Feedback, Any]]
    ensure: Callable[[Feedback], None] = lambda _record: None


AnyChange = Change | OneByOne


def assigning(*, by: User, assignee: User | None, team: Team | None = None) -> Change:
    """Give them to one person; they stay in their teams unless `team` is given."""

    def assign(one: Feedback) -> None:
        apply_assignment(one, by=by, assignee=assignee, team=team or one.team)

    return Change("assign", by, assign, _who_has)


def moving(*, by: User, team: Team) -> Change:
    """Hand them to another team; whoever may not work there loses them."""

    def move(one: Feedback) -> None:
        keeps = one.assignee is not None and may_work_in(one.assignee, team)
        apply_assignment(one, by=by, assignee=one.assignee if keeps else None, team=team)

    return Change("assign", by, move, _who_has)


def _who_has(one: Feedback) -> list[int | None]:
    return [one.assignee_id, one.team_id]


def changing_status(*, by: User, status: Status) -> Change:
    def change(one: Feedback) -> None:
        apply_status(one, status, by=by)

    return Change("status", by, change, lambda one: one.status_id)


def prioritising(*, by: User, priority: int) -> Change:
    def change(one: Feedback) -> None:
        apply_priority(one, by=by, priority=priority)

    return Change("priority", by, change, lambda one: one.priority)


def categorising(*, by: User, category: Category | None) -> Change:
    def change(one: Feedback) -> None:
        apply_category(one, by=by, category=category)

    return Change("category", by, change, lambda one: one.category_id)


def tagging(*, by: User, names: Sequence[str]) -> Change:
    """Inside a transaction: names that are new become tags."""
    tags = tags_named(names)

    def change(one: Feedback) -> None:
        apply_more_tags(one, by=by, tags=tags)

    def names_of(one: Feedback) -> list[str]:
        return sorted(tag.name for tag in through(one).tags(one))

    return Change("tag", by, change, names_of)


def snoozing(*, by: User, until: datetime | None) -> Change:
    """Put each off until then; None brings them back."""

    def put_off(one: Feedback) -> None:
        apply_snooze(one, by=by, until=until)

    return Change("snooze", by, put_off, snooze_of)


def undoing(action: str, was: Mapping[int, tuple[Any, int]], *, by: User) -> AnyChange:
    """Give a record back what it had before `action` ("assign", "status", "priority",
    "category", "snooze", "tag", "macro"), unless somebody changed it since: those are refused.
    `was`: record → what it had, and its version since."""
    if action == "macro":

        def take_back(one: Feedback) -> tuple[Feedback, Any]:
            did, version = was[one.pk]
            return take_back_macro(one.pk, by=by, version=version, did=did), None

        return OneByOne(action, by, take_back)

    give_back = _giving_back(action, [before for before, _version in was.values()], by)

    def undo(one: Feedback) -> None:
        before, version = was[one.pk]
        ensure_version(one, version)
        give_back(one, before)

    return Change(action, by, undo, lambda _record: None)


def _giving_back(action: str, befores: Sequence[Any], by: User) -> Callable[[Feedback, Any], None]:
    """What they had is looked up for all of them."""
    match action:
        case "assign":
            people = User.objects.in_bulk({person for person, _team in befores if person})
            teams = Team.objects.in_bulk({team for _person, team in befores if team})
            return lambda one, was: apply_assignment(
                one, by=by, assignee=people.get(was[0]), team=teams.get(was[1])
            )
        case "status":
            return lambda one, _was: put_back_last(one, by=by)
        case "priority":
            return lambda one, was: apply_priority(one, by=by, priority=was)
        case "category":
            rows = Category.objects.in_bulk({pk for pk in befores if pk})
            return lambda one, was: apply_category(one, by=by, category=rows.get(was))
        case "snooze":
            return lambda one, was: apply_snooze(
                one, by=by, until=was and datetime.fromisoformat(was)
            )
        case "tag":
            named = tags_named({name for names in befores for name in names})
            tags = {tag.name.casefold(): tag for tag in named}
            return lambda one, was: apply_tags(
                one, by=by, tags=[tags[name.casefold()] for name in was]
            )
    raise ValueError(action)


def assign_many(
    feedback_ids: Sequence[int], *, by: User, assignee: User | None, team: Team | None = None
) -> BulkOutcome:
    """Raises TooMany."""
    return each(feedback_ids, lambda: assigning(by=by, assignee=assignee, team=team), by=by)


def move_many(feedback_ids: Sequence[int], *, by: User, team: Team) -> BulkOutcome:
    """Raises TooMany."""
    return each(feedback_ids, lambda: moving(by=by, team=team), by=by)


def change_status_of_many(feedback_ids: Sequence[int], *, by: User, status: Status) -> BulkOutcome:
    """Raises TooMany."""
    return each(feedback_ids, lambda: changing_status(by=by, status=status), by=by)


def prioritise_many(feedback_ids: Sequence[int], *, by: User, priority: int) -> BulkOutcome:
    """Raises TooMany."""
    return each(feedback_ids, lambda: prioritising(by=by, priority=priority), by=by)


def categorise_many(
    feedback_ids: Sequence[int], *, by: User, category: Category | None
) -> BulkOutcome:
    """Raises TooMany."""
    return each(feedback_ids, lambda: categorising(by=by, category=category), by=by)


def tag_many(feedback_ids: Sequence[int], *, by: User, names: Sequence[str]) -> BulkOutcome:
    """Raises TooMany."""
    return each(feedback_ids, lambda: tagging(by=by, names=names), by=by)


def snooze_many(feedback_ids: Sequence[int], *, by: User, until: datetime | None) -> BulkOutcome:
    """Raises TooMany."""
    return each(feedback_ids, lambda: snoozing(by=by, until=until), by=by)


def undo_many(action: str, changed: Sequence[Changed], *, by: User) -> BulkOutcome:
    """Give each record back what it had before `action` (see `undoing`). Raises TooMany."""
    was = {one.feedback_id: (one.before, one.version) for one in changed}
    return each(list(was), lambda: undoing(action, was, by=by), by=by)


def each(feedback_ids: Sequence[int], change: Callable[[], AnyChange], *, by: User) -> BulkOutcome:
    """The change that `change` makes, to each record; some hundred of them in a transaction.
    Whoever is to be told of many is told once. Raises TooMany."""
    if len(feedback_ids) > AT_ONCE:
        raise TooMany(AT_ONCE)
    outcome = BulkOutcome()
    ids = sorted(set(feedback_ids))
    for at in range(0, len(ids), TOGETHER):
        with transaction.atomic(), gathered() as told:
            some = change_some(ids[at : at + TOGETHER], change())
            tell_gathered(told, by=by)
        outcome.changed += some.changed
        outcome.refused += some.refused
    return outcome


def change_some(feedback_ids: Sequence[int], change: AnyChange) -> BulkOutcome:
    """Inside a transaction: `change` to these records. Those in neither list of the outcome were
    like that already, or are gone. What the database refuses to write for all of them is tried
    for each alone, so that one bad record does not hold up the others."""
    if isinstance(change, OneByOne):
        return _one_by_one(feedback_ids, change)
    try:
        return _in_one_go(feedback_ids, change)
    except OperationalError:
        raise  # a deadlock, a lost connection: nothing that one record could help
    except DatabaseError:
        pass
    outcome = BulkOutcome()
    for pk in feedback_ids:
        try:
            one = _in_one_go([pk], change)
        except OperationalError:
            raise
        except DatabaseError:
            number = Feedback.objects.values_list("number", flat=True).get(pk=pk)
            why = _("The database did not take the change.")
            outcome.refused.append(Refused(number, why, pk))
        else:
            outcome.changed += one.changed
            outcome.refused += one.refused
    return outcome


def _in_one_go(feedback_ids: Sequence[int], change: Change) -> BulkOutcome:
    """All of it, with whom to tell of it, or nothing."""
    with gathered() as told, transaction.atomic():
        outcome = _together(feedback_ids, change)
    pass_on(told)
    return outcome


def _together(feedback_ids: Sequence[int], change: Change) -> BulkOutcome:
    outcome = BulkOutcome()
    # What is promised is read once they are locked: should a policy be saved meanwhile, whoever
    # reckons its records anew comes after us, or we read it.
    with batch_of(feedback_ids) as batch, one_policy_book():
        for one in batch.records.values():
            before, version = change.before(one), one.version
            try:
                with batch.attempt(one):
                    change.ensure(one)
                    change.do(one)
            except DomainError as refusal:
                outcome.refused.append(Refused(one.number, str(refusal.message), one.pk))
            else:
                if one.version != version:
                    outcome.changed.append(Changed(one.pk, one.number, one.version, before))
        batch.write()
    return outcome


def _one_by_one(feedback_ids: Iterable[int], change: OneByOne) -> BulkOutcome:
    outcome = BulkOutcome()
    for one in Feedback.objects.filter(pk__in=list(feedback_ids)).order_by("pk"):
        try:
            with gathered() as told, transaction.atomic():
                change.ensure(one)
                after, before = change.do(one)
        except DomainError as refusal:
            outcome.refused.append(Refused(one.number, str(refusal.message), one.pk))
        else:
            pass_on(told)
            if after.version != one.version:
                outcome.changed.append(Changed(one.pk, one.number, after.version, before))
    return outcome
