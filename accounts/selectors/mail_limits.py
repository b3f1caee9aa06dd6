"""The limits for automatic mail, from memory, and which addresses get none."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

from django.db.models import Count, Max, Q, QuerySet
from django.utils import timezone

from accounts.enums import ContactKind, NotSent, OutgoingState, SuppressionReason
from accounts.models import ContactPoint, MailLimits, MailStop, OutgoingMessage
from config.kernel.kept import Kept


def stored_limits() -> MailLimits:
    """As they are now; a row not yet stored while nobody has changed them."""
    return MailLimits.objects.first() or MailLimits()


mail_limits = Kept(stored_limits, MailLimits)


def blocked_addresses(*, words: str = "", reason: str = "") -> QuerySet[ContactPoint]:
    """Addresses to which no automatic mail goes, the newest first, by a piece of the address or
    of the customer's name."""
    rows = ContactPoint.objects.filter(kind=ContactKind.EMAIL, suppressed_at__isnull=False)
    if words := words.strip():
        rows = rows.filter(Q(value__icontains=words) | Q(customer__name__icontains=words))
    if reason in SuppressionReason.values:
        rows = rows.filter(suppressed_reason=reason)
    return rows.select_related("customer").order_by("-suppressed_at", "-pk")


def stop_in_force() -> MailStop | None:
    """Why automatic mail waits; None when it goes out."""
    return MailStop.objects.in_force().select_related("stopped_by").first()


FLOODS_SHOWN = 20


def floods() -> Sequence[Mapping[str, object]]:
    """Addresses that would have got too many automatic mails in the last seven days: to_address,
    count, last; the worst first."""
    rows = OutgoingMessage.objects.filter(
        state=OutgoingState.SUPPRESSED,
        answer=NotSent.TOO_MANY,
        created_at__gt=timezone.now() - timedelta(days=7),
    )
    counted = (
        rows.order_by().values("to_address").annotate(count=Count("pk"), last=Max("created_at"))
    )
    return list(counted.order_by("-count", "to_address")[:FLOODS_SHOWN])
