"""What a measure costs and brings, period by period: the rows behind its business case."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from analytics.enums import ImprovementEvent, MoneyPeriod
from analytics.errors import MeasureRefused
from analytics.models import CashFlow, Measure
from analytics.selectors.measure_case import case_of_measure
from analytics.services.improvement_history import lock_measure, tell

MOST = 120  # periods: ten years of months


@dataclass(frozen=True, slots=True)
class Flow:
    """Of one period; both zero or more, in the currency of the company."""

    cost: Decimal = Decimal(0)
    benefit: Decimal = Decimal(0)
    note: str = ""


@transaction.atomic
def set_cash_flows(
    measure_id: int,
    flows: Sequence[Flow],
    *,
    by: User,
    period: MoneyPeriod | None = None,
    yearly_rate: Decimal | None = None,
) -> Measure:
    """The whole business case, one flow per period from today (0) on, instead of the one before.
    Raises MeasureRefused beyond MOST periods, ValidationError for a number that cannot be."""
    measure = lock_measure(measure_id)
    if len(flows) > MOST:
        raise MeasureRefused(_("There is no room for more."))
    measure.money_period = period or measure.money_period
    measure.yearly_rate = measure.yearly_rate if yearly_rate is None else yearly_rate
    measure.clean_fields(exclude={"problem", "owner", "created_by"})
    measure.save(update_fields=["money_period", "yearly_rate"])
    rows = [
        CashFlow(
            measure=measure, period=at, cost=one.cost, benefit=one.benefit, note=one.note.strip()
        )
        for at, one in enumerate(flows)
    ]
    for row in rows:
        row.clean_fields(exclude={"measure"})
    CashFlow.objects.filter(measure=measure).delete()
    CashFlow.objects.bulk_create(rows)
    said: dict[str, Any] = {"periods": len(rows)}
    case = case_of_measure(measure)
    if case is not None:
        said["value"] = round(case.result.value, 2)
    tell(measure.problem_id, ImprovementEvent.MONEY, by=by, measure=measure, **said)
    return measure
