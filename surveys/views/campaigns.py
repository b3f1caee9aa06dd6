"""How far the invitations of a collector have come; pausing them, going on, stopping for good."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from accounts.access import SignedInRequest, staff_with
from accounts.selectors.mail_limits import stop_in_force
from accounts.services.mail_queue import present_queue
from config.kernel.errors import DomainError
from config.kernel.http import is_htmx, toast
from surveys.enums import MAILING_CHANNELS
from surveys.models import Collector
from surveys.selectors.campaigns import figures_in_words, progress_of
from surveys.services.campaigns import go_on_sending, pause_sending, stop_sending

CHANGE = "surveys.change_collector"


@staff_with("surveys.view_survey")
@never_cache
@require_GET
def campaign(request: SignedInRequest, slug: UUID, pk: int) -> HttpResponse:
    """The page; asked by htmx, only what changes on it."""
    collector = _collector(slug, pk)
    progress = progress_of(collector, request.user)
    context = {
        "collector": collector,
        "survey": collector.survey,
        "progress": progress,
        "rows": figures_in_words(progress),
        "queue": present_queue(),
        "stop": stop_in_force(),
        "sees_all": request.user.has_perm("accounts.view_every_team"),
        "may_change": request.user.has_perm(CHANGE),
    }
    name = "surveys/_campaign.html" if is_htmx(request) else "surveys/campaign.html"
    return render(request, name, context)


@staff_with("surveys.view_survey", CHANGE)
@require_POST
def change_campaign(request: SignedInRequest, slug: UUID, pk: int, what: str) -> HttpResponse:
    """pause, go-on, stop."""
    collector = _collector(slug, pk)
    try:
        match what:
            case "pause":
                pause_sending(collector.pk, by=request.user)
                toast(request, _("Paused: what has not left waits until you let it go on."))
            case "go-on":
                go_on_sending(collector.pk, by=request.user)
                toast(request, _("Invitations leave again."))
            case "stop":
                stop_sending(collector.pk, by=request.user)
                toast(request, _("Stopped: what has not left is cancelled."))
            case _:
                raise Http404
    except DomainError as refusal:
        toast(request, str(refusal.message))
    return redirect("surveys:campaign", slug=slug, pk=pk)


def _collector(slug: UUID, pk: int) -> Collector:
    mailing = Collector.objects.filter(channel__in=MAILING_CHANNELS)
    return get_object_or_404(
        mailing.select_related("survey", "sending_by"), pk=pk, survey__slug=slug
    )
