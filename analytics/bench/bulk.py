"""Changes to ten thousand records at once, as the worker makes them, beside the bare SQL that
leaves the same rows: one UPDATE and one INSERT for each piece of the job."""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from accounts.models import User
from feedback.enums import BulkAction, JobState, Priority, State
from feedback.models import BulkJob, Feedback, SLAClock, Status, TimelineEntry
from feedback.services.bulk import TOGETHER
from feedback.services.bulk_jobs import order_job, undo_job, work_on_job

RECORDS = 10_000
GOAL = 1000  # records a second (performance goals)
TOUCHED = [
    "status", "state", "priority", "assignee", "resolved_at", "resolved_by", "resolved_team",
    "closed_at", "reply_due_at", "waiting_since",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class BulkTiming:
    """`seconds` of the whole job, `floor` those of the bare SQL, `statements` the job's."""

    name: str
    records: int
    seconds: float
    statements: int
    floor: float

    @property
    def per_second(self) -> float:
        return self.records / self.seconds

    @property
    def times_floor(self) -> float:
        return self.seconds / self.floor


def measure_bulk(by: User, *, records: int = RECORDS) -> Iterator[BulkTiming]:
    """Each change in turn to the newest `records`, which are as they were afterwards, but for
    their stories."""
    # What was received just now may have a story that goes on in the future.
    past = Feedback.objects.filter(received_at__lt=timezone.now() - timedelta(days=1))
    ids = list(past.order_by("-pk").values_list("pk", flat=True)[:records])
    before = list(Feedback.objects.filter(pk__in=ids))
    _open_again(ids)
    floor = _bare(ids)
    waiting = Status.objects.default_for(State.WAITING_CUSTOMER).pk
    solved = Status.objects.default_for(State.RESOLVED).pk
    jobs: list[tuple[str, BulkAction, Any]] = [
        ("priority, clocks begin", BulkAction.PRIORITY, int(Priority.URGENT)),
        ("priority", BulkAction.PRIORITY, int(Priority.HIGH)),
        ("status, clocks stop", BulkAction.STATUS, waiting),
        ("tag", BulkAction.TAG, "bench"),
        ("assignee", BulkAction.ASSIGN, by.pk),
        ("solved", BulkAction.STATUS, solved),
    ]
    job = None
    for name, action, value in jobs:
        job = order_job(
            Feedback.objects.filter(pk__in=ids), by=by, action=action, params={action: value}
        )
        yield _timed(name, job, floor)
    if job is not None:
        yield _timed("undo of that", undo_job(job.pk, by=by), floor)
    Feedback.objects.bulk_update(before, TOUCHED, batch_size=TOGETHER)


def _timed(name: str, job: BulkJob, floor: float) -> BulkTiming:
    counted = [0]

    def count(execute: Any, *args: Any) -> Any:
        counted[0] += 1
        return execute(*args)

    began = time.perf_counter()
    with connection.execute_wrapper(count):
        while work_on_job(job.pk):
            pass
    took = time.perf_counter() - began
    job.refresh_from_db()
    if job.state != JobState.DONE or job.changed != job.total:
        why = list(job.items.exclude(sentence="").values_list("sentence", flat=True)[:3])
        raise AssertionError(f"{name}: {job.changed} of {job.total} records were changed. {why}")
    return BulkTiming(name, job.total, took, counted[0], floor)


def _open_again(ids: Sequence[int]) -> None:
    """Records of all ages become such that anything can be done to them."""
    status = Status.objects.default_for(State.OPEN)
    Feedback.objects.filter(pk__in=ids).update(
        status=status, state=State.OPEN, resolved_at=None, resolved_by=None, resolved_team=None,
        closed_at=None, priority=Priority.NORMAL,
    )  # fmt: skip
    SLAClock.objects.filter(feedback__in=ids).delete()


def _bare(ids: Sequence[int]) -> float:
    """Seconds for the least that any such change has to write, in pieces of the same size."""
    table, told = Feedback._meta.db_table, TimelineEntry._meta.db_table
    update = f"UPDATE {table} SET priority = 2, version = version + 1 WHERE id = ANY(%s)"  # noqa: S608
    tell = (
        f"INSERT INTO {told} (feedback_id, kind, actor_name, data, note, at)"  # noqa: S608
        " SELECT id, 'priority', '', '{}', '', now() FROM unnest(%s) id"
    )
    began = time.perf_counter()
    for at in range(0, len(ids), TOGETHER):
        with transaction.atomic(), connection.cursor() as cursor:
            some = list(ids[at : at + TOGETHER])
            cursor.execute(update, [some])
            cursor.execute(tell, [some])
    return time.perf_counter() - began
