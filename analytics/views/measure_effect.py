"""Whether a measure works: what it did to a figure, measured and kept."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import SignedInRequest, staff_with
from analytics.enums import EffectVerdict, MeasureStatus
from analytics.errors import EffectRefused
from analytics.forms.measure_effect import EffectForm, initial_of
from analytics.metrics.catalogue.metrics import METRICS
from analytics.models import EffectCheck, Measure
from analytics.rules.measures import steps_from
from analytics.selectors.effect_asked import EffectAsked, hides_numbers_from, proposed
from analytics.services.effect_checks import measure_effect as measure_now
from analytics.services.measure_steps import works_on as may_work_on
from analytics.services.measures import move_measure, who_moves
from analytics.views.effect_picture import effect_figure, effect_table, shown_check
from analytics.views.improvement import READ, measure_or_404
from analytics.views.survey_files import table_file
from config.kernel.errors import DomainError
from feedback.enums import ExportFormat

SHOWN = 20


@staff_with(READ)
@require_http_methods(["GET", "POST"])
def measure_effect(request: SignedInRequest, measure_id: int) -> HttpResponseBase:
    one = measure_or_404(request.user, measure_id)
    if request.method == "POST":
        if request.POST.get("do") == "verify":
            return _verify(request, one)
        return _measure(request, one)
    check = _chosen(request, one)
    format_ = request.GET.get("export", "")
    if check and format_ in ExportFormat.values and not hides_numbers_from(check, request.user):
        title = f"{one.reference} {_('Effect')}"
        return table_file(*effect_table(check), format_=format_, title=title)
    last = EffectAsked.of_inputs(check) if check else proposed(one, timezone.localdate())
    form = EffectForm(initial=initial_of(last))
    form.offer(request.user)
    return _page(request, one, form, check)


def _measure(request: SignedInRequest, one: Measure) -> HttpResponse:
    if not may_work_on(one, request.user):
        raise PermissionDenied
    form = EffectForm(request.POST)
    form.offer(request.user)
    status = 422
    if form.is_valid():
        try:
            again = form.cleaned_data["again_weeks"]
            measure_now(one.pk, form.asked(), by=request.user, again_weeks=again)
        except EffectRefused as refusal:
            form.add_error(None, str(refusal.message))
            status = 409
        else:
            messages.success(request, _("Measured, and kept with all that was asked."))
            return redirect("analytics:measure_effect", one.pk)
    return _page(request, one, form, _chosen(request, one), status=status)


def _verify(request: SignedInRequest, one: Measure) -> HttpResponse:
    try:
        move_measure(one.pk, MeasureStatus.VERIFIED, by=request.user)
    except DomainError as refusal:
        messages.error(request, str(refusal.message))
    else:
        messages.success(request, _("The effect of %(measure)s is verified.") % {"measure": one})
    return redirect("analytics:measure_effect", one.pk)


def _chosen(request: SignedInRequest, one: Measure) -> EffectCheck | None:
    """The one that the address names, else the newest."""
    wanted = request.GET.get("check", "")
    if not wanted:
        return one.effects.first()
    if not (wanted.isascii() and wanted.isdecimal() and len(wanted) < 19):
        raise Http404
    found = one.effects.filter(pk=int(wanted)).first()
    if found is None:
        raise Http404
    return found


def _page(
    request: SignedInRequest,
    one: Measure,
    form: EffectForm,
    check: EffectCheck | None,
    *,
    status: int = 200,
) -> HttpResponse:
    checks = list(one.effects.select_related("by")[:SHOWN])
    shown = shown_check(check, request.user) if check else None
    can_draw = check is not None and shown is not None and not shown.is_hidden
    context: dict[str, Any] = {
        "measure": one,
        "problem": one.problem,
        "form": form,
        "may_work": may_work_on(one, request.user),
        "shown": shown,
        "metric": METRICS.get(check.metric) if check else None,
        "picture": effect_figure(check) if check is not None and can_draw else "",
        "exports": [(choice.label, f"?check={check.pk}&export={choice.value}")
                    for choice in ExportFormat] if check is not None and can_draw else [],
        "checks": [shown_check(each, request.user) for each in checks],
        "may_verify": _may_verify(request, one),
    }  # fmt: skip
    page = "analytics/improvement/measure_effect.html"
    return render(request, page, context, status=status)


def _may_verify(request: SignedInRequest, one: Measure) -> bool:
    steps = steps_from(MeasureStatus(one.status), who_moves(one, request.user))
    worked = one.effects.filter(verdict=EffectVerdict.BETTER).exists()
    return one.status == MeasureStatus.DONE and MeasureStatus.VERIFIED in steps and worked
