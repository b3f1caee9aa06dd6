"""Whom a publication concerns: the customers in its evidence, and what keeps us from telling
them."""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from accounts.enums import ConsentPurpose
from accounts.models import Consent, ContactPoint, Customer
from analytics.models import Publication, PublicationNotice
from analytics.selectors.publication_check import customers_of


@dataclass(frozen=True, slots=True)
class Reach:
    """How many customers stand behind a publication: those who would be told now, those who were
    told already, and those who cannot be or do not want to be."""

    to_tell: int
    told: int
    not_reached: int


def people_to_tell(one: Publication) -> QuerySet[Customer]:
    """Customers in the evidence who were not told of this publication yet, as whoever they were
    known, who have an address that works, and who want to hear from us."""
    now = timezone.now()
    address = ContactPoint.objects.filter(customer=OuterRef("pk"), kind="email")
    blocked = ContactPoint.objects.blocked(now).values("pk")
    told = PublicationNotice.objects.filter(publication=one).filter(
        Q(customer=OuterRef("pk")) | Q(customer__merged_into=OuterRef("pk"))
    )
    return (
        Customer.objects.known()
        .filter(pk__in=customers_of(one.problem_id), do_not_contact_at=None)
        .filter(Exists(address.exclude(pk__in=blocked)))
        .exclude(Exists(told))
        .exclude(pk__in=_unwilling())
        .order_by("pk")
    )


def reach_of(one: Publication) -> Reach:
    everybody = Customer.objects.known().filter(pk__in=customers_of(one.problem_id)).count()
    to_tell = people_to_tell(one).count()
    told = one.notices.count()
    return Reach(to_tell, told, max(0, everybody - to_tell - told))


def wants_to_hear(customer: Customer) -> bool:
    """By their last word on it, or because they do not want to be contacted at all."""
    if customer.do_not_contact_at is not None or customer.erased_at is not None:
        return False
    word = (
        Consent.objects.filter(customer=customer, purpose=ConsentPurpose.OUTCOME)
        .order_by("-at", "-pk")
        .first()
    )
    return word is None or word.given


def _unwilling() -> QuerySet[Consent, int]:
    """Customers whose last word on it is no."""
    last = Consent.objects.filter(
        customer=OuterRef("customer"), purpose=ConsentPurpose.OUTCOME
    ).order_by("-at", "-pk")
    words = Consent.objects.filter(purpose=ConsentPurpose.OUTCOME, given=False)
    return words.filter(pk=last.values("pk")[:1]).values_list("customer", flat=True)
