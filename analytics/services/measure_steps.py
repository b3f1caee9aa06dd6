"""The steps of a measure: who does what until when, ticked off one by one."""

from datetime import date

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from analytics.enums import ImprovementEvent
from analytics.errors import MeasureRefused
from analytics.models import Measure, MeasureStep
from analytics.services.improvement_history import lock_measure, tell
from analytics.services.problems import ensure_may_own

MOST = 50


def works_on(measure: Measure, user: User) -> bool:
    """Whoever changes measures, and its owner."""
    return user.has_perm("analytics.change_problem") or measure.owner_id == user.pk


def may_tick(measure: Measure, step: MeasureStep, user: User) -> bool:
    """Tick it off, open it again or take it away: also whoever it is given to."""
    return works_on(measure, user) or step.assignee_id == user.pk


@transaction.atomic
def add_step(
    measure_id: int,
    *,
    by: User,
    text: str,
    assignee: User | None = None,
    due_on: date | None = None,
) -> MeasureStep:
    """Raises MeasureRefused without words or beyond MOST, OwnerCannotSee."""
    measure = lock_measure(measure_id)
    ensure_may_own(assignee)
    if not text.strip():
        raise MeasureRefused(_("Write something first."))
    if measure.steps.count() >= MOST:
        raise MeasureRefused(_("There is no room for more."))
    last = measure.steps.aggregate(last=Max("position"))["last"]
    step = MeasureStep.objects.create(
        measure=measure,
        text=text.strip()[:200],
        assignee=assignee,
        due_on=due_on,
        position=0 if last is None else last + 1,
    )
    tell(measure.problem_id, ImprovementEvent.STEP, by=by, measure=measure, did="added")
    return step


@transaction.atomic
def tick_step(step_id: int, *, by: User, done: bool = True) -> MeasureStep:
    """Done, or not done after all."""
    step = MeasureStep.objects.select_for_update().get(pk=step_id)
    if (step.done_at is not None) != done:
        measure = lock_measure(step.measure_id)
        step.done_at, step.done_by = (timezone.now(), by) if done else (None, None)
        step.save(update_fields=["done_at", "done_by"])
        did = "done" if done else "undone"
        tell(measure.problem_id, ImprovementEvent.STEP, by=by, measure=measure, did=did)
    return step


@transaction.atomic
def remove_step(step_id: int, *, by: User) -> None:
    step = MeasureStep.objects.select_for_update().get(pk=step_id)
    measure = lock_measure(step.measure_id)
    step.delete()
    tell(measure.problem_id, ImprovementEvent.STEP, by=by, measure=measure, did="removed")
