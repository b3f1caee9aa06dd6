"""Customers with what they told us, as far as the asking person may see it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet

from accounts.enums import ConsentPurpose
from accounts.models import Consent, Customer
from feedback.enums import OPEN_STATES
from feedback.models import Feedback

PAGE_SIZE = 25


def customers_for_list(words: str) -> QuerySet[Customer]:
    """Those whose name or contact holds the words, newest first."""
    return Customer.objects.known().matching(words).for_list().order_by("-pk")


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
