"""Two records that are one matter: the one points to the other, nothing is moved.

The messages stay where they are and the conversation of the target shows them all by time, so a
merge is taken back by taking the pointer away.
"""

from datetime import datetime
from typing import Any

from django.db import transaction

from accounts.models import User
from feedback.enums import Channel, State, TimelineKind
from feedback.errors import CustomersDiffer, NotMergeable, NotMerged
from feedback.models import Feedback, Status
from feedback.services.commitments import move_commitments
from feedback.services.custom_values import give_back_values, take_over_values
from feedback.services.drafts import move_drafts
from feedback.services.records import lock, save_change, tell
from feedback.services.sla_clocks import settle_clocks
from feedback.services.workflow import as_it_was

_DATES = ("resolved_at", "closed_at", "waiting_since", "reply_due_at", "snoozed_until")
_FIELDS = (
    "status", "state", "merged_into", "resolved_at", "resolved_by", "resolved_team", "closed_at",
    "reopened_count", "waiting_since", "reply_due_at", "snoozed_until", "snoozed_by",
)  # fmt: skip


@transaction.atomic
def merge_feedback(
    source_id: int,
    *,
    into_id: int,
    by: User,
    version: int | None = None,
    customers_may_differ: bool = False,
) -> Feedback:
    """Make one record part of another; gives the target.

    The target keeps its state and its clocks, and its custom fields, of which empty ones are
    filled from the same customer's source; those of the source end without having been kept
    or missed. Nobody is notified: nothing was said. Raises NotMergeable (itself, merged already,
    a chain, spam), Stale, and CustomersDiffer unless `customers_may_differ`.
    """
    if source_id == into_id:
        raise NotMergeable.itself()
    source, target = _lock_both(source_id, into_id, version=version)
    _ensure_mergeable(source, target)
    if source.customer_id != target.customer_id and not customers_may_differ:
        raise CustomersDiffer(str(source.customer), str(target.customer))
    before, was = source.status.code, as_it_was(source)
    source.status = Status.objects.default_for(State.MERGED)
    source.state, source.merged_into = State(source.status.state), target
    source.waiting_since = source.reply_due_at = None
    source.snoozed_until = source.snoozed_by = None
    codes: dict[str, Any] = {"before": before, "after": source.status.code}
    if source.customer_id == target.customer_id:  # what was written for one is not sent to another
        move_drafts(source.pk, target.pk)
        if moved := move_commitments(source, target):
            codes["commitments"] = moved
        if filled := take_over_values(target, source, by=by):
            codes["fields"] = filled
    tell(source, TimelineKind.MERGED, by=by, into=target.number, was=was, **codes)
    settle_clocks(source)
    save_change(source, *_FIELDS)
    tell(target, TimelineKind.MERGED, by=by, source=source.number)
    save_change(target, "custom", "reply_due_at")
    return target


@transaction.atomic
def unmerge_feedback(source_id: int, *, by: User) -> Feedback:
    """Take a merge back; gives the record, which is as it was. What was written since belongs to
    the record that it was written in. Raises NotMerged."""
    found = Feedback.objects.filter(pk=source_id).values_list("number", "merged_into").first()
    if found is None or found[1] is None:
        raise NotMerged(found[0] if found else source_id)
    source, target = _lock_both(source_id, found[1])
    if source.merged_into_id != target.pk:
        raise NotMerged(source.number)
    entry = source.timeline.filter(kind=TimelineKind.MERGED, data__has_key="was").last()
    code, was = (entry.data["before"], entry.data["was"]) if entry else ("", {})
    status = Status.objects.filter(code=code).first()
    source.status = status or Status.objects.default_for(State.OPEN)
    source.state, source.merged_into = State(source.status.state), None
    _give_back(source, was)
    codes = {"before": "merged", "after": source.status.code}
    undone = entry.pk if entry else 0
    tell(source, TimelineKind.MERGED, by=by, into=target.number, undone=undone, **codes)
    settle_clocks(source)
    save_change(source, *_FIELDS)
    if entry and (moved := entry.data.get("commitments")):
        move_commitments(target, source, only=moved)
    if entry and (filled := entry.data.get("fields")):
        give_back_values(target, source, filled, by=by)
    tell(target, TimelineKind.MERGED, by=by, source=source.number, undone=True)
    save_change(target, "custom", "reply_due_at")
    return source


def _lock_both(
    source_id: int, target_id: int, *, version: int | None = None
) -> tuple[Feedback, Feedback]:
    """Always in the same order, so that two people who merge the same pair never wait for each
    other. `version` is the source's."""
    locked = {}
    for pk in sorted((source_id, target_id)):
        locked[pk] = lock(pk, version=version if pk == source_id else None)
    return locked[source_id], locked[target_id]


def _ensure_mergeable(source: Feedback, target: Feedback) -> None:
    if source.merged_into is not None:
        raise NotMergeable.already(source.number, source.merged_into.number)
    if target.merged_into is not None:
        raise NotMergeable.into_merged(target.number, target.merged_into.number)
    for one in (source, target):
        if one.state == State.SPAM:
            raise NotMergeable.spam(one.number)
    if Channel.STAFF in {source.channel, target.channel} and source.channel != target.channel:
        raise NotMergeable.staff()
    if source.merged.exists():
        raise NotMergeable.holds_others(source.number)


def _give_back(source: Feedback, was: dict[str, Any]) -> None:
    for name, value in was.items():
        as_date = name in _DATES and value is not None
        setattr(source, name, datetime.fromisoformat(value) if as_date else value)
