"""What every change to a record goes through: the lock, the version, the story, the pages."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.utils import timezone

from accounts.models import User
from config.kernel.live import tell_pages
from feedback.enums import TimelineKind
from feedback.errors import Stale
from feedback.models import Feedback, TimelineEntry
from feedback.services.batch import open_batch, through


def lock(feedback_id: int, *, version: int | None = None) -> Feedback:
    """The record, locked until the transaction ends. Raises Stale when the caller saw another
    version of it; `None` = the caller did not look (mail, tasks)."""
    batch = open_batch()
    feedback = batch.records.get(feedback_id) if batch else None
    feedback = feedback or _locked(feedback_id) or _locked(feedback_id)
    if feedback is None:
        raise Feedback.DoesNotExist
    if version is not None:
        ensure_version(feedback, version)
    return feedback


def ensure_version(feedback: Feedback, version: int) -> None:
    """Raises Stale when a locked record is not the one that the caller saw."""
    if feedback.version != version:
        raise Stale(feedback.version)


_RELATED = ("status", "team", "assignee", "category", "mailbox")


def _locked(feedback_id: int) -> Feedback | None:
    """None also when the record changed while we waited for it: PostgreSQL then joins today's
    record with the rows that the old one pointed to, and finds nothing, or nobody. Asked again,
    now that the record is ours, it answers right."""
    rows = Feedback.objects.select_for_update(of=["self"]).select_related("customer", *_RELATED)
    for feedback in rows.filter(pk=feedback_id):
        dangling = [
            name
            for name in _RELATED
            if getattr(feedback, f"{name}_id") is not None and getattr(feedback, name) is None
        ]
        return None if dangling else feedback
    return None


def save_change(feedback: Feedback, *fields: str) -> None:
    """Write the named fields, count the version and wake the pages that show the record."""
    feedback.version += 1
    through(feedback).save(feedback, [*fields, "version"])


# The rule on whose account services are called just now, {"rule": id, "depth": n}. Said once here
# instead of through every service, because a rule may call any of them.
_acting: ContextVar[dict[str, int] | None] = ContextVar("acting_rule", default=None)


@contextmanager
def acting_rule(rule_id: int, depth: int) -> Iterator[None]:
    """What services tell meanwhile says that a rule did it, and how many rules deep."""
    token = _acting.set({"rule": rule_id, "depth": depth})
    try:
        yield
    finally:
        _acting.reset(token)


def tell(
    feedback: Feedback,
    kind: TimelineKind,
    *,
    by: User | None = None,
    note: str = "",
    **data: Any,
) -> TimelineEntry:
    """One line of the record's story. `data` holds codes and ids, never translated words."""
    entry = TimelineEntry(
        feedback=feedback,
        kind=kind,
        actor=by,
        actor_name=by.name if by else "",
        note=note,
        data=data | (_acting.get() or {}),
        at=timezone.now(),
    )
    through(feedback).tell(entry)
    return entry


def tell_many(
    feedback_ids: Iterable[int], kind: TimelineKind, *, by: User | None = None, **data: Any
) -> None:
    """The same line in the story of many records, and one call to the pages."""
    now = timezone.now()
    TimelineEntry.objects.bulk_create(
        TimelineEntry(
            feedback_id=pk,
            kind=kind,
            actor=by,
            actor_name=by.name if by else "",
            data=data,
            at=now,
        )
        for pk in feedback_ids
    )
    tell_pages("feedback")
