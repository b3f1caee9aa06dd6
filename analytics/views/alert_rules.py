"""Rules of alerts: which there are, what each watches, and how often it would have told."""

from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import SignedInRequest, staff_with
from accounts.models import User
from analytics.enums import AlertKind
from analytics.forms.alerts import AlertRuleForm
from analytics.models import AlertRule
from analytics.selectors.alerts.listed import rules_of
from analytics.selectors.alerts.preview import Preview, preview_of
from analytics.selectors.alerts.wording import label_of
from analytics.selectors.window import today
from analytics.services.alert_rules import checked_rule, remove_rule, save_rule
from analytics.views.alerts import ICONS, RULES, TONES
from config.kernel.errors import DomainError
from config.kernel.http import toast
from feedback.errors import FilterNotKnown

CHANGE, ADD, DELETE = (f"analytics.{verb}_alertrule" for verb in ("change", "add", "delete"))


@staff_with(RULES)
@require_GET
def rules(request: SignedInRequest) -> HttpResponse:
    day = today(timezone.now())
    rows = [
        (one, label_of(one), TONES[AlertKind(one.kind)], ICONS[AlertKind(one.kind)],
         one.is_snoozed(day))
        for one in rules_of(request.user)
    ]  # fmt: skip
    context = {"rows": rows, "kinds": AlertKind.choices, "may_add": request.user.has_perm(ADD)}
    return render(request, "analytics/alerts/rules.html", context)


@staff_with(RULES, ADD)
@require_http_methods(["GET", "POST"])
def new_rule(request: SignedInRequest, kind: str) -> HttpResponse:
    if kind not in AlertKind.values:
        raise Http404
    return _page(request, AlertRule(kind=kind))


@staff_with(RULES, CHANGE)
@require_http_methods(["GET", "POST"])
def edit_rule(request: SignedInRequest, rule_id: int) -> HttpResponse:
    return _page(request, rule_or_404(request.user, rule_id))


@staff_with(RULES, DELETE)
@require_POST
def drop_rule(request: SignedInRequest, rule_id: int) -> HttpResponse:
    remove_rule(rule_or_404(request.user, rule_id).pk)
    toast(request, _("Deleted. The alerts that it raised stay."))
    return redirect("analytics:alert_rules")


def rule_or_404(user: User, pk: int) -> AlertRule:
    try:
        return AlertRule.objects.there().visible_to(user).get(pk=pk)
    except (AlertRule.DoesNotExist, OverflowError) as gone:
        raise Http404 from gone


def _page(request: SignedInRequest, rule: AlertRule) -> HttpResponse:
    form = AlertRuleForm(request.POST or None, rule=rule, user=request.user)
    preview: Preview | None = None
    if form.is_valid():
        try:
            if request.POST.get("do") == "preview":
                preview = _preview(request.user, rule, form.given)
            else:
                save_rule(rule.pk, by=request.user, kind=rule.kind, **form.given)
                toast(request, _("Saved."))
                return redirect("analytics:alert_rules")
        except DomainError as refusal:
            form.add_error(None, str(refusal.message))
        except ValidationError as refusal:
            form.add_error(None, refusal)
    context = {
        "form": form,
        "rule": rule,
        "title": label_of(rule) if rule.pk else str(AlertKind(rule.kind).label),
        "preview": preview,
    }
    status = 422 if form.errors else 200
    return render(request, "analytics/alerts/rule.html", context, status=status)


def _preview(user: User, rule: AlertRule, given: dict[str, Any]) -> Preview:
    """Of what was typed, saved or not."""
    tried = AlertRule.objects.get(pk=rule.pk) if rule.pk else AlertRule(kind=rule.kind)
    told = {name: value for name, value in given.items() if name not in {"people", "teams"}}
    tried = checked_rule(tried, by=user, **told)
    try:
        return preview_of(tried, timezone.now())
    except FilterNotKnown as unknown:
        raise ValidationError(str(unknown.message)) from unknown
