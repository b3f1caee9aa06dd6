"""Scores of problems and measures: the newest counts, all are kept."""

from collections.abc import Mapping

from django.db import transaction

from accounts.models import User
from analytics.enums import ImprovementEvent, ScoreScheme
from analytics.errors import ScoreRefused
from analytics.models import ImprovementScore, Measure, Problem
from analytics.rules.scoring import scored
from analytics.services.improvement_history import lock_measure, lock_problem, tell


def score_problem(
    problem: Problem, scheme: ScoreScheme, inputs: Mapping[str, float], *, by: User
) -> ImprovementScore:
    """Raises ScoreRefused for inputs outside the scheme (rules.scoring)."""
    with transaction.atomic():
        return _score(scheme, inputs, by, problem=lock_problem(problem.pk))


def score_measure(
    measure: Measure, scheme: ScoreScheme, inputs: Mapping[str, float], *, by: User
) -> ImprovementScore:
    """Raises ScoreRefused for inputs outside the scheme (rules.scoring)."""
    with transaction.atomic():
        return _score(scheme, inputs, by, measure=lock_measure(measure.pk))


def _score(
    scheme: ScoreScheme,
    inputs: Mapping[str, float],
    by: User,
    *,
    problem: Problem | None = None,
    measure: Measure | None = None,
) -> ImprovementScore:
    try:
        found = scored(scheme, inputs)
    except ValueError as refused:
        raise ScoreRefused from refused
    kept = ImprovementScore.objects.create(
        problem=problem,
        measure=measure,
        scheme=scheme,
        inputs=dict(inputs),
        value=found.value,
        comes_first=found.comes_first,
        by=by,
    )
    about = measure.problem_id if measure else (problem.pk if problem else 0)
    event = ImprovementEvent.SCORE
    tell(about, event, by=by, measure=measure, scheme=str(scheme), value=found.value)
    return kept
