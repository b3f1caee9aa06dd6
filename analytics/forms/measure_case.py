"""The table of costs and benefits, and what fills it."""

from decimal import Decimal
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from analytics.enums import MoneyPeriod
from analytics.models import Measure
from analytics.rules.business_case import saved_by
from analytics.services.measure_money import MOST, Flow

AT_FIRST, MORE = 13, 3  # rows: today and a year of months; what one press adds
_MONEY: Any = {
    "min_value": 0,
    "max_digits": 14,
    "decimal_places": 2,
    "required": False,
}


class CaseForm(forms.Form):
    period = forms.ChoiceField(label=_("Period"), choices=MoneyPeriod.choices)
    yearly_rate = forms.DecimalField(
        label=_("Discount rate per year, in percent"),
        min_value=0,
        max_value=100,
        max_digits=5,
        decimal_places=2,
    )


class FlowForm(forms.Form):
    cost = forms.DecimalField(label=_("Cost"), **_MONEY)
    benefit = forms.DecimalField(label=_("Benefit"), **_MONEY)
    note = forms.CharField(label=_("Note"), max_length=200, required=False)

    def flow(self) -> Flow:
        data = self.cleaned_data
        zero = Decimal(0)
        return Flow(data.get("cost") or zero, data.get("benefit") or zero, data.get("note", ""))


class FillForm(forms.Form):
    """Cases avoided × what a case costs."""

    cases = forms.DecimalField(
        label=_("Cases per period"), min_value=0, max_digits=9, decimal_places=1
    )
    avoided = forms.DecimalField(
        label=_("Avoided, in percent"), min_value=0, max_value=100, max_digits=5, decimal_places=2
    )
    cost_of_a_case = forms.DecimalField(
        label=_("Cost of a case"), min_value=0, max_digits=12, decimal_places=2
    )

    def benefit(self) -> Decimal:
        data = self.cleaned_data
        worth = saved_by(
            float(data["cases"]), float(data["avoided"]) / 100, float(data["cost_of_a_case"])
        )
        return Decimal(str(worth)).quantize(Decimal("0.01"))


FlowFormSet = forms.formset_factory(FlowForm, extra=0, max_num=MOST, absolute_max=MOST)


def flows_of(measure: Measure) -> Any:
    """The table as it is kept; of a new one empty rows."""
    rows = [
        {"cost": one.cost, "benefit": one.benefit, "note": one.note}
        for one in measure.cash_flows.all()
    ]
    return FlowFormSet(initial=rows or [{}] * AT_FIRST, prefix="flow")


def with_more(given: QueryDict) -> Any:
    """What was sent, with further empty rows."""
    data = given.copy()
    held = data.get("flow-TOTAL_FORMS", "")
    count = int(held) if held.isascii() and held.isdecimal() and len(held) < 5 else 0
    data["flow-TOTAL_FORMS"] = str(min(count + MORE, MOST))
    return FlowFormSet(data, prefix="flow")


def with_benefit(given: QueryDict, benefit: Decimal) -> Any:
    """What was sent, with `benefit` in every period but today."""
    data = given.copy()
    held = data.get("flow-TOTAL_FORMS", "")
    count = int(held) if held.isascii() and held.isdecimal() and len(held) < 5 else 0
    for at in range(1, min(count, MOST)):
        data[f"flow-{at}-benefit"] = str(benefit)
    return FlowFormSet(data, prefix="flow")


def kept_flows(formset: Any) -> list[Flow]:
    """Without the empty rows at the end."""
    flows = [form.flow() for form in formset.forms]
    while flows and flows[-1] == Flow():
        flows.pop()
    return flows
