"""Settings: what is promised."""

from collections import Counter
from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import SignedInRequest, staff_with
from config.kernel.errors import DomainError
from config.kernel.http import toast
from feedback.forms.sla import PRIORITIES, PolicyForm
from feedback.models import SLAPolicy
from feedback.selectors.holidays import year_looked_for
from feedback.selectors.service_levels import (
    applies_to_in_words,
    calendars_in_use,
    never_reached,
    policies_in_order,
    promise_table,
    running_clocks,
    week_in_words,
)
from feedback.services.sla_policies import (
    move_policy,
    remove_policy,
    save_policy,
    switch_policy,
)

LOOK, CHANGE = "feedback.view_slapolicy", "feedback.change_slapolicy"
ADD, REMOVE = "feedback.add_slapolicy", "feedback.delete_slapolicy"
EDIT_HOURS = "feedback.change_businesscalendar"


@staff_with(LOOK)
@require_GET
def service_levels(request: SignedInRequest) -> HttpResponse:
    """The policies in the order in which they are tried, and the calendars they count by."""
    rows = list(policies_in_order())
    behind = never_reached(rows)
    running, counted_by = running_clocks(), Counter(one.calendar_id for one in rows)
    policies = [
        (one, promise_table(one), one.pk in behind, running.get(one.pk, 0)) for one in rows
    ]
    calendars = [(one, week_in_words(one), counted_by[one.pk]) for one in calendars_in_use()]
    context = {
        "policies": policies,
        "calendars": calendars,
        "year_looked_for": year_looked_for(timezone.localdate()),
        "priorities": [one.label for one in PRIORITIES],
        **_may(request),
    }
    return render(request, "feedback/service_levels.html", context)


def _may(request: SignedInRequest) -> dict[str, Any]:
    return {
        "may_change": request.user.has_perm(CHANGE),
        "may_add": request.user.has_perm(ADD),
        "may_edit_hours": request.user.has_perm(EDIT_HOURS),
    }


def _stored() -> QuerySet[SLAPolicy]:
    return SLAPolicy.objects.select_related("calendar").prefetch_related("targets", "escalations")


@staff_with(LOOK)
@require_GET
def policy(request: SignedInRequest, pk: int) -> HttpResponse:
    """One policy, and when its times would be over if a message arrived now."""
    one = get_object_or_404(_stored(), pk=pk)
    now = timezone.now()
    applies_to, broken = applies_to_in_words(one)
    context = {
        "policy": one,
        "applies_to": applies_to,
        "broken": broken,
        "lines": promise_table(one, now),
        "priorities": [priority.label for priority in PRIORITIES],
        "now": now,
        **_may(request),
    }
    return render(request, "feedback/policy.html", context)


@staff_with(ADD)
@require_http_methods(["GET", "POST"])
def new_policy(request: SignedInRequest) -> HttpResponse:
    return _edit(request, SLAPolicy())


@staff_with(CHANGE)
@require_http_methods(["GET", "POST"])
def edit_policy(request: SignedInRequest, pk: int) -> HttpResponse:
    return _edit(request, get_object_or_404(_stored(), pk=pk))


def _edit(request: SignedInRequest, one: SLAPolicy) -> HttpResponse:
    form = PolicyForm(request.POST or None, instance=one)
    if form.is_valid():
        try:
            saved = save_policy(
                form.instance, promises=form.promises, escalations=form.escalations
            )
        except DomainError as refusal:
            form.add_error(None, str(refusal.message))
        else:
            toast(request, _("Saved. Open records are reckoned anew in a moment."))
            return redirect("feedback:policy", pk=saved.pk)
    context = {
        "form": form,
        "policy": one if one.pk else None,
        "priorities": [priority.label for priority in PRIORITIES],
    }
    status = 422 if form.errors else 200
    return render(request, "feedback/policy_edit.html", context, status=status)


@staff_with(CHANGE)
@require_POST
def change_policy(request: SignedInRequest, pk: int, what: str) -> HttpResponse:
    """up, down (its place in the order), on, off, remove."""
    one = get_object_or_404(SLAPolicy.objects.filter(archived_at=None), pk=pk)
    match what:
        case "up" | "down":
            move_policy(one, earlier=what == "up")
        case "on" | "off":
            switch_policy(one, on=what == "on")
        case "remove" if request.user.has_perm(REMOVE):
            gone = remove_policy(one)
            toast(request, _("Deleted.") if gone else _("Archived."))
        case _:
            raise Http404
    return redirect("feedback:service_levels")
