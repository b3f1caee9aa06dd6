"""Who has a place at an event and who waits for one. Everything that gives or takes a place
locks the event first, so that there are never more people than places."""

from collections.abc import Sequence
from datetime import timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.enums import ContactKind
from accounts.models import Customer
from accounts.services.customers import (
    create_customer,
    find_or_create_customer,
    usable_contact,
)
from accounts.services.webhook_events import note_event
from config.kernel.jobs import enqueue
from surveys.enums import BookedBy, BookingState, GatheringState, ParticipantMail
from surveys.errors import GatheringFull, JustSignedUp, NotAParticipant, SignUpClosed
from surveys.models import Booking, Gathering
from surveys.selectors.gathering_webhooks import BOOKING

WRITE = "surveys.tasks.write_to_participant"
TWICE_WITHIN = timedelta(seconds=10)


@transaction.atomic
def book(
    gathering_id: int,
    *,
    name: str,
    address: str = "",
    language: str,
    remark: str = "",
    how: BookedBy = BookedBy.PAGE,
) -> tuple[Booking, bool]:
    """Sign somebody up: a place if there is one, else the waiting list; and whether that is new.

    An address that is signed up already stays as it is and is written to again. Staff and
    programs may sign people up outside the window, also who just came in. Raises SignUpClosed,
    GatheringFull, AddressNotUsable, JustSignedUp.
    """
    gathering = locked(gathering_id)
    if address:
        address = usable_contact(ContactKind.EMAIL, address)
    booking = gathering.bookings.filter(address=address).first() if address else None
    if booking is not None and not booking.is_cancelled:
        order_mail(booking, gathering)
        return booking, False
    _ensure_open(gathering, how)
    if how == BookedBy.STAFF and not address:
        _ensure_not_twice(gathering, name)
    if booking is None:
        customer = _customer(name, address, language)
        booking = Booking(gathering=gathering, customer=customer, address=address, how=how)
    booking.name = name.strip()[:200] or booking.name
    booking.language, booking.remark = language, remark.strip()[:500]
    _take_place(booking, gathering, how)
    return booking, True


@transaction.atomic
def sign_in_at_the_door(
    gathering_id: int, *, name: str, address: str = "", language: str
) -> tuple[Booking, bool]:
    """Somebody stands before us: signed up, unless they were, and ticked as here; and whether
    they are new. Who could only wait is not signed up at all. Raises SignUpClosed, GatheringFull,
    AddressNotUsable."""
    booking, is_new = book(
        gathering_id, name=name, address=address, language=language, how=BookedBy.STAFF
    )
    if not booking.is_booked:
        raise GatheringFull
    tick_attendance(gathering_id, [booking.pk], attended=True)
    return booking, is_new


def _ensure_not_twice(gathering: Gathering, name: str) -> None:
    """Without an address nothing else tells two people from one button pressed twice."""
    lately = timezone.now() - TWICE_WITHIN
    same = gathering.bookings.filter(address="", name=name.strip()[:200], booked_at__gt=lately)
    if same.exists():
        raise JustSignedUp


def locked(gathering_id: int) -> Gathering:
    """Inside a transaction: the event, so that nobody else gives or takes a place of it."""
    return Gathering.objects.select_for_update(of=["self"]).get(pk=gathering_id)


def _customer(name: str, address: str, language: str) -> Customer:
    if address:
        return find_or_create_customer(
            kind=ContactKind.EMAIL, value=address, name=name, language=language
        )
    return create_customer(name=name, language=language)


def _ensure_open(gathering: Gathering, how: BookedBy) -> None:
    why = why_closed(gathering) if how == BookedBy.PAGE else ""
    if gathering.is_cancelled:
        why = _("The event was called off.")
    if why:
        raise SignUpClosed(why)


def why_closed(gathering: Gathering) -> str:
    """Why nobody can sign up by themselves now; "" when they can."""
    now = timezone.now()
    if gathering.is_cancelled:
        return _("The event was called off.")
    if gathering.state != GatheringState.OPEN:
        return _("This event is not published yet.")
    if now >= gathering.ends_at:
        return _("The event is over.")
    if now >= (gathering.closes_at or gathering.begins_at):
        return _("Sign-up is closed.")
    if gathering.opens_at is not None and now < gathering.opens_at:
        return _("Sign-up has not begun yet.")
    return ""


def free_places(gathering: Gathering) -> int | None:
    """None: as many as come."""
    if gathering.capacity is None:
        return None
    return max(0, gathering.capacity - gathering.bookings.booked().count())


def _take_place(booking: Booking, gathering: Gathering, how: BookedBy) -> None:
    """Inside a transaction that has locked the event. Who signs up by themselves overtakes nobody
    who waits, as long as those still move up. Raises GatheringFull."""
    free = free_places(gathering)
    has_place = free is None or free > 0
    if has_place and how == BookedBy.PAGE and not gathering.has_begun:
        has_place = not gathering.bookings.in_line().exists()
    if not has_place and not (gathering.has_waiting_list and not gathering.has_begun):
        raise GatheringFull
    booking.state = BookingState.BOOKED if has_place else BookingState.WAITING
    booking.booked_at = timezone.now()
    booking.attended = booking.attended_at = booking.cancelled_at = booking.moved_up_at = None
    booking.save()
    note_event(BOOKING, booking.pk, what="booked")
    order_mail(booking, gathering)


@transaction.atomic
def book_again(booking_id: int, *, how: BookedBy = BookedBy.PAGE) -> Booking:
    """Who cancelled changed their mind; `how`: who does it, as for `book`. Raises SignUpClosed,
    GatheringFull."""
    booking = Booking.objects.get(pk=booking_id)
    gathering = locked(booking.gathering_id)
    booking.refresh_from_db()
    if booking.is_cancelled:
        _ensure_open(gathering, how)
        _take_place(booking, gathering, how)
    return booking


@transaction.atomic
def cancel_booking(booking_id: int) -> Booking:
    """Give the place, or that in the line, back; whoever waits longest gets it. Doing it twice is
    once."""
    gathering = locked(Booking.objects.values_list("gathering", flat=True).get(pk=booking_id))
    booking = Booking.objects.get(pk=booking_id)
    if booking.is_cancelled:
        return booking
    booking.state, booking.cancelled_at = BookingState.CANCELLED, timezone.now()
    booking.attended = booking.attended_at = None
    booking.save(update_fields=["state", "cancelled_at", "attended", "attended_at"])
    note_event(BOOKING, booking.pk, what="booking_cancelled")
    order_mail(booking, gathering)
    fill_places(gathering)
    return booking


def fill_places(gathering: Gathering) -> list[Booking]:
    """Inside a transaction that has locked the event: who waits moves up as far as there are
    places. Nobody once it has begun: they could not come any more."""
    if not gathering.is_open or gathering.has_begun:
        return []
    free = free_places(gathering)
    moved = list(gathering.bookings.in_line()[:free])
    for booking in moved:
        booking.state, booking.moved_up_at = BookingState.BOOKED, timezone.now()
        booking.save(update_fields=["state", "moved_up_at"])
        note_event(BOOKING, booking.pk, what="moved_up")
        order_mail(booking, gathering, ParticipantMail.MOVED_UP)
    return moved


def order_mail(
    booking: Booking,
    gathering: Gathering,
    what: ParticipantMail = ParticipantMail.STANDING,
) -> None:
    """Inside a transaction: a worker writes it once this has committed. Nobody is told of what
    is over."""
    if not booking.address or gathering.is_over:
        return
    Booking.objects.filter(pk=booking.pk).update(mails=F("mails") + 1)
    booking.mails = Booking.objects.values_list("mails", flat=True).get(pk=booking.pk)
    key = f"booking:{booking.pk}:{booking.mails}"
    enqueue(WRITE, booking_id=booking.pk, what=what, key=key, number=booking.mails)


@transaction.atomic
def tick_attendance(
    gathering_id: int, booking_ids: Sequence[int] | None, *, attended: bool | None
) -> int:
    """Write down who came (None: nobody has said); how many rows that changed. `booking_ids`
    None: everybody with a place of whom nobody has said anything. Raises NotAParticipant when one
    of them has no place."""
    locked(gathering_id)
    rows = Booking.objects.filter(gathering=gathering_id)
    if booking_ids is None:
        rows = rows.booked().filter(attended=None)
    else:
        rows = rows.filter(pk__in=booking_ids)
        if rows.exclude(state=BookingState.BOOKED).exists():
            raise NotAParticipant
    changed = 0
    now = timezone.now()
    for booking in rows:
        if booking.attended is attended:
            continue
        booking.attended, booking.attended_at = attended, now if attended is not None else None
        booking.save(update_fields=["attended", "attended_at"])
        if attended:
            note_event(BOOKING, booking.pk, what="attended")
        changed += 1
    return changed
