"""What a publication can be drafted from, as far as somebody may see it."""

from django.utils.translation import override

from accounts.models import User
from analytics.enums import MeasureStatus, PublicationKind
from analytics.metrics.catalogue.metrics import METRICS
from analytics.models import EffectCheck, Measure, Problem
from analytics.rules.effect_words import effect_sentence, sides_sentence
from analytics.rules.publication import Known
from analytics.selectors.effect_asked import effect_in, hides_numbers_from, what_was_measured

CARRIED_OUT = {MeasureStatus.DONE, MeasureStatus.VERIFIED}


def known_of(
    user: User,
    language: str,
    *,
    measure: Measure | None,
    problem: Problem | None,
    kind: str = "",
) -> tuple[Known, EffectCheck | None]:
    """And the newest effect that was measured, where `user` may read its numbers."""
    problem = problem or (measure.problem if measure else None)
    is_done = measure is not None and measure.status in CARRIED_OUT
    is_plan = kind == PublicationKind.PLAN or (
        not kind and not is_done and (measure is not None or problem is not None)
    )
    check = _effect(user, measure) if measure is not None else None
    title = measure.title if measure else problem.title if problem else ""
    known = Known(
        headline=title,
        problem=problem.title if problem else "",
        people=_people(user, problem),
        measure=(measure.what or measure.title) if measure else "",
        effect=_sentences(check, language) if check is not None else (),
        is_plan=is_plan,
    )
    return known, check


def _people(user: User, problem: Problem | None) -> int:
    if problem is None:
        return 0
    seen = problem.evidence.visible_to(user).order_by()
    pairs = seen.values_list("feedback__customer", "response__customer").distinct()
    return len({one for pair in pairs for one in pair if one is not None})


def _effect(user: User, measure: Measure) -> EffectCheck | None:
    newest = measure.effects.first()
    if newest is None or newest.metric not in METRICS or hides_numbers_from(newest, user):
        return None
    return newest


def _sentences(check: EffectCheck, language: str) -> tuple[str, ...]:
    """With the interval, and on both sides; where no change can be told, they say so."""
    metric = METRICS[check.metric]
    with override(language):
        what = what_was_measured(metric, check.inputs["filters"])
        effect = effect_in(check)
        said = (effect_sentence(what, effect, metric.unit), sides_sentence(effect, metric.unit))
    return tuple(one for one in said if one)
