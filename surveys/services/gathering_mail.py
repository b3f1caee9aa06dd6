"""Mail to participants: handed over once, and only while what it says is still true."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounts.enums import OutgoingKind
from accounts.errors import AddressNotUsable
from accounts.models import OutgoingMessage
from accounts.services.outbox import queue_mail
from config.kernel.jobs import enqueue_each
from feedback.models import Mailbox
from surveys.enums import GatheringState, ParticipantMail
from surveys.models import Booking, Gathering
from surveys.rules.reminding import due_reminders, name_of
from surveys.services.booking import WRITE, locked
from surveys.services.inviting import Letter

Write = Callable[[Booking, ParticipantMail], tuple[Letter, list[dict[str, str]]]]


@transaction.atomic
def write_to_participant(
    booking_id: int, what: ParticipantMail, *, key: str, number: int = 0, write: Write
) -> OutgoingMessage | None:
    """Promise one mail, the same `key` once; None when it is not true any more or nobody is there
    to read it. `number`: which of the mails that were ordered for this sign-up it is, 0 = a
    reminder. `write` words it, and gives the files that go with it."""
    booking = Booking.objects.select_related("gathering", "customer").filter(pk=booking_id).first()
    if booking is None or not booking.address or not _is_true(booking, what, key, number):
        return None
    letter, files = write(booking, what)
    try:
        return queue_mail(
            kind=OutgoingKind.EVENT,
            tag=f"e{booking.pk}",
            to_address=booking.address,
            to_name=booking.name,
            customer=booking.customer,
            subject=letter.subject,
            body_text=letter.text,
            body_html=letter.html,
            attachments=files,
            language=booking.language,
            dedupe_key=key,
            **_sender(booking.gathering),
        )
    except AddressNotUsable:
        return None


def _is_true(booking: Booking, what: ParticipantMail, key: str, number: int) -> bool:
    gathering = booking.gathering
    match what:
        case ParticipantMail.CALLED_OFF:
            return gathering.is_cancelled and not booking.is_cancelled
        case ParticipantMail.REMINDER:
            is_of_then = key.endswith(name_of(0, gathering.begins_at).lstrip("0"))
            return (
                is_of_then and booking.is_booked and gathering.is_open and not gathering.has_begun
            )
        case ParticipantMail.MOVED_UP:
            return booking.is_booked and not gathering.is_cancelled
        case ParticipantMail.CHANGED:
            return not booking.is_cancelled and not gathering.is_cancelled
    # How it stands is said by the next mail, when another was ordered meanwhile.
    return number >= booking.mails


def _sender(gathering: Gathering) -> dict[str, Any]:
    """The mailbox of its team, which gets what participants answer; else the installation."""
    if gathering.team_id is None:
        return {}
    box = Mailbox.objects.filter(team=gathering.team_id, is_active=True).order_by("pk").first()
    if box is None:
        return {}
    return {"from_address": box.address, "from_name": box.name, "reply_to": box.address}


def remind_due() -> int:
    """Order the reminders whose moment has come; how many. Any number of workers may do this at
    the same time."""
    now = timezone.now()
    coming = Gathering.objects.filter(
        ~Q(reminders=[]), state=GatheringState.OPEN, begins_at__gt=now
    )
    ordered = 0
    for gathering in list(coming):
        if due_reminders(gathering.reminders, gathering.begins_at, gathering.reminded, now):
            ordered += _remind(gathering.pk)
    return ordered


@transaction.atomic
def _remind(gathering_id: int) -> int:
    gathering = locked(gathering_id)
    now = timezone.now()
    due = due_reminders(gathering.reminders, gathering.begins_at, gathering.reminded, now)
    if not due or not gathering.is_open:
        return 0
    begins_at = gathering.begins_at
    gathering.reminded = [*gathering.reminded, *(name_of(one, begins_at) for one in due)][-50:]
    gathering.save(update_fields=["reminded"])
    name = name_of(due[-1], begins_at)
    # Who signed up or moved up after the moment of the reminder has just been written to.
    since = begins_at - timedelta(minutes=due[-1])
    to_remind = gathering.bookings.booked().exclude(address="").filter(booked_at__lt=since)
    to_remind = to_remind.filter(Q(moved_up_at=None) | Q(moved_up_at__lt=since))
    enqueue_each(
        WRITE,
        [
            {
                "booking_id": pk,
                "what": ParticipantMail.REMINDER.value,
                "key": f"booking:{pk}:r{name}",
            }
            for pk in to_remind.values_list("pk", flat=True)
        ],
    )
    return to_remind.count()
