"""Keeping what a measure did to a figure, as it was measured."""

from typing import Any

from django.db import transaction

from accounts.models import User
from analytics.enums import EffectDesign, EffectVerdict, ImprovementEvent
from analytics.models import EffectCheck
from analytics.services.improvement_history import lock_measure, tell


@transaction.atomic
def keep_effect(
    measure_id: int,
    *,
    by: User | None,
    metric: str,
    design: EffectDesign,
    verdict: EffectVerdict,
    inputs: dict[str, Any],
    result: dict[str, Any],
) -> EffectCheck:
    """`metric`: a code of the catalogue; `inputs` and `result`: JSON, as EffectCheck says. A
    measure with a check that says BETTER may be verified without further words."""
    measure = lock_measure(measure_id)
    check = EffectCheck.objects.create(
        measure=measure,
        metric=metric,
        design=design,
        inputs=inputs,
        result=result,
        verdict=verdict,
        by=by,
    )
    event = ImprovementEvent.EFFECT
    about, said = measure.problem_id, str(verdict)
    tell(about, event, by=by, measure=measure, metric=metric, verdict=said)
    return check
