"""Settings: mail on its way out, and what keeps it from leaving."""

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from accounts.access import SignedInRequest, staff_with
from accounts.enums import OutgoingState
from accounts.forms.outgoing import OutgoingFilterForm, ReleaseForm
from accounts.models import OutgoingMessage
from accounts.selectors.mail_limits import stop_in_force
from accounts.selectors.outgoing import outgoing_mails, waiting_counts
from accounts.services.mail_queue import (
    Waiting,
    cancel_mail,
    hold_queue,
    present_queue,
    release_queue,
    try_now,
)
from accounts.services.outbox import send_again
from config.kernel.errors import DomainError
from config.kernel.http import safe_next, toast

LOOK, CHANGE = "accounts.view_outgoingmessage", "accounts.change_outgoingmessage"
STOP = "accounts.change_maillimits"
A_PAGE = 50


@staff_with(LOOK)
@never_cache
@require_GET
def outgoing(request: SignedInRequest) -> HttpResponse:
    filters = OutgoingFilterForm(request.GET)
    chosen = filters.cleaned_data if filters.is_valid() else {"state": "", "q": ""}
    named = request.user.has_perm("accounts.view_customer")
    mails = outgoing_mails(state=chosen["state"], words=chosen["q"], by_address=named)
    context = {
        **held_back_card(request),
        "filters": filters,
        "is_narrowed": any(chosen.values()),
        "page": Paginator(mails, A_PAGE).get_page(request.GET.get("page")),
    }
    status = 422 if filters.errors else 200
    return render(request, "accounts/outgoing.html", context, status=status)


def held_back_card(request: SignedInRequest) -> dict[str, Any]:
    """What accounts/_held_back.html needs, on whichever page it stands."""
    counts = waiting_counts()
    return {
        "queue": present_queue(),
        "stop": stop_in_force(),
        "release": ReleaseForm(),
        "counts": [(one, one.label, counts[one]) for one in OutgoingState if one in counts],
        "may_change": request.user.has_perm(CHANGE),
        "may_stop": request.user.has_perm(STOP),
        "here": request.path,
    }


@staff_with(CHANGE)
@require_POST
def change_outgoing(request: SignedInRequest, pk: int, what: str) -> HttpResponse:
    """again, cancel."""
    mail = get_object_or_404(OutgoingMessage.objects.only("pk"), pk=pk)
    try:
        match what:
            case "again":
                send_again(mail.pk)
                toast(request, _("It is being sent again, under the same Message-ID."))
            case "cancel":
                cancel_mail(mail.pk)
                toast(request, _("It will not be sent."))
            case _:
                raise Http404
    except DomainError as refusal:
        toast(request, refusal.message)
    return redirect("accounts:outgoing")


@staff_with(CHANGE)
@require_POST
def change_mail_queue(request: SignedInRequest, what: str) -> HttpResponse:
    """hold, release, try."""
    match what:
        case "hold":
            hold_queue(by=request.user)
            toast(request, _("No mail leaves until you let it go."))
        case "release":
            form = ReleaseForm(request.POST)
            if not form.is_valid():
                raise Http404
            count = release_queue(waiting=Waiting(form.cleaned_data["waiting"]))
            text = ngettext(
                "Mail leaves again; %(n)d that waited was cancelled.",
                "Mail leaves again; %(n)d that waited were cancelled.",
                count,
            )
            toast(request, text % {"n": count})
        case "try":
            try_now()
            toast(request, _("It is tried again within seconds."))
        case _:
            raise Http404
    return redirect(safe_next(request, reverse("accounts:outgoing")))
