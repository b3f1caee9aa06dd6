"""Whom a mailing would ask, and why somebody is not asked: many people in few queries."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import ExtractHour
from django.utils import timezone

from accounts.enums import ConsentPurpose, ContactKind
from accounts.models import Consent, ContactPoint, Customer, User
from accounts.selectors.conditions import context_for
from config.kernel.conditions.compilation import to_q
from config.kernel.conditions.condition import always
from config.kernel.conditions.errors import ConditionInvalid
from config.kernel.conditions.reading import read_tree
from config.kernel.conditions.vocabulary import vocabulary
from feedback.models import Feedback, Mailbox
from surveys.enums import AudienceOf, NotAsked
from surveys.models import AddressOptOut, Collector, ContactEvent, Invitation, Mailing
from surveys.rules.drawing import drawn_up_to, is_drawn
from surveys.selectors.contact import address_digest

AT_A_TIME = 500
MOST_LOOKED_AT = 20_000


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who may be invited."""

    address: str
    customer: Customer | None = None
    name: str = ""
    language: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)


def condition_of(mailing: Mailing) -> Any:
    """The tree of whom it is for; None: nobody but those of a list. That of a plan which was
    not made is everybody."""
    if mailing.audience_of == AudienceOf.LIST:
        return None
    if mailing.audience_of == AudienceOf.OWN:
        return mailing.audience
    plan = getattr(mailing.collector.survey, "plan", None)
    return plan.audience if plan is not None else always()


def customers_of(tree: Any) -> QuerySet[Customer]:
    """Those who fit; nobody for None and for a condition that no longer reads."""
    if tree is None:
        return Customer.objects.none()
    try:
        condition = read_tree(tree, vocabulary("customer"))
    except ConditionInvalid:
        return Customer.objects.none()
    return Customer.objects.known().filter(to_q(condition, context_for(None)))


def people_of(customers: Sequence[Customer]) -> list[Person]:
    """`customers` with their contact points prefetched."""
    return [Person(one.email, one, one.name, one.language) for one in customers]


def reasons_not_to_ask(
    collector: Collector, people: Sequence[Person], *, others_too: bool, now: datetime
) -> list[NotAsked | None]:
    """For each of them why not, or None; a fixed number of queries."""
    keys = {one.customer.pk for one in people if one.customer is not None}
    digests = {address_digest(one.address) for one in people if one.address}
    addresses = {one.address.strip().lower() for one in people if one.address}
    refused = _who_refused(keys)
    refused_at = set(
        AddressOptOut.objects.filter(address_digest__in=digests).values_list(
            "address_digest", flat=True
        )
    )
    ours, blocked = _ours(addresses), _blocked(addresses, now)
    asked, asked_at = _asked_lately(collector, keys, digests, now)

    def why(one: Person) -> NotAsked | None:
        customer, digest = one.customer, address_digest(one.address)
        key = customer.pk if customer is not None else None
        address = one.address.strip().lower()
        barred = customer is not None and customer.do_not_contact_at is not None
        # The first that is true, as selectors.contact has it for one person.
        found = {
            NotAsked.ERASED: customer is not None and customer.erased_at is not None,
            NotAsked.OPTED_OUT: barred or key in refused or digest in refused_at,
            NotAsked.NO_ADDRESS: not address,
            NotAsked.STAFF: address in ours,
            NotAsked.SUPPRESSED: address in blocked,
            NotAsked.OTHER_CHANNEL: not others_too and _likes_another_way(customer),
            NotAsked.ASKED_RECENTLY: key in asked or digest in asked_at,
        }
        return next((reason for reason, holds in found.items() if holds), None)

    return [why(one) for one in people]


def _likes_another_way(customer: Customer | None) -> bool:
    return customer is not None and customer.preferred_channel not in {"", ContactKind.EMAIL}


def _who_refused(keys: set[int]) -> set[int]:
    """Whose last word on surveys is no."""
    words = Consent.objects.filter(customer__in=keys, purpose=ConsentPurpose.SURVEY)
    last = words.order_by("customer", "-at", "-pk").distinct("customer")
    return {key for key, given in last.values_list("customer", "given") if not given}


def _ours(addresses: set[str]) -> set[str]:
    """Those of staff and of our mailboxes."""
    staff = User.objects.filter(is_active=True, email__in=addresses)
    boxes = Mailbox.objects.values_list("address", flat=True)
    return {one.lower() for one in staff.values_list("email", flat=True)} | {
        one.lower() for one in boxes
    }


def _blocked(addresses: set[str], now: datetime) -> set[str]:
    points = ContactPoint.objects.filter(kind=ContactKind.EMAIL, value__in=addresses)
    return set(points.blocked(now).values_list("value", flat=True))


def _asked_lately(
    collector: Collector, keys: set[int], digests: set[str], now: datetime
) -> tuple[set[int], set[str]]:
    of_any = Q(at__gt=now - timedelta(days=collector.quiet_days))
    of_this = Q(
        at__gt=now - timedelta(days=collector.same_survey_days), survey=collector.survey_id
    )
    rows = ContactEvent.objects.filter(
        Q(customer__in=keys) | Q(address_digest__in=digests), of_any | of_this
    ).values_list("customer", "address_digest")
    found = list(rows)
    return {key for key, _ in found if key is not None}, {digest for _, digest in found}


@dataclass(slots=True)
class Preview:
    """What would become of a wave that begins now. `looked_at` are as many as were asked for one
    by one; `sample` is None without one."""

    fitting: int = 0
    looked_at: int = 0
    sample: int | None = None
    asked: int = 0
    reasons: Counter[str] = field(default_factory=Counter)
    first: Person | None = None

    @property
    def in_words(self) -> list[tuple[str, int]]:
        return [(str(NotAsked(code).label), n) for code, n in self.reasons.most_common()]


def preview_of(mailing: Mailing) -> Preview:
    """Of at most MOST_LOOKED_AT of those who fit."""
    customers, now, found = customers_of(condition_of(mailing)), timezone.now(), Preview()
    keys = list(customers.order_by("pk").values_list("pk", flat=True))
    found.fitting = len(keys)
    if mailing.sample_size:
        up_to = drawn_up_to("preview", keys, mailing.sample_size)
        keys = [key for key in keys if is_drawn("preview", key, up_to)]
        found.sample = len(keys)
    for some in _chunks(keys[:MOST_LOOKED_AT]):
        people = people_of(with_contacts(Customer.objects.filter(pk__in=some)))
        whys = reasons_not_to_ask(
            mailing.collector, people, others_too=mailing.others_too, now=now
        )
        found.looked_at += len(people)
        for person, why in zip(people, whys, strict=True):
            if why is None:
                found.asked += 1
                found.first = found.first or person
            else:
                found.reasons[why] += 1
    return found


def _chunks(keys: Sequence[int]) -> Iterator[Sequence[int]]:
    for at in range(0, len(keys), AT_A_TIME):
        yield keys[at : at + AT_A_TIME]


def with_contacts(customers: QuerySet[Customer]) -> list[Customer]:
    return list(customers.order_by("pk").prefetch_related("contact_points"))


def their_hours(customers: Sequence[Customer]) -> dict[int, int]:
    """The hour of the day (0–23, local) at which each of them most often wrote to us; those who
    never did are missing."""
    rows = (
        Feedback.objects.filter(customer__in=[one.pk for one in customers])
        .annotate(hour=ExtractHour("received_at"))
        .order_by()
        .values_list("customer", "hour")
        .annotate(n=Count("pk"))
    )
    best: dict[int, tuple[int, int]] = {}
    for customer, hour, n in rows:
        if (n, -hour) > best.get(customer, (0, 0)):
            best[customer] = (n, -hour)
    return {customer: -hour for customer, (_, hour) in best.items()}


def already_invited(wave_id: int, people: Sequence[Person]) -> tuple[set[int], set[str]]:
    """Customers and addresses (lower case) of them that this wave has been made for."""
    keys = [one.customer.pk for one in people if one.customer is not None]
    addresses = [one.address for one in people if one.address]
    rows = Invitation.objects.filter(
        Q(customer__in=keys) | Q(address__in=addresses), wave=wave_id
    ).values_list("customer", "address")
    found = list(rows)
    return {key for key, _ in found if key}, {address for _, address in found if address}
