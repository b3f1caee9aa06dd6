"""Keeping what a measure did to a figure, as it was measured."""

from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from analytics.enums import EffectDesign, EffectVerdict, ImprovementEvent
from analytics.models import EffectCheck, Measure
from analytics.selectors.effect_asked import EffectAsked
from analytics.selectors.effects import measured_effect
from analytics.services.improvement_history import lock_measure, tell


def measure_effect(
    measure_id: int,
    wanted: EffectAsked,
    *,
    by: User,
    again_weeks: int = 0,
    now: datetime | None = None,
) -> EffectCheck:
    """Measure what `by` may see of it, and keep the result with all that was asked. Raises
    EffectRefused, saying why the data cannot carry it; nothing is kept then."""
    now = now or timezone.now()
    measure = Measure.objects.select_related("problem").get(pk=measure_id)
    found = measured_effect(by, measure, wanted, now=now)
    again = timezone.localdate(now) + timedelta(weeks=again_weeks) if again_weeks else None
    return keep_effect(
        measure_id,
        by=by,
        metric=wanted.metric,
        design=wanted.design,
        verdict=found.verdict,
        inputs={**wanted.as_inputs(), "teams": _seen_teams(by)},
        result=found.as_result(),
        again_on=again,
    )


def _seen_teams(user: User) -> list[int] | None:
    """Over whose records it was measured; None: everybody's."""
    if user.has_perm("accounts.view_every_team"):
        return None
    return sorted(user.memberships.values_list("team_id", flat=True))


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
    again_on: date | None = None,
) -> EffectCheck:
    """`metric`: a code of the catalogue; `inputs` and `result`: JSON, as EffectCheck says. A
    measure with a check that says BETTER may be verified without further words. Its owner is
    asked to measure again on `again_on`, or never."""
    measure = lock_measure(measure_id)
    measure.effect_due_on = again_on
    measure.save(update_fields=["effect_due_on"])
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
