"""Merging, splitting and linking records, and taking each of it back."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import SignedInRequest, staff_with
from accounts.selectors.personal_data import cover_in_conversations
from config.kernel.errors import DomainError
from config.kernel.http import toast
from feedback.enums import LinkSide
from feedback.errors import CustomersDiffer
from feedback.forms.merging import LinkForm, MergeForm, SplitForm
from feedback.models import Feedback, FeedbackLink, Message
from feedback.selectors.duplicates import duplicates_of
from feedback.services.forwards import make_author_customer
from feedback.services.links import (
    dismiss_duplicate,
    link_feedback,
    suggest_again,
    unlink_feedback,
)
from feedback.services.merging import merge_feedback, unmerge_feedback
from feedback.services.splitting import split_feedback, undo_split
from feedback.views.records import CHANGE, visible_or_404


@staff_with(CHANGE)
@require_http_methods(["GET", "POST"])
def merge(request: SignedInRequest, number: int) -> HttpResponse:
    """Choose the record that stays, look at both, merge."""
    source = visible_or_404(request.user, number, _for_comparing())
    given = request.POST if request.method == "POST" else request.GET
    form = MergeForm(given if "into" in given else None)
    target = None
    if form.is_valid():
        target = _visible(request, form.cleaned_data["into"])
        if target is None:
            form.add_error("into", _("There is no such record."))
    context: dict[str, Any] = {"source": source, "target": target, "form": form}
    if target is None or request.method != "POST":
        context["suggested"] = duplicates_of(source, request.user)
        return _merge_page(request, context, 422 if form.errors else 200)
    try:
        merge_feedback(
            source.pk,
            into_id=target.pk,
            by=request.user,
            customers_may_differ=form.cleaned_data["different"],
        )
    except DomainError as refusal:
        form.add_error(None, str(refusal.message))
        status = 409 if isinstance(refusal, CustomersDiffer) else 422
        return _merge_page(request, context, status)
    words = _("#%(source)s is part of #%(target)s now.")
    toast(
        request,
        words % {"source": source.number, "target": target.number},
        undo_url=reverse("feedback:unmerge", args=[source.number]),
    )
    return redirect(target)


def _merge_page(request: SignedInRequest, context: dict[str, Any], status: int) -> HttpResponse:
    source, target = context["source"], context["target"]
    context["customers_differ"] = target is not None and source.customer_id != target.customer_id
    return render(request, "feedback/merge.html", context, status=status)


def _for_comparing() -> Any:
    return Feedback.objects.select_related("customer", "status", "assignee", "merged_into")


def _visible(request: SignedInRequest, number: int) -> Feedback | None:
    visible = Feedback.objects.visible_to(request.user).values("pk")
    return _for_comparing().filter(pk__in=visible, number=number).first()


@staff_with(CHANGE)
@require_POST
def unmerge(request: SignedInRequest, number: int) -> HttpResponse:
    source = visible_or_404(request.user, number)
    return _done(
        request,
        source,
        lambda: unmerge_feedback(source.pk, by=request.user),
        _("#%(number)s is a record of its own again.") % {"number": number},
    )


@staff_with(CHANGE)
@require_http_methods(["GET", "POST"])
def split(request: SignedInRequest, number: int, message_id: int) -> HttpResponse:
    """Give the new record a subject; then everything from the message on moves there."""
    feedback = visible_or_404(request.user, number)
    message = get_object_or_404(feedback.messages, pk=message_id)
    said = cover_in_conversations(request.user)(message.text or feedback.subject)
    first_words = " ".join(said.split())[:80]
    form = SplitForm(request.POST or None, initial={"subject": first_words})
    later = Message.objects.filter(feedback=feedback, created_at__gte=message.created_at)
    if form.is_valid():
        try:
            new = split_feedback(message.pk, by=request.user, **form.cleaned_data)
        except DomainError as refusal:
            form.add_error(None, str(refusal.message))
        else:
            undo = reverse("feedback:undo_split", args=[new.number])
            toast(request, _("Moved into a new record."), undo_url=undo)
            return redirect(new)
    context = {"feedback": feedback, "message": message, "form": form, "count": later.count()}
    status = 422 if form.is_bound else 200
    return render(request, "feedback/split.html", context, status=status)


@staff_with(CHANGE)
@require_POST
def make_author_the_customer(
    request: SignedInRequest, number: int, message_id: int
) -> HttpResponse:
    """Whoever wrote the mail that this message forwards."""
    feedback = visible_or_404(request.user, number)
    message = get_object_or_404(feedback.messages, pk=message_id)
    words = _("The record now belongs to whoever wrote the forwarded mail.")
    return _done(
        request, feedback, lambda: make_author_customer(message.pk, by=request.user), words
    )


@staff_with(CHANGE)
@require_POST
def unsplit(request: SignedInRequest, number: int) -> HttpResponse:
    feedback = visible_or_404(request.user, number)
    words = _("The messages are back where they were.")
    return _done(request, feedback, lambda: undo_split(feedback.pk, by=request.user), words)


@staff_with(CHANGE)
@require_http_methods(["GET", "POST"])
def link(request: SignedInRequest, number: int) -> HttpResponse:
    feedback = visible_or_404(request.user, number)
    initial = {"other": request.GET.get("other", ""), "side": LinkSide.RELATED}
    form = LinkForm(request.POST or None, initial=initial)
    if form.is_valid():
        other = _visible(request, form.cleaned_data["other"])
        if other is None:
            form.add_error("other", _("There is no such record."))
        else:
            side = LinkSide(form.cleaned_data["side"])
            try:
                made = link_feedback(feedback.pk, other_id=other.pk, side=side, by=request.user)
            except DomainError as refusal:
                form.add_error("other", str(refusal.message))
            else:
                undo = reverse("feedback:unlink", args=[number, made.pk])
                toast(request, _("Linked."), undo_url=undo)
                return redirect(feedback)
    status = 422 if form.is_bound else 200
    return render(
        request, "feedback/link.html", {"feedback": feedback, "form": form}, status=status
    )


@staff_with(CHANGE)
@require_POST
def unlink(request: SignedInRequest, number: int, link_id: int) -> HttpResponse:
    feedback = visible_or_404(request.user, number)
    found = FeedbackLink.objects.filter(pk=link_id)
    if not any(feedback.pk in {one.first_id, one.second_id} for one in found):
        messages.info(request, _("The link is gone already."))
        return redirect(feedback)
    unlink_feedback(link_id, by=request.user)
    messages.success(request, _("The link was taken away."))
    return redirect(feedback)


@staff_with(CHANGE)
@require_POST
def not_a_duplicate(request: SignedInRequest, number: int, other: int) -> HttpResponse:
    """Not suggested again; `again` takes that back."""
    feedback = visible_or_404(request.user, number)
    found = visible_or_404(request.user, other)
    if "again" in request.GET:
        suggest_again(feedback.pk, other_id=found.pk)
        messages.success(request, _("It may be suggested again."))
        return redirect(feedback)
    try:
        dismiss_duplicate(feedback.pk, other_id=found.pk, by=request.user)
    except DomainError as refusal:
        messages.error(request, str(refusal.message))
    else:
        undo = reverse("feedback:not_a_duplicate", args=[number, other])
        words = _("#%(number)s is not suggested here again.") % {"number": other}
        toast(request, words, undo_url=f"{undo}?again=1")
    return redirect(feedback)


def _done(request: SignedInRequest, feedback: Feedback, act: Any, words: str) -> HttpResponse:
    """Do it, and say that it was done or why not; then to the record that it gives."""
    try:
        feedback = act()
    except DomainError as refusal:
        messages.error(request, str(refusal.message))
    else:
        messages.success(request, words)
    return redirect(feedback)
