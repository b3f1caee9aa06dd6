"""Customers with what they told us, as far as the asking person may see it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet

from accounts.enums import ConsentPurpose
from accounts.models import Consent, Customer, CustomerMerge
from accounts.models.customer import CustomerQuerySet
from config.kernel.search.queries import understand
from feedback.enums import OPEN_STATES, StaleKind
from feedback.models import CustomerEntry, Feedback, StaleEntry

PAGE_SIZE = 25


def customers_for_list(words: str) -> QuerySet[Customer]:
    """Those whose name, organisation or contact holds the words, newest first; all of them
    without words."""
    return found_by(words).for_list().order_by("-pk")


def found_by(words: str) -> CustomerQuerySet:
    """The customers that the search knows by these words, and those that it has yet to take up
    whose name or contact holds them as they were typed."""
    known = Customer.objects.known()
    if not words.strip():
        return known
    indexed = CustomerEntry.objects.matching(understand(words)).values("pk")
    fresh = StaleEntry.objects.filter(kind=StaleKind.CUSTOMER).values("object_id")
    typed = Customer.objects.filter(pk__in=fresh).matching(words).values("pk")
    return known.filter(Q(pk__in=indexed) | Q(pk__in=typed))


def with_numbers(customers: Sequence[Customer], user: Any) -> list[tuple[Customer, int, int]]:
    """(customer, records, open records) for the customers of one page, in one query."""
    counted = (
        Feedback.objects.visible_to(user)
        .real()
        .filter(customer__in=[one.pk for one in customers])
        .order_by()
        .values("customer_id")
        .annotate(told=Count("pk"), still_open=Count("pk", filter=Q(state__in=OPEN_STATES)))
    )
    numbers = {row["customer_id"]: (row["told"], row["still_open"]) for row in counted}
    return [(one, *numbers.get(one.pk, (0, 0))) for one in customers]


def merges_into(customer: Customer) -> QuerySet[CustomerMerge]:
    """The rows that were found to be this customer, newest first; with the row and who said so."""
    merges = CustomerMerge.objects.filter(kept=customer, undone_at=None)
    return merges.select_related("gone", "by")


@dataclass(frozen=True, slots=True)
class ConsentState:
    """What a customer said about one purpose; `latest` is None when nobody ever asked."""

    purpose: str
    label: str
    latest: Consent | None


def consents_of(customer: Customer) -> list[ConsentState]:
    """The latest word about each purpose, in one query."""
    latest: dict[str, Consent] = {}
    for consent in customer.consents.select_related("recorded_by").order_by("at", "pk"):
        latest[consent.purpose] = consent
    return [
        ConsentState(purpose.value, str(purpose.label), latest.get(purpose.value))
        for purpose in ConsentPurpose
    ]
