"""Whether a measure pays: costs and benefits, period by period, and what follows from them."""

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.access import SignedInRequest, staff_with
from analytics.charts.bars import BarChart
from analytics.charts.data import Mark, NameAxis, Series
from analytics.charts.figure import figure
from analytics.charts.tornado import Swing, TornadoChart
from analytics.enums import ImprovementEvent, MoneyPeriod
from analytics.errors import MeasureRefused
from analytics.forms.measure_case import (
    CaseForm,
    FillForm,
    FlowFormSet,
    flows_of,
    kept_flows,
    with_benefit,
    with_more,
)
from analytics.models import Measure
from analytics.rules.business_case import (
    WHY_NO_RATE,
    Case,
    case_sentence,
    period_name,
    write_money,
    write_payback,
    write_rate,
)
from analytics.selectors.improvement_story import story_of_measure
from analytics.selectors.measure_case import case_of_measure, cases_of
from analytics.services.measure_money import set_cash_flows
from analytics.services.measure_steps import works_on as may_work_on
from analytics.views.improvement import READ, measure_or_404
from analytics.views.survey_files import table_file
from feedback.enums import ExportFormat

PAGE = "analytics/improvement/measure_case.html"


@staff_with(READ)
@require_http_methods(["GET", "POST"])
def measure_case(request: SignedInRequest, measure_id: int) -> HttpResponseBase:
    one = measure_or_404(request.user, measure_id)
    if request.method == "POST":
        return _change(request, one)
    format_ = request.GET.get("export", "")
    if format_ in ExportFormat.values:
        title = f"{one.reference} {_('Business case')}"
        return table_file(*_table(one), format_=format_, title=title)
    form = CaseForm(initial={"period": one.money_period, "yearly_rate": one.yearly_rate})
    return _page(request, one, form, flows_of(one), _fill_form(request, one))


@staff_with(READ)
@require_GET
def print_case(request: SignedInRequest, measure_id: int) -> HttpResponse:
    one = measure_or_404(request.user, measure_id)
    case = case_of_measure(one)
    context = {
        "measure": one,
        "problem": one.problem,
        "now": timezone.now(),
        **_shown(case, one),
    }
    return render(request, "analytics/improvement/print_case.html", context)


def _fill_form(request: SignedInRequest, one: Measure) -> FillForm:
    cases = cases_of(request.user, one, MoneyPeriod(one.money_period))
    # Needed only to fill in: the browser may not hold the table back for them.
    initial = {"cases": cases.by_evidence}
    return FillForm(initial=initial, prefix="fill", use_required_attribute=False)


def _change(request: SignedInRequest, one: Measure) -> HttpResponse:
    """Save; or fill in, or add rows, which keeps nothing yet."""
    if not may_work_on(one, request.user):
        raise PermissionDenied
    form, do = CaseForm(request.POST), request.POST.get("do", "")
    if do == "more":
        return _page(request, one, form, with_more(request.POST), _fill_form(request, one))
    if do == "fill":
        return _filled(request, one, form)
    rows = FlowFormSet(request.POST, prefix="flow")
    if form.is_valid() and rows.is_valid():
        data = form.cleaned_data
        try:
            set_cash_flows(
                one.pk,
                kept_flows(rows),
                by=request.user,
                period=MoneyPeriod(data["period"]),
                yearly_rate=data["yearly_rate"],
            )
        except MeasureRefused as refusal:
            form.add_error(None, str(refusal.message))
        else:
            messages.success(request, _("Saved."))
            return redirect("analytics:measure_case", one.pk)
    return _page(request, one, form, rows, _fill_form(request, one), status=422)


def _filled(request: SignedInRequest, one: Measure, form: CaseForm) -> HttpResponse:
    fill = FillForm(request.POST, prefix="fill", use_required_attribute=False)
    if not fill.is_valid():
        rows = FlowFormSet(request.POST, prefix="flow")
        return _page(request, one, form, rows, fill, status=422)
    rows = with_benefit(request.POST, fill.benefit())
    return _page(request, one, form, rows, fill, is_filled=True)


def _page(
    request: SignedInRequest,
    one: Measure,
    form: CaseForm,
    rows: Any,
    fill: FillForm,
    *,
    status: int = 200,
    is_filled: bool = False,
) -> HttpResponse:
    period = MoneyPeriod(one.money_period)
    money = ImprovementEvent.MONEY
    context = {
        "measure": one,
        "problem": one.problem,
        "may_work": may_work_on(one, request.user),
        "form": form,
        "rows": rows,
        "named_rows": [(period_name(at, period), row) for at, row in enumerate(rows.forms)],
        "fill": fill,
        "cases": cases_of(request.user, one, period),
        "is_filled": is_filled,
        "exports": [(one.label, f"?export={one.value}") for one in ExportFormat],
        "story": [line for line in story_of_measure(one) if line.event == money],
        **_shown(case_of_measure(one), one),
    }
    return render(request, PAGE, context, status=status)


def _shown(case: Case | None, one: Measure) -> dict[str, Any]:
    if case is None:
        return {"case": None, "currency": settings.CURRENCY}
    flows = [
        (period_name(at, case.period), cost, benefit, benefit - cost)
        for at, (cost, benefit) in enumerate(zip(case.costs, case.benefits, strict=True))
    ]
    return {
        "case": case,
        "currency": settings.CURRENCY,
        "sentence": case_sentence(case, settings.CURRENCY),
        "figures": figures_of(case),
        "cash_flow": figure(_cash_flow(case), wide=True),
        "tornado": figure(_tornado(case)),
        "flows": [
            (name, *(write_money(value, settings.CURRENCY) for value in values), flow.note)
            for (name, *values), flow in zip(flows, one.cash_flows.all(), strict=True)
        ],
    }


def figures_of(case: Case) -> list[tuple[str, str, str]]:
    """(name, value, remark) of each figure that follows from the table."""
    result, period = case.result, case.period
    gain = result.return_on_investment
    why = str(WHY_NO_RATE[case.no_rate]) if case.no_rate else ""
    rate = _("discounted with %(rate)s a year; today is not discounted") % {
        "rate": write_rate(case.rate)
    }
    return [
        (_("Present value"), write_money(result.value, settings.CURRENCY), rate),
        (_("ROI"), write_rate(gain) or "–", _("not discounted")),
        (_("Internal rate of return a year"), write_rate(case.internal_rate) or "–", why),
        (_("Payback"), write_payback(result.payback, period), ""),
        (_("Discounted payback"), write_payback(result.discounted_payback, period), ""),
    ]


def _cash_flow(case: Case) -> BarChart:
    names = tuple(period_name(at, case.period) for at in range(len(case.flows)))
    marks = tuple(Mark(round(flow, 2)) for flow in case.flows)
    title = _("Benefit less cost")
    return BarChart(title, NameAxis(names), (Series(title, marks),))


def _tornado(case: Case) -> TornadoChart:
    swings = case.swings
    return TornadoChart(
        _("Present value"),
        round(case.result.value, 2),
        (
            Swing(
                _("Benefits"), round(swings.benefits_lower, 2), round(swings.benefits_higher, 2)
            ),
            Swing(_("Costs"), round(swings.costs_lower, 2), round(swings.costs_higher, 2)),
        ),
        low_name=_("a fifth lower"),
        high_name=_("a fifth higher"),
    )


def _table(one: Measure) -> tuple[list[str], Iterator[list[Any]]]:
    """The periods, then the figures."""
    case = case_of_measure(one)
    head = [_("Period"), _("Cost"), _("Benefit"), _("Benefit less cost"), _("Note")]

    def lines() -> Iterator[list[Any]]:
        if case is None:
            return
        rows = zip(one.cash_flows.all(), case.flows, strict=True)
        for at, (flow, net) in enumerate(rows):
            name = period_name(at, case.period)
            yield [name, flow.cost, flow.benefit, round(net, 2), flow.note]
        for name, value, remark in figures_of(case):
            yield [name, value, "", "", remark]

    return head, lines()
