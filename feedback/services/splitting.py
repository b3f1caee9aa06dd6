"""A second matter in one conversation: from a message on it becomes a record of its own."""

from django.db import transaction

from accounts.models import User
from feedback.enums import OUR_TURN, Direction, FollowReason, LinkKind, State, TimelineKind
from feedback.errors import NothingToSplit, WrittenElsewhere
from feedback.models import (
    Feedback,
    FeedbackLink,
    InboundMail,
    MailReference,
    Message,
    Status,
)
from feedback.services.following import follows_now
from feedback.services.merging import merge_feedback
from feedback.services.records import lock, save_change, tell
from feedback.services.sla_clocks import settle_clocks

_SAME = (
    "channel", "language", "customer", "mailbox", "priority", "category", "team", "assignee",
    "product", "order_number", "place", "journey_stage",
    "also_categories",
)  # fmt: skip
_DATES = (
    "waiting_since", "first_response_at", "last_customer_message_at", "last_staff_message_at",
    "reply_due_at",
)  # fmt: skip


@transaction.atomic
def split_feedback(message_id: int, *, by: User, subject: str = "") -> Feedback:
    """Make a record of this message and everything after it; gives the new record.

    It has the customer, the team and the words of the old one, and is linked to it. Answers to
    mails that went along are filed to it. Nobody is notified: nothing was said. Raises
    NothingToSplit for the first message, and WrittenElsewhere when the record was merged.
    """
    start = Message.objects.get(pk=message_id)
    old = lock(start.feedback_id)
    if old.merged_into is not None:
        raise WrittenElsewhere(old.number, old.merged_into.number)
    everything = list(old.messages.select_related("outgoing").order_by("created_at", "pk"))
    keys = [one.pk for one in everything]
    if start.pk not in keys or keys.index(start.pk) == 0:
        raise NothingToSplit
    stays, moved = everything[: keys.index(start.pk)], everything[keys.index(start.pk) :]
    new = _new_record(old, moved, subject=subject)
    _move(moved, old, new)
    _date(old, stays)
    settle_clocks(old)
    save_change(old, *_DATES)
    tell(old, TimelineKind.SPLIT, by=by, into=new.number, messages=[one.pk for one in moved])
    tell(new, TimelineKind.SPLIT, by=by, source=old.number, source_id=old.pk)
    FeedbackLink.objects.create(first=old, second=new, kind=LinkKind.RELATED, created_by=by)
    follows_now(new.pk, [by.pk], FollowReason.WROTE)
    settle_clocks(new)
    save_change(new, *_DATES)
    return new


def undo_split(feedback_id: int, *, by: User) -> Feedback:
    """Bring what was split off back into the conversation that it came from; gives that one.
    It is a merge, so it can be taken back as well. Raises NotMergeable."""
    entry = Feedback.objects.get(pk=feedback_id).timeline.filter(
        kind=TimelineKind.SPLIT, data__has_key="source_id"
    )
    first = entry.first()
    if first is None:
        raise NothingToSplit
    return merge_feedback(
        feedback_id, into_id=first.data["source_id"], by=by, customers_may_differ=True
    )


def _new_record(old: Feedback, moved: list[Message], *, subject: str) -> Feedback:
    answered = any(one.direction == Direction.OUT for one in moved)
    status = Status.objects.default_for(State.OPEN if answered else State.NEW)
    new = Feedback(
        **{name: getattr(old, name) for name in _SAME},
        subject=subject.strip()[:255] or old.subject,
        status=status,
        state=status.state,
        received_at=moved[0].created_at,
    )
    _date(new, moved)
    new.save()
    # The database gave the number.
    created = lock(new.pk)
    created.tags.set(old.tags.all())
    return created


def _move(moved: list[Message], old: Feedback, new: Feedback) -> None:
    keys = [one.pk for one in moved]
    Message.objects.filter(pk__in=keys).update(feedback=new)
    ids = [one.outgoing.message_id for one in moved if one.outgoing is not None]
    came = InboundMail.objects.filter(filed_as__in=keys).values_list("message_id", flat=True)
    MailReference.objects.filter(feedback=old, message_id__in=[*ids, *came]).update(feedback=new)


def _date(feedback: Feedback, messages: list[Message]) -> None:
    """What the messages say about when who wrote and who waits; nothing is stored."""
    real = [one for one in messages if not one.is_automatic and not one.is_recalled]
    came = [one for one in real if one.direction == Direction.IN and not one.is_third_party]
    sent = [one for one in real if one.direction == Direction.OUT]
    feedback.last_customer_message_at = came[-1].created_at if came else None
    feedback.last_staff_message_at = sent[-1].created_at if sent else None
    feedback.first_response_at = sent[0].created_at if sent else None
    since = sent[-1].created_at if sent else None
    unanswered = [one for one in came if since is None or one.created_at > since]
    waits = bool(unanswered) and feedback.state in OUR_TURN
    feedback.waiting_since = unanswered[0].created_at if waits else None
