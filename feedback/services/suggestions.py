"""Suggestions of those who work here: records like others, with a channel of their own. No
promise runs for them, nothing is mailed, and they are in no figure about customers."""

import pgtrigger
from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from accounts.models import Customer, User
from feedback.enums import Channel, Direction, NoticeKind
from feedback.errors import HandedInOtherwise, NothingWritten, RecordClosed
from feedback.models import Feedback, Message, Status, Suggestion
from feedback.services.intake import receive_feedback
from feedback.services.notifying import notify_of_page
from feedback.services.records import lock
from feedback.services.replies import ensure_not_merged, we_answered

# What the one customer is called who stands for all who work here.
HOUSE = "员工 · Staff"
NOBODY = _("A colleague")


@transaction.atomic
def hand_in_suggestion(
    *,
    by: User,
    subject: str,
    text: str,
    language: str,
    is_anonymous: bool = False,
    key: str | None = None,
) -> Feedback:
    """Hand one in; the same `key` gives the same record. With `is_anonymous` it is stored nowhere
    who did: neither with the suggestion nor in the timeline nor with the message; and it is in
    the language of the installation, whatever `language` its author uses. Raises NothingWritten,
    HandedInOtherwise."""
    if not text.strip():
        raise NothingWritten
    author: User | None = by
    name = by.name
    if is_anonymous:
        author, language = None, settings.LANGUAGE_CODE
        with translation.override(language):
            name = str(NOBODY)
    feedback = receive_feedback(
        channel=Channel.STAFF,
        customer=house(is_demo=by.is_demo),
        subject=subject,
        text=text.strip(),
        language=language,
        sender_name=name,
        submission_key=f"suggestion:{key}" if key else None,
        acknowledge=False,
        by=author,
    )
    kept, _is_new = Suggestion.objects.get_or_create(
        feedback=feedback, defaults={"author": author, "is_anonymous": is_anonymous}
    )
    if kept.is_anonymous != is_anonymous:
        raise HandedInOtherwise
    return feedback


def house(*, is_demo: bool = False) -> Customer:
    """Who stands for all who work here; nobody can be reached by it, and it is in no list of
    customers. The demo has its own, which goes with it."""
    found = Customer.objects.filter(is_house=True, is_demo=is_demo).first()
    if found is not None:
        return found
    # The history of rows says whose request changed them. Here that is whoever hands in the first
    # suggestion, perhaps without their name: of this row it does not tell how it began.
    with pgtrigger.ignore("accounts.Customer:insert_insert"):
        return Customer.objects.get_or_create(
            is_house=True,
            is_demo=is_demo,
            defaults={"name": HOUSE, "language": settings.LANGUAGE_CODE},
        )[0]


@transaction.atomic
def answer_suggestion(
    feedback_id: int, *, by: User, text: str, then: Status | None = None
) -> Message:
    """Tell its author something, on their page; no mail leaves. Raises NothingWritten,
    RecordClosed, WrittenElsewhere, StepNotAllowed; Suggestion.DoesNotExist for any other
    record."""
    feedback = lock(feedback_id)
    suggestion = Suggestion.objects.get(feedback=feedback)
    ensure_not_merged(feedback)
    if feedback.closed_at is not None:
        raise RecordClosed
    if not text.strip():
        raise NothingWritten
    message = Message.objects.create(
        feedback=feedback,
        direction=Direction.OUT,
        channel=Channel.STAFF,
        author=by,
        author_name=by.name,
        text=text.strip(),
        created_at=timezone.now(),
    )
    we_answered(feedback, message, then=then, by=by)
    _tell_author(suggestion, by=by, text=message.text)
    return message


def tell_of_settled(feedback_id: int) -> None:
    """The author of a suggestion that was resolved without a word hears of it; safe to run
    twice."""
    rows = Suggestion.objects.filter(feedback=feedback_id, author__isnull=False)
    suggestion = rows.select_related("feedback").first()
    if suggestion is not None and suggestion.feedback.is_done:
        _tell_author(suggestion, by=suggestion.feedback.resolved_by, text="")


def _tell_author(suggestion: Suggestion, *, by: User | None, text: str) -> None:
    if suggestion.author_id is None:
        return
    notify_of_page(
        [suggestion.author_id],
        NoticeKind.SUGGESTION,
        by=by,
        page=reverse("feedback:suggestion", args=[suggestion.feedback.number]),
        title=f"#{suggestion.feedback.number} {suggestion.feedback.subject}",
        text=text,
    )
