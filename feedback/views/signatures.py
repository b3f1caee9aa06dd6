"""What stands below answers: one's own signature, and those of the teams that one leads."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import SignedInRequest, staff_with
from accounts.models import Team
from config.kernel.http import toast
from feedback.forms.signatures import SignatureForm
from feedback.models import Signature
from feedback.rules.placeholders import VARIABLES
from feedback.selectors.signatures import teams_signed_for
from feedback.services.signatures import save_signature
from feedback.views.records import REPLY
from feedback.views.reply_templates import tried


@staff_with(REPLY)
@require_http_methods(["GET", "POST"])
def signatures(request: SignedInRequest) -> HttpResponse:
    """One's own; and a list of the teams whose signature one may write."""
    teams = list(teams_signed_for(request.user))
    written = {one.team_id: one for one in Signature.objects.filter(team__in=teams)}
    own = Signature.objects.filter(user=request.user).first()
    return _edit(
        request,
        own,
        {"user": request.user},
        "feedback/signatures.html",
        teams=[(team, written.get(team.pk)) for team in teams],
    )


@staff_with(REPLY)
@require_http_methods(["GET", "POST"])
def team_signature(request: SignedInRequest, pk: int) -> HttpResponse:
    team: Team = get_object_or_404(teams_signed_for(request.user), pk=pk)
    signature = Signature.objects.filter(team=team).first()
    page = "feedback/team_signature.html"
    return _edit(request, signature, {"team": team}, page, team=team)


def _edit(
    request: SignedInRequest,
    signature: Signature | None,
    whose: dict[str, Any],
    page: str,
    **more: Any,
) -> HttpResponse:
    form = SignatureForm.of(signature, request.POST or None)
    if form.is_valid() and request.POST.get("do") != "try":
        save_signature(**whose, **form.cleaned_data)
        toast(request, _("Saved."))
        return redirect("feedback:signatures")
    texts = request.POST or {name: form[name].value() for name in ("body_zh", "body_en")}
    context = {
        "form": form,
        "variables": [("{{ " + name + " }}", label) for name, label in VARIABLES.items()],
        **tried(request, texts),
        **more,
    }
    status = 422 if form.is_bound and form.errors else 200
    return render(request, page, context, status=status)
