"""Settings: what the system does by itself, tried before it goes live, and what it did."""

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import SignedInRequest, staff_with
from config.kernel.errors import DomainError
from config.kernel.http import toast
from feedback.forms.automation import ActionRows, AutomationRuleForm
from feedback.models import AutomationPause, AutomationRule, Feedback
from feedback.rules.actions import Choices
from feedback.selectors.automation import (
    automation_rules,
    automation_runs,
    read_automations,
    run_lines,
)
from feedback.services.automation import resume_automation
from feedback.services.automation_rules import (
    TRIED_ON,
    move_automation,
    remove_automation,
    save_automation,
    switch_automation,
    try_automation,
)

LOOK, EDIT = "feedback.view_automationrule", "feedback.change_automationrule"
ADD, REMOVE = "feedback.add_automationrule", "feedback.delete_automationrule"
RUNS_A_PAGE = 50


def _rights(request: SignedInRequest) -> dict[str, bool]:
    return {
        "may_edit": request.user.has_perm(EDIT),
        "may_add": request.user.has_perm(ADD),
        "may_remove": request.user.has_perm(REMOVE),
    }


@staff_with(LOOK)
@require_GET
def automation(request: SignedInRequest) -> HttpResponse:
    """The rules in the order in which they are asked."""
    context = {"rules": automation_rules(), **_rights(request)}
    return render(request, "feedback/automation.html", context)


@staff_with(ADD)
@require_http_methods(["GET", "POST"])
def new_automation(request: SignedInRequest) -> HttpResponse:
    return _edit(request, AutomationRule())


@staff_with(EDIT)
@require_http_methods(["GET", "POST"])
def edit_automation(request: SignedInRequest, pk: int) -> HttpResponse:
    return _edit(request, get_object_or_404(AutomationRule.objects.in_order(), pk=pk))


def _edit(request: SignedInRequest, rule: AutomationRule) -> HttpResponse:
    choices = Choices()
    was_active = rule.is_active
    form = AutomationRuleForm(request.POST or None, instance=rule)
    posted = request.method == "POST"
    rows = ActionRows.sent(request.POST, choices) if posted else ActionRows(rule.actions, choices)
    if posted and "change" in request.POST:
        # A row more or less: nothing is saved, and nothing is wrong yet.
        form.full_clean()
        form.errors.clear()
    elif form.is_valid():
        form.instance.actions = rows.raw
        try:
            saved = save_automation(form.instance)
        except DomainError as refusal:
            form.add_error(None, str(refusal.message))
        else:
            if was_active and not saved.is_active:
                toast(request, _("Saved, and switched off until you tried it again."))
            else:
                toast(request, _("Saved."))
            return redirect("feedback:automation_rule", saved.pk)
    status = 422 if form.errors else 200
    context = {"form": form, "rule": rule if rule.pk else None, "actions": rows}
    return render(request, "feedback/automation_edit.html", context, status=status)


@staff_with(LOOK)
@require_GET
def automation_rule(request: SignedInRequest, pk: int) -> HttpResponse:
    """One rule in words, and what it did last."""
    rule = get_object_or_404(AutomationRule.objects.in_order(), pk=pk)
    return render(request, "feedback/automation_rule.html", _about(request, rule))


def _about(request: SignedInRequest, rule: AutomationRule) -> dict[str, Any]:
    (one,) = read_automations([rule])
    runs = run_lines(automation_runs(request.user, rule=rule.pk)[:10])
    return {"one": one, "rule": rule, "runs": runs, "most": TRIED_ON, **_rights(request)}


@staff_with(EDIT)
@require_POST
def try_rule(request: SignedInRequest, pk: int) -> HttpResponse:
    """What it would do with the last records: done for each, and taken back."""
    rule = get_object_or_404(AutomationRule.objects.in_order(), pk=pk)
    try:
        trial = try_automation(rule, by=request.user)
    except DomainError as refusal:
        toast(request, str(refusal.message))
        return redirect("feedback:automation_rule", rule.pk)
    context = _about(request, rule) | {"trial": trial}
    return render(request, "feedback/automation_rule.html", context)


@staff_with(EDIT)
@require_POST
def change_automation(request: SignedInRequest, pk: int, what: str) -> HttpResponse:
    """up, down (its place in the order), on, off, remove."""
    rule = get_object_or_404(AutomationRule.objects.in_order(), pk=pk)
    try:
        match what:
            case "up" | "down":
                move_automation(rule, earlier=what == "up")
            case "on" | "off":
                switch_automation(rule, on=what == "on")
            case "remove" if request.user.has_perm(REMOVE):
                gone = remove_automation(rule)
                toast(request, _("Deleted.") if gone else _("Archived."))
            case _:
                raise Http404
    except DomainError as refusal:
        toast(request, str(refusal.message))
        return redirect("feedback:automation_rule", rule.pk)
    return redirect("feedback:automation")


@staff_with(LOOK)
@require_GET
def automation_log(request: SignedInRequest) -> HttpResponse:
    """What rules did, newest first; and the records that they leave alone."""
    chosen = request.GET.get("rule", "")
    rule = int(chosen) if chosen.isascii() and chosen.isdigit() and len(chosen) < 10 else None
    failed = "failed" in request.GET
    runs = automation_runs(request.user, rule=rule, failed=failed)
    page = Paginator(runs, RUNS_A_PAGE).get_page(request.GET.get("page"))
    visible = Feedback.objects.visible_to(request.user)
    paused = AutomationPause.objects.on().filter(feedback__in=visible.values("pk"))
    context = {
        "page": page,
        "lines": run_lines(page),
        "failed": failed,
        "rule": rule,
        "paused": paused.select_related("feedback").order_by("-at")[:RUNS_A_PAGE],
        **_rights(request),
    }
    return render(request, "feedback/automation_log.html", context)


@staff_with(EDIT)
@require_POST
def resume(request: SignedInRequest, number: int) -> HttpResponse:
    """Rules may act on this record again."""
    feedback = get_object_or_404(Feedback.objects.visible_to(request.user), number=number)
    resume_automation(feedback.pk, by=request.user)
    toast(request, _("Rules may act on #%(number)d again.") % {"number": feedback.number})
    return redirect("feedback:automation_log")
