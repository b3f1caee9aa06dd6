"""Problems: entered, changed, moved on, talked about."""

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from analytics.enums import ImprovementEvent, MeasureStatus, ProblemSource, ProblemStatus
from analytics.errors import OwnerCannotSee, ProblemRefused
from analytics.models import ImprovementEntry, Measure, Problem, Topic
from analytics.services.improvement_history import lock_problem, tell

VIEW = "analytics.view_problem"
FIELDS = ("title", "description", "category", "team", "owner", "severity", "reach")


@transaction.atomic
def make_problem(
    *,
    by: User | None,
    title: str,
    source: ProblemSource = ProblemSource.HAND,
    source_query: str = "",
    topic: Topic | None = None,
    **fields: Any,
) -> Problem:
    """Enter a problem (any of FIELDS); its evidence is added by services.evidence. Raises
    ValidationError, OwnerCannotSee."""
    problem = Problem(
        title=title, source=source, source_query=source_query[:2000], topic=topic, created_by=by
    )
    _write(problem, fields)
    tell(problem.pk, ImprovementEvent.CREATED, by=by, source=str(source))
    return problem


@transaction.atomic
def change_problem(problem_id: int, *, by: User | None, **fields: Any) -> Problem:
    """Write any of FIELDS; nothing is told when nothing changed. Raises ValidationError,
    OwnerCannotSee."""
    problem = lock_problem(problem_id)
    before = {name: getattr(problem, _column(name)) for name in FIELDS}
    _write(problem, fields)
    changed = [name for name in FIELDS if getattr(problem, _column(name)) != before[name]]
    if changed:
        tell(problem.pk, ImprovementEvent.CHANGED, by=by, fields=changed)
    return problem


def _column(name: str) -> str:
    return f"{name}_id" if name in {"category", "team", "owner"} else name


def _write(problem: Problem, fields: dict[str, Any]) -> None:
    for name in FIELDS:
        if name in fields:
            value = fields[name]
            setattr(problem, name, value.strip() if isinstance(value, str) else value)
    ensure_may_own(problem.owner)
    problem.title = problem.title.strip()
    problem.full_clean(validate_constraints=False)
    problem.save()


def ensure_may_own(owner: User | None) -> None:
    """Raises OwnerCannotSee for somebody who is not there any more or may not see problems."""
    if owner is not None and not (owner.is_active and owner.has_perm(VIEW)):
        raise OwnerCannotSee


@transaction.atomic
def move_problem(
    problem_id: int, to: ProblemStatus, *, by: User | None, note: str = ""
) -> Problem:
    """Into another status. Raises ProblemRefused: a problem is dropped with a reason, and solved
    once a measure is verified, or else with what proves it."""
    problem = lock_problem(problem_id)
    if problem.status == to:
        return problem
    if not note.strip():
        if to == ProblemStatus.DROPPED:
            raise ProblemRefused(_("Say why it is dropped."))
        verified = Measure.objects.filter(problem=problem, status=MeasureStatus.VERIFIED)
        if to == ProblemStatus.SOLVED and not verified.exists():
            raise ProblemRefused(_("No measure is verified: say what shows that it is solved."))
    before = problem.status
    problem.status, problem.status_since = to, timezone.now()
    problem.save(update_fields=["status", "status_since"])
    event = ImprovementEvent.STATUS
    tell(problem.pk, event, by=by, note=note, before=before, after=str(to))
    return problem


@transaction.atomic
def note_on_problem(
    problem_id: int, *, by: User, text: str, measure: Measure | None = None
) -> ImprovementEntry:
    """Say something about a problem, or about one of its measures. Raises ProblemRefused."""
    if not text.strip():
        raise ProblemRefused(_("Write something first."))
    problem = lock_problem(problem_id)
    return tell(problem.pk, ImprovementEvent.NOTE, by=by, measure=measure, note=text[:4000])
