"""Asking the customer after feedback was resolved: planned, sent when due, taken back."""

import logging
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.enums import Delivery, OutgoingKind, OutgoingState
from accounts.errors import AddressNotUsable, TooLateToRecall
from accounts.models import Customer, OutgoingMessage
from accounts.models.outgoing import WAITING
from accounts.services.outbox import queue_mail, recall
from accounts.services.webhook_events import note_event
from feedback.enums import DONE_STATES, Channel, State, TimelineKind
from feedback.models import Feedback, MailReference
from feedback.services.correspondence import envelope
from feedback.services.records import tell
from surveys.enums import CollectorChannel, InvitationState, NotAsked, Sending
from surveys.models import Collector, ContactEvent, Invitation
from surveys.selectors.audience import Person, reasons_not_to_ask
from surveys.selectors.contact import (
    address_digest,
    reason_not_to_ask,
    reason_not_to_ask_about,
)
from surveys.selectors.webhook_events import INVITATION

logger = logging.getLogger(__name__)
AT_A_TIME = 500
# States in which "why not" is still the question: a resolved record, and one that went astray.
_ASKED_ABOUT = (*DONE_STATES, State.MERGED, State.SPAM)


@dataclass(frozen=True, slots=True)
class Letter:
    """What an invitation says, in the language of the person who gets it."""

    subject: str
    text: str
    html: str
    headers: dict[str, str] = field(default_factory=dict)


def plan_call_back(feedback_id: int) -> list[Invitation]:
    """After feedback was resolved: one invitation for each follow-up collector, to be sent after
    its delay; or one that says why the customer is not asked. Safe to run twice. Nothing happens
    when the record has been taken up again in the meantime."""
    feedback = (
        Feedback.objects.select_related("customer", "resolved_by", "resolved_team", "assignee")
        .filter(pk=feedback_id, state__in=_ASKED_ABOUT)
        .first()
    )
    if feedback is None or feedback.channel == Channel.STAFF:
        return []
    collectors = Collector.objects.open(timezone.now()).filter(channel=CollectorChannel.FOLLOW_UP)
    sending = collectors.exclude(sending=Sending.STOPPED)
    return [invite_about(feedback, one)[0] for one in sending.select_related("survey")]


@transaction.atomic
def invite_about(feedback: Feedback, collector: Collector) -> tuple[Invitation, bool]:
    """One invitation about a solution by this collector, to be sent after its delay, or saying
    why the customer is not asked; and whether it is new."""
    now = timezone.now()
    customer = feedback.customer
    address = customer.email
    why = reason_not_to_ask_about(feedback) or reason_not_to_ask(customer, address, collector, now)
    if collector.sending == Sending.STOPPED:
        why = NotAsked.STOPPED
    invitation, is_new = Invitation.objects.get_or_create(
        collector=collector,
        feedback=feedback,
        round=feedback.reopened_count,
        defaults={
            "customer": customer,
            "address": address,
            "language": collector.language or customer.language,
            "agent": feedback.resolved_by,
            "team": feedback.resolved_team,
            "state": state_for(why),
            "reason": why or "",
            "send_at": (feedback.resolved_at or now) + (collector.delay or timedelta()),
        },
    )
    if is_new and why:
        _tell(invitation)
    return invitation, is_new


def state_for(why: NotAsked | None) -> InvitationState:
    if why is None:
        return InvitationState.QUEUED
    if why == NotAsked.ASKED_RECENTLY:
        return InvitationState.THROTTLED
    return InvitationState.OPTED_OUT if why == NotAsked.OPTED_OUT else InvitationState.SKIPPED


@transaction.atomic
def cancel_call_back(feedback_id: int) -> int:
    """The record was taken up again: whoever has not been asked yet is not asked about that
    solution. Gives how many were taken back."""
    rounds = Feedback.objects.filter(pk=feedback_id).values_list("reopened_count", flat=True)
    if not rounds:
        return 0
    # The record may have been resolved once more by now, and that solution is to be asked about.
    waiting = (
        Invitation.objects.select_for_update(of=["self"])
        .select_related("feedback")
        .filter(feedback=feedback_id, state=InvitationState.QUEUED, round__lt=rounds[0])
        .order_by("pk")
    )
    return sum(1 for one in waiting if give_up(one, NotAsked.REOPENED))


def send_due_invitations(write: Callable[[Invitation], Letter]) -> int:
    """Hand over every invitation whose time has come; gives how many went out. `write` words
    one (the adapter of a channel does). Any number of workers may do this at the same time."""
    due = Invitation.objects.due(timezone.now()).order_by("send_at", "pk")
    sent = 0
    for invitation_id in list(due.values_list("pk", flat=True)[:AT_A_TIME]):
        try:
            sent += _send(invitation_id, write)
        except Exception:
            # One that cannot be worded or stored must not keep the others back.
            logger.exception("invitation %s could not be sent", invitation_id)
    return sent


@transaction.atomic
def _send(invitation_id: int, write: Callable[[Invitation], Letter]) -> bool:
    lock_collector_of(invitation_id)
    invitation = (
        Invitation.objects.select_for_update(of=["self"], skip_locked=True)
        .select_related("collector__survey", "collector__mailing__mailbox", "feedback__mailbox")
        .filter(pk=invitation_id, state=InvitationState.QUEUED)
        .exclude(collector__sending=Sending.PAUSED)
        .first()
    )
    if invitation is None:  # another worker has it, or it was paused a moment ago
        return False
    why = why_not_now(invitation)
    if why is not None:
        return not give_up(invitation, why)
    invitation.expires_at = timezone.now() + timedelta(days=invitation.collector.valid_days)
    try:
        outgoing = queue_letter(invitation, write(invitation), key=f"survey:{invitation.pk}")
    except AddressNotUsable:
        return not give_up(invitation, NotAsked.NO_ADDRESS)
    if outgoing.state == OutgoingState.SUPPRESSED:
        return not give_up(invitation, NotAsked.SUPPRESSED)
    invitation.outgoing = outgoing
    note_asked(invitation)
    _tell(invitation)
    return True


def lock_collector_of(invitation_id: int) -> None:
    """Inside a transaction, before the invitation is locked: whoever pauses its collector waits
    until this one is through, and the other way round."""
    of_it = Invitation.objects.filter(pk=invitation_id).values("collector")
    Collector.objects.select_for_update(no_key=True).filter(pk__in=of_it).first()


def note_asked(invitation: Invitation) -> None:
    """Inside a transaction: its mail leaves from now on."""
    now = timezone.now()
    invitation.state, invitation.sent_at = InvitationState.SENT, now
    invitation.expires_at = now + timedelta(days=invitation.collector.valid_days)
    invitation.next_reminder_at = _first_reminder(invitation.collector, now)
    invitation.save(
        update_fields=["state", "outgoing", "sent_at", "expires_at", "next_reminder_at"]
    )
    ContactEvent.objects.create(
        customer=invitation.customer,
        address_digest=address_digest(invitation.address),
        survey=invitation.collector.survey,
        at=now,
    )
    note_event(INVITATION, invitation.pk)


def _first_reminder(collector: Collector, now: datetime) -> datetime | None:
    if collector.channel != CollectorChannel.EMAIL:
        return None
    mailing = getattr(collector, "mailing", None)
    if mailing is None or not mailing.reminders:
        return None
    return now + timedelta(days=mailing.reminder_days)


def forget_asking(invitation: Invitation) -> None:
    """Inside a transaction: the mail of this one, which has not left, does not count as a contact
    with the person."""
    if invitation.sent_at is None:
        return
    ContactEvent.objects.filter(
        address_digest=address_digest(invitation.address),
        survey=invitation.collector.survey_id,
        at=invitation.sent_at,
    ).delete()
    invitation.sent_at = None
    invitation.save(update_fields=["sent_at"])


def why_not_now(invitation: Invitation) -> NotAsked | None:
    """Asked again at the moment of sending: a day may have passed."""
    now = timezone.now()
    if invitation.collector.sending == Sending.STOPPED:
        return NotAsked.STOPPED
    if not invitation.collector.is_open(now):
        return NotAsked.CLOSED
    feedback = invitation.feedback
    if feedback is not None:
        if feedback.state not in _ASKED_ABOUT or feedback.reopened_count != invitation.round:
            return NotAsked.REOPENED
        why = reason_not_to_ask_about(feedback)
        if why is not None:
            return why
    customer = None
    if invitation.customer_id is not None:
        # Locked, so that two matters of one person do not both find that nothing was asked yet.
        customer = Customer.objects.select_for_update(no_key=True).get(pk=invitation.customer_id)
    if feedback is None or customer is None:
        # Whether somebody prefers another channel was asked when the invitation was made.
        person = Person(invitation.address, customer)
        (why,) = reasons_not_to_ask(invitation.collector, [person], others_too=True, now=now)
        return why
    return reason_not_to_ask(customer, invitation.address, invitation.collector, now)


def queue_letter(invitation: Invitation, letter: Letter, *, key: str) -> OutgoingMessage:
    """Promise this mail about an invitation; one with the same `key` is promised once. Raises
    AddressNotUsable."""
    feedback = invitation.feedback
    outgoing = queue_mail(
        kind=OutgoingKind.SURVEY,
        tag=f"s{invitation.pk}",
        to_address=invitation.address,
        to_name=invitation.customer.name if invitation.customer else invitation.name,
        customer=invitation.customer,
        subject=letter.subject,
        body_text=letter.text,
        body_html=letter.html,
        headers=letter.headers,
        language=invitation.language,
        dedupe_key=key,
        # An answer by mail instead of by the link belongs to the record.
        **(envelope(feedback) if feedback is not None else sender_of(invitation.collector)),
    )
    if feedback is not None:
        MailReference.objects.get_or_create(
            feedback=feedback, message_id=outgoing.message_id, defaults={"is_ours": True}
        )
    return outgoing


def sender_of(collector: Collector) -> dict[str, Any]:
    """For queue_mail: the mailbox of its mailing, which gets what people answer by mail."""
    is_mailing = collector.channel == CollectorChannel.EMAIL
    mailing = getattr(collector, "mailing", None) if is_mailing else None
    if mailing is None or mailing.mailbox is None:
        return {}
    box = mailing.mailbox
    return {"from_address": box.address, "from_name": box.name, "reply_to": box.address}


def give_up(invitation: Invitation, why: NotAsked) -> bool:
    """Inside a transaction: this person is not asked; True."""
    invitation.state, invitation.reason = state_for(why), why
    invitation.save(update_fields=["state", "reason"])
    _tell(invitation)
    return True


def _tell(invitation: Invitation) -> None:
    if invitation.feedback is not None:
        tell(
            invitation.feedback,
            TimelineKind.SURVEY,
            invitation=invitation.pk,
            state=invitation.state,
            reason=invitation.reason,
        )


@transaction.atomic
def note_delivery(outgoing_id: int) -> None:
    """What became of the mail: one that could not be delivered was never an invitation."""
    invitation = (
        Invitation.objects.select_for_update(of=["self"])
        .select_related("outgoing", "feedback", "collector")
        .filter(outgoing=outgoing_id, state=InvitationState.SENT)
        .first()
    )
    if invitation is None or invitation.outgoing is None:
        _note_delivery_of_reminder(outgoing_id)
        return
    if invitation.outgoing.state == OutgoingState.SUPPRESSED:
        give_up(invitation, NotAsked.SUPPRESSED)
    elif invitation.outgoing.state == OutgoingState.CANCELLED:
        forget_asking(invitation)
        give_up(invitation, NotAsked.STOPPED)
    elif (
        invitation.outgoing.state == OutgoingState.FAILED
        or invitation.outgoing.delivery == Delivery.BOUNCED
    ):
        invitation.state = InvitationState.BOUNCED
        invitation.save(update_fields=["state"])
        _tell(invitation)


def take_back_mail(invitation: Invitation) -> None:
    """Somebody has answered: an invitation or a reminder that has not left yet stays here."""
    keys = [f"survey:{invitation.pk}", reminder_key(invitation)]
    waiting = OutgoingMessage.objects.filter(dedupe_key__in=keys, state__in=WAITING)
    for pk in waiting.values_list("pk", flat=True):
        with suppress(TooLateToRecall):
            recall(pk, also_waiting=True)


def reminder_key(invitation: Invitation) -> str:
    """What tells the mail of its last reminder from others."""
    return f"survey:{invitation.pk}:r{invitation.reminders}"


def _note_delivery_of_reminder(outgoing_id: int) -> None:
    """One that comes back says that nothing reaches this address any more."""
    mail = OutgoingMessage.objects.filter(
        pk=outgoing_id, kind=OutgoingKind.SURVEY, dedupe_key__regex=r"^survey:\d+:r\d+$"
    ).first()
    if mail is None or mail.dedupe_key is None:
        return
    if mail.delivery == Delivery.BOUNCED:
        asked = Invitation.objects.filter(
            pk=int(mail.dedupe_key.split(":")[1]), state=InvitationState.SENT
        )
        asked.update(state=InvitationState.BOUNCED, next_reminder_at=None)
