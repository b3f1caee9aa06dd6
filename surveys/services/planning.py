"""What a survey is for, and the steps to its report."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from accounts.models import User
from surveys.enums import PlanStep
from surveys.models import PlannedStep, Survey, SurveyPlan


@dataclass(frozen=True, slots=True)
class StepWanted:
    """When a step is due, whose it is, and when it was done."""

    due_on: date | None = None
    owner: User | None = None
    done_on: date | None = None


@transaction.atomic
def save_plan(plan: SurveyPlan, *, steps: Mapping[str, StepWanted]) -> SurveyPlan:
    """Keep a plan and its timetable; a step that `steps` does not name stays as it is."""
    Survey.objects.select_for_update().get(pk=plan.survey_id)
    plan.channels = list(dict.fromkeys(plan.channels))
    plan.save()
    there = {one.step: one for one in plan.steps.all()}
    for step in PlanStep:
        one = there.get(step) or PlannedStep(plan=plan, step=step)
        wanted = steps.get(step)
        if wanted is not None:
            one.due_on, one.owner, one.done_on = wanted.due_on, wanted.owner, wanted.done_on
        one.save()
    return plan


@transaction.atomic
def tick_step(plan_id: int, step: str, *, done_on: date | None) -> PlannedStep:
    """A step is done on that day, or (None) not done after all."""
    one = PlannedStep.objects.select_for_update().get(plan=plan_id, step=step)
    if one.done_on != done_on:
        one.done_on = done_on
        one.save(update_fields=["done_on"])
    return one
