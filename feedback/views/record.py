"""The page of one record: reading it, and what came since it was opened."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_GET

from accounts.access import SignedInRequest, covers_of, staff_with
from accounts.selectors.custom_fields import book_at
from accounts.selectors.personal_data import REVEAL
from config.kernel.kept import settings_at
from config.kernel.numbers import row_id
from feedback.errors import FilterNotKnown
from feedback.models import Commitment, Feedback, ReplyTemplate, Signature
from feedback.panels import panels_for
from feedback.rules.placeholders import fill
from feedback.selectors.commitments import (
    commitment_values,
    plain_words_about,
    template_about,
)
from feedback.selectors.conversation import conversation_of
from feedback.selectors.custom_fields import groups_for_customer, groups_for_record
from feedback.selectors.drafts import DraftsOnRecord, drafts_on
from feedback.selectors.kept_settings import statuses as all_statuses
from feedback.selectors.queue import Place, place_in_list, read_query
from feedback.selectors.record import next_statuses, other_feedback, reach_of, records_for_page
from feedback.selectors.send_times import send_times
from feedback.selectors.signatures import with_signature
from feedback.selectors.story import Line, story_of
from feedback.services.acknowledgement import status_url
from feedback.services.reply_templates import values_for_answer
from feedback.services.signatures import signature_text
from feedback.services.template_values import greeting
from feedback.views.records import CHANGE, READ, REPLY, record_or_404


@dataclass(frozen=True, slots=True)
class Opened:
    """A record as somebody has it open: the list it came from, if any, and the place there."""

    feedback: Feedback
    place: Place | None
    query: str
    at: int

    @property
    def url(self) -> str:
        base = reverse("feedback:record", args=[self.feedback.number])
        return f"{base}?{urlencode(self.carried)}" if self.query else base

    @property
    def carried(self) -> dict[str, Any]:
        return {"list": self.query, "at": self.at} if self.query else {}

    @property
    def suffix(self) -> str:
        """Of an address that has a query already, so that it knows the list, too."""
        return f"&{urlencode(self.carried)}" if self.carried else ""

    @property
    def list_url(self) -> str:
        return f"{reverse('feedback:queue')}?{self.query}"


def open_record(request: SignedInRequest, number: int) -> Opened:
    """The record that a URL names, with its place in the list that `list` and `at` name. A list
    that no longer makes sense is forgotten, the record still opens."""
    records = with_signature(records_for_page(request.user), request.user)
    feedback = record_or_404(request.user, number, records)
    given = request.POST if "list" in request.POST else request.GET
    query, at = given.get("list", "")[:2000], given.get("at", "1")
    at_number = int(at) if at.isascii() and at.isdigit() and 0 < len(at) < 7 else 1
    if not query:
        return Opened(feedback, None, "", 1)
    try:
        state = read_query(query, request.user)
    except (FilterNotKnown, ValueError):
        return Opened(feedback, None, "", 1)
    place = place_in_list(state, request.user, number, max(1, at_number))
    # As we write it, not as it was sent: it goes into links and headers.
    return Opened(feedback, place, state.query, place.at)


@staff_with(READ)
@require_GET
def record(request: SignedInRequest, number: int) -> HttpResponse:
    opened = open_record(request, number)
    return record_page(request, opened, typed=_prefilled(request, opened.feedback))


def record_page(
    request: SignedInRequest, opened: Opened, *, status: int = 200, **more: Any
) -> HttpResponse:
    context = record_context(request, opened) | more
    typed = _in_editor(context["drafts"], context.get("typed") or {})
    context["typed"] = typed | {"told": _told(opened.feedback, context["drafts"], typed)}
    return render(request, "feedback/record.html", context, status=status)


def _in_editor(drafts: DraftsOnRecord | None, typed: dict[str, Any]) -> dict[str, Any]:
    """What was just typed and refused; else the draft, with a chosen template behind it."""
    mine = drafts.mine if drafts else None
    if mine is None or typed.get("given"):
        return typed
    text = "\n\n".join(part for part in (mine.text, typed.get("text", "")) if part)
    told = typed.get("commitment") or mine.commitment_id
    kept = list(mine.files.all())
    return typed | {"text": text, "kind": mine.kind, "kept": kept, "commitment": told}


def _told(
    feedback: Feedback, drafts: DraftsOnRecord | None, typed: dict[str, Any]
) -> Commitment | None:
    """The commitment of which the customer is told by the text in the editor."""
    mine = drafts.mine if drafts else None
    wanted = typed.get("commitment")
    if wanted is None or "told" in typed:
        return typed.get("told")
    if mine is not None and mine.commitment_id == wanted:
        return mine.commitment
    return feedback.commitments.filter(pk=wanted).first()


def record_context(request: SignedInRequest, opened: Opened) -> dict[str, Any]:
    """Everything that the page or a fragment of it shows, in a fixed number of queries."""
    feedback, user = opened.feedback, request.user
    with settings_at(getattr(feedback, "settings_stamp", None)):
        statuses = list(all_statuses().values())
        cover = covers_of(request).in_conversations
    book = book_at(getattr(feedback, "fields_stamp", None))
    story = story_of(feedback, statuses=statuses)
    may_change = user.has_perm(CHANGE)
    return {
        "opened": opened,
        "feedback": feedback,
        "place": opened.place,
        "messages_shown": conversation_of(feedback, cover=cover),
        "subject": cover(feedback.subject),
        "may_reveal": user.has_perm(REVEAL),
        "story": list(reversed(story)),
        "seen": story[-1].entry_id if story else 0,
        "tasks": list(feedback.tasks.open().select_related("assignee")),
        "others": other_feedback(feedback, user),
        "reach": reach_of(feedback.customer),
        "field_groups": groups_for_record(feedback, book),
        "customer_fields": groups_for_customer(feedback.customer, book),
        "statuses": next_statuses(feedback, statuses) if may_change else [],
        "may_change": may_change,
        "may_reply": may_change and user.has_perm(REPLY),
        # It shows everything: without the right to see that, nobody looks over its shoulder.
        "status_url": status_url(feedback) if user.has_perm(REVEAL) else "",
        "panels": panels_for(feedback, user),
        "drafts": drafts_on(feedback, user) if may_change else None,
        "signature": _signature(feedback, user) if may_change else "",
        "send_times": send_times(timezone.now()) if may_change else [],
    }


def _signature(feedback: Any, user: Any) -> str:
    """What an answer would be signed with; `open_record` has read it with the record."""
    texts = feedback.signature_texts
    signature = Signature(body_zh=texts["zh"], body_en=texts["en"]) if texts else None
    return signature_text(feedback, user, signature)


def _prefilled(request: SignedInRequest, feedback: Feedback) -> dict[str, Any]:
    """What is put into the editor beside the draft: a template (for browsers without scripts)."""
    wanted = row_id(request.GET.get("template", ""))
    if wanted is not None:
        template = ReplyTemplate.objects.for_agent(request.user).filter(pk=wanted).first()
        if template is not None:
            body = template.body_in(feedback.language)
            text = fill(body, values_for_answer(feedback, request.user)).text
            return {"text": text, "template": template.pk}
    told = row_id(request.GET.get("commitment", ""))
    commitment = feedback.commitments.filter(pk=told).first() if told is not None else None
    return _about(commitment, request.user) if commitment is not None else {}


def _about(commitment: Commitment, user: Any) -> dict[str, Any]:
    """What tells the customer of a commitment; a person reads it before it goes."""
    feedback = commitment.feedback
    template = template_about(commitment, user)
    if template is None:
        text = plain_words_about(commitment, greeting(feedback.customer.name, feedback.language))
        return {"text": text, "commitment": commitment.pk, "told": commitment}
    values = values_for_answer(feedback, user) | commitment_values(commitment)
    text = fill(template.body_in(feedback.language), values).text
    told = {"commitment": commitment.pk, "told": commitment}
    return told | {"text": text, "template": template.pk}


@staff_with(READ)
@require_GET
def record_fresh(request: SignedInRequest, number: int) -> HttpResponse:
    """The side and the head as they are now: a card of an app above has changed something."""
    context = record_context(request, open_record(request, number))
    return render(request, "feedback/_record_fresh.html", context)


@staff_with(READ)
@require_GET
def record_news(request: SignedInRequest, number: int) -> HttpResponse:
    """What others did to a record since it was opened; the page then offers to show it."""
    feedback = record_or_404(request.user, number)
    lines = changes_since(feedback, request.GET.get("seen", ""))
    context = {"feedback": feedback, "lines": lines, "seen": request.GET.get("seen", "0")}
    return render(request, "feedback/_record_news.html", context)


def changes_since(feedback: Feedback, seen: str | int | None) -> list[Line]:
    """The story since the entry with the id `seen`; the last few when nobody knows."""
    entry = row_id(str(seen or ""))
    if entry is not None:
        return story_of(feedback, after=entry)
    return story_of(feedback)[-5:]
