"""Words on customers, and notes about them."""

from collections.abc import Iterable

from django.db import transaction

from accounts.errors import NothingWrittenDown
from accounts.models import Customer, CustomerNote, CustomerTag, User
from config.kernel.archiving import bring_back, remove


@transaction.atomic
def set_customer_tags(customer_id: int, names: Iterable[str]) -> list[str]:
    """Give a customer exactly these tags; one that is not there yet is made. Gives their names
    as they are written."""
    customer = Customer.objects.select_for_update().get(pk=customer_id)
    tags = []
    for name in dict.fromkeys(" ".join(one.split())[:60] for one in names):
        if name:
            known = CustomerTag.objects.filter(name__iexact=name).first()
            tags.append(known or CustomerTag.objects.create(name=name))
    customer.tags.set(tags)
    return sorted(tag.name for tag in tags)


@transaction.atomic
def add_customer_note(customer_id: int, *, text: str, by: User) -> CustomerNote:
    """Write something down about a customer, for colleagues. Raises NothingWrittenDown."""
    if not text.strip():
        raise NothingWrittenDown
    return CustomerNote.objects.create(
        customer_id=customer_id, author=by, author_name=by.name, text=text.strip()
    )


@transaction.atomic
def remove_customer_note(note_id: int, *, by: User) -> bool:
    """Take one's own note away; whether it was there and one's own."""
    return bool(CustomerNote.objects.filter(pk=note_id, author=by).delete()[0])


@transaction.atomic
def save_customer_tag(tag: CustomerTag) -> CustomerTag:
    """Store a new or changed tag as the settings page has it."""
    tag.save()
    return tag


@transaction.atomic
def remove_customer_tag(tag: CustomerTag) -> bool:
    """Delete it, or archive it while customers have it. True when it was deleted."""
    return remove(tag)


@transaction.atomic
def bring_back_customer_tag(tag: CustomerTag) -> None:
    """Undo archiving."""
    bring_back(tag)
