"""Negative feedback: the card beside a record, its rule; and hints while somebody answers."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import SignedInRequest, staff_with
from config.kernel.errors import DomainError
from config.kernel.http import is_htmx
from feedback.enums import NegativePointKind
from feedback.forms.negative import NegativeRuleForm, PointForm
from feedback.models import Feedback, NegativeCase, NegativeRule
from feedback.panels import hints_for, light_of
from feedback.selectors.negative import required_points
from feedback.services.negative import (
    excuse_missing,
    mark_negative,
    save_negative_rule,
    write_point,
)
from feedback.views.records import CHANGE, READ, visible_or_404

RULE = "feedback.change_negativerule"
CHECKED_AT_MOST = 20_000  # characters


@staff_with(READ)
@require_GET
def negative(request: SignedInRequest, number: int) -> HttpResponse:
    """The card beside the conversation; a page of its own without a script."""
    return _card(request, visible_or_404(request.user, number))


def _card(request: SignedInRequest, feedback: Feedback) -> HttpResponse:
    case = NegativeCase.objects.filter(feedback=feedback).select_related("excused_by").first()
    required = set(required_points())
    points = list(case.points.select_related("done_by")) if case is not None else []
    context = {
        "feedback": feedback,
        "case": case,
        "points": [(one, one.kind in required) for one in points],
        "done": sum(one.done_at is not None for one in points),
        "missing": [one for one in points if one.done_at is None and one.kind in required],
        "may_change": request.user.has_perm(CHANGE),
        "may_edit_rule": request.user.has_perm(RULE),
    }
    part = is_htmx(request)
    template = "feedback/_negative.html" if part else "feedback/negative.html"
    return render(request, template, context)


@staff_with(CHANGE)
@require_POST
def change_negative(request: SignedInRequest, number: int) -> HttpResponse:
    """Treat it as negative, write a point, or say why it is resolved without (`do`)."""
    feedback = visible_or_404(request.user, number)
    do = request.POST.get("do")
    try:
        if do == "start":
            mark_negative(feedback.pk, by=request.user)
        elif do == "excuse":
            reason = request.POST.get("reason", "")[:2000]
            excuse_missing(feedback.pk, by=request.user, reason=reason)
        else:
            form = PointForm(request.POST)
            if form.is_valid():
                data = form.cleaned_data
                kind = NegativePointKind(data.pop("kind"))
                write_point(feedback.pk, by=request.user, kind=kind, **data)
            else:
                messages.error(request, _("There is no such point."))
    except DomainError as refusal:
        messages.error(request, str(refusal.message))
    if is_htmx(request) and do != "start":
        return _card(request, feedback)
    return redirect(feedback)


@staff_with(RULE)
@require_http_methods(["GET", "POST"])
def negative_rule(request: SignedInRequest) -> HttpResponse:
    rule = NegativeRule.objects.first() or NegativeRule()
    form = NegativeRuleForm(request.POST or None, instance=rule)
    if form.is_valid():
        try:
            save_negative_rule(form.save(commit=False))
        except DomainError as refusal:
            form.add_error(None, str(refusal.message))
        else:
            messages.success(request, _("Saved."))
            return redirect("feedback:negative_rule")
    status = 422 if form.is_bound else 200
    return render(request, "feedback/negative_rule.html", {"form": form}, status=status)


@staff_with(CHANGE)
@require_POST
def check_text(request: SignedInRequest, number: int) -> HttpResponse:
    """Hints about the text in the editor; nothing is stored."""
    feedback = visible_or_404(request.user, number)
    text = request.POST.get("text", "")[:CHECKED_AT_MOST]
    is_reply = request.POST.get("kind") != "note"
    hints = hints_for(text, feedback, request.user) if is_reply else []
    light = light_of(hints) if is_reply and text.strip() else ""
    return render(request, "feedback/_hints.html", {"hints": hints, "light": light})
