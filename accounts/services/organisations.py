"""Companies and households that customers belong to."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction

from accounts.enums import Tier
from accounts.errors import OrganisationTaken
from accounts.events import CustomerRegarded
from accounts.models import Customer, Organisation
from config.kernel.archiving import bring_back, remove
from config.kernel.events import announce

CHANGEABLE = frozenset({"name", "domain", "tier", "owner", "note"})


def plain_domain(text: str) -> str:
    """As it is stored: what stands behind the @, in lower case."""
    return text.strip().lower().rpartition("@")[2].rstrip(".")


@transaction.atomic
def save_organisation(organisation: Organisation) -> Organisation:
    """Store a new or changed one. Raises OrganisationTaken for a name that another one in use
    has: people choose by name."""
    organisation.name = " ".join(organisation.name.split())[:200]
    organisation.domain = plain_domain(organisation.domain)
    same = Organisation.objects.active().filter(name__iexact=organisation.name)
    if same.exclude(pk=organisation.pk).exists():
        raise OrganisationTaken
    organisation.save()
    return organisation


@transaction.atomic
def change_organisation(
    organisation_id: int, *, for_people: bool = False, **fields: Any
) -> Organisation:
    """Set only the named fields. `for_people`: its success manager and tier are those of
    everybody who belongs to it from now on. Raises OrganisationTaken, and TypeError for a field
    that is not to be changed like this."""
    unknown = set(fields) - CHANGEABLE
    if unknown:
        raise TypeError(f"Not to be changed here: {sorted(unknown)}")
    one = Organisation.objects.select_for_update(of=["self"]).get(pk=organisation_id)
    for name, value in fields.items():
        setattr(one, name, value)
    save_organisation(one)
    if for_people:
        people = Customer.objects.known().filter(organisation=one).order_by("pk")
        for person in people.select_for_update(of=["self"]):
            if (person.tier, person.owner_id) != (one.tier, one.owner_id):
                person.tier, person.owner = one.tier, one.owner
                person.save(update_fields=["tier", "owner"])
                announce(CustomerRegarded(customer_id=person.pk))
    return one


@transaction.atomic
def add_people(organisation_id: int, customer_ids: Iterable[int]) -> int:
    """Customers belong to it from now on, wherever they belonged before; how many were new. They
    get its success manager where they have none, and are key customers if it is one."""
    one = Organisation.objects.get(pk=organisation_id)
    people = Customer.objects.known().filter(pk__in=list(customer_ids))
    added = 0
    for customer in people.exclude(organisation=one).select_for_update(of=["self"]):
        take_in(customer, one)
        customer.save(update_fields=["organisation", "owner", "tier"])
        announce(CustomerRegarded(customer_id=customer.pk))
        added += 1
    return added


def take_in(customer: Customer, organisation: Organisation) -> None:
    """Inside another service, which saves: what belonging to an organisation brings along."""
    customer.organisation = organisation
    customer.owner = customer.owner or organisation.owner
    if organisation.tier == Tier.KEY:
        customer.tier = Tier.KEY


@transaction.atomic
def remove_person(organisation_id: int, customer_id: int) -> bool:
    """The customer belongs to it no longer; False when they did not."""
    theirs = Customer.objects.select_for_update(of=["self"])
    customer = theirs.filter(pk=customer_id, organisation=organisation_id).first()
    if customer is None:
        return False
    customer.organisation = None
    customer.save(update_fields=["organisation"])
    announce(CustomerRegarded(customer_id=customer.pk))
    return True


@transaction.atomic
def archive_organisation(organisation: Organisation) -> bool:
    """Take it out of use: its people and their story stay, nobody is offered it any more. One
    that nobody belongs to is deleted. True when it was deleted."""
    return remove(organisation)


@transaction.atomic
def bring_back_organisation(organisation: Organisation) -> None:
    """Undo archiving. Raises OrganisationTaken when another one took its name meanwhile."""
    same = Organisation.objects.active().filter(name__iexact=organisation.name)
    if same.exclude(pk=organisation.pk).exists():
        raise OrganisationTaken
    bring_back(organisation)
