"""Making one customer of two: choose, look at both, say so by name."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import SignedInRequest, staff_with
from accounts.models import Customer
from accounts.services.merging import is_verified, merge_customers, separate_customers
from config.kernel.errors import DomainError
from config.kernel.http import toast
from config.kernel.numbers import row_id
from feedback.models import Feedback
from feedback.selectors.customers import found_by

MERGE = ("accounts.change_customer", "accounts.view_every_team")
FOUND_AT_MOST = 10


def _known() -> Any:
    rows = Customer.objects.known().select_related("organisation", "owner")
    return rows.prefetch_related("contact_points")


@staff_with(*MERGE)
@require_http_methods(["GET", "POST"])
def merge_customer(request: SignedInRequest, pk: int) -> HttpResponse:
    """`pk` goes, `into` stays. It moves records of all teams, so it is for who sees them all."""
    gone = get_object_or_404(_known(), pk=pk)
    given = request.POST if request.method == "POST" else request.GET
    into = row_id(given.get("into", ""))
    kept = _known().filter(pk=into).exclude(pk=gone.pk).first() if into else None
    if kept is None:
        return _choose(request, gone)
    context = _both(gone, kept)
    if request.method != "POST":
        return render(request, "feedback/merge_customers.html", context)
    try:
        merge_customers(
            gone.pk,
            into_id=kept.pk,
            by=request.user,
            both_are_verified=request.POST.get("verified") == "1",
        )
    except DomainError as refusal:
        context["refusal"] = str(refusal.message)
        return render(request, "feedback/merge_customers.html", context, status=409)
    undo = reverse("feedback:separate_customer", args=[gone.pk])
    toast(request, _("They are one customer now."), undo_url=undo)
    return redirect("feedback:customer", pk=kept.pk)


@staff_with(*MERGE)
@require_POST
def separate_customer(request: SignedInRequest, pk: int) -> HttpResponse:
    """Take back that `pk` was merged into another customer."""
    gone = get_object_or_404(Customer, pk=pk)
    try:
        separate_customers(gone.pk, by=request.user)
    except DomainError as refusal:
        messages.error(request, str(refusal.message))
        return redirect("feedback:customer", pk=gone.merged_into_id or gone.pk)
    messages.success(request, _("They are two customers again."))
    return redirect("feedback:customer", pk=gone.pk)


def _choose(request: SignedInRequest, gone: Customer) -> HttpResponse:
    words = request.GET.get("q", "").strip()[:100]
    found = found_by(words).for_list().exclude(pk=gone.pk)[:FOUND_AT_MOST] if words else []
    context = {"gone": gone, "kept": None, "words": words, "found": found}
    status = 422 if request.method == "POST" else 200
    return render(request, "feedback/merge_customers.html", context, status=status)


def _both(gone: Customer, kept: Customer) -> dict[str, Any]:
    sides = [
        {
            "one": one,
            "records": Feedback.objects.filter(customer=one).count(),
            "is_verified": is_verified(one),
            "stays": one is kept,
        }
        for one in (gone, kept)
    ]
    return {
        "gone": gone,
        "kept": kept,
        "sides": sides,
        "both_verified": all(side["is_verified"] for side in sides),
    }
