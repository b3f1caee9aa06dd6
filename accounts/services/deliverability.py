"""What we learn about addresses from mail that came back."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from accounts.enums import ContactKind, Delivery, SuppressionReason
from accounts.events import MailCameBack
from accounts.models import ContactPoint, OutgoingMessage
from accounts.rules.suppression import is_dead
from config.kernel.events import announce

SOFT_BOUNCES = 3


@transaction.atomic
def mail_came_back(*, message_id: str, status: str, is_delay: bool) -> OutgoingMessage | None:
    """Note a bounce with this status (RFC 3463, "" when none is known) on the message and, when
    the address is dead, on the contact.

    A dead address, or the third bounce of another kind on different days, is not written to by
    automatic mail any more. Gives the message that came back, None when it is not one of ours.
    Who forges a bounce for a message of ours still cannot name somebody else's address.
    """
    known = OutgoingMessage.objects.select_for_update(of=["self"])
    outgoing = known.filter(message_id=message_id).first()
    if outgoing is None or (is_delay and outgoing.delivery == Delivery.BOUNCED):
        return outgoing
    outgoing.delivery = Delivery.DELAYED if is_delay else Delivery.BOUNCED
    outgoing.save(update_fields=["delivery"])
    if not is_delay:
        announce(MailCameBack(outgoing_id=outgoing.pk))
        _count_bounce(outgoing.to_address, is_for_good=is_dead(status))
    return outgoing


def _count_bounce(address: str, *, is_for_good: bool) -> None:
    now = timezone.now()
    point = ContactPoint.objects.select_for_update().email(address).first()
    if point is None or point.suppressed_at is not None:
        return
    another_day = point.last_bounce_at is None or now - point.last_bounce_at > timedelta(days=1)
    if not is_for_good and another_day:
        point.soft_bounces += 1
    if is_for_good or point.soft_bounces >= SOFT_BOUNCES:
        point.suppressed_at, point.suppressed_reason = now, SuppressionReason.BOUNCE
    point.last_bounce_at = now
    point.save(
        update_fields=["soft_bounces", "last_bounce_at", "suppressed_at", "suppressed_reason"]
    )


@transaction.atomic
def marked_as_spam(*, message_id: str) -> OutgoingMessage | None:
    """The receiver's provider reports a complaint: no automatic mail goes there any more."""
    outgoing = OutgoingMessage.objects.filter(message_id=message_id).first()
    if outgoing is not None:
        ContactPoint.objects.filter(
            kind=ContactKind.EMAIL, value=outgoing.to_address, suppressed_at=None
        ).update(suppressed_at=timezone.now(), suppressed_reason=SuppressionReason.COMPLAINT)
    return outgoing
