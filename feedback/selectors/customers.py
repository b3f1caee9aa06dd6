"""Customers with what they told us, as far as the asking person may see it."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet

from accounts.enums import ConsentPurpose, ContactKind
from accounts.models import Consent, Customer, CustomerMerge
from accounts.models.customer import CustomerQuerySet
from accounts.selectors.customer_lists import in_order, of_manager, with_consent
from config.kernel.search.queries import understand
from feedback.enums import OPEN_STATES, Channel, Direction, StaleKind
from feedback.models import CustomerEntry, Feedback, Message, StaleEntry
from feedback.selectors.columns import Column
from feedback.selectors.customer_columns import CustomerRow, customer_columns

PAGE_SIZE = 25
MOST_IN_A_FILE = 100_000


@dataclass(frozen=True, slots=True)
class CustomerQuery:
    """By what the list is narrowed; each may be "" (not at all). `organisation` is a piece of a
    name, `manager` "me", "none" or an id, `consent` one of accounts' CONSENTS; `fields` are the
    conditions on custom fields and `columns` the names of those that the address asks for."""

    words: str = ""
    tag: str = ""
    organisation: str = ""
    manager: str = ""
    tier: str = ""
    consent: str = ""
    sort: str = "newest"
    fields: tuple[Q, ...] = ()
    columns: tuple[str, ...] = ()

    @property
    def narrows(self) -> int:
        """How many filters beside the words are set."""
        filters = (self.tag, self.organisation, self.manager, self.tier, self.consent)
        return sum(1 for one in filters if one) + len(self.fields)


def customers_for_list(query: CustomerQuery, user: Any) -> CustomerQuerySet:
    """Those whose name, organisation or contact holds the words, and whom the filters leave, in
    the order asked for."""
    found = found_by(query.words)
    if query.tag:
        found = found.filter(tags__name__iexact=query.tag)
    if query.organisation:
        found = found.filter(organisation__name__icontains=query.organisation)
    if query.manager:
        found = of_manager(found, query.manager, user)
    if query.tier:
        found = found.filter(tier=query.tier)
    if query.consent:
        found = with_consent(found, query.consent)
    for condition in query.fields:
        found = found.filter(condition)
    return in_order(found, query.sort)


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


def with_numbers(customers: Sequence[Customer], user: Any) -> list[CustomerRow]:
    """The customers of one page with their numbers of records, in one query."""
    counted = (
        Feedback.objects.visible_to(user)
        .real()
        .filter(customer__in=[one.pk for one in customers])
        .order_by()
        .values("customer_id")
        .annotate(told=Count("pk"), still_open=Count("pk", filter=Q(state__in=OPEN_STATES)))
    )
    numbers = {row["customer_id"]: (row["told"], row["still_open"]) for row in counted}
    return [CustomerRow(one, *numbers.get(one.pk, (0, 0))) for one in customers]


def merges_into(customer: Customer) -> QuerySet[CustomerMerge]:
    """The rows that were found to be this customer, newest first; with the row and who said so."""
    merges = CustomerMerge.objects.filter(kept=customer, undone_at=None)
    return merges.select_related("gone", "by")


def customers_table(
    query: CustomerQuery, user: Any, columns: Sequence[Column] = ()
) -> tuple[list[Any], Iterator[list[Any]]]:
    """The list as a file has it, with these columns or all there are: what stands above them,
    and the rows, read some hundred at a time and only when they are asked for."""
    shown = columns or customer_columns()
    return [one.label for one in shown], _customer_rows(query, user, shown)


def _customer_rows(
    query: CustomerQuery, user: Any, columns: Sequence[Column]
) -> Iterator[list[Any]]:
    ids = list(customers_for_list(query, user).values_list("pk", flat=True)[:MOST_IN_A_FILE])
    for start in range(0, len(ids), 500):
        some = ids[start : start + 500]
        found = Customer.objects.filter(pk__in=some).for_list().prefetch_related("tags")
        by_id = {one.pk: one for one in found}
        for row in with_numbers([by_id[pk] for pk in some if pk in by_id], user):
            yield [column.value(row) for column in columns]


@dataclass(frozen=True, slots=True)
class Preference:
    """How a customer likes to be reached: what they said beats what they do."""

    label: str
    is_stated: bool


# The contact by which what came on a channel is answered.
_ANSWERED_ON = {
    Channel.EMAIL: ContactKind.EMAIL,
    Channel.WEB_FORM: ContactKind.EMAIL,
    Channel.PHONE: ContactKind.PHONE,
    Channel.WECHAT: ContactKind.WECHAT,
    Channel.WEIBO: ContactKind.WEIBO,
    Channel.FACEBOOK: ContactKind.FACEBOOK,
}
LEARNED_FROM = 20  # their latest messages


def preference_of(customer: Customer) -> Preference | None:
    """What the customer said, or else the channel of most of their latest messages; None when
    neither tells anything. One query at most."""
    if customer.preferred_channel in ContactKind.values:
        return Preference(str(ContactKind(customer.preferred_channel).label), is_stated=True)
    theirs = Message.objects.filter(
        feedback__customer=customer,
        direction=Direction.IN,
        is_automatic=False,
        is_third_party=False,
    )
    latest = theirs.order_by("-created_at").values_list("channel", flat=True)[:LEARNED_FROM]
    kinds = Counter(_ANSWERED_ON[Channel(one)] for one in latest if one in _ANSWERED_ON)
    if not kinds:
        return None
    return Preference(str(kinds.most_common(1)[0][0].label), is_stated=False)


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
