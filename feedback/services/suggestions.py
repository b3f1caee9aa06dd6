"""Suggestions of those who work here: records like others, with a channel of their own. No
promise runs for them, nothing is mailed, and they are in no figure about customers."""

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.enums import ContactKind
from accounts.models import ContactPoint, Customer, User
from feedback.enums import Channel, Direction, NoticeKind
from feedback.errors import NothingWritten, RecordClosed
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
    who did: neither with the suggestion nor in the timeline nor with the message. Raises
    NothingWritten."""
    if not text.strip():
        raise NothingWritten
    name = str(NOBODY) if is_anonymous else by.name
    feedback = receive_feedback(
        channel=Channel.STAFF,
        customer=house(language, is_demo=by.is_demo),
        subject=subject,
        text=text.strip(),
        language=language,
        sender_name=name,
        submission_key=f"suggestion:{key}" if key else None,
        acknowledge=False,
        by=None if is_anonymous else by,
    )
    Suggestion.objects.get_or_create(
        feedback=feedback,
        defaults={"author": None if is_anonymous else by, "is_anonymous": is_anonymous},
    )
    return feedback


def house(language: str, *, is_demo: bool = False) -> Customer:
    """Who stands for all who work here; nobody can be reached by it, and it is in no list of
    customers. The demo has its own, which goes with it."""
    number = "house-demo" if is_demo else "house"
    points = ContactPoint.objects.filter(kind=ContactKind.EXTERNAL, value=number)
    found = points.select_related("customer").first()
    if found is not None:
        return found.customer
    try:
        with transaction.atomic():
            made = Customer.objects.create(
                is_house=True, is_demo=is_demo, name=HOUSE, language=language
            )
            ContactPoint.objects.create(customer=made, kind=ContactKind.EXTERNAL, value=number)
            return made
    except IntegrityError:  # a contact belongs to one: another first suggestion was quicker
        return points.select_related("customer").get().customer


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
