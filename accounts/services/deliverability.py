"""What we learn about addresses from mail that came back."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from accounts.enums import Delivery, SuppressionReason
from accounts.events import MailCameBack
from accounts.models import ContactPoint, OutgoingMessage
from accounts.rules.suppression import is_dead
from accounts.selectors.mail_limits import mail_limits
from accounts.services.suppression import block_contact
from config.kernel.events import announce


@transaction.atomic
def mail_came_back(
    *, message_id: str, status: str, is_delay: bool, said: str = ""
) -> OutgoingMessage | None:
    """Note a bounce with this status (RFC 3463, "" when none is known) on the message and, when
    the address is dead, on the contact; `said` are the words of the server.

    A dead address, or the third bounce of another kind on different days, is not written to by
    automatic mail for some weeks (MailLimits). Gives the message that came back, None when it is
    not one of ours. Who forges a bounce for a message of ours still cannot name somebody else's
    address.
    """
    known = OutgoingMessage.objects.select_for_update(of=["self"])
    outgoing = known.filter(message_id=message_id).first()
    if outgoing is None or (is_delay and outgoing.delivery == Delivery.BOUNCED):
        return outgoing
    outgoing.delivery = Delivery.DELAYED if is_delay else Delivery.BOUNCED
    outgoing.save(update_fields=["delivery"])
    if not is_delay:
        announce(MailCameBack(outgoing_id=outgoing.pk))
        _count_bounce(outgoing.to_address, status, said)
    return outgoing


def _count_bounce(address: str, status: str, said: str) -> None:
    now, limits = timezone.now(), mail_limits()
    point = ContactPoint.objects.select_for_update().email(address).first()
    if point is None or point.is_blocked:
        return
    another_day = point.last_bounce_at is None or now - point.last_bounce_at > timedelta(days=1)
    is_for_good = is_dead(status)
    if not is_for_good and another_day:
        point.soft_bounces += 1
    point.last_bounce_at = now
    point.save(update_fields=["soft_bounces", "last_bounce_at"])
    if is_for_good or point.soft_bounces >= limits.bounces:
        days = limits.dead_days if is_for_good else limits.bounced_days
        block_contact(
            point,
            reason=SuppressionReason.BOUNCE,
            note=f"{status} {said}",
            until=now + timedelta(days=days),
        )


@transaction.atomic
def marked_as_spam(*, message_id: str) -> OutgoingMessage | None:
    """The receiver's provider reports a complaint: no automatic mail goes there any more."""
    outgoing = OutgoingMessage.objects.filter(message_id=message_id).first()
    if outgoing is None:
        return None
    point = ContactPoint.objects.select_for_update().email(outgoing.to_address).first()
    if point is not None and not (point.is_blocked and point.suppressed_until is None):
        # Never over by itself: who was annoyed once is not asked to bear it again.
        about = outgoing.subject
        block_contact(point, reason=SuppressionReason.COMPLAINT, note=about, until=None)
    return outgoing
