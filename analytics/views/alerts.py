"""Alerts: the list, one of them, and what is done about it."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET, require_POST

from accounts.access import SignedInRequest, covers_of, staff_with
from accounts.models import User
from analytics.charts.figure import figure
from analytics.enums import AlertKind, Dismissal
from analytics.forms.alerts import DismissForm
from analytics.models import Alert
from analytics.selectors.alerts.listed import (
    ALL,
    OPEN,
    OVER,
    AlertChoice,
    chosen_alerts,
    counts_of,
    read_alert_choice,
)
from analytics.selectors.alerts.page import chart_of, figures_of, moved_of, row_now
from analytics.selectors.alerts.wording import label_of, sentence_of, title_of, titles_of
from analytics.services.alerts import acknowledge_alert, dismiss_alert, take_back_dismissal
from analytics.views.evidence_rows import evidence_rows
from analytics.views.improvement import ADD_EVIDENCE, WRITE
from analytics.views.listing import links, menu, unknown
from config.kernel.errors import DomainError
from config.kernel.paging import CappedPaginator
from feedback.errors import FilterNotKnown
from feedback.selectors.further_filters import SEES_CUSTOMERS

READ = "analytics.view_alert"
CHANGE = "analytics.change_alert"
RULES = "analytics.view_alertrule"
A_PAGE, SHOWN = 50, 8
TONES = {
    AlertKind.METRIC: "blue",
    AlertKind.NEGATIVE: "red",
    AlertKind.TOPIC: "violet",
    AlertKind.CUSTOMER: "amber",
}
ICONS = {
    AlertKind.METRIC: "chart-line",
    AlertKind.NEGATIVE: "frown",
    AlertKind.TOPIC: "shapes",
    AlertKind.CUSTOMER: "user-round",
}


@staff_with(READ)
@require_GET
def alerts(request: SignedInRequest) -> HttpResponse:
    given = request.GET.dict()
    try:
        choice = read_alert_choice(given)
    except FilterNotKnown as refusal:
        return unknown(request, refusal, "alerts")
    found = chosen_alerts(request.user, choice).select_related(
        "topic", "team", "customer", "acknowledged_by", "problem"
    )
    page = CappedPaginator(found, A_PAGE).get_page(request.GET.get("page"))
    titles = titles_of(page.object_list)
    kinds = [("", _("All kinds")), *AlertKind.choices]
    context = {
        "page": page,
        "rows": [(one, titles[one.pk], _look(one)) for one in page.object_list],
        "choice": choice,
        "tabs": _tabs(request.user, choice, given),
        "menus": [menu("kind", _("Kind"), "list-filter", kinds, given)],
    }
    return render(request, "analytics/alerts/list.html", context)


def _tabs(user: User, choice: AlertChoice, given: Mapping[str, str]) -> list[dict[str, Any]]:
    counts = counts_of(user, choice.kind)
    labels = [
        (OPEN, pgettext("alerts", "Open")),
        (OVER, pgettext("alerts", "Over")),
        (ALL, pgettext("alerts", "All")),
    ]
    tabs = zip(labels, links("state", labels, given), strict=True)
    return [{**tab, "count": counts[state]} for (state, _label), tab in tabs]


def _look(alert: Alert) -> dict[str, str]:
    kind = AlertKind(alert.kind)
    return {"tone": TONES[kind], "icon": ICONS[kind], "sentence": sentence_of(alert)}


@staff_with(READ)
@require_GET
def alert(request: SignedInRequest, alert_id: int) -> HttpResponse:
    one = alert_or_404(request.user, alert_id)
    return render(request, "analytics/alerts/alert.html", _context(request, one))


def _context(request: SignedInRequest, one: Alert) -> dict[str, Any]:
    now, user = timezone.now(), request.user
    chart = chart_of(one, user, now)
    seen = one.evidence.visible_to(user)
    may_make = user.has_perm(WRITE) or user.has_perm(ADD_EVIDENCE)
    source = urlencode({"from": "alert", "list": str(one.pk)})
    sees_customers, rule = user.has_perm(SEES_CUSTOMERS), one.rule
    says_rule = sees_customers or not rule.names_customers
    problem = one.problem
    if (
        problem is not None
        and not type(problem).objects.visible_to(user).filter(pk=problem.pk).exists()
    ):
        problem = None
    return {
        "alert": one,
        "title": title_of(one),
        "look": _look(one),
        "customer": one.customer if sees_customers else None,
        "rule": label_of(rule) if says_rule else rule.get_kind_display(),
        "figures": figures_of(one),
        "chart": figure(chart, wide=True) if chart else "",
        "now": row_now(one, user, now),
        "moved": moved_of(one, with_customers=sees_customers),
        "evidence": evidence_rows(seen, covers_of(request).in_lists, SHOWN),
        "evidence_count": seen.count(),
        "problem": problem,
        "problem_url": f"{reverse('analytics:new_problem')}?{source}" if may_make else "",
        "may_change": user.has_perm(CHANGE),
        "may_see_rules": user.has_perm(RULES),
        "dismiss_form": DismissForm(),
    }


@staff_with(READ)
@require_GET
def alert_evidence(request: SignedInRequest, alert_id: int) -> HttpResponse:
    """All that was counted and that one may see."""
    one = alert_or_404(request.user, alert_id)
    seen = one.evidence.visible_to(request.user)
    page = CappedPaginator(seen, A_PAGE).get_page(request.GET.get("page"))
    cover = covers_of(request).in_lists
    rows = evidence_rows(seen.filter(pk__in=[each.pk for each in page.object_list]), cover, A_PAGE)
    context = {"alert": one, "title": title_of(one), "page": page, "rows": rows}
    return render(request, "analytics/alerts/evidence.html", context)


@staff_with(READ, CHANGE)
@require_POST
def acknowledge(request: SignedInRequest, alert_id: int) -> HttpResponse:
    acknowledge_alert(alert_or_404(request.user, alert_id).pk, by=request.user)
    messages.success(request, _("You take care of it."))
    return redirect("analytics:alert", alert_id)


@staff_with(READ, CHANGE)
@require_POST
def dismiss(request: SignedInRequest, alert_id: int) -> HttpResponse:
    """With a reason; or taken back."""
    one = alert_or_404(request.user, alert_id)
    if "back" in request.POST:
        take_back_dismissal(one.pk)
        messages.success(request, _("It is open again."))
        return redirect(one)
    form = DismissForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("This cannot be chosen here."))
        return redirect(one)
    why, note = Dismissal(form.cleaned_data["why"]), form.cleaned_data["note"]
    try:
        dismiss_alert(one.pk, by=request.user, why=why, note=note)
    except DomainError as refusal:
        messages.error(request, str(refusal.message))
    else:
        messages.success(request, _("Dismissed. Nobody is told of it again."))
    return redirect(one)


def alert_or_404(user: User, pk: int) -> Alert:
    found = Alert.objects.visible_to(user).select_related(
        "rule", "topic", "team", "customer__owner", "acknowledged_by", "dismissed_by", "problem"
    )
    try:
        return found.get(pk=pk)
    except (Alert.DoesNotExist, OverflowError) as gone:
        raise Http404 from gone
