"""An effect measured now, over what somebody may see."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from accounts.models import User
from analytics.charts.data import Step
from analytics.enums import EffectDesign, EffectVerdict
from analytics.errors import EffectRefused
from analytics.metrics.catalogue.metric import Metric
from analytics.metrics.catalogue.metrics import METRICS
from analytics.metrics.catalogue.sums import Sums
from analytics.metrics.effects import (
    FEWEST_WEEKS,
    CannotMeasure,
    Effect,
    Weeks,
    Why,
    against_untouched,
    apart_before,
    before_and_after,
    time_series,
)
from analytics.metrics.interrupted import FEWEST_EACH_SIDE
from analytics.metrics.periods import Period
from analytics.models import Measure
from analytics.rules.effect_words import why_not
from analytics.rules.effects import (
    Hint,
    Span,
    hints_of,
    is_higher_better,
    overlapping,
    picked_at_its_worst,
    span_of,
    verdict_of,
)
from analytics.selectors.effect_asked import EffectAsked, ensure_askable, read_keys
from analytics.selectors.facts.measuring import measure_all
from analytics.selectors.facts.question import asked as question
from analytics.selectors.window import today
from feedback.models import Feedback

DAYS_A_WEEK = 7


@dataclass(frozen=True, slots=True)
class MeasuredEffect:
    """`others`: measures (their ids) that came into force meanwhile."""

    effect: Effect
    span: Span
    verdict: EffectVerdict
    hints: tuple[Hint, ...]
    others: tuple[int, ...]

    def as_result(self) -> dict[str, Any]:
        return {
            "effect": self.effect.as_json(),
            "weeks": [day.isoformat() for day in self.span.starts()],
            "hints": [str(hint) for hint in self.hints],
            "others": list(self.others),
        }


def measured_effect(
    user: User, measure: Measure, wanted: EffectAsked, *, now: datetime | None = None
) -> MeasuredEffect:
    """Raises EffectRefused, saying why the data cannot carry it."""
    now = now or timezone.now()
    metric = ensure_askable(user, wanted)
    keys, others = read_keys(wanted)
    span = span_of(
        wanted.in_force,
        before=wanted.weeks_before,
        after=wanted.weeks_after,
        today=today(now),
        first_day=_first_day(),
    )
    try:
        _ensure_weeks(span, wanted.design)
        weeks = _weeks(user, metric, span, [keys] + ([others] if others else []), now)
        effect = effect_of(metric, wanted.design, *weeks)
    except CannotMeasure as refusal:
        raise EffectRefused(why_not(refusal)) from refusal
    return _judged(measure, wanted, span, effect, weeks)


def _ensure_weeks(span: Span, design: EffectDesign) -> None:
    """Before anything is counted."""
    needed = FEWEST_EACH_SIDE if design == EffectDesign.INTERRUPTED else FEWEST_WEEKS
    there = min(span.before, span.after)
    if there < needed:
        raise CannotMeasure(Why.FEW_WEEKS, there, needed)


def effect_of(
    metric: Metric, design: EffectDesign, weeks: Weeks, untouched: Weeks | None = None
) -> Effect:
    """Raises CannotMeasure."""
    if design == EffectDesign.INTERRUPTED:
        return time_series(metric, weeks)
    if design == EffectDesign.CONTROLLED and untouched is not None:
        return against_untouched(metric, weeks, untouched)
    return before_and_after(metric, weeks)


def _judged(
    measure: Measure, wanted: EffectAsked, span: Span, effect: Effect, weeks: list[Weeks]
) -> MeasuredEffect:
    metric = METRICS[wanted.metric]
    higher = is_higher_better(metric)
    entered = timezone.localdate(measure.problem.created_at)
    meanwhile = overlapping(_neighbours(measure), span)
    told = {
        Hint.OVERLAP: bool(meanwhile),
        Hint.APART_BEFORE: len(weeks) > 1 and apart_before(metric, *weeks),
        Hint.WORST_WEEK: picked_at_its_worst(effect, span, entered, higher_is_better=higher),
        Hint.REPEATED: measure.effects.count() > 1,
    }
    hints = [hint for hint, is_so in told.items() if is_so]
    asked_weeks = wanted.weeks_before + wanted.weeks_after
    hints += hints_of(effect, span, wanted.design, asked_weeks=asked_weeks)
    verdict = verdict_of(effect, higher_is_better=higher)
    return MeasuredEffect(effect, span, verdict, tuple(hints), tuple(meanwhile))


def _neighbours(measure: Measure) -> list[tuple[int, date]]:
    """Other measures against the same problem, or the same category."""
    found = Measure.objects.filter(problem=measure.problem_id)
    category = measure.problem.category_id
    if category is not None:
        found = found | Measure.objects.filter(problem__category=category)
    rows = found.exclude(pk=measure.pk).exclude(in_force_from=None)
    return [(pk, day) for pk, day in rows.values_list("pk", "in_force_from") if day is not None]


def _first_day() -> date | None:
    """From when on there are records at all."""
    first = Feedback.objects.order_by("received_at").values_list("received_at", flat=True).first()
    return today(first) if first else None


def _weeks(
    user: User, metric: Metric, span: Span, groups: list[Mapping[str, Any]], now: datetime
) -> list[Weeks]:
    period = Period(span.first, span.last)
    questions = [
        question(
            metric.key,
            period,
            step=Step.DAY,
            filters={name: [key] for name, key in keys.items()},
        )
        for keys in groups
    ]
    found = []
    for answer in measure_all(user, questions, now=now):
        days = [row.sums for row in answer.rows]
        sums = [_added(days[at : at + DAYS_A_WEEK]) for at in range(0, len(days), DAYS_A_WEEK)]
        found.append(Weeks(tuple(sums[: span.before]), tuple(sums[span.before :])))
    return found


def _added(days: list[Sums]) -> Sums:
    found = Sums()
    for day in days:
        found = found + day
    return found
