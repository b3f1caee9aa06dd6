"""What became of the mail about a record, told on its timeline when it went wrong."""

from django.db import transaction

from accounts.enums import Delivery, OutgoingKind, OutgoingState
from accounts.models import OutgoingMessage
from config.kernel.live import tell_pages
from config.kernel.mail_ids import tag_of_message_id
from feedback.enums import NoticeKind, TimelineKind
from feedback.models import Feedback, MailReference, Message
from feedback.services.notifying import notify
from feedback.services.records import lock, tell

_NEVER_LEFT = (OutgoingState.FAILED, OutgoingState.CANCELLED)
_WENT_WRONG = (*_NEVER_LEFT, OutgoingState.UNCERTAIN, OutgoingState.SUPPRESSED)


@transaction.atomic
def note_delivery(outgoing_id: int) -> None:
    """Tell the record that this mail is about, once for each way it can end and when it takes
    long. Of an answer that cannot be sent, or was cancelled with the queue, those who take care
    of it are told. Mail that is about no record is nothing to us. The version stays: nobody's
    open form becomes stale."""
    outgoing = OutgoingMessage.objects.filter(pk=outgoing_id).first()
    feedback_id = None if outgoing is None else _feedback_of(outgoing)
    if outgoing is None or feedback_id is None or _was_taken_back(outgoing):
        return
    feedback = lock(feedback_id)
    told = feedback.timeline.filter(kind=TimelineKind.DELIVERY, data__outgoing=outgoing.pk)
    state, said = outgoing.state, outgoing.answer[:500]
    if state == OutgoingState.RETRY and not told.filter(data__delivery=Delivery.DELAYED).exists():
        tell(
            feedback,
            TimelineKind.DELIVERY,
            note=said,
            outgoing=outgoing.pk,
            delivery=Delivery.DELAYED,
        )
    elif state in _WENT_WRONG and not told.filter(data__state=state).exists():
        note = "" if state == OutgoingState.SUPPRESSED else said
        tell(feedback, TimelineKind.DELIVERY, note=note, outgoing=outgoing.pk, state=state)
        if state in _NEVER_LEFT and outgoing.kind == OutgoingKind.REPLY:
            _say_it_came_back(feedback, outgoing, failed=True)
    tell_pages("feedback", id=feedback.pk, number=feedback.number, version=feedback.version)


@transaction.atomic
def note_return(
    outgoing: OutgoingMessage, delivery: str, *, code: str = "", said: str = ""
) -> None:
    """Tell the records that this mail is about what the other side reports: that it came back
    or is delayed (Delivery), or "complaint". `code` is the status (RFC 3463), `said` the words of
    the server. Each is told once; nothing reopens. Of what came back those who take care of it
    are told: the customer has not read it."""
    about = MailReference.objects.filter(message_id=outgoing.message_id, is_ours=True)
    for feedback_id in about.order_by("pk").values_list("feedback", flat=True):
        feedback = lock(feedback_id)
        told = feedback.timeline.filter(
            kind=TimelineKind.DELIVERY, data__outgoing=outgoing.pk, data__delivery=delivery
        )
        if told.exists():
            continue
        tell(
            feedback,
            TimelineKind.DELIVERY,
            outgoing=outgoing.pk,
            delivery=delivery,
            code=code,
            note=said[:500],
        )
        if delivery == Delivery.BOUNCED:
            _say_it_came_back(feedback, outgoing)
        tell_pages("feedback", id=feedback.pk, number=feedback.number, version=feedback.version)


def _say_it_came_back(
    feedback: Feedback, outgoing: OutgoingMessage, *, failed: bool = False
) -> None:
    """`failed`: it did not even leave."""
    message = Message.objects.filter(outgoing=outgoing).first()
    whose = (message.author_id if message else None, feedback.assignee_id)
    people = {pk for pk in whose if pk is not None}
    about = {"failed": True} if failed else None
    notify(feedback, NoticeKind.BOUNCED, by=None, message=message, to=people or None, about=about)


def _was_taken_back(outgoing: OutgoingMessage) -> bool:
    """Its author knows, and the timeline has it already."""
    return Message.objects.filter(outgoing=outgoing, is_recalled=True).exists()


def _feedback_of(outgoing: OutgoingMessage) -> int | None:
    """By the message that it carries, else by the tag in its id (acknowledgements, surveys)."""
    carried = Message.objects.filter(outgoing=outgoing).values_list("feedback", flat=True).first()
    if carried is not None:
        return carried
    tag = tag_of_message_id(outgoing.message_id) or ""
    if not tag.startswith("t"):
        return None
    return Feedback.objects.filter(pk=int(tag[1:])).values_list("pk", flat=True).first()
