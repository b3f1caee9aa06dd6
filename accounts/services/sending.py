"""Claiming a mail that is to be sent, and settling what came of it.

The network lies between the two, outside any transaction: `claim` commits a lease first, so
that a sender which dies is noticed; `settle` writes the outcome. tasks.py puts them together.
"""

from collections.abc import Collection
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Count
from django.utils import timezone

from accounts.enums import NotSent, OutgoingState
from accounts.events import OutgoingSettled
from accounts.models import OutgoingMessage
from accounts.models.outgoing import DOMAIN, TO_MANY, OutgoingMessageQuerySet
from accounts.rules.handover import (
    MAX_ATTEMPTS,
    MENDED_WITHIN,
    TOLD_AFTER,
    Handover,
    NextStep,
    Outcome,
    next_step,
    share_of_campaigns,
)
from accounts.services.mail_queue import present_queue
from accounts.services.mail_stops import is_too_late, stop_if_too_much
from config.kernel.events import announce

# In the place of a server's answer.
INTERRUPTED = "The sender was interrupted; the mail may have left before."


def claim(outgoing_id: int) -> OutgoingMessage | None:
    """The right to send this message now, for LEASE_SECONDS. None when there is nothing to do:
    it was sent or recalled, waits for its time, another sender has it, or nothing may leave."""
    return _claim(outgoing_id)


def claim_next(
    *, not_to: Collection[str] = (), urgent_only: bool = False
) -> OutgoingMessage | None:
    """The most urgent message that is due, but for those to the domains `not_to` and, with
    `urgent_only`, invitations; None when there is none."""
    return _claim(None, not_to, urgent_only=urgent_only)


@transaction.atomic(durable=True)
def _claim(
    outgoing_id: int | None, not_to: Collection[str] = (), *, urgent_only: bool = False
) -> OutgoingMessage | None:
    now = timezone.now()
    if not present_queue().lets_go(now):
        return None
    due = _due(now, not_to)
    if outgoing_id is not None:
        due = due.filter(pk=outgoing_id)
    if urgent_only:
        due = due.urgent()
    while message := due.by_urgency().select_for_update(skip_locked=True).first():
        if is_too_late(message, now):
            step = NextStep(OutgoingState.SUPPRESSED)
            _write(message, step, answer=NotSent.TOO_OLD, now=now)
            continue
        if (
            message.on_hold and message.state == OutgoingState.SENDING
        ):  # its sender died, and meanwhile somebody wants it to wait
            message.uncertain_at = message.uncertain_at or now
            _write(message, NextStep(OutgoingState.RETRY), answer=INTERRUPTED, now=now)
            continue
        if message.attempts < MAX_ATTEMPTS:
            if stop_if_too_much(message, now):
                continue  # `due` leaves it, and others like it, out from here on
            _lease(message, now)
            return message
        # Whoever tries to send this one dies of it.
        message.uncertain_at = message.uncertain_at or now
        step = NextStep(OutgoingState.UNCERTAIN)
        _write(message, step, answer="Every sender was interrupted.", now=now)
    return None


def _due(now: datetime, not_to: Collection[str]) -> OutgoingMessageQuerySet:
    due = OutgoingMessage.objects.due(now)
    at_rate, at_share = _domains_at_their_rate(now)
    if resting := {*not_to, *at_rate}:
        due = due.alias(domain=DOMAIN).exclude(domain__in=resting)
    if at_share:
        due = due.alias(domain=DOMAIN).exclude(kind__in=TO_MANY, domain__in=at_share)
    return due


def _domains_at_their_rate(now: datetime) -> tuple[set[str], set[str]]:
    """Those that got as many mails within the last minute as they may, and those that got as many
    as leave room for no invitation."""
    rates = settings.MAIL_PER_MINUTE
    if not rates:
        return set(), set()
    lately = OutgoingMessage.objects.filter(sent_at__gt=now - timedelta(minutes=1)).order_by()
    counts = lately.values_list(DOMAIN).annotate(count=Count("pk"))
    most = [(domain, n, rates.get(domain, rates.get("*", n + 2))) for domain, n in counts]
    at_rate = {domain for domain, n, rate in most if n >= rate}
    at_share = {domain for domain, n, rate in most if n >= share_of_campaigns(rate)}
    return at_rate, at_share - at_rate


def _lease(message: OutgoingMessage, now: datetime) -> None:
    if message.state == OutgoingState.SENDING:
        # How far it came nobody knows: a refusal from now on does not prove that nothing left.
        message.uncertain_at = message.uncertain_at or now
        message.answer = INTERRUPTED
    message.state = OutgoingState.SENDING
    message.attempts += 1
    message.lease_until = now + timedelta(seconds=settings.LEASE_SECONDS)
    message.save(update_fields=["state", "attempts", "lease_until", "answer", "uncertain_at"])


@transaction.atomic
def settle(message: OutgoingMessage, handover: Handover) -> OutgoingMessage:
    """Write down what came of the attempt that `claim` gave the right to.

    A sender that was so slow that another took over changes nothing any more, unless its mail
    was accepted: then the message is sent, whatever the other one is doing.
    """
    now = timezone.now()
    current = OutgoingMessage.objects.select_for_update().get(pk=message.pk)
    mine = current.state == OutgoingState.SENDING and current.attempts == message.attempts
    if not mine and (handover.outcome is not Outcome.ACCEPTED or current.sent_at is not None):
        return current
    if not handover.counts or handover.trouble is not None:
        _put_back(current, handover, now)
        return current
    step = next_step(
        handover.outcome,
        attempts=current.attempts,
        was_uncertain=current.uncertain_at is not None,
        now=now,
    )
    if handover.outcome is Outcome.UNCERTAIN:
        current.uncertain_at = current.uncertain_at or now
    _write(current, step, answer=handover.answer, now=now)
    return current


def _put_back(message: OutgoingMessage, handover: Handover, now: datetime) -> None:
    """It was not this mail's fault: it waits as if it had not been tried."""
    message.attempts = max(message.attempts - 1, 0)
    message.save(update_fields=["attempts"])
    wait = timedelta() if handover.counts else MENDED_WITHIN
    step = NextStep(OutgoingState.RETRY, now + wait)
    _write(message, step, answer=handover.answer, now=now)


def _write(message: OutgoingMessage, step: NextStep, *, answer: str, now: datetime) -> None:
    state = step.state
    if state == OutgoingState.RETRY and message.on_hold:
        state = OutgoingState.HELD
    message.state, message.lease_until, message.answer = state, None, answer
    if step.not_before is not None:
        message.not_before = step.not_before
    if state == OutgoingState.SENT:
        message.sent_at = now
    message.save(
        update_fields=[
            "state", "lease_until", "answer", "not_before", "sent_at", "uncertain_at", "on_hold",
        ]
    )  # fmt: skip
    waits = state in {OutgoingState.RETRY, OutgoingState.HELD}
    message.on_hold = message.on_hold and waits
    if not waits or message.attempts == TOLD_AFTER:
        announce(OutgoingSettled(outgoing_id=message.pk))
