"""Two events of the demo company: one that took place, with notes, and one that is full."""

from datetime import datetime, timedelta
from random import Random
from typing import Any

from accounts.enums import ContactKind
from accounts.models import ContactPoint, User
from feedback.enums import Direction
from feedback.models import Message
from surveys.enums import BookedBy, BookingState, GatheringKind, GatheringState
from surveys.models import Booking, Gathering, GatheringNote

_TALKED, _PLACES, _WAITING = 12, 30, 4
_PAST: dict[str, Any] = {
    "kind": GatheringKind.FOCUS_GROUP,
    "slug": "round-table",
    "title_zh": "净水器用户座谈会",
    "title_en": "Round table: living with a water purifier",
    "description_zh": "两个小时，十二位用户，茶水点心。我们想听您讲讲每天怎么用，哪里不顺手。",
    "description_en": (
        "Two hours, twelve people, tea and cake. Tell us how you use it every day, and what gets "
        "in your way."
    ),
    "place_zh": "杭州体验中心二楼",
    "place_en": "Experience centre, second floor, Hangzhou",
    "capacity": _TALKED,
}
_COMING: dict[str, Any] = {
    "kind": GatheringKind.WEBINAR,
    "slug": "filters-webinar",
    "title_zh": "线上课堂：滤芯的更换与保养",
    "title_en": "Webinar: changing and caring for filters",
    "description_zh": "工程师现场演示，随时提问。四十五分钟讲解，十五分钟答疑。",
    "description_en": (
        "Our engineers show how it is done, and answer your questions: 45 minutes of show, 15 of "
        "questions."
    ),
    "online_link": "https://meet.example.com/filters",
    "capacity": _PLACES,
    # Nobody of the demo is written to by itself.
    "reminders": [],
}
_REMARKS = ("", "", "", "我坐轮椅，请留一个方便的位置。", "Can I bring my daughter?", "")


def hold_events(rng: Random, *, now: datetime) -> list[int]:
    """Make both, with customers of the demo among those signed up; the keys of the events."""
    people = list(
        ContactPoint.objects.filter(
            customer__is_demo=True, kind=ContactKind.EMAIL, is_primary=True, suppressed_at=None
        )
        .exclude(customer__name="")
        .select_related("customer")
        .order_by("pk")
    )
    said = _what_was_said([point.customer_id for point in people])
    by_customer = {point.customer_id: point for point in people}
    talkers = [by_customer[one.feedback.customer_id] for one in said]
    others = [point for point in people if point not in talkers]
    others = rng.sample(others, min(len(others), _TALKED + _PLACES + _WAITING))
    past = _event(_PAST, begins_at=_at(now, -16, 14), hours=2)
    guests = [*talkers, *others][:_TALKED]
    bookings = _sign_up(rng, past, guests, signed_up=past.begins_at - timedelta(days=9))
    for number, booking in enumerate(bookings):
        booking.attended = number < _TALKED - 2
        booking.attended_at = past.begins_at
    Booking.objects.bulk_create(bookings)
    _take_notes(past, said)
    coming = _event(_COMING, begins_at=_at(now, 9, 19), hours=1)
    guests = others[_TALKED : _TALKED + _PLACES + _WAITING]
    signed_up = now - timedelta(days=6)
    Booking.objects.bulk_create(_sign_up(rng, coming, guests, signed_up=signed_up))
    return [past.pk, coming.pk]


def _what_was_said(customers: list[int]) -> list[Message]:
    """Of different people: what could have been said at a table."""
    rows = Message.objects.filter(
        feedback__customer__in=customers, direction=Direction.IN, is_automatic=False
    )
    found: dict[int, Message] = {}
    for one in rows.select_related("feedback").order_by("-created_at", "pk")[:300]:
        if 20 <= len(one.text) <= 300:
            found.setdefault(one.feedback.customer_id, one)
    return list(found.values())[:4]


def _event(fields: dict[str, Any], *, begins_at: datetime, hours: int) -> Gathering:
    return Gathering.objects.create(
        begins_at=begins_at,
        ends_at=begins_at + timedelta(hours=hours),
        state=GatheringState.OPEN,
        owner=User.objects.filter(is_demo=True).order_by("pk").first(),
        **fields,
    )


def _at(now: datetime, days: int, hour: int) -> datetime:
    return (now + timedelta(days=days)).replace(hour=hour, minute=0, second=0, microsecond=0)


def _sign_up(
    rng: Random, gathering: Gathering, guests: list[ContactPoint], *, signed_up: datetime
) -> list[Booking]:
    return [
        Booking(
            gathering=gathering,
            customer=point.customer,
            name=point.customer.name,
            address=point.value,
            remark=rng.choice(_REMARKS),
            language=point.customer.language,
            how=BookedBy.PAGE,
            state=BookingState.BOOKED
            if number < (gathering.capacity or 0)
            else BookingState.WAITING,
            booked_at=signed_up + timedelta(minutes=97 * number),
        )
        for number, point in enumerate(guests)
    ]


def _take_notes(past: Gathering, said: list[Message]) -> None:
    """What became feedback, and one thing that is only for us."""
    by_customer = {one.customer_id: one for one in past.bookings.all()}
    for number, one in enumerate(said):
        GatheringNote.objects.create(
            gathering=past,
            booking=by_customer.get(one.feedback.customer_id),
            text=one.text,
            feedback=one.feedback,
            key=f"demo-{number}",
            created_at=past.begins_at + timedelta(minutes=20 * (number + 1)),
        )
    GatheringNote.objects.create(
        gathering=past,
        text="下次请准备两台样机，大家都想亲手拆一次。",
        key="demo-own",
        created_at=past.ends_at,
    )


def forget_events(keys: list[int]) -> None:
    """Take them away again, with who signed up."""
    Gathering.objects.filter(pk__in=keys).delete()
