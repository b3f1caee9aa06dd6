"""Thanking a colleague, taking it back, and saying whether a customer thanks us."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import SignedInRequest, staff_only, staff_with
from accounts.models import User
from analytics.forms.thanks import ThanksForm
from analytics.models import Measure
from analytics.services.thanks import decide_praise, take_back_thanks, thank_colleague
from analytics.views.improvement import READ, measure_or_404
from config.kernel.errors import DomainError
from config.kernel.http import safe_next
from config.kernel.numbers import row_id
from feedback.models import Feedback

READ_RECORDS = "feedback.view_feedback"


@staff_only
@require_http_methods(["GET", "POST"])
def thank(request: SignedInRequest) -> HttpResponse:
    """For a record (`number`), a measure (`measure`), or anything."""
    given = request.POST if request.method == "POST" else request.GET
    record = _record(request.user, given.get("number", ""))
    measure = _measure(request.user, given.get("measure", ""))
    form = ThanksForm(request.POST or None, initial={"to": _usual(given, record, measure)})
    form.offer(request.user)
    if form.is_valid():
        data = form.cleaned_data
        try:
            made = thank_colleague(
                data["to"], by=request.user, text=data["text"], feedback=record, measure=measure
            )
        except DomainError as refusal:
            form.add_error("text", str(refusal.message))
        else:
            messages.success(request, _("%(who)s hears of it.") % {"who": made.to})
            page = record or measure
            return redirect(page.get_absolute_url() if page else reverse("analytics:recognition"))
    context = {"form": form, "record": record, "measure": measure}
    status = 422 if form.is_bound else 200
    return render(request, "analytics/culture/thank.html", context, status=status)


@staff_only
@require_POST
def take_back(request: SignedInRequest) -> HttpResponse:
    thanks_id = row_id(request.POST.get("id", ""))
    if thanks_id is None or not take_back_thanks(thanks_id, by=request.user):
        raise Http404
    messages.success(request, _("The thanks are taken away."))
    return redirect(safe_next(request, reverse("analytics:recognition_mine")))


@staff_with("feedback.change_feedback")
@require_POST
def say_praise(request: SignedInRequest) -> HttpResponse:
    """Whether the customer of a record (`number`) thanks us: `is_praise` is yes or no."""
    record = _record(request.user, request.POST.get("number", ""))
    said = {"yes": True, "no": False}.get(request.POST.get("is_praise", ""))
    if record is None or said is None:
        raise Http404
    decide_praise(record, is_praise=said, by=request.user)
    messages.success(request, _("Saved."))
    return redirect(safe_next(request, record.get_absolute_url()))


def _record(user: User, text: str) -> Feedback | None:
    """None when none is asked for. Raises Http404."""
    if not text:
        return None
    number = row_id(text)
    seen = Feedback.objects.visible_to(user).select_related("assignee", "resolved_by")
    found = seen.filter(number=number).first() if number and user.has_perm(READ_RECORDS) else None
    if found is None:
        raise Http404
    return found


def _measure(user: User, text: str) -> Measure | None:
    if not text:
        return None
    pk = row_id(text)
    if pk is None or not user.has_perm(READ):
        raise Http404
    return measure_or_404(user, pk)


def _usual(given: Any, record: Feedback | None, measure: Measure | None) -> int | None:
    """Who is thanked unless somebody else is chosen."""
    if record is not None:
        return record.resolved_by_id or record.assignee_id
    if measure is not None:
        return measure.owner_id
    return row_id(given.get("to", ""))
