"""Who wrote to us: found by their contact, or made."""

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.enums import ConsentPurpose, ContactKind
from accounts.errors import AddressNotUsable, ContactBelongsToAnother
from accounts.models import Consent, ContactPoint, Customer, User
from accounts.rules.contact import is_email, normalise_contact


@transaction.atomic
def find_or_create_customer(
    *, kind: str, value: str, name: str = "", language: str = "zh-hans"
) -> Customer:
    """The customer that this contact belongs to; a new one when nobody has it.

    A name is only filled in where there was none: what somebody types into a form never
    renames a person. Raises AddressNotUsable for an e-mail address that cannot be one.
    """
    value = normalise_contact(kind, value)
    if kind == ContactKind.EMAIL and not is_email(value):
        raise AddressNotUsable
    point = ContactPoint.objects.select_related("customer").filter(kind=kind, value=value).first()
    if point is None:
        try:
            with transaction.atomic():
                customer = Customer.objects.create(name=name[:200], language=language)
                ContactPoint.objects.create(
                    customer=customer, kind=kind, value=value, is_primary=True
                )
        except IntegrityError:  # another process met the same person at the same moment
            point = ContactPoint.objects.select_related("customer").get(kind=kind, value=value)
        else:
            return customer
    customer = point.customer
    if name and not customer.name:
        customer.name = name[:200]
        customer.save(update_fields=["name"])
    return customer


@transaction.atomic
def add_contact(
    customer_id: int, *, kind: str, value: str, is_primary: bool = False
) -> ContactPoint:
    """Give a customer another way to be reached. Raises ContactBelongsToAnother."""
    value = normalise_contact(kind, value)
    if kind == ContactKind.EMAIL and not is_email(value):
        raise AddressNotUsable
    point, _ = ContactPoint.objects.get_or_create(
        kind=kind, value=value, defaults={"customer_id": customer_id, "is_primary": is_primary}
    )
    if point.customer_id != customer_id:
        raise ContactBelongsToAnother
    return point


@transaction.atomic
def record_consent(
    customer_id: int,
    *,
    purpose: ConsentPurpose,
    given: bool,
    channel: str,
    text_version: str = "",
    by: User | None = None,
) -> Consent:
    """Write down that a customer agreed or withdrew; withdrawing is as easy as giving."""
    return Consent.objects.create(
        customer_id=customer_id,
        purpose=purpose,
        given=given,
        channel=channel,
        text_version=text_version,
        recorded_by=by,
    )


@transaction.atomic
def stop_contacting(customer_id: int) -> None:
    """The customer asked to be left alone: no surveys, no news. Answers still reach them."""
    Customer.objects.filter(pk=customer_id, do_not_contact_at=None).update(
        do_not_contact_at=timezone.now()
    )
