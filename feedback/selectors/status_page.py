"""What a customer sees of a record through its link."""

from dataclasses import dataclass

from django.db.models import QuerySet

from config.kernel.tokens import signature_holds
from feedback.enums import Channel, State
from feedback.models import Feedback, Message


@dataclass(frozen=True, slots=True)
class Progress:
    """How far it is: `step` is 0 received, 1 in progress, 2 settled."""

    step: int
    label: str


def feedback_by_token(token: str) -> QuerySet[Feedback]:
    """The record that a status link opens, as a queryset of one or none. A record that was
    merged leads on to the other one, if it is the same customer's."""
    number, _, mac = token.partition("-")
    records = Feedback.objects.for_record_page()
    # str.isdigit() also takes "²" and "٣".
    if not (number.isascii() and number.isdigit() and len(number) < 19):
        return records.none()
    feedback = records.filter(number=int(number)).first()
    if feedback is None or not signature_holds(
        "status-page", f"{feedback.number}.{feedback.link_epoch}", mac
    ):
        return records.none()
    target = feedback.merged_into
    if feedback.channel == Channel.STAFF:  # the other one is a colleague's
        target = None
    if target is not None and target.customer_id == feedback.customer_id:
        return records.filter(pk=target.pk)
    return records.filter(pk=feedback.pk)


def merged_number(token: str, feedback: Feedback) -> int | None:
    """The number that a link was made for, when it led on to another record."""
    number = int(token.partition("-")[0])
    return number if number != feedback.number else None


def progress_of(feedback: Feedback) -> Progress:
    """What the customer may know of the status; a hidden one shows as the step before it."""
    step = {State.NEW: 0, State.RESOLVED: 2, State.CLOSED: 2}.get(State(feedback.state), 1)
    if feedback.state == State.SPAM:
        step = 0
    return Progress(step, feedback.status.customer_label)


def messages_for_customer(feedback: Feedback) -> QuerySet[Message]:
    """Its conversation; of records that were merged into it only what is this customer's own."""
    shared = Message.objects.in_conversation_of(feedback)
    if feedback.channel == Channel.STAFF:  # one customer stands for all colleagues
        return shared.filter(feedback=feedback).for_customer()
    return shared.filter(feedback__customer=feedback.customer_id).for_customer()
