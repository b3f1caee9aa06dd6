"""Commitments: beside a record, one of them, and everybody's."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import SignedInRequest, staff_with
from config.kernel.errors import DomainError
from config.kernel.http import is_htmx, safe_next
from feedback.enums import CommitmentKind, CommitmentState
from feedback.errors import FilterNotKnown
from feedback.forms.commitments import CommitmentForm, OutcomeOfCommitmentForm, as_it_is
from feedback.models import Commitment
from feedback.rules.commitments import within
from feedback.selectors.commitments import (
    commitments_for_list,
    commitments_of,
    commitments_visible_to,
    limit_of,
    today,
)
from feedback.selectors.record import people_for
from feedback.services.commitments import (
    answer_offer,
    approve_commitment,
    change_commitment,
    keep_commitment,
    make_commitment,
    withdraw_commitment,
)
from feedback.views.queue import unknown_filter
from feedback.views.records import CHANGE, READ, visible_or_404

WHOSE = ("mine", "team", "done")
PAGE_SIZE = 25


@staff_with(READ)
@require_GET
def record_commitments(request: SignedInRequest, number: int) -> HttpResponse:
    """The card beside the conversation; a page of its own without a script."""
    feedback = visible_or_404(request.user, number)
    context = {
        "feedback": feedback,
        "commitments": commitments_of(feedback),
        "kinds": CommitmentKind.choices,
        "may_change": request.user.has_perm(CHANGE),
        "today": today(),
    }
    part = is_htmx(request)
    template = "feedback/_commitments.html" if part else "feedback/record_commitments.html"
    return render(request, template, context)


@staff_with(READ)
@require_GET
def commitments(request: SignedInRequest) -> HttpResponse:
    whose = request.GET.get("whose") or "mine"
    if whose not in WHOSE:
        return unknown_filter(request, FilterNotKnown("whose", whose))
    rows = commitments_for_list(request.user, whose)
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    labels = {"mine": _("Mine"), "team": _("All of my teams"), "done": _("Done")}
    tabs = [
        {
            "label": labels[name],
            "url": f"{reverse('feedback:commitments')}?whose={name}",
            "current": name == whose,
        }
        for name in WHOSE
    ]
    context = {"page": page, "tabs": tabs, "whose": whose, "today": today()}
    return render(request, "feedback/commitments.html", context)


@staff_with(CHANGE)
@require_http_methods(["GET", "POST"])
def new_commitment(request: SignedInRequest, number: int, kind: str) -> HttpResponse:
    feedback = visible_or_404(request.user, number)
    if kind not in CommitmentKind.values:
        raise Http404
    form = CommitmentForm(
        request.POST or None,
        kind=CommitmentKind(kind),
        people=people_for(feedback),
        language=feedback.language,
        initial={"owner": feedback.assignee or request.user, "is_visible": True},
    )
    if form.is_valid():
        try:
            made = make_commitment(
                feedback.pk, by=request.user, said=form.said, owner=form.cleaned_data["owner"]
            )
        except DomainError as refusal:
            form.add_error(None, str(refusal.message))
        else:
            return _made(request, made)
    status = 422 if form.is_bound else 200
    context = {"form": form, "feedback": feedback, "label": CommitmentKind(kind).label}
    return render(request, "feedback/new_commitment.html", context, status=status)


def _made(request: SignedInRequest, made: Commitment) -> HttpResponse:
    if made.state == CommitmentState.PROPOSED:
        messages.warning(
            request, _("Kept. It is above what you may grant and waits for approval.")
        )
    elif request.POST.get("then") == "tell":
        return redirect(f"{made.feedback.get_absolute_url()}?commitment={made.pk}#composer")
    else:
        messages.success(request, _("Saved."))
    return redirect(made.feedback)


def _commitment(request: SignedInRequest, pk: int) -> Commitment:
    visible = commitments_visible_to(request.user).select_related(
        "feedback__customer", "feedback__team", "owner", "told_in", "approved_by", "settled_by",
        "created_by",
    )  # fmt: skip
    return get_object_or_404(visible, pk=pk)


@staff_with(READ)
@require_http_methods(["GET", "POST"])
def commitment(request: SignedInRequest, pk: int) -> HttpResponse:
    one = _commitment(request, pk)
    may_change = request.user.has_perm(CHANGE) and not one.is_settled
    if request.method == "POST" and not request.user.has_perm(CHANGE):
        raise PermissionDenied
    form = CommitmentForm(
        request.POST or None,
        kind=CommitmentKind(one.kind),
        people=people_for(one.feedback),
        language=one.feedback.language,
        initial=as_it_is(one),
    )
    if form.is_valid():
        try:
            change_commitment(
                one.pk, by=request.user, said=form.said, owner=form.cleaned_data["owner"]
            )
        except DomainError as refusal:
            form.add_error(None, str(refusal.message))
        else:
            messages.success(request, _("Saved."))
            return redirect("feedback:commitment", pk=pk)
    status = 422 if form.is_bound else 200
    context: dict[str, Any] = {
        "commitment": one,
        "feedback": one.feedback,
        "form": form,
        "outcome": OutcomeOfCommitmentForm(),
        "may_change": may_change,
        "may_approve": may_change and within(limit_of(request.user), one.amount),
        "today": today(),
    }
    return render(request, "feedback/commitment.html", context, status=status)


@staff_with(CHANGE)
@require_POST
def settle_commitment(request: SignedInRequest, pk: int, what: str) -> HttpResponse:
    """Keep, withdraw, approve, or what the customer said to an offer."""
    one = _commitment(request, pk)
    words = request.POST.get("outcome", "").strip()[:2000]
    try:
        match what:
            case "keep":
                keep_commitment(one.pk, by=request.user, outcome=words)
            case "withdraw":
                withdraw_commitment(one.pk, by=request.user, reason=words)
            case "approve":
                approve_commitment(one.pk, by=request.user)
            case "accepted" | "declined":
                answer_offer(one.pk, by=request.user, accepted=what == "accepted")
            case _:
                raise Http404
    except DomainError as refusal:
        messages.error(request, str(refusal.message))
        return redirect("feedback:commitment", pk=pk)
    messages.success(request, _("Saved."))
    return redirect(safe_next(request, one.feedback.get_absolute_url()))
