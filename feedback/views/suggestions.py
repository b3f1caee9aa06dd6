"""Suggestions of those who work here: handing one in, and what became of one's own."""

from uuid import uuid4

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import SignedInRequest, covers_of, staff_only, staff_with
from accounts.models import User
from config.kernel.errors import DomainError
from config.kernel.http import safe_next
from feedback.forms.suggestions import SuggestionAnswerForm, SuggestionForm
from feedback.models import Feedback, Suggestion
from feedback.selectors.status_page import progress_of
from feedback.selectors.suggestions import (
    conversation_of,
    counts_for,
    own_suggestions,
    suggestion_of,
)
from feedback.services.suggestions import answer_suggestion, hand_in_suggestion

PAGE_SIZE = 25
REPLY = ("feedback.view_feedback", "feedback.reply_feedback")


@staff_only
@require_GET
def suggestions(request: SignedInRequest) -> HttpResponse:
    page = Paginator(own_suggestions(request.user), PAGE_SIZE).get_page(request.GET.get("page"))
    rows = [(one, progress_of(counts_for(one))) for one in page]
    return render(
        request,
        "feedback/suggestions/list.html",
        {"page": page, "rows": rows, "cover": covers_of(request).in_lists},
    )


@staff_only
@require_http_methods(["GET", "POST"])
def new_suggestion(request: SignedInRequest) -> HttpResponse:
    form = SuggestionForm(request.POST or None, initial={"key": uuid4().hex})
    if not form.is_valid():
        status = 422 if form.is_bound else 200
        return render(request, "feedback/suggestions/new.html", {"form": form}, status=status)
    data = form.cleaned_data
    try:
        made = hand_in_suggestion(by=request.user, language=language_of(request.user), **data)
    except DomainError as refusal:
        form.add_error("text", str(refusal.message))
        return render(request, "feedback/suggestions/new.html", {"form": form}, status=422)
    if data["is_anonymous"]:
        address = reverse("feedback:status_page", args=[made.status_token])
        context = {"address": f"{settings.SITE_URL}{address}", "path": address}
        return render(request, "feedback/suggestions/handed_in.html", context)
    messages.success(request, _("Thank you. It is #%(number)d.") % {"number": made.number})
    return redirect("feedback:suggestion", made.number)


def language_of(user: User) -> str:
    """Of what this person writes."""
    known = dict(settings.LANGUAGES)
    wanted = user.language or get_language() or settings.LANGUAGE_CODE
    return wanted if wanted in known else settings.LANGUAGE_CODE


@staff_only
@require_GET
def suggestion(request: SignedInRequest, number: int) -> HttpResponse:
    """What became of one of one's own."""
    try:
        one = suggestion_of(request.user, number)
    except OverflowError as unknown:
        raise Http404 from unknown
    if one is None:
        raise Http404
    record = counts_for(one)
    context = {
        "suggestion": one,
        "subject": covers_of(request).in_lists(one.feedback.subject),
        "cover": covers_of(request).in_conversations,
        "record": record,
        "progress": progress_of(record),
        "conversation": conversation_of(one),
        "is_seen": request.user.has_perm("feedback.view_feedback")
        and Feedback.objects.visible_to(request.user).filter(pk=record.pk).exists(),
    }
    return render(request, "feedback/suggestions/suggestion.html", context)


@staff_with(*REPLY)
@require_POST
def answer(request: SignedInRequest, number: int) -> HttpResponse:
    """What its author is told, from the page of the record."""
    try:
        record = Feedback.objects.visible_to(request.user).filter(number=number).first()
    except OverflowError as unknown:
        raise Http404 from unknown
    if record is None or not Suggestion.objects.filter(feedback=record).exists():
        raise Http404
    form = SuggestionAnswerForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Write what the author should know."))
    else:
        try:
            answer_suggestion(record.pk, by=request.user, text=form.cleaned_data["text"])
        except DomainError as refusal:
            messages.error(request, str(refusal.message))
        else:
            messages.success(request, _("The author sees it."))
    return redirect(safe_next(request, record.get_absolute_url()))
