"""What conditions may ask about a customer, and who "me" is."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.lookups import IsNull
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.enums import ConsentPurpose, ContactKind, Tier
from accounts.models import Consent, ContactPoint, Organisation, Team, User
from accounts.selectors.custom_conditions import made_fields, offered_fields
from config.kernel.conditions.choices import Choice, Reference, options_of
from config.kernel.conditions.compilation import to_q
from config.kernel.conditions.condition import Condition
from config.kernel.conditions.context import Actor, Context
from config.kernel.conditions.fields import Text, YesNo
from config.kernel.conditions.operators import Needs
from config.kernel.conditions.ordered import Moment
from config.kernel.conditions.rows import Rows
from config.kernel.conditions.sets import ChoiceSet, TextSet
from config.kernel.conditions.vocabulary import Vocabulary

STAFF = Rows(
    rows=User.objects.all,
    names=("email", "name"),
    offered=lambda staff: staff.filter(is_active=True).order_by("name", "pk"),
)
TEAMS = Rows(
    rows=Team.objects.all,
    names=("name_zh", "name_en"),
    offered=lambda teams: teams.filter(archived_at=None),
)
ORGANISATIONS = Rows(rows=Organisation.objects.all, names=("name",))


def _consents_that_count() -> QuerySet[Consent]:
    """The latest answer of each customer on each purpose, where it was yes."""
    later = Consent.objects.filter(
        Q(at__gt=OuterRef("at")) | Q(at=OuterRef("at"), pk__gt=OuterRef("pk")),
        customer=OuterRef("customer"),
        purpose=OuterRef("purpose"),
    )
    return Consent.objects.filter(~Exists(later.order_by()), given=True)


def customer_vocabulary() -> Vocabulary:
    return Vocabulary(
        "customer",
        label=_("Customer"),
        fields=[
            Text(name="name", label=_("Name of the customer"), path="name"),
            Reference(
                name="organisation",
                label=_("Organisation"),
                path="organisation_id",
                source=ORGANISATIONS,
            ),
            Choice(
                name="language",
                label=_("Language of the customer"),
                path="language",
                options=options_of(settings.LANGUAGES),
            ),
            Choice(
                name="tier", label=_("Tier"), path="tier", options=options_of(Tier), in_order=True
            ),
            Reference(
                name="manager",
                label=_("Success manager"),
                path="owner_id",
                source=STAFF,
                holds_user=True,
            ),
            Choice(
                name="preferred_channel",
                label=_("Likes to be reached by"),
                path="preferred_channel",
                options=options_of(ContactKind),
            ),
            TextSet(
                name="contact",
                label=_("Contact"),
                rows=ContactPoint.objects.all,
                link="customer",
                value_at="value",
                get=lambda customer: [one.value for one in customer.contact_points.all()],
            ),
            ChoiceSet(
                name="contact_kinds",
                label=_("Kinds of contact"),
                rows=ContactPoint.objects.all,
                link="customer",
                value_at="kind",
                options=options_of(ContactKind),
                get=lambda customer: {one.kind for one in customer.contact_points.all()},
            ),
            ChoiceSet(
                name="consents",
                label=_("Consents"),
                rows=_consents_that_count,
                link="customer",
                value_at="purpose",
                options=options_of(ConsentPurpose),
            ),
            YesNo(
                name="do_not_contact",
                label=_("Asked not to be contacted"),
                expression=lambda prefix: IsNull(F(f"{prefix}do_not_contact_at"), False),
                get=lambda customer: customer.do_not_contact_at is not None,
            ),
            Text(name="note", label=_("Note on the customer"), path="note"),
            Moment(
                name="known_since",
                label=pgettext_lazy("point in time", "Customer since"),
                path="created_at",
            ),
        ],
        made=made_fields("customer"),
        offered=offered_fields("customer"),
    )


# What of a customer decides whether a custom field is asked for: what is there without a query.
_DECIDING = ("tier", "language", "organisation", "manager")


def asked_customer_vocabulary() -> Vocabulary:
    """What may decide whether a custom field is asked for about a customer."""
    customer = customer_vocabulary()
    fields = [customer.field(name) for name in _DECIDING]
    return Vocabulary("asked_customer", label=customer.label, fields=fields)


def actor_of(user: User) -> Actor:
    """One query."""
    return Actor(user.pk, frozenset(user.memberships.values_list("team_id", flat=True)))


def context_for(
    user: User | None,
    *,
    now: datetime | None = None,
    changes: Mapping[str, tuple[Any, Any]] | None = None,
) -> Context:
    """The context of a condition that `user` asks, or whose event they caused; None for a
    program. See Context for `changes`."""
    return Context(
        now=now or timezone.now(), actor=actor_of(user) if user else None, changes=changes
    )


def where_for(condition: Condition, user: User, memo: dict[Any, Any] | None = None) -> Q:
    """The condition for a list at which `user` looks now. Who "me" is costs a query, and only
    when it is asked. `memo` is what fields of the condition may know before (Context)."""
    actor = actor_of(user) if Needs.ACTOR in condition.needs else None
    return to_q(condition, Context(now=timezone.now(), actor=actor, memo=memo or {}))
