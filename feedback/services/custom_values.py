"""What stands in the fields that an admin made: the only writer, for records and for customers."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction

from accounts.enums import FieldSubject
from accounts.models import User
from accounts.rules.custom_values import missing, read_values
from accounts.selectors.custom_fields import field_book
from accounts.services.custom_values import ValuesRefused, changes_between, merged
from config.kernel.events import announce
from feedback.enums import TimelineKind
from feedback.errors import FieldsMissing
from feedback.events import CustomValuesChanged
from feedback.models import Feedback
from feedback.selectors.custom_fields import (
    Imagined,
    fields_of_feedback,
    missing_to_resolve,
)
from feedback.services.records import lock, save_change, tell
from feedback.services.sla_clocks import settle_clocks


@transaction.atomic
def set_custom_values(
    feedback_id: int,
    *,
    by: User | None,
    values: Mapping[str, Any],
    version: int | None = None,
) -> Feedback:
    """Write the named fields of a record; None, "" and [] take a value away, fields that are not
    named stay. What staff must fill in cannot be emptied by them. Raises Stale and ValuesRefused,
    whose `fields` say what is wrong with which."""
    feedback = lock(feedback_id, version=version)
    book = field_book()
    read = read_values(book.all_of(FieldSubject.FEEDBACK), values, feedback.custom)
    after = merged(feedback.custom, read.values)
    problems = dict(read.problems)
    if by is not None:
        asked = fields_of_feedback(feedback, book)
        needed = (one for one in asked if one.required_for_staff and one.code in values)
        problems |= {
            one.code: ValuesRefused.required()
            for one in missing(needed, after)
            if one.code not in problems
        }
    if problems:
        raise ValuesRefused(problems, book.all_of(FieldSubject.FEEDBACK))
    changes = changes_between(feedback.custom, after)
    if not changes:
        return feedback
    feedback.custom = after
    moved = settle_clocks(feedback, why="fields")
    save_change(feedback, "custom", "reply_due_at")
    tell(feedback, TimelineKind.FIELDS, by=by, changes=changes, **moved)
    announce(CustomValuesChanged(feedback_id=feedback.pk))
    return feedback


def take_over_values(target: Feedback, source: Feedback, *, by: User | None) -> list[str]:
    """Inside a merge, both locked: what `source` has and `target` has not in the fields in use is
    put there, without saving; the codes of what was."""
    filled = {
        one.code: source.custom[one.code]
        for one in field_book().of(FieldSubject.FEEDBACK)
        if one.code in source.custom and one.code not in target.custom
    }
    if filled:
        changes = changes_between(target.custom, target.custom | filled)
        target.custom = target.custom | filled
        moved = settle_clocks(target, why="fields")
        tell(target, TimelineKind.FIELDS, by=by, changes=changes, **moved)
        announce(CustomValuesChanged(feedback_id=target.pk))
    return list(filled)


def give_back_values(
    target: Feedback, source: Feedback, codes: Sequence[str], *, by: User | None
) -> None:
    """The opposite, when a merge is taken back: what somebody changed since stays."""
    gone = [code for code in codes if target.custom.get(code) == source.custom.get(code)]
    after = {code: value for code, value in target.custom.items() if code not in gone}
    if after != target.custom:
        changes = changes_between(target.custom, after)
        target.custom = after
        moved = settle_clocks(target, why="fields")
        tell(target, TimelineKind.FIELDS, by=by, changes=changes, **moved)
        announce(CustomValuesChanged(feedback_id=target.pk))


def ensure_filled_in(feedback: Feedback) -> None:
    """Before a record is resolved by staff. Raises FieldsMissing."""
    gaps = missing_to_resolve(feedback)
    if gaps:
        raise FieldsMissing([one.code for one in gaps], [one.name for one in gaps])


def first_values(record: Imagined, given: Mapping[str, Any]) -> dict[str, Any]:
    """What a new record begins with: what was given, and what its fields are filled in with at
    first. Raises ValuesRefused."""
    book = field_book()
    definitions = book.all_of(FieldSubject.FEEDBACK)
    if not definitions and not given:
        return {}
    read = read_values(definitions, given, {})
    if read.problems:
        raise ValuesRefused(read.problems, definitions)
    usual = {
        one.code: one.default
        for one in fields_of_feedback(record, book)
        if one.default is not None and one.code not in given
    }
    return merged(usual, read.values)
