"""The limits for automatic mail, from memory, and which addresses get none."""

from django.db.models import Q, QuerySet

from accounts.enums import ContactKind, SuppressionReason
from accounts.models import ContactPoint, MailLimits
from config.kernel.kept import Kept


def _limits() -> MailLimits:
    return MailLimits.objects.first() or MailLimits()


mail_limits = Kept(_limits, MailLimits)


def blocked_addresses(*, words: str = "", reason: str = "") -> QuerySet[ContactPoint]:
    """Addresses to which no automatic mail goes, the newest first, by a piece of the address or
    of the customer's name."""
    rows = ContactPoint.objects.filter(kind=ContactKind.EMAIL, suppressed_at__isnull=False)
    if words := words.strip():
        rows = rows.filter(Q(value__icontains=words) | Q(customer__name__icontains=words))
    if reason in SuppressionReason.values:
        rows = rows.filter(suppressed_reason=reason)
    return rows.select_related("customer").order_by("-suppressed_at", "-pk")
