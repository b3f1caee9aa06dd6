"""Organisations with their people and what those told us, as far as the asking person may see."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from accounts.enums import ContactKind
from accounts.models import ContactPoint, Customer, Organisation
from accounts.models.organisation import OrganisationQuerySet
from accounts.selectors.customer_lists import NOBODY
from feedback.enums import OPEN_STATES
from feedback.models import Feedback

MOST_IN_A_FILE = 20_000


@dataclass(frozen=True, slots=True)
class OrganisationQuery:
    """By what the list is narrowed; each may be "" (not at all)."""

    words: str = ""
    manager: str = ""
    tier: str = ""
    is_archive: bool = False


@dataclass(frozen=True, slots=True)
class OrganisationRow:
    organisation: Organisation
    people: int = 0
    told: int = 0
    still_open: int = 0


def organisations_for_list(query: OrganisationQuery, user: Any) -> OrganisationQuerySet:
    """By name."""
    found = Organisation.objects.filter(archived_at__isnull=not query.is_archive)
    found = found.matching(query.words)
    if query.manager == NOBODY:
        found = found.filter(owner=None)
    elif query.manager:
        found = found.filter(owner=user.pk if query.manager == "me" else int(query.manager))
    if query.tier:
        found = found.filter(tier=query.tier)
    return found.select_related("owner").order_by("name", "pk")


def with_people(organisations: Sequence[Organisation], user: Any) -> list[OrganisationRow]:
    """How many belong to each, and what they told us: two queries, however many there are."""
    ids = [one.pk for one in organisations]
    known = Customer.objects.known().filter(organisation__in=ids).order_by()
    people = dict(known.values_list("organisation").annotate(Count("pk")))
    counted = (
        Feedback.objects.visible_to(user)
        .real()
        .filter(customer__organisation__in=ids)
        .order_by()
        .values("customer__organisation")
        .annotate(told=Count("pk"), still_open=Count("pk", filter=Q(state__in=OPEN_STATES)))
    )
    told = {row["customer__organisation"]: row for row in counted}
    none = {"told": 0, "still_open": 0}
    return [
        OrganisationRow(
            one,
            people.get(one.pk, 0),
            told.get(one.pk, none)["told"],
            told.get(one.pk, none)["still_open"],
        )
        for one in organisations
    ]


def organisations_table(
    query: OrganisationQuery, user: Any
) -> tuple[list[Any], Iterator[list[Any]]]:
    """The list as a file has it."""
    head = [_("Name"), _("Mail domain"), _("Success manager"), _("Tier")]
    return [*head, _("People"), _("Feedback"), _("Open feedback")], _rows(query, user)


def _rows(query: OrganisationQuery, user: Any) -> Iterator[list[Any]]:
    found = list(organisations_for_list(query, user)[:MOST_IN_A_FILE])
    for start in range(0, len(found), 500):
        for row in with_people(found[start : start + 500], user):
            one = row.organisation
            owner = one.owner.name if one.owner else None
            tier = str(one.get_tier_display())
            yield [one.name, one.domain, owner, tier, row.people, row.told, row.still_open]


def of_its_domain(organisation: Organisation) -> QuerySet[Customer]:
    """Customers who write from its mail domain and belong to no organisation."""
    if not organisation.domain:
        return Customer.objects.none()
    points = ContactPoint.objects.filter(
        kind=ContactKind.EMAIL, value__endswith=f"@{organisation.domain}"
    )
    homeless = Customer.objects.known().filter(organisation=None)
    return homeless.filter(pk__in=points.values("customer"))
