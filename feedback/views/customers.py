"""One customer, and what staff may change about them."""

import re
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.db.models import Prefetch
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import SignedInRequest, staff_with
from accounts.enums import ConsentChannel
from accounts.errors import CustomerChanged
from accounts.models import ContactPoint, Customer, Organisation
from accounts.rules.custom_values import say_value
from accounts.selectors.custom_fields import field_book
from accounts.services import customers as services
from accounts.services.customer_tags import (
    add_customer_note,
    remove_customer_note,
    set_customer_tags,
)
from config.kernel.errors import DomainError
from config.kernel.http import is_htmx
from config.kernel.numbers import row_id
from feedback.forms.customers import (
    ConsentForm,
    ContactForm,
    CustomerForm,
    values_of,
)
from feedback.models import Feedback
from feedback.panels import facts_of
from feedback.selectors.custom_fields import groups_for_customer
from feedback.selectors.customer_story import story_of_customers
from feedback.selectors.customers import (
    consents_of,
    merges_into,
    preference_of,
)
from feedback.selectors.queue import queue_url
from feedback.selectors.record import feedback_of

READ = "accounts.view_customer"
CHANGE = "accounts.change_customer"
# It moves records of all teams, so it is for who sees them all.
MERGE = (CHANGE, "accounts.view_every_team")
HOLD = ("accounts.change_privacyrequest", "accounts.view_every_team")
ORGANISATIONS_OFFERED = 100
SHOWN = 1  # the story has them all; this counts
COMPACT = 8


def _customer(pk: int) -> Customer:
    points = ContactPoint.objects.order_by("kind", "-is_primary", "pk")
    known = Customer.objects.known().select_related("organisation", "owner")
    return get_object_or_404(
        known.prefetch_related("tags", Prefetch("contact_points", queryset=points)), pk=pk
    )


@staff_with(READ)
@require_GET
def customer(request: SignedInRequest, pk: int) -> HttpResponse:
    try:
        return _customer_page(request, _customer(pk))
    except Http404:
        gone = get_object_or_404(Customer, pk=pk, merged_into__erased_at=None)
        if gone.merged_into_id is None:
            raise
        messages.info(request, _("%(name)s was merged into this customer.") % {"name": gone})
        return redirect("feedback:customer", pk=gone.merged_into_id)


def _customer_page(
    request: SignedInRequest,
    one: Customer,
    *,
    contact: ContactForm | None = None,
    status: int = 200,
) -> HttpResponse:
    before = moment_of(request.GET.get("before", ""))
    context = {
        "customer": one,
        "told": feedback_of(Feedback.objects.filter(customer=one), request.user, limit=SHOWN),
        "all_url": queue_url(view="all", customer=one),
        "story": story_of_customers([one.pk], request.user, before=before),
        "is_older": before is not None,
        "preference": preference_of(one),
        "tag_names": sorted(tag.name for tag in one.tags.all()),
        "more_facts": facts_of(one, request.user),
        "consents": consents_of(one),
        "merges": merges_into(one),
        "customer_fields": groups_for_customer(one, field_book()),
        "contact": contact or ContactForm(),
        "ways": ConsentChannel.choices,
        "may_change": request.user.has_perm(CHANGE),
        "may_merge": request.user.has_perms(MERGE),
        "may_hold": request.user.has_perms(HOLD),
    }
    return render(request, "feedback/customer.html", context, status=status)


@staff_with(CHANGE)
@require_http_methods(["GET", "POST"])
def edit_customer(request: SignedInRequest, pk: int) -> HttpResponse:
    """Change what is known about a customer; 409 with both versions when somebody else did."""
    one = _customer(pk)
    form = CustomerForm.of(one, request.POST or None)
    context: dict[str, Any] = {"customer": one, "form": form, "organisations": _organisations()}
    if not form.is_valid():
        status = 422 if form.is_bound else 200
        return render(request, "feedback/customer_edit.html", context, status=status)
    try:
        services.update_customer(pk, **form.wanted)
    except CustomerChanged as stale:
        context |= {"sentence": stale.message, "both": _both(one, form)}
        context["now_seen"] = services.state_of_customer(one)
        return render(request, "feedback/customer_edit.html", context, status=409)
    messages.success(request, _("Saved."))
    return redirect("feedback:customer", pk=pk)


def _both(one: Customer, form: CustomerForm) -> list[tuple[Any, Any, Any]]:
    """Field, as it is now, as this person wants it: where they differ."""
    now = values_of(one)
    return [
        (form[name].label, now[name] or "–", form.cleaned_data[name] or "–")
        for name in now
        if now[name] != form.cleaned_data[name]
    ] + [
        (
            about.name,
            say_value(about, one.custom.get(about.code)) or "–",
            say_value(about, wanted) or "–",
        )
        for about in form.asked
        if one.custom.get(about.code) != (wanted := form.wanted["custom"].get(about.code))
    ]


def _organisations() -> list[str]:
    names = Organisation.objects.active().order_by("name").values_list("name", flat=True)
    return list(names[:ORGANISATIONS_OFFERED])


@staff_with(CHANGE)
@require_POST
def add_contact(request: SignedInRequest, pk: int) -> HttpResponse:
    one = _customer(pk)
    form = ContactForm(request.POST)
    if not form.is_valid():
        return _customer_page(request, one, contact=form, status=422)
    try:
        services.add_contact(one.pk, **form.cleaned_data)
    except DomainError as refusal:
        form.add_error("value", str(refusal.message))
        return _customer_page(request, one, contact=form, status=422)
    messages.success(request, _("Contact added."))
    return redirect("feedback:customer", pk=pk)


CONTACT_ACTIONS = {
    "primary": services.make_primary,
    "remove": services.remove_contact,
    "release": services.release_contact,
    "verify": services.mark_verified,
    "doubt": services.take_back_verified,
}


@staff_with(CHANGE)
@require_POST
def change_contact(request: SignedInRequest, pk: int, contact_id: int) -> HttpResponse:
    """Make a contact the first choice, note whether it is proven to be theirs, remove it, or use
    it again after mail came back."""
    one = _customer(pk)
    point = get_object_or_404(one.contact_points, pk=contact_id)
    action = CONTACT_ACTIONS.get(request.POST.get("do", ""))
    if action is None:
        messages.error(request, _("That cannot be done with a contact."))
    else:
        action(point.pk)
        messages.success(request, _("Saved."))
    return redirect("feedback:customer", pk=pk)


@staff_with(CHANGE)
@require_POST
def contacting(request: SignedInRequest, pk: int) -> HttpResponse:
    """The switch for people who asked to be left alone."""
    one = _customer(pk)
    if request.POST.get("stop") == "1":
        services.stop_contacting(one.pk)
        messages.success(request, _("They will not be asked or advertised to any more."))
    else:
        services.allow_contacting(one.pk)
        messages.success(request, _("They may be contacted again."))
    return redirect("feedback:customer", pk=pk)


@staff_with(CHANGE)
@require_POST
def consent(request: SignedInRequest, pk: int) -> HttpResponse:
    """Write down what a customer agreed to or withdrew when they spoke to us."""
    one = _customer(pk)
    form = ConsentForm(request.POST)
    if form.is_valid():
        told = form.cleaned_data | {
            "channel": form.cleaned_data["channel"] or ConsentChannel.STAFF
        }
        services.record_consent(one.pk, by=request.user, **told)
        messages.success(request, _("Saved."))
    else:
        messages.error(request, _("That is not something one can agree to."))
    return redirect("feedback:customer", pk=pk)


def moment_of(text: str) -> datetime | None:
    """The moment in an address; None for none, and for what is none."""
    try:
        moment = parse_datetime(text)
    except ValueError:
        return None
    return moment if moment is not None and moment.tzinfo is not None else None


@staff_with(READ)
@require_GET
def customer_story(request: SignedInRequest, pk: int) -> HttpResponse:
    """The compact story beside a conversation, fetched when it is opened."""
    one = _customer(pk)
    context = {
        "customer": one,
        "story": story_of_customers([pk], request.user, limit=COMPACT),
        "tag_names": sorted(tag.name for tag in one.tags.all()),
        "preference": preference_of(one),
    }
    if not is_htmx(request):
        return redirect("feedback:customer", pk=pk)
    return render(request, "feedback/_customer_story.html", context)


@staff_with(CHANGE)
@require_POST
def note_customer(request: SignedInRequest, pk: int) -> HttpResponse:
    """Write a note about a customer, or take one's own away (`remove`)."""
    one = _customer(pk)
    removed = row_id(request.POST.get("remove", ""))
    if removed:
        if remove_customer_note(removed, by=request.user):
            messages.success(request, _("The note was removed."))
        return redirect("feedback:customer", pk=pk)
    try:
        add_customer_note(one.pk, text=request.POST.get("text", "")[:10_000], by=request.user)
    except DomainError as refusal:
        messages.error(request, str(refusal.message))
    else:
        messages.success(request, _("Note added."))
    return redirect("feedback:customer", pk=pk)


@staff_with(CHANGE)
@require_POST
def tag_customer(request: SignedInRequest, pk: int) -> HttpResponse:
    """Set a customer's tags: words with commas between them."""
    one = _customer(pk)
    words = re.split("[,，、]", request.POST.get("tags", "")[:1000])
    set_customer_tags(one.pk, words)
    messages.success(request, _("Saved."))
    return redirect("feedback:customer", pk=pk)
