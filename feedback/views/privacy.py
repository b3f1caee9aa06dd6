"""Copies of a customer's data, anonymising, erasing: asked for, decided, fetched."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import SignedInRequest, staff_with
from accounts.enums import PrivacyKind, PrivacyState
from accounts.errors import HoldUnexplained
from accounts.models import Customer, PrivacyRequest
from accounts.services.privacy import ask_for, decide, set_legal_hold
from accounts.services.privacy_keepers import held_of, rows_of
from config.kernel.errors import DomainError
from feedback.forms.privacy import PrivacyForm

# It is about records of all teams, so it is for who sees them all.
EVERY_TEAM = "accounts.view_every_team"
SEE = ("accounts.view_privacyrequest", EVERY_TEAM)
ASK = ("accounts.add_privacyrequest", EVERY_TEAM)
DECIDE = ("accounts.change_privacyrequest", EVERY_TEAM)
PAGE_SIZE = 25


@staff_with(*SEE)
@require_GET
def privacy_requests(request: SignedInRequest) -> HttpResponse:
    rows = PrivacyRequest.objects.select_related("customer", "requested_by", "approved_by")
    page = Paginator(rows.order_by("-pk"), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {"page": page, "may_decide": request.user.has_perms(DECIDE)}
    return render(request, "feedback/privacy_requests.html", context)


@staff_with(*ASK)
@require_http_methods(["GET", "POST"])
def ask_privacy(request: SignedInRequest, pk: int) -> HttpResponse:
    """Export, anonymise or erase everything about one customer."""
    customer = get_object_or_404(Customer.objects.known(), pk=pk)
    initial = {"kind": request.GET.get("kind", PrivacyKind.EXPORT)}
    form = PrivacyForm(request.POST or None, customer=customer, initial=initial)
    if form.is_valid():
        kind = PrivacyKind(form.cleaned_data["kind"])
        try:
            made = ask_for(pk, kind, by=request.user, reason=form.cleaned_data["reason"])
        except DomainError as refusal:
            form.add_error(None, str(refusal.message))
        else:
            waits = made.state == PrivacyState.WAITING
            words = _("A second person has to agree now.") if waits else _("It is under way.")
            messages.success(request, words)
            return redirect("feedback:privacy_requests")
    status = 422 if form.is_bound else 200
    context = {"customer": customer, "form": form, "held": held_of(rows_of(customer))}
    return render(request, "feedback/privacy_ask.html", context, status=status)


@staff_with(*DECIDE)
@require_POST
def decide_privacy(request: SignedInRequest, pk: int) -> HttpResponse:
    """A second person agrees (`agree=1`) or refuses."""
    wanted = get_object_or_404(PrivacyRequest, pk=pk)
    agrees = request.POST.get("agree") == "1"
    try:
        decide(wanted.pk, by=request.user, agrees=agrees)
    except DomainError as refusal:
        messages.error(request, str(refusal.message))
    else:
        messages.success(request, _("It is under way.") if agrees else _("Refused."))
    return redirect("feedback:privacy_requests")


@staff_with(*DECIDE)
@require_POST
def legal_hold(request: SignedInRequest, pk: int) -> HttpResponse:
    """Set (`hold=1`) or lift the hold that keeps a customer's data."""
    customer = get_object_or_404(Customer.objects.known(), pk=pk)
    held = request.POST.get("hold") == "1"
    reason = request.POST.get("reason", "")
    if held and not reason.strip():
        messages.error(request, str(HoldUnexplained().message))
        return redirect("feedback:customer", pk=pk)
    set_legal_hold(customer.pk, held=held, by=request.user, reason=reason)
    words = _("Their data are kept now.") if held else _("The hold is lifted.")
    messages.success(request, words)
    return redirect("feedback:customer", pk=pk)


@staff_with(*SEE)
@require_GET
def privacy_file(request: SignedInRequest, pk: int) -> HttpResponse:
    """The archive, for the person who asked for it and nobody else, while it lasts."""
    wanted = get_object_or_404(PrivacyRequest, pk=pk, requested_by=request.user)
    if not wanted.is_ready:
        raise Http404
    with wanted.file.open("rb") as file:
        response = HttpResponse(file.read(), content_type="application/zip")
    name = f"customer-{wanted.customer_id}-{wanted.requested_at:%Y%m%d}.zip"
    response["Content-Disposition"] = content_disposition_header(True, name) or ""
    response["Cache-Control"] = "private, no-store"
    return response
