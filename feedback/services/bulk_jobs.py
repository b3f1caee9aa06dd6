"""One change to any number of records, in the background.

Which records is settled when it is ordered, by one statement. A worker then takes them a few at
a time: what was written is committed with what came of it, so that a worker that is killed loses
nothing and does nothing twice; whoever comes next goes on. What is decided about a record is
decided as for one (services.bulk), with the rights that the person has at that moment; what a
colleague did to it since the job was ordered is not overwritten.
"""

import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from django.db import OperationalError, connection, transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.models import Team, User
from config.kernel.errors import DomainError
from config.kernel.jobs import enqueue
from config.kernel.live import tell_pages
from config.kernel.updating import update_rows
from feedback.enums import (
    BulkAction,
    ItemOutcome,
    JobState,
    NoticeKind,
    Priority,
    State,
    TimelineKind,
)
from feedback.errors import NothingToUndo, TouchedSince
from feedback.models import BulkItem, BulkJob, Category, Feedback, Status, TimelineEntry
from feedback.selectors.macros import macros_for
from feedback.services.bulk import (
    TOGETHER,
    AnyChange,
    OneByOne,
    assigning,
    categorising,
    change_some,
    changing_status,
    moving,
    prioritising,
    snoozing,
    tagging,
    undoing,
)
from feedback.services.macros import running_macro
from feedback.services.notifying import Gathered, gathered, tell_gathered
from feedback.services.staff_mail import language_of

MOST = 100_000  # records of one job
AT_A_TIME = TOGETHER  # records that are committed together
FEW = 25  # of those that are changed one by one
A_TURN = 20.0  # seconds that a worker stays with one job before others get theirs
KEPT = timedelta(days=30)
PATIENCE = 5  # failures in one turn; the watch takes the job up again later
CHANGE = "feedback.change_feedback"


class NothingToChange(DomainError):
    code = "nothing_to_change"

    def __init__(self) -> None:
        super().__init__(_("No record fits. Select some first, or look at another list."))


class TooManyForAJob(DomainError):
    code = "too_many"

    def __init__(self) -> None:
        super().__init__(
            _("At most %(n)s records can be changed by one job. Narrow the list with a filter.")
            % {"n": f"{MOST:,}"}
        )


class JobNotUsable(DomainError):
    code = "job_not_usable"


@transaction.atomic
def order_job(
    records: QuerySet[Feedback],
    *,
    by: User,
    action: BulkAction,
    params: Mapping[str, Any],
    list_query: str = "",
) -> BulkJob:
    """Have `action` done to all of `records`, as they are now. `params` names the value under
    the name of the action, by its id: {"status": 4}, {"assignee": None}, {"tag": "leak"}.
    Raises NothingToChange, TooManyForAJob, JobNotUsable."""
    job = BulkJob.objects.create(
        by=by, action=action, params=dict(params), list_query=list_query[:2000]
    )
    _change_of(job)  # that it can be done at all
    wanted = records.order_by().values("pk")[: MOST + 1]
    sql, values = wanted.query.sql_with_params()
    table = BulkItem._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} (job_id, feedback_id, outcome, sentence) "  # noqa: S608 - the ORM's own statement
            f"SELECT %s, wanted.pk, %s, '' FROM ({sql}) wanted (pk) ORDER BY wanted.pk",
            [job.pk, ItemOutcome.WAITING, *values],
        )
        job.total = cursor.rowcount
    if job.total == 0:
        raise NothingToChange
    if job.total > MOST:
        raise TooManyForAJob
    job.save(update_fields=["total"])
    enqueue("feedback.tasks.work_on_bulk_job", job_id=job.pk)
    return job


@transaction.atomic
def undo_job(job_id: int, *, by: User) -> BulkJob:
    """Give every record back what it had, as a job of its own; those that somebody changed
    since are refused. Raises NothingToUndo: by others, twice, or later than a day."""
    job = BulkJob.objects.select_for_update().get(pk=job_id)
    if job.by_id != by.pk or not job.may_be_undone(timezone.now()):
        raise NothingToUndo
    undo = BulkJob.objects.create(
        by=by, action=BulkAction.UNDO, undo_of=job, list_query=job.list_query
    )
    changed = job.items.filter(outcome=ItemOutcome.CHANGED).order_by("pk")
    BulkItem.objects.bulk_create(
        (
            BulkItem(job=undo, feedback_id=one.feedback_id, before=one.before, version=one.version)
            for one in changed.iterator(chunk_size=2000)
        ),
        batch_size=2000,
    )
    undo.total = job.changed
    undo.save(update_fields=["total"])
    enqueue("feedback.tasks.work_on_bulk_job", job_id=undo.pk)
    return undo


@transaction.atomic
def cancel_job(job_id: int, *, by: User) -> BulkJob:
    """Go no further; what was changed stays and can be undone. A job that has ended stays as
    it is. Raises JobNotUsable for somebody else's."""
    job = BulkJob.objects.select_for_update().get(pk=job_id)
    if job.by_id != by.pk:
        raise JobNotUsable(_("This job is somebody else's."))
    if job.is_under_way:
        job.state, job.finished_at = JobState.CANCELLED, timezone.now()
        job.save(update_fields=["state", "finished_at"])
        _tell_people(job)
        tell_pages("bulk", id=job.pk)
    return job


@transaction.atomic
def retry_job(job_id: int, *, by: User) -> BulkJob:
    """Try once more what was refused, and what a stopped job did not get to.
    Raises JobNotUsable while it is under way, and when nothing is left."""
    job = BulkJob.objects.select_for_update().get(pk=job_id)
    if job.by_id != by.pk:
        raise JobNotUsable(_("This job is somebody else's."))
    if job.is_under_way:
        raise JobNotUsable(_("Wait until it has ended."))
    job.items.filter(outcome=ItemOutcome.REFUSED).update(outcome=ItemOutcome.WAITING, sentence="")
    if not job.items.filter(outcome=ItemOutcome.WAITING).exists():
        raise JobNotUsable(_("Nothing is left to try again."))
    job.refused, job.finished_at, job.state = 0, None, JobState.QUEUED
    job.beat_at = job.as_of = timezone.now()
    job.save(update_fields=["refused", "finished_at", "state", "beat_at", "as_of"])
    enqueue("feedback.tasks.work_on_bulk_job", job_id=job.pk)
    return job


def work_on_job(job_id: int, *, turn: float = A_TURN) -> bool:
    """Work on a job for `turn` seconds; True when something is left for another turn. Safe to
    be called by several workers at once: each takes other records."""
    job = BulkJob.objects.select_related("by", "undo_of").filter(pk=job_id).first()
    if job is None or not job.is_under_way:
        return False
    _begin(job)
    until, failures = time.monotonic() + turn, 0
    with override(language_of(job.by)):
        while time.monotonic() < until:
            try:
                if not _some(job):
                    return False
            except OperationalError:  # a deadlock with somebody at a desk, who goes first
                failures += 1
                if failures == PATIENCE:
                    raise
    return True


def take_up_abandoned_jobs() -> int:
    """Jobs whose worker died go on; how many that were."""
    now = timezone.now()
    left = BulkJob.objects.abandoned(now).values_list("pk", flat=True)
    for pk in list(left):
        with transaction.atomic():
            mine = BulkJob.objects.abandoned(now).filter(pk=pk)
            if mine.update(beat_at=now):
                enqueue("feedback.tasks.work_on_bulk_job", job_id=pk)
    return len(left)


def remove_old_jobs(now: datetime) -> int:
    """Those that ended a month ago; how many rows went."""
    return BulkJob.objects.filter(finished_at__lt=now - KEPT).delete()[0]


def _begin(job: BulkJob) -> None:
    waiting = BulkJob.objects.filter(pk=job.pk, state=JobState.QUEUED)
    waiting.update(state=JobState.RUNNING, started_at=timezone.now(), beat_at=timezone.now())


@transaction.atomic
def _some(job: BulkJob) -> bool:
    """The next few records; False when there are none left, or the job was stopped."""
    # One worker at a time; whoever wants to stop it waits for these few.
    state = BulkJob.objects.select_for_update(no_key=True).filter(pk=job.pk)
    now_state = state.values_list("state", flat=True).first()
    if now_state != JobState.RUNNING:
        return False
    some = AT_A_TIME if _is_quick(job) else FEW
    items = list(job.items.filter(outcome=ItemOutcome.WAITING).order_by("pk")[:some])
    if not items:
        _finish(job)
        return False
    with gathered() as told:
        _change_some(job, items)
    update_rows(items, ["outcome", "sentence", "before", "version"])
    _count(job, items, told)
    return True


def _change_some(job: BulkJob, items: Sequence[BulkItem]) -> None:
    by = User.objects.get(pk=job.by_id)  # with the rights of now
    if not by.is_active or not by.has_perm(CHANGE):
        _refuse(items, _("You may no longer change records."))
        return
    try:
        change = _change_of(job, items)
    except DomainError as refusal:
        _refuse(items, str(refusal.message))
        return
    # Locked first: from now on nobody moves them to where the person may not look.
    rows = Feedback.objects.filter(pk__among=[one.feedback_id for one in items]).order_by("pk")
    ids = set(rows.select_for_update().values_list("pk", flat=True))
    # What one moved to another team oneself may be taken back from there.
    if not job.undo_of_id:
        visible = Feedback.objects.visible_to(by).filter(pk__among=ids).order_by()
        ids = set(visible.values_list("pk", flat=True))
        change = replace(change, ensure=_unless_touched(job, ids))
    outcome = change_some(sorted(ids), change)
    changed = {one.feedback_id: one for one in outcome.changed}
    refused = {one.feedback_id: one.sentence for one in outcome.refused}
    for item in items:
        pk = item.feedback_id
        if pk not in ids:
            _refuse([item], _("You may not see this record any more."))
        elif pk in refused:
            _refuse([item], refused[pk])
        elif pk in changed:
            item.outcome = ItemOutcome.CHANGED
            item.before, item.version = changed[pk].before, changed[pk].version
        else:
            item.outcome = ItemOutcome.UNCHANGED


def _unless_touched(job: BulkJob, ids: Collection[int]) -> Callable[[Feedback], None]:
    """Refuses what a colleague set otherwise since the job was ordered, or the customer gave a
    new turn: whoever ordered it could not know. What rules did meanwhile yields to a person."""
    kinds = _TOUCHED.get(BulkAction(job.action), ())
    theirs = Q(actor__isnull=False) & ~Q(actor=job.by_id) | Q(kind=TimelineKind.MESSAGE_IN)
    since = TimelineEntry.objects.filter(theirs, feedback__among=ids, kind__in=kinds)
    rows = since.filter(at__gt=job.as_of).order_by("pk") if kinds else since.none()
    touched = dict(rows.values_list("feedback_id", "actor_name"))

    def ensure(one: Feedback) -> None:
        if one.pk in touched:
            raise TouchedSince(touched[one.pk])

    return ensure


def _refuse(items: Sequence[BulkItem], sentence: str) -> None:
    for item in items:
        item.outcome, item.sentence = ItemOutcome.REFUSED, sentence


def _change_of(job: BulkJob, items: Sequence[BulkItem] = ()) -> AnyChange:
    """What the job does. Raises JobNotUsable when what it names is gone, or makes no sense."""
    by, value = job.by, job.params.get(job.action)
    if job.undo_of is not None:
        was = {one.feedback_id: (one.before, one.version or 0) for one in items}
        return undoing(_UNDONE_AS[BulkAction(job.undo_of.action)], was, by=by)
    if job.action not in _CHANGES:
        raise JobNotUsable(_("That cannot be done to many records."))
    try:
        return _CHANGES[BulkAction(job.action)](by, value)
    except (TypeError, ValueError, OverflowError) as wrong:
        raise JobNotUsable(_("This is not something that it could be set to.")) from wrong


def _is_quick(job: BulkJob) -> bool:
    action = job.undo_of.action if job.undo_of else job.action
    return action != BulkAction.MACRO


def _running(by: User, value: Any) -> OneByOne:
    macro = _found(macros_for(by), value)
    return running_macro(macro, by=by)


def _assigning(by: User, value: Any) -> AnyChange:
    if value is None:
        return assigning(by=by, assignee=None)
    return assigning(by=by, assignee=_found(User.objects.filter(is_active=True), value))


_CHANGES: dict[BulkAction, Callable[[User, Any], AnyChange]] = {
    BulkAction.ASSIGN: _assigning,
    BulkAction.TEAM: lambda by, value: moving(by=by, team=_found(Team.objects.active(), value)),
    BulkAction.STATUS: lambda by, value: changing_status(
        by=by, status=_found(Status.objects.active().exclude(state=State.MERGED), value)
    ),
    BulkAction.PRIORITY: lambda by, value: prioritising(by=by, priority=int(Priority(value))),
    BulkAction.SNOOZE: lambda by, value: snoozing(
        by=by, until=datetime.fromisoformat(value) if value else None
    ),
    BulkAction.TAG: lambda by, value: tagging(by=by, names=[str(value)]),
    BulkAction.CATEGORY: lambda by, value: categorising(
        by=by, category=None if value is None else _found(Category.objects.active(), value)
    ),
    BulkAction.MACRO: _running,
}
# What makes a job leave a record alone when somebody else did it since the order.
_TOUCHED: dict[BulkAction, tuple[TimelineKind, ...]] = {
    BulkAction.ASSIGN: (TimelineKind.ASSIGNED,),
    BulkAction.TEAM: (TimelineKind.ASSIGNED,),
    BulkAction.STATUS: (TimelineKind.STATUS, TimelineKind.REOPENED, TimelineKind.MESSAGE_IN),
    BulkAction.PRIORITY: (TimelineKind.PRIORITY,),
    BulkAction.CATEGORY: (TimelineKind.CATEGORY,),
    BulkAction.SNOOZE: (TimelineKind.SNOOZED, TimelineKind.MESSAGE_IN),
    BulkAction.MACRO: (
        TimelineKind.STATUS,
        TimelineKind.REOPENED,
        TimelineKind.REPLIED,
        TimelineKind.MESSAGE_IN,
    ),
}
_UNDONE_AS = {
    BulkAction.ASSIGN: "assign",
    BulkAction.TEAM: "assign",
    BulkAction.STATUS: "status",
    BulkAction.PRIORITY: "priority",
    BulkAction.SNOOZE: "snooze",
    BulkAction.TAG: "tag",
    BulkAction.CATEGORY: "category",
    BulkAction.MACRO: "macro",
}


def _found(rows: QuerySet[Any], key: Any) -> Any:
    row = rows.filter(pk=key).first()
    if row is None:
        raise JobNotUsable(_("What this job is to set is not there any more."))
    return row


def _count(job: BulkJob, items: Sequence[BulkItem], told: Gathered) -> None:
    tally = [one.outcome for one in items]
    stored = BulkJob.objects.get(pk=job.pk)  # it is locked
    for (kind, person), (first, count) in told.items():
        name = f"{kind}:{person}"
        known = stored.notices.get(name)
        stored.notices[name] = [known[0], known[1] + count] if known else [first, count]
    BulkJob.objects.filter(pk=job.pk).update(
        changed=F("changed") + tally.count(ItemOutcome.CHANGED),
        unchanged=F("unchanged") + tally.count(ItemOutcome.UNCHANGED),
        refused=F("refused") + tally.count(ItemOutcome.REFUSED),
        beat_at=timezone.now(),
        notices=stored.notices,
    )
    tell_pages("bulk", id=job.pk)


def _finish(job: BulkJob) -> None:
    job.refresh_from_db()
    job.state, job.finished_at = JobState.DONE, timezone.now()
    job.save(update_fields=["state", "finished_at"])
    _tell_people(job)
    tell_pages("bulk", id=job.pk)
    tell_pages("feedback")


def _tell_people(job: BulkJob) -> None:
    """What was gathered on the way, as one notification each."""
    found: Gathered = {}
    for name, (first, count) in job.notices.items():
        kind, _colon, person = name.partition(":")
        found[NoticeKind(kind), int(person)] = (first, count)
    tell_gathered(found, by=job.by)
    job.notices = {}
    job.save(update_fields=["notices"])
