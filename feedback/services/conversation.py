"""What a customer adds to a record that exists."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from config.kernel.events import announce
from feedback.enums import (
    Channel,
    Direction,
    NoticeKind,
    State,
    TimelineKind,
    WokenBy,
)
from feedback.errors import NothingWritten
from feedback.events import MessageReceived
from feedback.models import Feedback, Mailbox, Message, Status
from feedback.selectors.reopening import is_followed_up, rule_for
from feedback.services.attachments import IncomingFile, store_files
from feedback.services.notifying import notify
from feedback.services.records import lock, save_change, tell
from feedback.services.reopening import (
    begin_follow_up,
    follow_up_in_hand,
    reopen_for_customer,
)
from feedback.services.scheduling import hold_scheduled
from feedback.services.sla_clocks import settle_clocks
from feedback.services.snoozing import end_snooze
from feedback.services.workflow import apply_status, change_status


@transaction.atomic
def add_customer_message(
    feedback_id: int,
    *,
    channel: Channel,
    text: str,
    html: str = "",
    full_text: str = "",
    files: Sequence[IncomingFile] = (),
    sender_name: str = "",
    sender_address: str = "",
    is_automatic: bool = False,
    is_third_party: bool = False,
    received_at: datetime | None = None,
    submission_key: str | None = None,
    subject: str = "",
    other_subject: str = "",
    flags: Sequence[str] = (),
    mailbox: Mailbox | None = None,
    acknowledge: bool = True,
) -> Message:
    """File what came from outside to its record: the one door, whatever the channel.

    A person's message makes it our turn again and reopens what was resolved, or begins a
    follow-up record, as the team's rule says; what is closed for good is always followed up. The
    message is then of the new record, and with `acknowledge` its customer is told the number;
    `subject` and `mailbox` are for it alone. An automatic message (out of office …) is only
    filed; so is a stranger's, of which those who follow the record are told. `other_subject` is
    a subject that the record did not have so far, `flags` are warnings (MailFlag). What is
    written to a record that was merged is the target's matter.
    The same `submission_key` is filed once. Raises NothingWritten, FileRefused.
    """
    if not text.strip() and not files:
        raise NothingWritten
    home, feedback = _whose_matter(feedback_id)
    if submission_key is not None:
        known = message_under(submission_key)
        if known is not None:
            return known
    now = timezone.now()
    if not is_automatic and not is_third_party and is_followed_up(feedback, now):
        return _follow_up(
            home,
            channel=channel,
            text=text,
            html=html,
            full_text=full_text,
            files=files,
            sender_name=sender_name,
            sender_address=sender_address,
            submission_key=submission_key,
            subject=subject,
            flags=flags,
            mailbox=mailbox,
            acknowledge=acknowledge,
        )
    message = Message.objects.create(
        feedback=home,
        direction=Direction.IN,
        channel=channel,
        author_name=sender_name or home.customer.name,
        author_address=sender_address,
        text=text,
        full_text=full_text,
        html=html,
        subject=other_subject,
        flags=list(flags),
        is_automatic=is_automatic,
        is_third_party=is_third_party,
        submission_key=submission_key,
        created_at=min(received_at or now, now),
    )
    store_files(message, files)
    about: dict[str, Any] = {"automatic": is_automatic}
    if is_third_party:
        about["third_party"] = True
    if other_subject:
        about["subject"] = True
    tell(feedback, TimelineKind.MESSAGE_IN, message=message.pk, **about)
    if is_automatic or is_third_party:
        save_change(feedback)
        if is_third_party and not is_automatic:
            notify(
                feedback,
                NoticeKind.CUSTOMER_WROTE,
                by=None,
                message=message,
                about={"third_party": True},
            )
        return message
    _our_turn(feedback, message)
    announce(MessageReceived(feedback_id=home.pk, message_id=message.pk))
    return message


def _whose_matter(feedback_id: int) -> tuple[Feedback, Feedback]:
    """Where the message belongs, and the record (locked) whose turn it then is. They differ
    where the records of two customers were merged: what each wrote stays with their own."""
    while True:
        asked = Feedback.objects.select_related("customer").get(pk=feedback_id)
        feedback = lock(asked.merged_into_id or feedback_id)
        now = Feedback.objects.values_list("merged_into", flat=True).get(pk=feedback_id)
        if now == asked.merged_into_id:  # else it was merged or separated at this very moment
            break
    own = asked.merged_into_id is None or asked.customer_id == feedback.customer_id
    return (feedback if own else asked), feedback


_OUR_TURN = (
    "last_customer_message_at",
    "waiting_since",
    "reply_due_at",
    "snoozed_until",
    "snoozed_by",
)


def message_under(key: str) -> Message | None:
    """What was filed under this key before: here, or as the beginning of a follow-up."""
    said = Message.objects.select_related("feedback")
    return (
        said.filter(submission_key=key).first()
        or said.filter(feedback__submission_key=key).order_by("pk").first()
    )


def _follow_up(before: Feedback, **said: Any) -> Message:
    """Into the record that follows already, else into a new one."""
    following = follow_up_in_hand(before)
    if following is not None:
        return add_customer_message(following.pk, **said)
    return begin_follow_up(before, rule=rule_for(before), **said)


def _our_turn(feedback: Feedback, message: Message) -> None:
    feedback.last_customer_message_at = message.created_at
    if feedback.snoozed_until is not None:
        end_snooze(feedback, WokenBy.CUSTOMER)
    # A second message does not restart the clock of the first.
    feedback.waiting_since = feedback.waiting_since or message.created_at
    settle_clocks(feedback)
    save_change(feedback, *_OUR_TURN)
    if feedback.state == State.RESOLVED:
        reopen_for_customer(feedback, tell_followers=False)
    elif feedback.state in {State.WAITING_CUSTOMER, State.WAITING_THIRD}:
        apply_status(feedback, Status.objects.for_reopened(), by=None, tell_followers=False)
    notify(feedback, NoticeKind.CUSTOMER_WROTE, by=None, message=message)
    hold_scheduled(feedback)


def close_by_customer(feedback_id: int) -> Feedback:
    """The customer says on the status page that it is settled."""
    status = Status.objects.default_for(State.RESOLVED)
    return change_status(feedback_id, status=status, by=None, note="customer")
