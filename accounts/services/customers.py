"""Who wrote to us: found by their contact, or made."""

from collections.abc import Mapping, Sequence
from copy import copy
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from accounts.enums import ConsentChannel, ConsentPurpose, ContactKind, Tier
from accounts.errors import (
    AddressNotUsable,
    ContactBelongsToAnother,
    ContactForgotten,
    CustomerChanged,
)
from accounts.events import CustomerRegarded
from accounts.models import Consent, ContactPoint, Customer, Organisation, User
from accounts.rules.contact import is_email, normalise_contact
from accounts.services.custom_values import write_custom_values
from accounts.services.forgotten import is_forgotten, remember_again
from accounts.services.organisations import take_in
from config.kernel.events import announce
from config.kernel.tokens import digest

# What the form on the customer's page changes.
_EDITED = (
    "name", "organisation_id", "language", "tier", "owner_id", "preferred_channel", "note",
    "custom",
)  # fmt: skip
# What promises, routing and rules may depend on.
_REGARDED = ("tier", "owner_id", "organisation_id", "language", "custom")
# What a program may set by `change_customer`.
CHANGEABLE = frozenset(
    {"name", "language", "tier", "organisation", "owner", "note", "preferred_channel", "custom"}
)


def find_or_create_customer(
    *, kind: str, value: str, name: str = "", language: str = "zh-hans"
) -> Customer:
    """The customer that this contact belongs to; a new one when nobody has it.

    A name is only filled in where there was none: what somebody types into a form never
    renames a person. Raises AddressNotUsable for an e-mail address that cannot be one.
    """
    value = usable_contact(kind, value)
    point = ContactPoint.objects.select_related("customer").filter(kind=kind, value=value).first()
    if point is None:
        try:
            with transaction.atomic():
                customer = Customer.objects.create(name=name[:200], language=language)
                point = ContactPoint.objects.create(
                    customer=customer, kind=kind, value=value, is_primary=True
                )
                remember_again(kind, value)  # they came back by themselves, as somebody new
        except IntegrityError:  # another process met the same person at the same moment
            point = ContactPoint.objects.select_related("customer").get(kind=kind, value=value)
        else:
            customer.first_points = (point,)
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
    """Give a customer another way to be reached. Raises ContactBelongsToAnother, and
    ContactForgotten for one whose owner's data were erased."""
    value = usable_contact(kind, value)
    if is_forgotten(kind, value):
        raise ContactForgotten
    point, _ = ContactPoint.objects.get_or_create(
        kind=kind, value=value, defaults={"customer_id": customer_id, "is_primary": is_primary}
    )
    if point.customer_id != customer_id:
        raise ContactBelongsToAnother
    return point


@transaction.atomic
def create_customer(
    *,
    name: str,
    language: str = "zh-hans",
    contacts: Sequence[tuple[str, str]] = (),
    tier: str = Tier.STANDARD,
    organisation: Organisation | None = None,
    owner: User | None = None,
    note: str = "",
    custom: Mapping[str, Any] | None = None,
) -> Customer:
    """Somebody who is not there yet, perhaps known by name only, such as a visitor. Of
    `contacts` (kind, value) the first of each kind is the primary one. Raises AddressNotUsable,
    ContactBelongsToAnother, ValuesRefused."""
    customer = Customer(
        name=name.strip()[:200],
        language=language,
        tier=tier,
        owner=owner,
        note=note,
    )
    if organisation is not None:
        _belong_to(customer, organisation)
    if custom:
        write_custom_values(customer, custom)
    customer.save()
    kinds: set[str] = set()
    for kind, value in contacts:
        add_contact(customer.pk, kind=kind, value=value, is_primary=kind not in kinds)
        kinds.add(kind)
    return customer


@transaction.atomic
def change_customer(customer_id: int, **fields: Any) -> Customer:
    """Set only the named fields, as a program does; `custom` names those of its custom fields
    that are written. Raises ValuesRefused, and TypeError for a field that is not to be changed
    like this."""
    unknown = set(fields) - CHANGEABLE
    if unknown:
        raise TypeError(f"Not to be changed here: {sorted(unknown)}")
    customer = Customer.objects.select_for_update(of=["self"]).get(pk=customer_id)
    before = _regard_of(customer)
    if "organisation" in fields:  # first: what is said about manager and tier counts
        _belong_to(customer, fields["organisation"])
    for name, value in fields.items():
        if name == "custom":
            write_custom_values(customer, value)
        else:
            setattr(customer, name, value)
    brought = {"owner", "tier"} if "organisation" in fields else set()
    customer.save(update_fields=sorted({*fields, *brought}))
    _announce_regard(customer, before)
    return customer


@transaction.atomic
def save_customer(customer: Customer) -> Customer:
    """Store a new or changed customer as the settings page has it."""
    stored = Customer.objects.filter(pk=customer.pk).first()
    customer.save()
    if stored is not None:
        _announce_regard(customer, _regard_of(stored))
    return customer


def _regard_of(customer: Customer) -> list[Any]:
    return [copy(getattr(customer, name)) for name in _REGARDED]


def _announce_regard(customer: Customer, before: list[Any]) -> None:
    if _regard_of(customer) != before:
        announce(CustomerRegarded(customer_id=customer.pk))


@transaction.atomic
def save_contact(point: ContactPoint) -> ContactPoint:
    """Store a new or changed contact as the settings page has it. Raises AddressNotUsable,
    ContactBelongsToAnother."""
    point.value = usable_contact(point.kind, point.value)
    taken = ContactPoint.objects.filter(kind=point.kind, value=point.value).exclude(pk=point.pk)
    if taken.exists():
        raise ContactBelongsToAnother
    point.save()
    if point.is_primary:
        make_primary(point.pk)
    return point


def usable_contact(kind: str, value: str) -> str:
    """`value` as it is stored. Raises AddressNotUsable for an e-mail address that is none."""
    value = normalise_contact(kind, value)
    if kind == ContactKind.EMAIL and not is_email(value):
        raise AddressNotUsable
    return value


@transaction.atomic
def update_customer(
    customer_id: int,
    *,
    name: str,
    organisation: str,
    language: str,
    tier: str,
    owner: User | None,
    preferred_channel: str,
    note: str,
    custom: Mapping[str, Any] | None = None,
    seen: str | None = None,
) -> Customer:
    """Write what the form on the customer's page has. An organisation is found by its name or
    made; "" = none. `custom` are values of custom fields. `seen` is the `state_of_customer` that
    the form was drawn from: raises CustomerChanged when somebody else has changed it since, and
    ValuesRefused."""
    customer = Customer.objects.select_for_update().get(pk=customer_id)
    if seen is not None and seen != state_of_customer(customer):
        raise CustomerChanged
    before = _regard_of(customer)
    customer.name = name.strip()[:200]
    customer.language, customer.tier, customer.owner = language, tier, owner
    _belong_to(customer, _organisation(organisation))
    customer.preferred_channel, customer.note = preferred_channel, note.strip()
    write_custom_values(customer, custom or {})
    customer.save(update_fields=_EDITED)
    _announce_regard(customer, before)
    return customer


def state_of_customer(customer: Customer) -> str:
    """A short digest of what people can change about a customer: differs after any change."""
    return digest("\x1f".join(str(getattr(customer, name)) for name in _EDITED))[:16]


def _organisation(name: str) -> Organisation | None:
    name = " ".join(name.split())[:200]
    if not name:
        return None
    known = Organisation.objects.filter(name__iexact=name)
    in_use_first = known.order_by(F("archived_at").asc(nulls_first=True), "pk")
    return in_use_first.first() or Organisation.objects.create(name=name)


def _belong_to(customer: Customer, organisation: Organisation | None) -> None:
    """Who is new somewhere gets what comes with it."""
    if organisation is None or organisation.pk == customer.organisation_id:
        customer.organisation = organisation
    else:
        take_in(customer, organisation)


@transaction.atomic
def make_primary(contact_id: int) -> ContactPoint:
    """The first choice among a customer's contacts of its kind."""
    point = ContactPoint.objects.select_for_update().get(pk=contact_id)
    others = ContactPoint.objects.filter(customer_id=point.customer_id, kind=point.kind)
    others.filter(is_primary=True).exclude(pk=point.pk).update(is_primary=False)
    if not point.is_primary:
        point.is_primary = True
        point.save(update_fields=["is_primary"])
    return point


@transaction.atomic
def mark_verified(contact_id: int) -> ContactPoint:
    """Staff know that this contact is theirs: they called back, or saw a document."""
    point = ContactPoint.objects.select_for_update().get(pk=contact_id)
    if point.verified_at is None:
        point.verified_at = timezone.now()
        point.save(update_fields=["verified_at"])
    return point


@transaction.atomic
def take_back_verified(contact_id: int) -> ContactPoint:
    """It was a mistake: nobody has proven that this contact is theirs."""
    point = ContactPoint.objects.select_for_update().get(pk=contact_id)
    point.verified_at = None
    point.save(update_fields=["verified_at"])
    return point


@transaction.atomic
def remove_contact(contact_id: int) -> None:
    """Forget one way to reach a customer; when it was the primary one, the next takes over."""
    point = ContactPoint.objects.select_for_update().get(pk=contact_id)
    customer_id, kind, was_primary = point.customer_id, point.kind, point.is_primary
    point.delete()
    rest = ContactPoint.objects.filter(customer_id=customer_id, kind=kind).order_by("pk")
    heir = rest.first()
    if was_primary and heir is not None:
        make_primary(heir.pk)


@transaction.atomic
def release_contact(contact_id: int) -> ContactPoint:
    """Mail came back or was refused, and now somebody knows that the contact works again."""
    point = ContactPoint.objects.select_for_update().get(pk=contact_id)
    point.suppressed_at = point.suppressed_until = None
    point.suppressed_reason, point.suppressed_note, point.soft_bounces = "", "", 0
    point.save(
        update_fields=[
            "suppressed_at", "suppressed_until", "suppressed_reason", "suppressed_note",
            "soft_bounces",
        ]
    )  # fmt: skip
    return point


@transaction.atomic
def record_consent(
    customer_id: int,
    *,
    purpose: ConsentPurpose,
    given: bool,
    channel: ConsentChannel,
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


@transaction.atomic
def allow_contacting(customer_id: int) -> None:
    """The customer changed their mind."""
    Customer.objects.filter(pk=customer_id).update(do_not_contact_at=None)
