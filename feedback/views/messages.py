"""One message at a time: as it was sent, whole, and its files."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_GET, require_POST

from accounts.access import SignedInRequest, staff_with
from accounts.selectors.personal_data import NOTHING_COVERED, REVEAL, cover_in_conversations
from config.kernel.http import is_htmx
from feedback.channels.email.safe_html import picture_places, safe_html
from feedback.models import Message
from feedback.selectors.conversation import attachments_visible_to, conversation_of
from feedback.services.revealing import reveal_personal_data
from feedback.views.files import file_response
from feedback.views.record import open_record
from feedback.views.records import CHANGE, READ, REPLY, visible_or_404

# No script ever runs in there: neither sandbox lets it nor the policy. Same-origin is for our own
# pictures and so that the page outside can measure how tall the mail is.
SANDBOX = "allow-same-origin allow-popups allow-popups-to-escape-sandbox"


def _message(request: SignedInRequest, number: int, message_id: int) -> Message:
    feedback = visible_or_404(request.user, number)
    messages = Message.objects.in_conversation_of(feedback)
    return get_object_or_404(messages.prefetch_related("attachments"), pk=message_id)


@staff_with(READ)
@require_GET
def message(request: SignedInRequest, number: int, message_id: int) -> HttpResponse:
    """The whole of a message, everything quoted included."""
    one = _message(request, number, message_id)
    cover = cover_in_conversations(request.user)
    covered = cover.over(one.full_text or ("" if one.html else one.text))
    context = {
        "message": one,
        "number": number,
        "covered": covered,
        "may_reveal": request.user.has_perm(REVEAL),
    }
    template = "feedback/_message_whole.html" if is_htmx(request) else "feedback/message.html"
    return render(request, template, context)


@staff_with(READ, REVEAL)
@require_POST
def reveal(request: SignedInRequest, number: int, message_id: int) -> HttpResponse:
    """The message with the personal data that was covered in it; the story says who saw it."""
    feedback = visible_or_404(request.user, number)
    found = _message(request, number, message_id)
    one = reveal_personal_data(found, on=feedback, by=request.user)
    if not is_htmx(request):
        covered = NOTHING_COVERED.over(one.full_text or one.text)
        context = {"message": one, "number": number, "covered": covered, "is_revealed": True}
        return render(request, "feedback/message.html", context)
    opened = open_record(request, number)
    may_change = request.user.has_perm(CHANGE)
    shown = next(row for row in conversation_of(opened.feedback) if row.message.pk == one.pk)
    context = {
        "opened": opened,
        "feedback": opened.feedback,
        "shown": shown,
        "message": shown.message,
        "may_change": may_change,
        "may_reply": may_change and request.user.has_perm(REPLY),
    }
    return render(request, "feedback/_message.html", context)


@staff_with(READ)
@require_GET
@xframe_options_sameorigin
def message_html(request: SignedInRequest, number: int, message_id: int) -> HttpResponse:
    """A mail as its sender laid it out, made harmless, for a frame in our page. Pictures from
    the network tell the sender that we read; they come only with `?pictures=1`."""
    one = _message(request, number, message_id)
    remote = request.GET.get("pictures") == "1"
    html = cover_in_conversations(request.user)(one.html)
    body = safe_html(html, cid_urls=_own_pictures(one), remote_images=remote)
    context: dict[str, Any] = {"body": body, "message": one}
    response = render(request, "feedback/frame.html", context)
    # From nowhere that the mail does not name: not where those places send the browser on to.
    pictures = " ".join(["'self' data:", *(picture_places(body) if remote else [])])
    response["Content-Security-Policy"] = (
        f"default-src 'none'; img-src {pictures}; style-src 'self'; form-action 'none'; "
        f"base-uri 'none'; frame-ancestors 'self'; sandbox {SANDBOX}"
    )
    response["Referrer-Policy"] = "no-referrer"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


def _own_pictures(one: Message) -> dict[str, str]:
    return {
        picture.content_id: reverse("feedback:attachment", args=[picture.key])
        for picture in one.attachments.all()
        if picture.content_id and picture.is_picture
    }


@staff_with(READ)
@require_GET
def attachment(request: SignedInRequest, key: str) -> HttpResponse:
    """A file, for those who may see the record that it belongs to."""
    one = get_object_or_404(attachments_visible_to(request.user), key=key)
    name = cover_in_conversations(request.user).file_name(one.name)
    return file_response(one, name=name, as_download="download" in request.GET)
