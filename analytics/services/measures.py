"""Measures: proposed, changed, moved from status to status."""

from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from analytics.enums import (
    EffectVerdict,
    ImprovementEvent,
    MeasureKind,
    MeasureStatus,
    ProblemStatus,
)
from analytics.errors import MeasureRefused
from analytics.models import Measure, Problem
from analytics.rules.effects import FIRST_CHECK
from analytics.rules.measures import Facts, Missing, Who, missing_for
from analytics.services.improvement_history import lock_measure, lock_problem, tell
from analytics.services.problems import ensure_may_own
from feedback.enums import NoticeKind
from feedback.services.notifying import notify_of_page

CHANGE, APPROVE = "analytics.change_problem", "analytics.approve_measure"
FIELDS = (
    "kind", "title", "what", "training_note", "owner", "due_on", "in_force_from", "budget",
)  # fmt: skip
_WHY: dict[Missing, Promise] = {
    Missing.NO_SUCH_STEP: _("From here it cannot go there."),
    Missing.NOT_YOURS: _("You may not take this step."),
    Missing.NO_OWNER: _("Say first who owns it."),
    Missing.NO_DUE_DAY: _("Say first by when it is to be done."),
    Missing.STEPS_LEFT: _("Some of its steps are not done yet."),
    Missing.NO_REASON: _("Say why."),
    Missing.NO_EFFECT: _("Its effect was not measured: say what shows that it works."),
}


@transaction.atomic
def propose_measure(
    problem_id: int, *, by: User | None, kind: MeasureKind, title: str, **fields: Any
) -> Measure:
    """Propose to do something about a problem (any of FIELDS). Raises ValidationError,
    OwnerCannotSee."""
    problem = lock_problem(problem_id)
    measure = Measure(problem=problem, created_by=by)
    _write(measure, {"kind": kind, "title": title, **fields})
    tell(problem.pk, ImprovementEvent.CREATED, by=by, measure=measure)
    _tell_owner(measure, None, by)
    return measure


@transaction.atomic
def change_measure(measure_id: int, *, by: User | None, **fields: Any) -> Measure:
    """Write any of FIELDS; nothing is told when nothing changed. Raises ValidationError,
    OwnerCannotSee."""
    measure = lock_measure(measure_id)
    before = {name: _value(measure, name) for name in FIELDS}
    _write(measure, fields)
    changed = [name for name in FIELDS if _value(measure, name) != before[name]]
    if "due_on" in changed and measure.reminded_on is not None:
        measure.reminded_on = None  # another day, another reminder
        measure.save(update_fields=["reminded_on"])
    if changed:
        event = ImprovementEvent.CHANGED
        tell(measure.problem_id, event, by=by, measure=measure, fields=changed)
        _tell_owner(measure, before["owner"], by)
    return measure


def _value(measure: Measure, name: str) -> Any:
    return measure.owner_id if name == "owner" else getattr(measure, name)


def _write(measure: Measure, fields: dict[str, Any]) -> None:
    for name in FIELDS:
        if name in fields:
            value = fields[name]
            setattr(measure, name, value.strip() if isinstance(value, str) else value)
    ensure_may_own(measure.owner)
    measure.full_clean(validate_constraints=False)
    measure.save()


def _tell_owner(measure: Measure, before: int | None, by: User | None) -> None:
    if measure.owner_id is not None and measure.owner_id != before:
        page = reverse("analytics:measure", args=[measure.pk])
        notify_of_page(
            [measure.owner_id], NoticeKind.MEASURE, by=by, page=page, title=str(measure)
        )


def who_moves(measure: Measure, user: User) -> Who:
    """What somebody may do with a measure that they see."""
    return Who(user.has_perm(CHANGE), user.has_perm(APPROVE), measure.owner_id == user.pk)


@transaction.atomic
def move_measure(measure_id: int, to: MeasureStatus, *, by: User, note: str = "") -> Measure:
    """Into another status, as rules.measures has it. What is carried out is in force from today
    unless another day was said, and its owner is asked for its effect FIRST_CHECK later; the
    problem is being acted on once a measure of it is being done. Raises MeasureRefused, saying
    what stands in the way."""
    measure = lock_measure(measure_id)
    if measure.status == to:
        return measure
    before = MeasureStatus(measure.status)
    missing = missing_for(before, to, who_moves(measure, by), _facts(measure, note))
    if missing is not None:
        raise MeasureRefused(_WHY[missing])
    measure.status, measure.status_since = to, timezone.now()
    if to == MeasureStatus.DONE and measure.in_force_from is None:
        measure.in_force_from = timezone.localdate()
    if to == MeasureStatus.DONE and before == MeasureStatus.DOING:
        measure.effect_due_on = (measure.in_force_from or timezone.localdate()) + FIRST_CHECK
    fields = ["status", "status_since", "in_force_from", "effect_due_on"]
    measure.save(update_fields=fields)
    event = ImprovementEvent.STATUS
    about, after = measure.problem_id, str(to)
    tell(about, event, by=by, measure=measure, note=note, before=str(before), after=after)
    if to == MeasureStatus.DOING:
        _act_on(measure.problem, by)
    return measure


def _facts(measure: Measure, note: str) -> Facts:
    return Facts(
        has_owner=measure.owner_id is not None,
        has_due_day=measure.due_on is not None,
        steps_left=measure.steps.filter(done_at=None).count(),
        reason=bool(note.strip()),
        has_effect=measure.effects.filter(verdict=EffectVerdict.BETTER).exists(),
    )


def _act_on(problem: Problem, by: User) -> None:
    if problem.status in {ProblemStatus.OPEN, ProblemStatus.ANALYSING}:
        before, problem.status = problem.status, ProblemStatus.ACTING
        problem.status_since = timezone.now()
        problem.save(update_fields=["status", "status_since"])
        after = str(ProblemStatus.ACTING)
        tell(problem.pk, ImprovementEvent.STATUS, by=by, before=before, after=after)
