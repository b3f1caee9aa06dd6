"""Events and their participants as staff and visitors see them."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.db.models import Case, F, QuerySet, Value, When
from django.utils import timezone
from django.utils.translation import gettext as _

from surveys.enums import BookingState, GatheringState
from surveys.models import Booking, Gathering


def listed_gatherings(*, past: bool) -> QuerySet[Gathering]:
    """With how many have a place, wait and came."""
    now = timezone.now()
    rows = Gathering.objects.past(now) if past else Gathering.objects.upcoming(now)
    return rows.with_counts().select_related("owner")


def open_gathering(slug: str) -> Gathering | None:
    """The one behind a public address; drafts have none."""
    return Gathering.objects.exclude(state=GatheringState.DRAFT).filter(slug=slug).first()


def participants(gathering: Gathering) -> QuerySet[Booking]:
    """Those with a place by name, then who waits in their order, then who cancelled."""
    order = Case(
        When(state=BookingState.BOOKED, then=Value(0)),
        When(state=BookingState.WAITING, then=Value(1)),
        default=Value(2),
    )
    by_name = Case(When(state=BookingState.BOOKED, then=F("name")), default=Value(""))
    rows = Booking.objects.filter(gathering=gathering).select_related("customer")
    return rows.order_by(order, by_name, "booked_at", "pk")


def participant_head() -> list[str]:
    return [
        _("Name"),
        _("E-mail address"),
        _("State"),
        _("Came"),
        _("What we should know"),
        _("Language"),
        _("Signed up"),
        _("Signed up by"),
    ]


def participant_rows(gathering: Gathering) -> Iterator[Sequence[Any]]:
    """One line of a table for each sign-up, as participant_head names its columns."""
    for one in participants(gathering).iterator(chunk_size=500):
        yield [
            one.name,
            one.address,
            one.get_state_display(),
            one.attended,
            one.remark,
            one.language,
            one.booked_at,
            one.get_how_display(),
        ]
