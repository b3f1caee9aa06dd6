"""What has to be done for a record beside answering it."""

from datetime import datetime

from django.db import IntegrityError, transaction

from accounts.models import User
from feedback.enums import Priority, TaskKind, TimelineKind
from feedback.errors import AlreadyDone, AlreadyPlanned, NotInTeam
from feedback.models import ChecklistTemplate, Feedback, Message, Task
from feedback.services.assignment import may_work_in
from feedback.services.checklists import begin_checklist
from feedback.services.records import lock, save_change, tell
from feedback.services.replies import add_note


@transaction.atomic
def plan_task(
    feedback_id: int,
    *,
    by: User | None,
    kind: TaskKind,
    due_at: datetime,
    assignee: User | None,
    reason: str = "",
    title: str = "",
    priority: int = Priority.NORMAL,
    checklist: ChecklistTemplate | None = None,
) -> Task:
    """Ask for something to be done by `due_at`, with the steps of `checklist`, else of the
    checklist of its kind. Raises AlreadyPlanned: there is one open call-back on a record, so
    that a customer is not called twice; NotInTeam: a task shows its customer, so it goes to
    nobody who may not see the record."""
    feedback = lock(feedback_id)
    _ensure_may_see(assignee, feedback)
    try:
        with transaction.atomic():
            task = Task.objects.create(
                feedback=feedback,
                kind=kind,
                due_at=due_at,
                assignee=assignee,
                reason=reason[:40],
                title=title.strip()[:120],
                priority=priority,
                created_by=by,
            )
    except IntegrityError as twice:
        raise AlreadyPlanned from twice
    begin_checklist(task, checklist)
    save_change(feedback)
    why = task.title or reason[:40]
    tell(feedback, TimelineKind.TASK, by=by, task=task.pk, reason=why, task_kind=kind)
    return task


@transaction.atomic
def postpone_task(task_id: int, *, by: User, due_at: datetime, note: str = "") -> Task:
    """Nobody was reached: try again at `due_at`. Raises AlreadyDone."""
    task = _open(task_id)
    task.due_at = due_at
    task.save(update_fields=["due_at"])
    feedback = lock(task.feedback_id)
    save_change(feedback)
    until = due_at.isoformat()
    tell(feedback, TimelineKind.TASK, by=by, note=note.strip(), task=task.pk, until=until)
    return task


@transaction.atomic
def give_task(task_id: int, *, by: User, assignee: User | None) -> Task:
    """Who is to do it. Raises AlreadyDone, NotInTeam."""
    task = _open(task_id)
    if task.assignee_id == (assignee and assignee.pk):
        return task
    feedback = lock(task.feedback_id)
    _ensure_may_see(assignee, feedback)
    task.assignee = assignee
    task.save(update_fields=["assignee"])
    save_change(feedback)
    given_to = assignee.pk if assignee else None
    tell(feedback, TimelineKind.TASK, by=by, task=task.pk, assignee=given_to)
    return task


@transaction.atomic
def note_on_task(task_id: int, *, by: User, text: str) -> Message:
    """Say something about a task: an internal note of its record, shown with the task, too.
    Raises NothingWritten, MentionNotAllowed."""
    task = Task.objects.get(pk=task_id)
    note = add_note(task.feedback_id, by=by, text=text)
    task.notes.add(note)
    return note


def _ensure_may_see(assignee: User | None, feedback: Feedback) -> None:
    team = feedback.team
    if assignee is not None and team is not None and not may_work_in(assignee, team):
        raise NotInTeam


def _open(task_id: int) -> Task:
    task = Task.objects.select_for_update().get(pk=task_id)
    if task.done_at is not None:
        raise AlreadyDone
    return task
