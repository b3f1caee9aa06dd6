"""By what lists of customers are narrowed and ordered, for the page and for programs alike."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from accounts.enums import ConsentPurpose
from accounts.models import Consent
from accounts.models.customer import BY_NAME, CustomerQuerySet

GIVEN, WITHDRAWN, NEVER = "given", "withdrawn", "never"
STOPPED = "do_not_contact"
NOBODY = "none"

SORTS: Mapping[str, Any] = {
    "newest": _("Newest first"),
    "oldest": _("Oldest first"),
    "name": _("By name"),
}


def consent_choices() -> list[tuple[Any, list[tuple[str, Any]]]]:
    """For forms: what customers said about each purpose, and whether at all."""
    said = [(GIVEN, _("agreed")), (WITHDRAWN, _("withdrawn")), (NEVER, _("never asked"))]
    groups: list[tuple[Any, list[tuple[str, Any]]]] = [
        (purpose.label, [(f"{purpose}:{code}", label) for code, label in said])
        for purpose in ConsentPurpose
    ]
    return [*groups, (_("Contact"), [(STOPPED, _("asked not to be contacted"))])]


CONSENTS = frozenset(value for _group, choices in consent_choices() for value, _label in choices)


def with_consent(customers: CustomerQuerySet, value: str) -> CustomerQuerySet:
    """Those whose latest word about a purpose is the one in `value` (one of CONSENTS)."""
    if value == STOPPED:
        return customers.filter(do_not_contact_at__isnull=False)
    purpose, _colon, said = value.partition(":")
    words = Consent.objects.filter(purpose=purpose).order_by()
    if said == NEVER:
        return customers.exclude(pk__in=words.values("customer"))
    of_same = Consent.objects.filter(customer=OuterRef("customer"), purpose=purpose).order_by()
    later = Q(at__gt=OuterRef("at")) | Q(at=OuterRef("at"), pk__gt=OuterRef("pk"))
    latest = words.filter(~Exists(of_same.filter(later)), given=said == GIVEN)
    return customers.filter(pk__in=latest.values("customer"))


def of_manager(customers: CustomerQuerySet, value: str, me: Any) -> CustomerQuerySet:
    """Those of a success manager: "me", "none", or the id of a user."""
    if value == NOBODY:
        return customers.filter(owner=None)
    return customers.filter(owner=me.pk if value == "me" else int(value))


def in_order(customers: CustomerQuerySet, sort: str) -> CustomerQuerySet:
    """In one of the SORTS, each with an index; whose name nobody knows comes last."""
    if sort == "name":
        return customers.order_by(BY_NAME.asc(nulls_last=True), "pk")
    return customers.order_by("pk" if sort == "oldest" else "-pk")
