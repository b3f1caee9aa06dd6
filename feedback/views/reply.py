"""What staff write: answers, notes, templates, and taking an answer back."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST
from django_htmx.http import HttpResponseClientRedirect

from accounts.access import SignedInRequest, staff_with
from accounts.enums import AfterReply
from accounts.selectors.personal_data import REVEAL, cover_in_conversations
from config.kernel.errors import DomainError
from config.kernel.http import is_htmx, toast
from config.kernel.numbers import row_id
from feedback.enums import DraftKind, State
from feedback.errors import Stale, TimeHasPassed
from feedback.forms.public import incoming
from feedback.forms.record import ComposerForm
from feedback.models import Message, ReplyTemplate, Status, Upload
from feedback.rules.placeholders import fill, in_words
from feedback.selectors.conversation import conversation_of
from feedback.selectors.drafts import own_draft_files
from feedback.selectors.send_times import chosen_time
from feedback.selectors.story import last_entry_id
from feedback.services.attachments import GivenFile
from feedback.services.commitments import note_told
from feedback.services.drafts import keep_files, save_draft
from feedback.services.replies import add_note, recall_reply, send_reply
from feedback.services.reply_templates import values_for_answer
from feedback.services.scheduling import schedule_reply
from feedback.views.record import Opened, changes_since, open_record, record_page
from feedback.views.records import CHANGE, REPLY, visible_or_404

LATER = {"tomorrow", "business", "later"}
KEPT = {"draft", "untell"}
THEN = {"send": None, "wait": State.WAITING_CUSTOMER, "resolve": State.RESOLVED}


@staff_with(CHANGE)
@require_POST
def compose(request: SignedInRequest, number: int) -> HttpResponse:
    """Send an answer or add a note; a refusal keeps everything that was typed."""
    opened = open_record(request, number)
    kept = list(own_draft_files(opened.feedback, request.user))
    form = ComposerForm(request.POST, request.FILES, kept=[str(one.key) for one in kept])
    if not form.is_valid():
        return _refused(request, opened, form, kept)
    if form.cleaned_data["do"] not in {"note", *KEPT} and not request.user.has_perm(REPLY):
        raise PermissionDenied
    try:
        data = form.cleaned_data | {"is_signed": form.is_signed}
        return _done(request, opened, data, kept)
    except Stale as stale:
        return _stale(request, opened, form, kept, stale)
    except DomainError as refusal:
        form.add_error("text", str(refusal.message))
        return _refused(request, opened, form, kept)


def _done(
    request: SignedInRequest, opened: Opened, data: dict[str, Any], kept: list[Upload]
) -> HttpResponse:
    """What the pressed button says, done."""
    again = [one for one in kept if str(one.key) in data["again"]]
    files: list[GivenFile] = [*incoming(data["files"]), *again]
    if data["do"] in KEPT:
        return _kept(request, opened, data)
    if data["do"] == "note":
        add_note(
            opened.feedback.pk,
            by=request.user,
            text=data["text"],
            files=files,
            seen_version=data["version"],
            from_editor=True,
        )
        return _noted(request, opened)
    if data["do"] in LATER:
        return _scheduled(request, opened, data, files)
    return _sent(request, opened, _send(request, opened, data, files))


def _send(
    request: SignedInRequest, opened: Opened, data: dict[str, Any], files: list[GivenFile]
) -> Message:
    state = THEN[data["do"]]
    message = send_reply(
        opened.feedback.pk,
        by=request.user,
        text=data["text"],
        then=Status.objects.default_for(state) if state else None,
        files=files,
        version=data["version"],
        templates=list(data["template"]),
        is_signed=data["is_signed"],
        from_editor=True,
    )
    if data["commitment"]:
        note_told(data["commitment"], message=message)
    return message


def _scheduled(
    request: SignedInRequest, opened: Opened, data: dict[str, Any], files: list[GivenFile]
) -> HttpResponse:
    send_at = chosen_time(data["do"], timezone.now(), opened.feedback) or data["send_at"]
    if send_at is None:
        raise TimeHasPassed
    schedule_reply(
        opened.feedback.pk,
        by=request.user,
        text=data["text"],
        send_at=send_at,
        files=files,
        version=data["version"],
        templates=list(data["template"]),
        is_signed=data["is_signed"],
        from_editor=True,
        commitment=data["commitment"],
    )
    when = date_format(timezone.localtime(send_at), "SHORT_DATETIME_FORMAT")
    messages.success(request, _("Scheduled for %(when)s.") % {"when": when})
    return _go(request, opened.url)


def _kept(request: SignedInRequest, opened: Opened, data: dict[str, Any]) -> HttpResponse:
    """Without a script, drafts are kept by pressing a button; with one, too, when the customer
    is not told of a commitment by it after all."""
    is_note = request.POST.get("kind") == DraftKind.NOTE
    kind = DraftKind.NOTE if is_note else DraftKind.REPLY
    pk, told = opened.feedback.pk, None
    if data["do"] == "draft":
        told = opened.feedback.commitments.filter(pk=data["commitment"]).first()
    save_draft(
        pk, by=request.user, kind=kind, text=data["text"], commitment=told.pk if told else None
    )
    if data["files"]:
        keep_files(pk, by=request.user, files=incoming(data["files"]))
    if data["do"] == "untell":
        messages.success(request, _("Sending this no longer counts as telling the customer."))
    else:
        messages.success(request, _("Draft saved."))
    return _go(request, opened.url)


def _noted(request: SignedInRequest, opened: Opened) -> HttpResponse:
    messages.success(request, _("Note added."))
    return _go(request, opened.url)


def _sent(request: SignedInRequest, opened: Opened, message: Message) -> HttpResponse:
    """Where people go after an answer is theirs to choose; the way back stands in the toast."""
    undo = reverse("feedback:recall", args=[opened.feedback.number, message.pk])
    if opened.query:
        undo = f"{undo}?{urlencode(opened.carried)}"
    words = _("Answer to %(customer)s (#%(number)s) on its way.") % {
        "customer": opened.feedback.customer,
        "number": opened.feedback.number,
    }
    toast(request, words, undo_url=undo)
    where = request.user.after_reply
    if opened.place is None or where == AfterReply.STAY:
        return _go(request, opened.url)
    if where == AfterReply.NEXT and opened.place.next:
        return _go(request, opened.place.link(opened.place.next, opened.at))
    return _go(request, opened.list_url)


def _go(request: SignedInRequest, url: str) -> HttpResponse:
    if is_htmx(request):
        return HttpResponseClientRedirect(url)
    return redirect(url)


def _refused(
    request: SignedInRequest, opened: Opened, form: ComposerForm, kept: list[Upload]
) -> HttpResponse:
    context = {"form": form, "opened": opened}
    if is_htmx(request):
        return render(request, "feedback/_composer_refusal.html", context, status=422)
    return record_page(request, opened, status=422, form=form, typed=_typed(request, kept))


def _stale(
    request: SignedInRequest,
    opened: Opened,
    form: ComposerForm,
    kept: list[Upload],
    stale: Stale,
) -> HttpResponse:
    """409: what came meanwhile beside what was typed; the next press sends it all the same."""
    feedback = opened.feedback
    conflict = {
        "lines": changes_since(feedback, form.cleaned_data["seen"]),
        "sentence": stale.message,
        "do": form.cleaned_data["do"],
    }
    if is_htmx(request):
        context = {
            "conflict": conflict,
            "form": form,
            "opened": opened,
            "feedback": feedback,
            "messages_shown": conversation_of(
                feedback, cover=cover_in_conversations(request.user)
            ),
            "may_reveal": request.user.has_perm(REVEAL),
            "seen": last_entry_id(feedback),
            "swapped": True,
        }
        return render(request, "feedback/_composer_refusal.html", context, status=409)
    typed = _typed(request, kept)
    return record_page(request, opened, status=409, conflict=conflict, form=form, typed=typed)


def _typed(request: SignedInRequest, kept: list[Upload]) -> dict[str, Any]:
    return {
        "given": True,
        "text": request.POST.get("text", ""),
        "kind": "note" if request.POST.get("do") == "note" else "reply",
        "kept": kept,
        "commitment": row_id(request.POST.get("commitment", "")),
        "unsigned": "signature_shown" in request.POST and "signed" not in request.POST,
        # A browser does not give chosen files back to a page that is drawn anew.
        "files_lost": bool(request.FILES),
    }


@staff_with(REPLY)
@require_POST
def recall(request: SignedInRequest, number: int, message_id: int) -> HttpResponse:
    """Take back an answer that has not left; its text returns to the editor."""
    opened = open_record(request, number)
    conversation = Message.objects.in_conversation_of(opened.feedback)
    message = get_object_or_404(conversation, pk=message_id)
    try:
        recall_reply(message.pk, by=request.user)
    except DomainError as refusal:
        messages.error(request, str(refusal.message))
        return _go(request, opened.url)
    messages.success(request, _("Taken back. Nothing was sent; your text is in the editor."))
    return _go(request, opened.url)


@staff_with(REPLY)
@require_GET
def templates(request: SignedInRequest, number: int) -> HttpResponse:
    """The reply templates as they would read for this customer."""
    feedback = visible_or_404(request.user, number)
    values = values_for_answer(feedback, request.user)
    words = request.GET.get("q", "").strip().casefold()
    offered = []
    for template in ReplyTemplate.objects.for_agent(request.user):
        found = f"{template.name_zh} {template.name_en} {template.shortcut}".casefold()
        if words in found:
            filled = fill(template.body_in(feedback.language), values)
            missing = in_words(filled.unfilled)
            offered.append({"template": template, "text": filled.text, "missing": missing})
    context = {"offered": offered, "feedback": feedback}
    template_name = "feedback/_templates.html" if is_htmx(request) else "feedback/templates.html"
    return render(request, template_name, context)
