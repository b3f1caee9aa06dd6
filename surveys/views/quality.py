"""Responses that look as if nobody meant them: which, why, and what staff decide about them."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import SignedInRequest, staff_with
from config.kernel.errors import DomainError
from config.kernel.http import toast
from surveys.enums import QualityFlag, Verdict
from surveys.flow.editing import is_outline
from surveys.forms.quality import (
    DecisionForm,
    QualityRulesForm,
    contradictions_form,
    ensure_they_can_be_asked,
)
from surveys.models import QualityCheck, QualityRules, Response, Survey
from surveys.selectors.outline import Names, names_before
from surveys.selectors.quality import STATES, figures_of, flag_counts, listed_checks
from surveys.selectors.quality_words import flag_label, reasons_of
from surveys.services.building import current_version
from surveys.services.deciding import MOST_AT_ONCE, decide_about
from surveys.services.quality_checking import rules_of
from surveys.services.quality_rules import order_checks, save_quality_rules
from surveys.views.tabs import survey_of, survey_tabs

LOOK, DECIDE, CHANGE = "surveys.view_response", "surveys.change_response", "surveys.change_survey"
PER_PAGE = 50


@staff_with(LOOK)
@require_GET
def quality(request: SignedInRequest, slug: UUID) -> HttpResponse:
    found = survey_of(slug)
    return _page(request, found)


def _page(
    request: SignedInRequest, found: Survey, refusal: str = "", reason: str = ""
) -> HttpResponse:
    state = request.GET.get("state", STATES[0])
    state = state if state in STATES else STATES[0]
    flag = request.GET.get("flag", "")
    flag = flag if flag in QualityFlag.values else ""
    checks = listed_checks(found, request.user, state, flag)
    page = Paginator(checks, PER_PAGE).get_page(request.GET.get("page"))
    names = names_for(found) if any("contradiction" in one.flags for one in page) else None
    context: dict[str, Any] = {
        "survey": found,
        "tabs": survey_tabs(found, request.user, "quality"),
        "figures": figures_of(found, request.user),
        "states": _states(found),
        "state": state,
        "flag": flag,
        "flag_label": flag_label(flag) if flag else "",
        "flags": [
            (one, _address(found, state=state, flag=one.flag))
            for one in flag_counts(found, request.user, state)
        ],
        "without_flag": _address(found, state=state),
        "page": page,
        "rows": [(one, reasons_of(one.found, names)) for one in page],
        "rules": rules_of(found.pk),
        "may_decide": request.user.has_perm(DECIDE),
        "may_change": request.user.has_perm(CHANGE),
        "refusal": refusal,
        "reason": reason,
        "here": f"{reverse('surveys:quality', args=[found.slug])}?{request.GET.urlencode()}",
    }
    status = 422 if refusal else 200
    return render(request, "surveys/quality/list.html", context, status=status)


def _states(found: Survey) -> dict[str, str]:
    return {state: _address(found, state=state) for state in STATES}


def _address(found: Survey, **filters: str) -> str:
    return f"{reverse('surveys:quality', args=[found.slug])}?{urlencode(filters)}"


def names_for(found: Survey) -> Names:
    raw = current_version(found.pk).definition
    return names_before(raw) if is_outline(raw) else Names({}, {})


@staff_with(LOOK, DECIDE)
@require_POST
def decide(request: SignedInRequest, slug: UUID) -> HttpResponse:
    """One decision about the responses that were ticked, or about one."""
    found = survey_of(slug)
    form = DecisionForm(request.POST)
    keys = [key for key in request.POST.getlist("response") if _is_key(key)][:MOST_AT_ONCE]
    visible = Response.objects.visible_to(request.user).filter(survey=found, key__in=keys)
    chosen = list(visible.values_list("pk", flat=True))
    reason = request.POST.get("reason", "")
    if not chosen or not form.is_valid():
        return _page(request, found, _("Tick the responses that you decide about."), reason)
    try:
        n = decide_about(
            chosen,
            Verdict(form.cleaned_data["verdict"]),
            reason=form.cleaned_data["reason"],
            by=request.user,
        )
    except DomainError as refusal:
        if "one" in request.POST:
            toast(request, str(refusal.message))
            return redirect(_back(request, found))
        return _page(request, found, str(refusal.message), reason)
    toast(request, _said(form.cleaned_data["verdict"], n))
    return redirect(_back(request, found))


def _is_key(written: str) -> bool:
    try:
        UUID(written)
    except ValueError:
        return False
    return True


def _said(verdict: str, n: int) -> str:
    if verdict == Verdict.COUNT:
        return ngettext("%(n)s response counts.", "%(n)s responses count.", n) % {"n": n}
    if verdict == Verdict.LEAVE_OUT:
        words = ngettext(
            "%(n)s response does not count any more.",
            "%(n)s responses do not count any more.",
            n,
        )
        return words % {"n": n}
    return ngettext(
        "The decision about %(n)s response was taken back.",
        "The decisions about %(n)s responses were taken back.",
        n,
    ) % {"n": n}


def _back(request: HttpRequest, found: Survey) -> str:
    url = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(url, allowed_hosts=None):
        return url
    return reverse("surveys:quality", args=[found.slug])


@staff_with(LOOK, CHANGE)
@require_http_methods(["GET", "POST"])
def quality_rules(request: SignedInRequest, slug: UUID) -> HttpResponse:
    """From where on something is flagged, and what becomes of it."""
    found = survey_of(slug)
    data = request.POST if request.method == "POST" else None
    rules = QualityRules.objects.filter(survey=found).first() or QualityRules(survey=found)
    rules.survey = found
    names = names_for(found)
    form = QualityRulesForm(data, instance=rules)
    entries, typed = contradictions_form(rules, names, data)
    is_sent = data is not None and data.get("do", "save") == "save"
    status = 200
    if is_sent:
        fit = ensure_they_can_be_asked(entries, names)
        if form.is_valid() and fit:
            form.instance.contradictions = typed
            save_quality_rules(form.instance)
            toast(request, _("Saved. All responses are looked at again by these rules."))
            return redirect("surveys:quality", slug=slug)
        status = 422
    context = {"survey": found, "form": form, "entries": entries, "can_name": bool(names.holds)}
    return render(request, "surveys/quality/rules.html", context, status=status)


@staff_with(LOOK, CHANGE)
@require_POST
def check_again(request: SignedInRequest, slug: UUID) -> HttpResponse:
    found = survey_of(slug)
    order_checks(found.pk)
    toast(request, _("All responses are looked at again in the background."))
    return redirect("surveys:quality", slug=slug)


def check_shown(response: Response, names: Names | None = None) -> dict[str, Any]:
    """What the page of one response says about its quality."""
    check = QualityCheck.objects.select_related("decided_by").filter(response=response).first()
    return {
        "check": check,
        "reasons": reasons_of(check.found, names) if check else [],
        "decisions": list(response.decisions.select_related("by")) if check else [],
    }
