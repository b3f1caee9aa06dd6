"""What webhooks can be told of. Apps above add theirs in AppConfig.ready()."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.models import Customer, User, WebhookEvent


@dataclass(frozen=True, slots=True)
class EventType:
    """One kind of event that an endpoint can ask for."""

    name: str  # "feedback.created": what it is about, what happened; never changed later
    label: Any
    group: Any


@dataclass(frozen=True, slots=True)
class Happening:
    """An event in words for machines: ids, codes and moments; no text that people wrote and
    nobody's name or address."""

    type: str
    at: datetime
    data: Mapping[str, Any]
    about: str = ""
    # The feedback that conditions of endpoints are asked of; None = they are not asked.
    record: Any = None


Reader = Callable[[Sequence[WebhookEvent]], Mapping[int, Happening]]
_types: dict[str, EventType] = {}
_readers: dict[str, Reader] = {}


def register_webhook_events(source: str, reader: Reader, types: Iterable[EventType]) -> None:
    """`reader` gives the happening of each noted event of `source` by the event's id, in a fixed
    number of queries; what is gone since, or is nobody's business, is left out."""
    _readers[source] = reader
    _types.update({one.name: one for one in types})


def read_rows(
    events: Sequence[WebhookEvent],
    rows: Any,
    name: Callable[[WebhookEvent], str],
    data: Callable[[Any], Mapping[str, Any]],
    about: Callable[[Any], str],
) -> dict[int, Happening]:
    """For readers whose events are each about one of `rows`: what `data` and `about` make of it,
    under the `name` of the event."""
    found = rows.in_bulk({event.object_id for event in events})
    return {
        event.pk: Happening(name(event), event.at, data(row), about=about(row))
        for event in events
        if (row := found.get(event.object_id)) is not None
    }


def event_types() -> list[EventType]:
    return list(_types.values())


def event_choices() -> list[tuple[Any, list[tuple[str, Any]]]]:
    """For forms: (group, [(name, label), …]), groups in the order in which they came."""
    groups: dict[str, tuple[Any, list[tuple[str, Any]]]] = {}
    for one in _types.values():
        groups.setdefault(str(one.group), (one.group, []))[1].append((one.name, one.label))
    return list(groups.values())


def event_label(name: str) -> str:
    """What people call an event; its name when it is none that one can ask for."""
    return str(_types[name].label) if name in _types else name


def happenings(events: Sequence[WebhookEvent]) -> dict[int, Happening]:
    """What the noted events say, by their ids."""
    by_source: dict[str, list[WebhookEvent]] = {}
    for event in events:
        by_source.setdefault(event.source, []).append(event)
    found: dict[int, Happening] = {}
    for source, of_source in by_source.items():
        if source in _readers:
            found.update(_readers[source](of_source))
    return found


def actor_data(user: User | None) -> dict[str, Any] | None:
    """Who did it; None = no person."""
    return None if user is None else {"id": user.pk, "name": user.name}


# --- customers: the events of this app -----------------------------------------------------------
CUSTOMER = "customer"
_GROUP = _("Customers")
CUSTOMER_EVENTS = (
    EventType("customer.created", _("A customer is new"), _GROUP),
    EventType("customer.updated", _("A customer changed"), _GROUP),
)


def read_customers(events: Sequence[WebhookEvent]) -> dict[int, Happening]:
    return read_rows(
        events,
        Customer.objects,
        lambda event: "customer.created" if event.data.get("new") else "customer.updated",
        customer_data,
        lambda customer: f"{CUSTOMER} {customer.pk}",
    )


def customer_data(customer: Customer) -> dict[str, Any]:
    """As in the API, without what tells who it is: that is read there, with its scope."""
    return {
        "customer": {
            "id": customer.pk,
            "language": customer.language,
            "tier": customer.tier,
            "organisation": customer.organisation_id and {"id": customer.organisation_id},
            "do_not_contact": customer.do_not_contact_at is not None,
            "erased": customer.erased_at is not None,
        }
    }
