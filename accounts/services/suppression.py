"""Addresses to which no automatic mail goes: how they come on the list, and off it again."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from accounts.enums import ContactKind, SuppressionReason
from accounts.errors import NotBlocked, ReasonMissing
from accounts.models import ContactPoint, MailLimits
from accounts.services.customers import find_or_create_customer, usable_contact

LIFTED_AT_ONCE = 500


def block_contact(
    point: ContactPoint,
    *,
    reason: SuppressionReason,
    note: str = "",
    until: datetime | None,
    since: datetime | None = None,
) -> ContactPoint:
    """Inside another service, on a locked contact: no automatic mail goes there until then, or
    with None until somebody lifts it. `since`: from now on, unless it was blocked before."""
    point.suppressed_at, point.suppressed_until = since or timezone.now(), until
    point.suppressed_reason = reason
    point.suppressed_note = " ".join(note.split())[:500]
    point.save(update_fields=_FIELDS)
    return point


_FIELDS = ["suppressed_at", "suppressed_until", "suppressed_reason", "suppressed_note"]


@transaction.atomic
def block_address(address: str, *, note: str, until: datetime | None = None) -> ContactPoint:
    """Staff decide that no automatic mail goes there. An address that nobody has so far becomes
    a customer's of its own, so that the decision is kept. A block that is in force is never
    shortened. Raises ReasonMissing, AddressNotUsable."""
    if not note.strip():
        raise ReasonMissing
    address = usable_contact(ContactKind.EMAIL, address)
    customer = find_or_create_customer(kind=ContactKind.EMAIL, value=address)
    rows = ContactPoint.objects.select_for_update().email(address)
    point = rows.filter(customer=customer).get()
    if not point.is_blocked:
        return block_contact(point, reason=SuppressionReason.MANUAL, note=note, until=until)
    return _block_further(point, note=note, until=until)


def _block_further(point: ContactPoint, *, note: str, until: datetime | None) -> ContactPoint:
    """What is blocked already stays so for at least as long: only lifting shortens it. That
    somebody complained stays known, with how it began."""
    is_complaint = point.suppressed_reason == SuppressionReason.COMPLAINT
    since, began = point.suppressed_at, point.suppressed_note
    if point.suppressed_until is None or until is None:
        until = None
    else:
        until = max(until, point.suppressed_until)
    if not is_complaint:
        return block_contact(point, reason=SuppressionReason.MANUAL, note=note, until=until)
    both = f"{began} – {note}" if began else note
    return block_contact(
        point, reason=SuppressionReason.COMPLAINT, note=both, until=until, since=since
    )


@transaction.atomic
def lift_block(contact_id: int, *, note: str) -> ContactPoint:
    """Somebody knows that the address works, or may be written to again; `note` says why and
    stays in the history. Raises NotBlocked, ReasonMissing."""
    if not note.strip():
        raise ReasonMissing
    point = ContactPoint.objects.select_for_update().get(pk=contact_id)
    if point.suppressed_at is None:
        raise NotBlocked
    return _lift(point, note)


def _lift(point: ContactPoint, note: str) -> ContactPoint:
    point.suppressed_at = point.suppressed_until = None
    point.suppressed_reason, point.soft_bounces = "", 0
    point.suppressed_note = " ".join(note.split())[:500]
    point.save(update_fields=[*_FIELDS, "soft_bounces"])
    return point


@transaction.atomic
def lift_what_is_over() -> int:
    """Blocks whose time has passed; they have ended already, and now the rows say so."""
    rows = ContactPoint.objects.select_for_update(skip_locked=True)
    over = rows.filter(suppressed_at__isnull=False, suppressed_until__lte=timezone.now())
    found = list(over[:LIFTED_AT_ONCE])
    for point in found:
        _lift(point, "")
    return len(found)


@transaction.atomic
def save_mail_limits(limits: MailLimits) -> MailLimits:
    """Store the limits; they hold from the next mail on. Raises ValidationError for a number
    out of its range."""
    limits.full_clean()
    limits.save()
    return limits
