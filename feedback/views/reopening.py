"""Settings: what becomes of a settled record when its customer writes again."""

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.access import SignedInRequest, staff_with
from accounts.models import Team
from config.kernel.errors import DomainError
from config.kernel.http import toast
from feedback.enums import OnAnswer
from feedback.forms.reopening import ReopeningForm
from feedback.models import ReopenPolicy
from feedback.rules.reopening import USUAL_DAYS
from feedback.selectors.reopening import CHANGE, may_set_rule, rules_of_teams
from feedback.services.reopening import forget_reopening, set_reopening
from feedback.views.workflow_tabs import workflow_tabs

LOOK = "feedback.view_reopenpolicy"


@staff_with(LOOK)
@require_GET
def reopening(request: SignedInRequest) -> HttpResponse:
    """The rule of each team, and that for all others."""
    context = {
        "rules": rules_of_teams(request.user),
        "tabs": workflow_tabs(request.user, "reopening"),
    }
    return render(request, "feedback/reopening.html", context)


@staff_with(CHANGE)
@require_http_methods(["GET", "POST"])
def edit_reopening(request: SignedInRequest, pk: int | None = None) -> HttpResponse:
    """Of the team `pk`; without one, for all others."""
    team = None if pk is None else get_object_or_404(Team.objects.active(), pk=pk)
    if not may_set_rule(request.user, team):
        raise PermissionDenied
    if team is not None and "forget" in request.POST:
        forget_reopening(team)
        toast(request, _("The team goes by the rule for all others."))
        return redirect("feedback:reopening")
    stored = ReopenPolicy.objects.filter(team=team).first()
    usual = stored or ReopenPolicy.objects.filter(team=None).first()
    row = usual or ReopenPolicy(on_answer=OnAnswer.WITHIN, days=USUAL_DAYS)
    form = ReopeningForm(request.POST or None, row=row)
    if form.is_valid():
        try:
            set_reopening(team, **form.cleaned_data)
        except DomainError as refusal:
            form.add_error(None, str(refusal.message))
        else:
            toast(request, _("Saved."))
            return redirect("feedback:reopening")
    context = {"form": form, "team": team, "has_own": bool(stored)}
    status = 422 if form.errors else 200
    return render(request, "feedback/reopening_edit.html", context, status=status)
