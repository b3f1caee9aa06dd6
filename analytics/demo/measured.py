"""One problem of the demo company with its measure: what it was to cost, and what it did. The
records are those of the demo: since fitters got a planning tool, complaints about installation
have fallen (season.Story)."""

from datetime import datetime
from decimal import Decimal

from django.utils.translation import gettext as _

from accounts.models import Team, User
from analytics.demo.season import Story
from analytics.enums import EffectDesign, MeasureKind, MeasureStatus, MoneyPeriod
from analytics.errors import EffectRefused
from analytics.selectors.effect_asked import EffectAsked
from analytics.services.effect_checks import measure_effect
from analytics.services.evidence import add_evidence
from analytics.services.measure_money import Flow, set_cash_flows
from analytics.services.measures import move_measure, propose_measure
from analytics.services.problems import make_problem
from feedback.models import Category, Feedback

_CATEGORY = "service-installation"
_EVIDENCE, _WEEKS = 12, 20
_PRICE, _A_MONTH, _SAVED = Decimal(36_000), Decimal(800), Decimal(5_600)


def improve_installation(lead: User, team: Team, *, now: datetime) -> list[int]:
    """Gives the keys of the problems. Where there are too few records, as in a small demo, the
    effect is not measured."""
    category = Category.objects.get(code=_CATEGORY)
    since = Story(now.date()).fitters_from
    problem = make_problem(
        by=lead,
        title=_("Fitters come late or not at all"),
        team=team,
        category=category,
        owner=lead,
    )
    before = Feedback.objects.filter(category=category, received_at__date__lt=since)
    shown = before.order_by("-received_at").values_list("pk", flat=True)[:_EVIDENCE]
    add_evidence(problem.pk, by=lead, feedback=list(shown))
    measure = propose_measure(
        problem.pk,
        by=lead,
        kind=MeasureKind.PROCESS,
        title=_("A planning tool for fitters"),
        owner=lead,
        due_on=since,
        in_force_from=since,
    )
    flows = [Flow(cost=_PRICE), *[Flow(_A_MONTH, _SAVED)] * 12]
    set_cash_flows(measure.pk, flows, by=lead, period=MoneyPeriod.MONTH, yearly_rate=Decimal(8))
    for status in (MeasureStatus.APPROVED, MeasureStatus.DOING, MeasureStatus.DONE):
        move_measure(measure.pk, status, by=lead)
    filters = {"category": _CATEGORY}
    for design in (EffectDesign.INTERRUPTED, EffectDesign.BEFORE_AFTER):
        asked = EffectAsked("volume", design, since, _WEEKS, _WEEKS, filters)
        try:
            measure_effect(measure.pk, asked, by=lead, now=now)
        except EffectRefused:
            continue
    return [problem.pk]
