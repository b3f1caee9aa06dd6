"""The customers: who they are, how they are reached, what they agreed to."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import accumulate
from random import Random

from accounts.enums import ConsentChannel, ConsentPurpose, ContactKind, SuppressionReason, Tier
from accounts.models import Consent, ContactPoint, Customer, Organisation, User
from accounts.rules.contact import normalise_contact
from analytics.demo.words import names

ZH, EN = "zh-hans", "en"
SHARE_CHINESE = 0.7
DOMAINS = ("example.com", "example.org", "example.net")
TEXT_VERSION = "demo-1"


@dataclass(slots=True)
class Person:
    """A customer and everything that hangs on one."""

    customer: Customer
    email: str
    points: list[ContactPoint]
    consents: list[Consent] = field(default_factory=list)
    suppressed_at: datetime | None = None

    def meet(self, at: datetime) -> None:
        """They wrote to us at this time: nobody is known later than that."""
        if at < self.customer.created_at:
            self.customer.created_at = at
            for row in self.consents:
                row.at = max(row.at, at)


@dataclass(slots=True)
class Crowd:
    organisations: list[Organisation]
    people: list[Person]
    spammers: list[Person]
    _sums: dict[str, list[float]] = field(default_factory=dict)
    _by_language: dict[str, list[Person]] = field(default_factory=dict)

    def somebody(self, rng: Random) -> Person:
        """A customer who writes; some write much more often than others."""
        language = ZH if rng.random() < SHARE_CHINESE else EN
        if language not in self._sums:
            some = [p for p in self.people if p.customer.language == language]
            self._by_language[language] = some
            self._sums[language] = list(accumulate(rng.paretovariate(2.8) for _ in some))
        sums = self._sums[language]
        return rng.choices(self._by_language[language], cum_weights=sums)[0]


def gather_crowd(
    rng: Random, *, count: int, organisations: int, managers: list[User], now: datetime
) -> Crowd:
    """`count` customers, about a quarter of them in one of the organisations."""
    groups = [_organisation(rng, number) for number in range(organisations)]
    people: list[Person] = []
    met = {ZH: 0, EN: 0}
    for _ in range(count):
        language = ZH if rng.random() < SHARE_CHINESE else EN
        met[language] += 1
        group = _group_of(rng, groups, language)
        is_key = rng.random() < (0.16 if group else 0.015)
        customer = Customer(
            name=_name(rng, language),
            organisation=group,
            language=language,
            tier=Tier.KEY if is_key else Tier.STANDARD,
            owner=rng.choice(managers) if is_key else None,
            created_at=now - timedelta(days=rng.uniform(0.1, 360)),
            is_demo=True,
        )
        people.append(_reachable(rng, customer, met[language], group, now))
    return Crowd(groups, people, [_spammer(rng, number, now) for number in range(6)])


def _spammer(rng: Random, number: int, now: datetime) -> Person:
    language = ZH if rng.random() < SHARE_CHINESE else EN
    customer = Customer(language=language, created_at=now, is_demo=True)
    address = f"promotion{number + 1}@example.net"
    return Person(customer, address, [_point(customer, ContactKind.EMAIL, address)])


def _organisation(rng: Random, number: int) -> Organisation:
    language = ZH if rng.random() < SHARE_CHINESE else EN
    place, kind = (
        rng.choice(names("places", language)),
        rng.choice(names("organisation", language)),
    )
    name = f"{place}{kind}" if language == ZH else f"{kind} {place}"
    return Organisation(name=name, domain=f"org{number + 1:02}.example.com", is_demo=True)


def _group_of(rng: Random, groups: list[Organisation], language: str) -> Organisation | None:
    if not groups or rng.random() > 0.25:
        return None
    group = rng.choice(groups)
    return group if group.name.isascii() == (language == EN) else None


def _name(rng: Random, language: str) -> str:
    if language == ZH:
        return rng.choice(names("surnames", ZH))[0] + rng.choice(names("given", ZH))
    return f"{rng.choice(names('first', EN))} {rng.choice(names('last', EN))}"


def _address(rng: Random, customer: Customer, number: int, group: Organisation | None) -> str:
    if customer.language == ZH:
        surname = next(py for char, py in names("surnames", ZH) if char == customer.name[0])
        local = f"{surname}{number + 1000}"
    else:
        local = f"{customer.name.replace(' ', '.').lower()}{number}"
    return f"{local}@{group.domain if group else rng.choice(DOMAINS)}"


def _reachable(
    rng: Random, customer: Customer, number: int, group: Organisation | None, now: datetime
) -> Person:
    """Most by e-mail, many by phone too, some only by phone."""
    points = []
    email = "" if rng.random() < 0.04 else _address(rng, customer, number, group)
    if email:
        verified = customer.created_at if rng.random() < 0.6 else None
        points.append(_point(customer, ContactKind.EMAIL, email, verified_at=verified))
    if not email or rng.random() < 0.55:
        points.append(_point(customer, ContactKind.PHONE, _phone(customer.language, number)))
    if customer.language == ZH and rng.random() < 0.25:
        points.append(_point(customer, ContactKind.WECHAT, f"demo_wx_{number:05}"))
    points[0].is_primary = True
    if rng.random() < 0.5:
        customer.preferred_channel = rng.choice(points).kind
    if rng.random() < 0.012:
        customer.do_not_contact_at = now - timedelta(days=rng.uniform(1, 200))
        customer.created_at = min(customer.created_at, customer.do_not_contact_at)
    if customer.tier == Tier.KEY:
        chinese = customer.language == ZH
        customer.note = "重点客户：有问题先致电。" if chinese else "Key customer: call first."
    person = Person(customer, email, points)
    if email and rng.random() < 0.008:
        _suppress(rng, person, now)
    _agree(rng, person)
    return person


def _point(
    customer: Customer, kind: ContactKind, value: str, verified_at: datetime | None = None
) -> ContactPoint:
    stored = normalise_contact(kind, value)
    return ContactPoint(customer=customer, kind=kind, value=stored, verified_at=verified_at)


def _phone(language: str, number: int) -> str:
    """In ranges that nobody has: Chinese mobile numbers never begin with 100, and +44 7700 900
    belongs to films."""
    return f"1000000{number:04}" if language == ZH else f"+447700900{number:03}"


def _suppress(rng: Random, person: Person, now: datetime) -> None:
    point = person.points[0]
    point.suppressed_at = person.suppressed_at = now - timedelta(days=rng.uniform(1, 120))
    point.suppressed_reason = SuppressionReason.BOUNCE
    point.last_bounce_at = point.suppressed_at


def _agree(rng: Random, person: Person) -> None:
    customer = person.customer
    wanted = [(ConsentPurpose.SERVICE, 1.0), (ConsentPurpose.SURVEY, 0.7)]
    for purpose, share in [*wanted, (ConsentPurpose.MARKETING, 0.3)]:
        if rng.random() < share:
            person.consents.append(
                Consent(
                    customer=customer,
                    purpose=purpose,
                    given=True,
                    text_version=TEXT_VERSION,
                    channel=ConsentChannel.WEB_FORM,
                    at=customer.created_at,
                )
            )
    if customer.do_not_contact_at:
        person.consents.append(
            Consent(
                customer=customer,
                purpose=ConsentPurpose.MARKETING,
                given=False,
                text_version=TEXT_VERSION,
                channel=ConsentChannel.EMAIL,
                at=customer.do_not_contact_at,
            )
        )
