"""The page that a customer opens by the link in the acknowledgement: how far it is, what was
said, a place to answer. The link is the key; there is no login."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import public
from accounts.selectors.personal_data import NOTHING_COVERED, cover_in_conversations
from config.kernel.errors import DomainError
from config.kernel.headers import secret_address
from config.kernel.numbers import row_id
from config.kernel.ratelimit import within_limit
from feedback.enums import Channel
from feedback.forms.public import CustomerAnswerForm, incoming, new_stamp
from feedback.models import Attachment, Feedback, Message
from feedback.selectors.commitments import commitments_for_customer
from feedback.selectors.reopening import is_followed_up
from feedback.selectors.status_page import (
    feedback_by_token,
    merged_number,
    messages_for_customer,
    progress_of,
)
from feedback.services.conversation import (
    add_customer_message,
    close_by_customer,
    message_under,
)
from feedback.views.files import file_response

PER_HOUR = 30


@public
@secret_address
@csrf_exempt  # the secret is in the address, not in a cookie
@require_http_methods(["GET", "HEAD", "POST"])
def status_page(request: HttpRequest, token: str) -> HttpResponse:
    feedback = get_object_or_404(feedback_by_token(token))
    merged = merged_number(token, feedback)
    if merged is not None and request.method != "POST":
        # To the address of the other record, which then says why.
        return redirect(
            f"{reverse('feedback:status_page', args=[feedback.status_token])}?from={merged}"
        )
    if request.method != "POST":
        return _page(request, feedback, CustomerAnswerForm(initial={"stamp": new_stamp()}))
    return _answer(request, feedback)


def _answer(request: HttpRequest, feedback: Feedback) -> HttpResponse:
    form = CustomerAnswerForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, feedback, form, status=422)
    key = f"status:{form.nonce}"
    known = message_under(key)
    if known is not None and known.feedback.customer_id == feedback.customer_id:
        return _sent(feedback, known)  # sent again: nothing new
    if not within_limit(f"status:{feedback.pk}", limit=PER_HOUR, seconds=3600):
        form.add_error(None, _("Please wait a little before you send more."))
        return _page(request, feedback, form, status=429)
    try:
        message = add_customer_message(
            feedback.pk,
            channel=Channel.WEB_FORM,
            text=form.cleaned_data["text"],
            files=incoming(form.cleaned_data["files"]),
            sender_address=feedback.customer.email,
            submission_key=key,
        )
    except DomainError as refusal:
        form.add_error(None, str(refusal.message))
        return _page(request, feedback, form, status=422)
    return _sent(feedback, message)


def _sent(feedback: Feedback, message: Message) -> HttpResponse:
    """To where it can be read: on the page of the follow-up, if it began one."""
    record = message.feedback
    path = reverse("feedback:status_page", args=[record.status_token])
    how = "sent" if record.pk == feedback.pk else "new"
    return redirect(f"{path}?{how}=1#conversation")


@public
@secret_address
@csrf_exempt
@require_http_methods(["POST"])
def close(request: HttpRequest, token: str) -> HttpResponse:
    """“It is settled for me.” Only a POST does it: mail scanners open links."""
    feedback = get_object_or_404(feedback_by_token(token))
    if feedback.is_open:
        close_by_customer(feedback.pk)
    return redirect("feedback:status_page", token=token)


@public
@secret_address
@require_safe
def file(request: HttpRequest, token: str, key: str) -> HttpResponse:
    """A file of the conversation, for whoever holds the link; never one of a note."""
    feedback = get_object_or_404(feedback_by_token(token))
    shown = messages_for_customer(feedback).values("pk")
    attachment = get_object_or_404(Attachment, key=key, message__in=shown.order_by())
    return file_response(attachment)


def _page(
    request: HttpRequest, feedback: Feedback, form: CustomerAnswerForm, status: int = 200
) -> HttpResponse:
    user = request.user
    context = {
        "feedback": feedback,
        "form": form,
        "progress": progress_of(feedback),
        "commitments": commitments_for_customer(feedback),
        "conversation": messages_for_customer(feedback),
        # Customers have no account here: whoever is signed in looks over their shoulder.
        "cover": cover_in_conversations(user) if user.is_authenticated else NOTHING_COVERED,
        "token": feedback.status_token,
        "was_sent": "sent" in request.GET,
        "came_from": row_id(request.GET.get("from", "")),
        "is_new_matter": "new" in request.GET,
        "is_followed_up": is_followed_up(feedback, timezone.now()),
    }
    return render(request, "feedback/public/status.html", context, status=status)
