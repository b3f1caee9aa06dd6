"""Saying whether one takes new work: quickly in the account menu, at length on a page."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import SignedInRequest, staff_only
from accounts.enums import Availability
from accounts.forms.availability import AvailabilityForm
from accounts.services.availability import set_availability
from config.kernel.errors import DomainError
from config.kernel.http import safe_next, toast


@staff_only
@require_http_methods(["GET", "POST"])
def availability(request: SignedInRequest) -> HttpResponse:
    form = AvailabilityForm(request.POST or None, user=request.user)
    if form.is_valid():
        try:
            set_availability(request.user.pk, **form.cleaned_data)
        except DomainError as refusal:
            form.add_error(None, str(refusal.message))
        else:
            toast(request, _("Saved."))
            return redirect("accounts:availability")
    status = 422 if form.errors else 200
    return render(request, "accounts/availability.html", {"form": form}, status=status)


@staff_only
@require_POST
def switch(request: SignedInRequest) -> HttpResponse:
    """Away for a while, or back."""
    if request.user.is_available_now:
        set_availability(request.user.pk, availability=Availability.AWAY)
        toast(request, _("You are away: nothing new is given to you."))
    else:
        set_availability(request.user.pk, availability=Availability.AVAILABLE)
        toast(request, _("You are back: new records can be given to you."))
    return redirect(safe_next(request, reverse("home")))
