"""Two rows that are one person. Only people decide that; it can be taken back."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.enums import ConsentPurpose, Tier
from accounts.errors import CustomersNotMergeable, CustomersNotSeparable
from accounts.events import CustomersMerged, CustomersSeparated
from accounts.models import Consent, ContactPoint, Customer, CustomerMerge, OutgoingMessage, User
from config.kernel.events import announce

# A legal hold on either row holds the one that stays.
HOLD = ("legal_hold", "held_at", "held_by_id", "hold_reason")
# What the row that stays takes over where it has nothing itself.
FILLED = ("name", "organisation_id", "owner_id", "preferred_channel", *HOLD)
_WRITTEN = (*FILLED, "custom", "tier", "note", "created_at", "do_not_contact_at")


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
    gone, kept = _lock_both(gone_id, into_id)
    if gone is None or kept is None:
        raise CustomersNotMergeable.not_there()
    for one in (gone, kept):
        if one.erased_at is not None or one.merged_into_id is not None:
            raise CustomersNotMergeable.not_there()
    if not both_are_verified and is_verified(gone) and is_verified(kept):
        raise CustomersNotMergeable.both_verified()
    changed = _take_over(kept, gone)
    refusals = _keep_the_stricter(kept, gone, by=by)
    moved = _move(kept, gone)
    gone.merged_into = kept
    gone.save(update_fields=["merged_into"])
    merge = CustomerMerge.objects.create(
        kept=kept, gone=gone, by=by, changed=changed, moved={**moved, "refusals": refusals}
    )
    announce(CustomersMerged(merge_id=merge.pk))
    return kept


@transaction.atomic
def separate_customers(gone_id: int, *, by: User) -> Customer:
    """Take a merge back; gives the row that had gone. What was moved goes back where nobody moved
    it since, and fields that somebody changed since stay as they are. What came meanwhile belongs
    to the row that stayed. Raises CustomersNotSeparable: not merged, one of the two erased, or
    the row that stayed was itself merged since."""
    merge = (
        CustomerMerge.objects.select_for_update()
        .filter(gone=gone_id, undone_at=None)
        .order_by("-pk")
        .first()
    )
    if merge is None:
        raise CustomersNotSeparable.not_merged()
    gone, kept = _lock_both(gone_id, merge.kept_id)
    if gone is None or kept is None or gone.erased_at or kept.erased_at:
        raise CustomersNotSeparable.erased()
    if kept.merged_into_id is not None:
        raise CustomersNotSeparable.merged_since()
    _give_back(kept, merge.changed)
    _move_back(kept, gone, merge.moved)
    gone.merged_into = None
    gone.save(update_fields=["merged_into"])
    merge.undone_at = timezone.now()
    merge.save(update_fields=["undone_at"])
    announce(CustomersSeparated(merge_id=merge.pk, by_id=by.pk))
    return gone


def merge_in_force(merge_id: int) -> CustomerMerge | None:
    """The merge, locked, for an app above that moves its own rows; None when it was taken back
    meanwhile."""
    return (
        CustomerMerge.objects.select_for_update(of=["self"])
        .filter(pk=merge_id, undone_at=None)
        .first()
    )


def remember_moved(merge: CustomerMerge, kind: str, ids: Iterable[int]) -> None:
    """Which rows an app above has moved, so that it can move them back."""
    known = merge.moved.get(kind, [])
    merge.moved = {**merge.moved, kind: sorted({*known, *ids})}
    merge.save(update_fields=["moved"])


def is_verified(customer: Customer) -> bool:
    """Whether we know for sure who it is: a contact of theirs was proven."""
    return ContactPoint.objects.filter(customer=customer, verified_at__isnull=False).exists()


def _lock_both(one_id: int, other_id: int) -> tuple[Customer | None, Customer | None]:
    """In one order, so that two people who merge the same pair never wait for each other."""
    rows = Customer.objects.select_for_update().filter(pk__in=[one_id, other_id]).order_by("pk")
    found = {one.pk: one for one in rows}
    return found.get(one_id), found.get(other_id)


def _take_over(kept: Customer, gone: Customer) -> dict[str, list[Any]]:
    before = {name: getattr(kept, name) for name in _WRITTEN}
    for name in FILLED:
        if not getattr(kept, name):
            setattr(kept, name, getattr(gone, name))
    kept.custom = {**gone.custom, **kept.custom}
    if gone.tier == Tier.KEY:
        kept.tier = Tier.KEY
    kept.note = "\n".join(dict.fromkeys(one for one in (kept.note, gone.note) if one))
    kept.created_at = min(kept.created_at, gone.created_at)
    asked = [one.do_not_contact_at for one in (kept, gone) if one.do_not_contact_at]
    kept.do_not_contact_at = min(asked, default=None)
    kept.save(update_fields=_WRITTEN)
    after = {name: getattr(kept, name) for name in _WRITTEN}
    return {
        name: [_plain(before[name]), _plain(after[name])]
        for name in _WRITTEN
        if before[name] != after[name]
    }


def _plain(value: Any) -> Any:
    """As JSON has it. Moments to the microsecond: they are compared and given back."""
    return value.isoformat() if hasattr(value, "isoformat") else value


def _give_back(kept: Customer, changed: dict[str, list[Any]]) -> None:
    names = []
    for name, (before, after) in changed.items():
        if name == "custom":  # field by field: what somebody changed since stays
            filled = {code for code in after if code not in before}
            kept.custom = {
                code: value
                for code, value in kept.custom.items()
                if code not in filled or value != after[code]
            }
            names.append(name)
        elif _plain(getattr(kept, name)) == after:
            field: Any = Customer._meta.get_field(name)
            setattr(kept, name, field.to_python(before))
            names.append(name)
    kept.save(update_fields=names)


def _keep_the_stricter(kept: Customer, gone: Customer, *, by: User) -> list[int]:
    made = []
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
            refusal = Consent.objects.create(
                customer=kept, purpose=purpose, given=False, recorded_by=by
            )
            made.append(refusal.pk)
    return made


def _move(kept: Customer, gone: Customer) -> dict[str, list[int]]:
    has_primary = set(kept.contact_points.filter(is_primary=True).values_list("kind", flat=True))
    demoted = gone.contact_points.filter(kind__in=has_primary, is_primary=True)
    moved = {"demoted": list(demoted.values_list("pk", flat=True))}
    demoted.update(is_primary=False)
    for model in (ContactPoint, Consent, OutgoingMessage):
        rows = model._default_manager.filter(customer=gone)
        moved[model._meta.label] = list(rows.order_by("pk").values_list("pk", flat=True))
        rows.update(customer=kept)
    return moved


def _move_back(kept: Customer, gone: Customer, moved: dict[str, list[int]]) -> None:
    for model in (ContactPoint, Consent, OutgoingMessage):
        ids = moved.get(model._meta.label, [])
        model._default_manager.filter(pk__in=ids, customer=kept).update(customer=gone)
    ContactPoint.objects.filter(pk__in=moved["demoted"], customer=gone).update(is_primary=True)
    Consent.objects.filter(pk__in=moved["refusals"]).delete()
