"""What the customer said about the solution, and what then has to be done."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from feedback.enums import State, TaskKind, TimelineKind
from feedback.models import Feedback, Task
from feedback.services.checklists import begin_checklist
from feedback.services.records import lock, save_change, tell
from feedback.services.reopening import reopen_for_customer

UNHAPPY = 2  # at most this many of five stars calls for a call
CALL_BACK_WITHIN = timedelta(hours=24)


@transaction.atomic
def record_satisfaction(
    feedback_id: int, *, overall: int | None, solved: bool | None, comment: str = ""
) -> Feedback:
    """Keep the customer's judgement (`overall` 1–5) on the record, or on the one that it was
    merged into.

    "Not solved" reopens it; a low score makes a call-back task for the team's lead. Safe to
    call again with the same judgement.
    """
    merged_into = Feedback.objects.values_list("merged_into", flat=True).get(pk=feedback_id)
    feedback = lock(merged_into or feedback_id)
    now = timezone.now()
    if overall is not None:
        feedback.satisfaction, feedback.satisfaction_at = overall, now
    feedback.solved_for_customer = solved
    save_change(feedback, "satisfaction", "satisfaction_at", "solved_for_customer")
    tell(feedback, TimelineKind.RATED, note=comment[:2000], overall=overall, solved=solved)
    if solved is False and feedback.state == State.RESOLVED:
        reopen_for_customer(feedback, note="not_solved")
    if (overall is not None and overall <= UNHAPPY) or solved is False:
        plan_call_back(feedback, reason="not_solved" if solved is False else "low_score")
    return feedback


def plan_call_back(feedback: Feedback, *, reason: str) -> Task:
    """One open call-back task per record, for the lead of its team."""
    task, is_new = Task.objects.get_or_create(
        feedback=feedback,
        kind=TaskKind.CALL_BACK,
        done_at=None,
        defaults={
            "reason": reason,
            "assignee": lead_of(feedback),
            "due_at": timezone.now() + CALL_BACK_WITHIN,
        },
    )
    if is_new:
        begin_checklist(task, None)
        tell(feedback, TimelineKind.TASK, task=task.pk, reason=reason)
    return task


def lead_of(feedback: Feedback) -> User | None:
    if feedback.team is None:
        return feedback.assignee
    leads = feedback.team.memberships.filter(is_lead=True, user__is_active=True)
    lead = leads.select_related("user").order_by("pk").first()
    return lead.user if lead else feedback.assignee


@transaction.atomic
def finish_task(task_id: int, *, by: User, outcome: str) -> Task:
    """Say what came of it; finishing twice keeps the first word."""
    task = Task.objects.select_for_update().get(pk=task_id)
    if task.done_at is None:
        task.done_at, task.done_by, task.outcome = timezone.now(), by, outcome.strip()
        task.save(update_fields=["done_at", "done_by", "outcome"])
        feedback = lock(task.feedback_id)
        save_change(feedback)
        tell(feedback, TimelineKind.TASK, by=by, note=task.outcome, task=task.pk, done=True)
    return task
