"""The way out of surveys: one press, no login, also for mail programs (RFC 8058)."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from accounts.access import public
from config.kernel.headers import secret_address
from surveys.models import Invitation
from surveys.selectors.contact import has_stopped
from surveys.services.opting_out import allow_surveys, stop_surveys
from surveys.views.answering import turned_away
from surveys.views.language import chosen_language, speaking


# No CSRF token: mail programs post here, and the link itself says whose word it is.
@public
@secret_address
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """GET only shows: a scanner that follows the link signs nobody off. The way out stays open
    where the invitation was withdrawn after its mail had left, until its person is forgotten."""
    invitations = Invitation.objects.select_related("customer")
    invitation = invitations.of_token(token, also_withdrawn=True)
    if invitation is None or not invitation.address:
        return turned_away(request, None)
    return speaking(request, invitation.language, lambda: _page(request, invitation))


def _page(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    if request.method == "POST":
        if "again" in request.POST:
            allow_surveys(invitation.pk)
        else:
            stop_surveys(invitation.pk)
        if "List-Unsubscribe" in request.POST:
            return HttpResponse(status=200, content_type="text/plain")
        # By the link that was followed: a withdrawn one must not lead to the present one.
        return HttpResponseRedirect(f"{request.path}?lang={chosen_language()}")
    customer = invitation.customer
    context = {
        "invitation": invitation,
        "has_stopped": has_stopped(invitation),
        # Whoever does not want to hear from us at all said so elsewhere; this page cannot undo it.
        "can_return": customer is None or customer.do_not_contact_at is None,
    }
    return render(request, "surveys/answer/unsubscribe.html", context)
