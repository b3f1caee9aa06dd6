"""What somebody says of a reading on the page of its record."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from accounts.access import SignedInRequest, staff_with
from accounts.selectors.personal_data import Cover, cover_in_conversations, cover_in_lists
from analytics.forms.reviewing import ReviewForm
from analytics.models import TextReading
from analytics.selectors.review_queue import one_to_review
from analytics.services.reviewing import review
from analytics.views.reading_tabs import REVIEW
from analytics.views.reviewing import READ, say_so
from config.kernel.http import is_htmx
from config.kernel.text.personal_data.masking import masked_between
from feedback.errors import Stale, TooManyCategories
from feedback.models import Feedback, NearDuplicate

SHOWN_DUPLICATES = 5
MESSAGES = 20
COLOURED_FROM = 20  # of -100 to 100


@staff_with(REVIEW, READ)
@require_POST
def review_on_record(request: SignedInRequest, number: int) -> HttpResponse:
    """Then the side of the page is drawn anew, or without a script the page."""
    assessment = one_to_review(request.user, number)
    if assessment is None:
        raise Http404
    form = ReviewForm(request.POST, assessment)
    if not form.is_valid():
        for found in form.errors.values():
            for words in found:
                messages.error(request, str(words))
        return _back(request, number)
    said = form.said()
    tags = [form.cleaned_data["tag"]] if form.cleaned_data["tag"] else []
    further = form.further()
    if any(one is not None for one in said.values()) or tags or any(further.values()):
        version = form.cleaned_data["version"]
        try:
            reviewed = review(
                assessment.pk, by=request.user, version=version, tags=tags, **said, **further
            )
        except (Stale, TooManyCategories) as refusal:
            messages.warning(request, str(refusal.message))
        else:
            say_so(request, reviewed)
    return _back(request, number)


@staff_with(READ)
@require_GET
def said_before(request: SignedInRequest, number: int) -> HttpResponse:
    """Earlier records that say nearly the same, of those that this person may see: fetched by the
    card, or a page without a script."""
    visible = Feedback.objects.visible_to(request.user)
    feedback = get_object_or_404(visible, number=number)
    found = NearDuplicate.objects.filter(
        feedback=feedback, earlier__in=visible.order_by().values("pk")
    )
    same = found.select_related("earlier__status")[:SHOWN_DUPLICATES]
    is_part = is_htmx(request)
    template = "analytics/_said_before.html" if is_part else "analytics/said_before.html"
    context = {"feedback": feedback, "same": same, "cover": cover_in_lists(request.user)}
    return render(request, template, context)


@staff_with(READ)
@require_GET
def read_sentences(request: SignedInRequest, number: int) -> HttpResponse:
    """What the customer wrote, sentence by sentence, with how each sounds: fetched by the card, or
    a page without a script. Personal data is covered as in the conversation."""
    feedback = get_object_or_404(Feedback.objects.visible_to(request.user), number=number)
    rows = TextReading.objects.filter(message__feedback=feedback)
    cover = cover_in_conversations(request.user)
    texts = [
        _sentences(one.message.text, one.sentences, cover)
        for one in rows.select_related("message").order_by("said_at", "pk")[:MESSAGES]
        if one.message is not None
    ]
    is_part = is_htmx(request)
    template = "analytics/_sentences.html" if is_part else "analytics/sentences.html"
    context = {"feedback": feedback, "texts": [text for text in texts if text]}
    return render(request, template, context)


def _sentences(
    text: str, read: Sequence[tuple[int, int, float]], cover: Cover
) -> list[dict[str, Any]]:
    """Looked for in the whole text: a name or an address is known by what stands around it."""
    found = cover.found_in(text)
    return [
        {"words": masked_between(text, found, start, end), "tone": _tone(score), "score": score}
        for start, end, score in read
    ]


def _tone(score: float) -> str:
    if abs(score) < COLOURED_FROM:
        return "gray"
    return "red" if score < 0 else "green"


def _back(request: SignedInRequest, number: int) -> HttpResponse:
    """To the record, with the list that it was opened from."""
    name = "feedback:record_fresh" if is_htmx(request) else "feedback:record"
    asked = request.headers.get("HX-Current-URL") or request.headers.get("Referer", "")
    given = parse_qs(urlsplit(asked).query)
    carried: dict[str, str] = {key: given[key][0] for key in ("list", "at") if key in given}
    url = reverse(name, args=[number])
    return redirect(f"{url}?{urlencode(carried)}" if carried else url)
