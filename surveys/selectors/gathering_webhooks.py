"""What webhooks are told about events."""

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import WebhookEvent
from accounts.selectors.webhook_events import EventType, Happening, read_rows
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
    return read_rows(
        events,
        Gathering.objects,
        _name,
        lambda gathering: {"gathering": gathering_data(gathering)},
        lambda gathering: gathering.title_en[:60],
    )


def read_bookings(events: Sequence[WebhookEvent]) -> dict[int, Happening]:
    return read_rows(
        events,
        Booking.objects.select_related("gathering"),
        _name,
        booking_data,
        lambda booking: booking.gathering.title_en[:60],
    )


def _name(event: WebhookEvent) -> str:
    return f"gathering.{event.data['what']}"


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
