"""Two rows that are one person. Only people decide that, and it cannot be taken back."""

from django.db import transaction

from accounts.enums import ConsentPurpose, Tier
from accounts.errors import CustomersNotMergeable
from accounts.events import CustomersMerged
from accounts.models import Consent, ContactPoint, Customer, OutgoingMessage, User
from config.kernel.events import announce

# What the row that stays takes over where it has nothing itself.
FILLED = ("name", "organisation_id", "owner_id", "preferred_channel")


@transaction.atomic
def merge_customers(
    gone_id: int, *, into_id: int, by: User, both_are_verified: bool = False
) -> Customer:
    """Make one customer of two; gives the one that stays.

    It keeps what it has, its empty fields are filled from the other, notes are put together, and
    the stricter wish counts: who asked not to be contacted, or withdrew a consent, on either row,
    has done so. Contacts move at once; what apps above keep follows by CustomersMerged.

    Raises CustomersNotMergeable: the same row, one that was merged or erased, and two who both
    have a verified contact, unless somebody says `both_are_verified` knowing it.
    """
    if gone_id == into_id:
        raise CustomersNotMergeable.same()
    rows = {
        one.pk: one
        for one in Customer.objects.select_for_update()
        .filter(pk__in=[gone_id, into_id])
        .order_by("pk")
    }
    gone, kept = rows.get(gone_id), rows.get(into_id)
    if gone is None or kept is None:
        raise CustomersNotMergeable.not_there()
    for one in (gone, kept):
        if one.erased_at is not None or one.merged_into_id is not None:
            raise CustomersNotMergeable.not_there()
    if not both_are_verified and is_verified(gone) and is_verified(kept):
        raise CustomersNotMergeable.both_verified()
    _take_over(kept, gone)
    _keep_the_stricter(kept, gone, by=by)
    _move(kept, gone)
    gone.merged_into = kept
    gone.save(update_fields=["merged_into"])
    announce(CustomersMerged(kept_id=kept.pk, gone_id=gone.pk, by_id=by.pk))
    return kept


def is_verified(customer: Customer) -> bool:
    """Whether we know for sure who it is: a contact of theirs was proven."""
    return ContactPoint.objects.filter(customer=customer, verified_at__isnull=False).exists()


def _take_over(kept: Customer, gone: Customer) -> None:
    for name in FILLED:
        if not getattr(kept, name):
            setattr(kept, name, getattr(gone, name))
    if gone.tier == Tier.KEY:
        kept.tier = Tier.KEY
    kept.note = "\n".join(dict.fromkeys(one for one in (kept.note, gone.note) if one))
    kept.created_at = min(kept.created_at, gone.created_at)
    asked = [one.do_not_contact_at for one in (kept, gone) if one.do_not_contact_at]
    kept.do_not_contact_at = min(asked, default=None)
    fields = ("name", "organisation", "owner", "preferred_channel", "tier", "note")
    kept.save(update_fields=[*fields, "created_at", "do_not_contact_at"])


def _keep_the_stricter(kept: Customer, gone: Customer, *, by: User) -> None:
    for purpose in ConsentPurpose:
        last = [
            Consent.objects.filter(customer=one, purpose=purpose).first() for one in (kept, gone)
        ]
        says = [one.given for one in last if one is not None]
        newest = max(
            (one for one in last if one is not None), key=lambda one: one.at, default=None
        )
        if newest is not None and newest.given and not all(says):
            # Later than both, so that it is the one that counts.
            Consent.objects.create(customer=kept, purpose=purpose, given=False, recorded_by=by)


def _move(kept: Customer, gone: Customer) -> None:
    has_primary = set(kept.contact_points.filter(is_primary=True).values_list("kind", flat=True))
    gone.contact_points.filter(kind__in=has_primary).update(is_primary=False)
    gone.contact_points.update(customer=kept)
    Consent.objects.filter(customer=gone).update(customer=kept)
    OutgoingMessage.objects.filter(customer=gone).update(customer=kept)
