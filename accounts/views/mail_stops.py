"""Settings: what automatic mail waits or was held back, stopping all of it and going on."""

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.access import SignedInRequest, staff_with
from accounts.models import MailStop, OutgoingMessage
from accounts.selectors.held_back import held_back
from accounts.selectors.mail_limits import floods
from accounts.services.mail_stops import resume_automatic_mail, stop_automatic_mail
from accounts.views.mail_limits import CHANGE, mail_tabs
from accounts.views.outgoing import held_back_card
from config.kernel.errors import DomainError
from config.kernel.http import safe_next, toast

A_PAGE = 50
STOPS_SHOWN = 10


@staff_with(CHANGE)
@require_GET
def held(request: SignedInRequest) -> HttpResponse:
    """Whether automatic mail is stopped, what waits, and what was held back for good."""
    waiting = OutgoingMessage.objects.held().order_by("-pk")
    found = {
        **held_back_card(request),
        "page": Paginator(waiting, A_PAGE).get_page(request.GET.get("page")),
        "floods": floods(),
        "stops": MailStop.objects.exclude(resumed_at=None).select_related("resumed_by")[
            :STOPS_SHOWN
        ],
        "tabs": mail_tabs("mail_stops"),
    }
    return render(request, "accounts/mail_stops.html", found)


@staff_with(CHANGE)
@require_POST
def change(request: SignedInRequest, what: str) -> HttpResponse:
    """Stop automatic mail by hand, or let it go out again."""
    services = {"stop": stop_automatic_mail, "resume": resume_automatic_mail}
    if what not in services:
        raise Http404
    try:
        services[what](by=request.user)
    except DomainError as refusal:
        toast(request, str(refusal.message))
    else:
        stopped, goes_on = _("Automatic mail is stopped."), _("Automatic mail goes out again.")
        toast(request, stopped if what == "stop" else goes_on)
    return redirect(safe_next(request, reverse("accounts:mail_stops")))


@staff_with(CHANGE)
@require_GET
def notice(request: SignedInRequest) -> HttpResponse:
    """What every page fetches for those who can do something about it."""
    held = held_back()
    found = {"held": held, "is_told": held.is_worth_a_word()}
    return render(request, "accounts/_mail_stop_notice.html", found)
