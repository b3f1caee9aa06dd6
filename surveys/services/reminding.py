"""Reminding whoever was invited and has not answered: the same asking, not a new one."""

import logging
from collections.abc import Callable
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from accounts.enums import OutgoingState
from accounts.errors import AddressNotUsable
from surveys.enums import InvitationState, NotAsked, Sending
from surveys.errors import CannotRemind
from surveys.models import Invitation
from surveys.selectors.audience import Person, reasons_not_to_ask
from surveys.services.inviting import Letter, lock_collector_of, queue_letter, reminder_key

logger = logging.getLogger(__name__)
AT_A_TIME = 500
# Who got the mail and has not answered.
SILENT = (InvitationState.SENT, InvitationState.OPENED, InvitationState.STARTED)
_ARRIVED = (None, OutgoingState.SENT, OutgoingState.UNCERTAIN)

Writer = Callable[[Invitation], Letter]


def remind_due(write: Writer) -> int:
    """Every reminder whose time has come; how many went out. Any number of workers may do this
    at the same time."""
    due = Invitation.objects.filter(next_reminder_at__lte=timezone.now()).exclude(
        collector__sending=Sending.PAUSED
    )
    sent = 0
    for invitation_id in list(due.order_by("next_reminder_at").values_list("pk", flat=True))[
        :AT_A_TIME
    ]:
        try:
            sent += _remind_in_time(invitation_id, write)
        except Exception:
            # One that cannot be worded must not keep the others back.
            logger.exception("invitation %s could not be reminded of", invitation_id)
    return sent


@transaction.atomic
def _remind_in_time(invitation_id: int, write: Writer) -> bool:
    lock_collector_of(invitation_id)
    invitation = _silent(invitation_id, next_reminder_at__lte=timezone.now())
    if invitation is None:
        Invitation.objects.filter(pk=invitation_id).exclude(state__in=SILENT).update(
            next_reminder_at=None
        )
        return False
    if invitation.collector.sending == Sending.PAUSED:
        return False
    return _remind(invitation, write)


@transaction.atomic
def remind_now(invitation_id: int, write: Writer) -> Invitation:
    """Write once more to somebody who has not answered, with the same link; it counts as one of
    the reminders. Raises CannotRemind: answered, nothing was sent, they must not be asked, or
    they were written to within the last day."""
    lock_collector_of(invitation_id)
    invitation = _silent(invitation_id)
    if invitation is None or invitation.collector.sending != Sending.ON:
        raise CannotRemind
    days = timedelta(days=1)
    last = invitation.last_written_at
    if last is not None and last > timezone.now() - days:
        raise CannotRemind
    invitation.expires_at = max(invitation.expires_at or timezone.now(), timezone.now() + 7 * days)
    if not _remind(invitation, write):
        raise CannotRemind
    return invitation


def _remind(invitation: Invitation, write: Writer) -> bool:
    """Inside a transaction: True when a mail was promised."""
    now, collector = timezone.now(), invitation.collector
    if _why_not(invitation):
        invitation.next_reminder_at = None
        invitation.save(update_fields=["next_reminder_at"])
        return False
    invitation.reminders += 1
    mailing = collector.mailing
    invitation.next_reminder_at = (
        now + timedelta(days=mailing.reminder_days)
        if invitation.reminders < mailing.reminders
        else None
    )
    invitation.reminded_at = now
    try:
        mail = queue_letter(invitation, write(invitation), key=reminder_key(invitation))
        may_go_on = mail.state != OutgoingState.SUPPRESSED
    except AddressNotUsable:
        may_go_on = False
    if not may_go_on:
        invitation.next_reminder_at = None
    invitation.save(update_fields=["reminders", "next_reminder_at", "reminded_at", "expires_at"])
    return True


def _why_not(invitation: Invitation) -> bool:
    """Whether this person must not be reminded. That they were asked recently is no reason: it
    is the same asking."""
    now = timezone.now()
    if not invitation.collector.is_open(now) or not invitation.address:
        return True
    if invitation.expires_at is not None and invitation.expires_at <= now:
        return True
    outgoing = invitation.outgoing
    if outgoing is not None and outgoing.state not in _ARRIVED:
        return True
    person = Person(invitation.address, invitation.customer)
    (why,) = reasons_not_to_ask(invitation.collector, [person], others_too=True, now=now)
    return why not in {None, NotAsked.ASKED_RECENTLY}


def _silent(invitation_id: int, **more: object) -> Invitation | None:
    return (
        Invitation.objects.select_for_update(of=["self"], skip_locked=True)
        .select_related(
            "collector__survey", "collector__mailing__mailbox", "customer", "outgoing", "feedback"
        )
        .filter(pk=invitation_id, state__in=SILENT, collector__mailing__isnull=False, **more)
        .first()
    )
