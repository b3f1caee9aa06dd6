"""What webhooks are told about events."""

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import WebhookEvent
from accounts.selectors.webhook_events import EventType, Happening
from surveys.models import Booking, Gathering

_EVENTS = pgettext_lazy("people come together", "Events")
BOOKING, GATHERING = "booking", "gathering"
GATHERING_EVENTS = (
    EventType("gathering.published", _("An event was published"), _EVENTS),
    EventType("gathering.cancelled", _("An event was called off"), _EVENTS),
)
BOOKING_EVENTS = (
    EventType("gathering.booked", _("Somebody signed up for an event"), _EVENTS),
    EventType("gathering.moved_up", _("Somebody got a place from the waiting list"), _EVENTS),
    EventType("gathering.booking_cancelled", _("Somebody cancelled their sign-up"), _EVENTS),
    EventType("gathering.attended", _("Somebody came to an event"), _EVENTS),
)


def read_gatherings(events: Sequence[WebhookEvent]) -> dict[int, Happening]:
    found = Gathering.objects.in_bulk({event.object_id for event in events})
    return {
        event.pk: Happening(
            f"gathering.{event.data['what']}",
            event.at,
            {"gathering": gathering_data(found[event.object_id])},
            about=found[event.object_id].title_en[:60],
        )
        for event in events
        if event.object_id in found
    }


def read_bookings(events: Sequence[WebhookEvent]) -> dict[int, Happening]:
    rows = Booking.objects.select_related("gathering")
    found = rows.in_bulk({event.object_id for event in events})
    return {
        event.pk: Happening(
            f"gathering.{event.data['what']}",
            event.at,
            booking_data(found[event.object_id]),
            about=found[event.object_id].gathering.title_en[:60],
        )
        for event in events
        if event.object_id in found
    }


def gathering_data(gathering: Gathering) -> dict[str, object]:
    return {
        "id": gathering.pk,
        "kind": gathering.kind,
        "state": gathering.state,
        "begins_at": gathering.begins_at.isoformat(),
        "ends_at": gathering.ends_at.isoformat(),
    }


def booking_data(booking: Booking) -> dict[str, object]:
    """As GET /bookings/ID/ names it, without who it is."""
    return {
        "booking": {
            "id": booking.pk,
            "state": booking.state,
            "attended": booking.attended,
            "customer": booking.customer_id,
        },
        "gathering": gathering_data(booking.gathering),
    }
