"""What the services read and write about one record, question by question."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime
from typing import Any

from django.db.models.functions import Coalesce

from config.kernel.conditions.evaluation import Facts
from config.kernel.live import tell_pages
from feedback.enums import ClockEventKind, FollowReason, NegativePointKind, TimelineKind
from feedback.models import (
    Feedback,
    Follower,
    SLAClock,
    SLAEvent,
    Status,
    Tag,
    TimelineEntry,
)
from feedback.selectors.following import told_about
from feedback.selectors.negative import is_excused, missing_points

StatusChange = tuple[int | None, datetime, dict[str, Any]]
Promise = tuple[date, datetime]
STATUS_KINDS = (TimelineKind.STATUS, TimelineKind.REOPENED, TimelineKind.MERGED)
NOTED_ONCE = (ClockEventKind.WARNED, ClockEventKind.BREACHED)
CLOCK_FIELDS = (
    "policy", "target_seconds", "business_time", "warn_at", "due_at", "paused_at", "met_at",
    "stopped_at", "warned_at", "breached_at", "elapsed_seconds", "check_at",
)  # fmt: skip


def dated(commitments: Any) -> Any:
    """Those that promise something for a day, with when that was promised as `since`."""
    since = Coalesce("promised_at", "created_at")
    return commitments.filter(due_on__isnull=False).order_by("pk").annotate(since=since)


class Straight:
    """From the database and to it, at once."""

    def facts(self, feedback: Feedback) -> Facts:
        return Facts(feedback)

    def status_changes(self, feedback: Feedback) -> list[StatusChange]:
        """Oldest first: the entry's id, when, and its data."""
        rows = feedback.timeline.filter(kind__in=STATUS_KINDS).order_by("pk")
        return list(rows.values_list("pk", "at", "data"))

    def last_entry(self, feedback: Feedback) -> TimelineEntry | None:
        return feedback.timeline.order_by("-pk").first()

    def statuses(self, codes: Collection[str]) -> dict[str, Status]:
        rows = Status.objects.filter(code__in=codes) if codes else ()
        return {one.code: one for one in rows}

    def clocks(self, feedback: Feedback) -> Sequence[SLAClock]:
        return list(feedback.clocks.order_by("pk"))

    def promises(self, feedback: Feedback) -> list[Promise]:
        return list(dated(feedback.commitments.open()).values_list("due_on", "since"))

    def told_about(self, feedback: Feedback) -> Collection[int]:
        return told_about(feedback)

    def missing_points(self, feedback: Feedback) -> list[NegativePointKind]:
        return missing_points(feedback)

    def is_excused(self, feedback: Feedback) -> bool:
        return is_excused(feedback)

    def save(self, feedback: Feedback, fields: Iterable[str]) -> None:
        feedback.save(update_fields=list(fields))
        tell_pages("feedback", id=feedback.pk, number=feedback.number, version=feedback.version)

    def tell(self, entry: TimelineEntry) -> None:
        entry.save(force_insert=True)

    def save_clock(self, clock: SLAClock) -> None:
        clock.save(update_fields=None if clock.pk is None else CLOCK_FIELDS)

    def note(self, event: SLAEvent) -> bool:
        """False when the same was noted before."""
        if event.kind in NOTED_ONCE:
            same = SLAEvent.objects.filter(clock=event.clock, kind=event.kind, due_at=event.due_at)
            if same.exists():
                return False
        event.save(force_insert=True)
        return True

    def follow(self, feedback_id: int, user_ids: Iterable[int], reason: FollowReason) -> None:
        rows = [Follower(feedback_id=feedback_id, user_id=pk, reason=reason) for pk in user_ids]
        Follower.objects.bulk_create(rows, ignore_conflicts=True)

    def tags(self, feedback: Feedback) -> list[Tag]:
        return list(feedback.tags.all())

    def set_tags(self, feedback: Feedback, tags: Sequence[Tag]) -> None:
        feedback.tags.set(tags)
