"""Settings: where new feedback goes, and how teams give it out; and taking the next record."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import SignedInRequest, staff_with
from config.kernel.errors import DomainError
from config.kernel.http import toast
from feedback.forms.routing import RoutingRuleForm, TeamDistributionForm
from feedback.models import RoutingRule
from feedback.selectors.distribution import members_with_skills, team_lines, teams_to_edit
from feedback.selectors.routing import ReadRule, routing_rules
from feedback.selectors.routing_preview import RECORDS, Preview, preview_of, preview_with
from feedback.selectors.routing_reach import reach_of, rule_lines
from feedback.services.claiming import claim_next
from feedback.services.routing_rules import (
    distribution_of,
    move_rule,
    remove_rule,
    save_distribution,
    save_rule,
    switch_rule,
)
from feedback.views.records import CHANGE

LOOK, EDIT = "feedback.view_routingrule", "feedback.change_routingrule"
ADD, REMOVE = "feedback.add_routingrule", "feedback.delete_routingrule"
LOOK_AT_TEAMS = "feedback.view_teamdistribution"
EDIT_TEAMS = "feedback.change_teamdistribution"


@staff_with(LOOK, LOOK_AT_TEAMS)
@require_GET
def routing(request: SignedInRequest) -> HttpResponse:
    """The rules in the order in which they are asked, and the ways of the teams."""
    context = {
        "rules": rule_lines(request.user, edits=request.user.has_perm(EDIT)),
        "teams": team_lines(request.user),
        "may_edit": request.user.has_perm(EDIT),
        "sees_all": request.user.has_perm("accounts.view_every_team"),
        "may_add": request.user.has_perm(ADD),
        "may_remove": request.user.has_perm(REMOVE),
        "may_edit_teams": request.user.has_perm(EDIT_TEAMS),
    }
    return render(request, "feedback/routing.html", context)


@staff_with(LOOK)
@require_GET
def preview(request: SignedInRequest) -> HttpResponse:
    """What the active rules would do with the feedback that came last."""
    rules = [one for one in routing_rules() if one.rule.is_active]
    context = _shown(preview_of(rules, request.user), rules)
    return render(request, "feedback/routing_preview.html", context)


def _shown(found: Preview, rules: list[ReadRule]) -> dict[str, Any]:
    return {
        "preview": found,
        "taken": [(one.rule, found.taken[one.rule.pk]) for one in rules],
        "most": RECORDS,
    }


@staff_with(ADD)
@require_http_methods(["GET", "POST"])
def new_rule(request: SignedInRequest) -> HttpResponse:
    return _edit(request, RoutingRule())


@staff_with(EDIT)
@require_http_methods(["GET", "POST"])
def edit_rule(request: SignedInRequest, pk: int) -> HttpResponse:
    rule = get_object_or_404(_rules(), pk=pk)
    if request.method == "GET" and (why := reach_of(request.user).why_not(rule)):
        toast(request, why)
        return redirect("feedback:routing")
    return _edit(request, rule)


def _rules() -> Any:
    return RoutingRule.objects.in_order().with_targets()


def _edit(request: SignedInRequest, rule: RoutingRule) -> HttpResponse:
    form = RoutingRuleForm(request.POST or None, instance=rule)
    context: dict[str, Any] = {"form": form, "rule": rule if rule.pk else None}
    if form.is_valid():
        if "preview" in request.POST:
            context |= _shown(*preview_with(form.instance, request.user))
        else:
            try:
                save_rule(form.instance, tags=form.cleaned_data["tags"], by=request.user)
            except DomainError as refusal:
                form.add_error(None, str(refusal.message))
            else:
                toast(request, _("Saved."))
                return redirect("feedback:routing")
    status = 422 if form.errors else 200
    return render(request, "feedback/routing_rule.html", context, status=status)


@staff_with(EDIT)
@require_POST
def change_rule(request: SignedInRequest, pk: int, what: str) -> HttpResponse:
    """up, down (its place in the order), on, off, remove."""
    rule = get_object_or_404(_rules(), pk=pk)
    try:
        match what:
            case "up" | "down":
                move_rule(rule, earlier=what == "up", by=request.user)
            case "on" | "off":
                switch_rule(rule, on=what == "on", by=request.user)
            case "remove" if request.user.has_perm(REMOVE):
                gone = remove_rule(rule, by=request.user)
                toast(request, _("Deleted.") if gone else _("Archived."))
            case _:
                raise Http404
    except DomainError as refusal:
        toast(request, str(refusal.message))
    return redirect("feedback:routing")


@staff_with(EDIT_TEAMS)
@require_http_methods(["GET", "POST"])
def team_distribution(request: SignedInRequest, pk: int) -> HttpResponse:
    """How one team gives out its records."""
    team = get_object_or_404(teams_to_edit(request.user), pk=pk)
    form = TeamDistributionForm(
        request.POST or None,
        instance=distribution_of(team),
        members=members_with_skills(team),
    )
    if form.is_valid():
        save_distribution(form.instance, skills=form.skills)
        toast(request, _("Saved."))
        return redirect("feedback:routing")
    status = 422 if form.errors else 200
    context = {"form": form, "team": team}
    return render(request, "feedback/team_distribution.html", context, status=status)


@staff_with(CHANGE)
@require_POST
def claim(request: SignedInRequest) -> HttpResponse:
    """Take the record that is due first of those that nobody has."""
    taken = claim_next(by=request.user)
    if taken is None:
        toast(request, _("Nothing waits for anybody: every open record has somebody."))
        return redirect("feedback:queue")
    toast(request, _("#%(number)d is yours.") % {"number": taken.number})
    return redirect(taken)
