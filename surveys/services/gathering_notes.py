"""What people said at an event: each note one feedback, through the door of all feedback."""

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.models import Customer, User
from accounts.services.customers import create_customer
from config.kernel.tokens import digest
from feedback.enums import Channel
from feedback.models import Category, Feedback
from feedback.services.take_down import take_down_feedback
from surveys.errors import NotAParticipant
from surveys.models import Booking, Gathering, GatheringNote
from surveys.services.booking import locked


@transaction.atomic
def take_note(
    gathering_id: int,
    *,
    text: str,
    key: str,
    by: User,
    booking_id: int | None = None,
    as_feedback: bool = True,
    category: Category | None = None,
) -> GatheringNote:
    """Write down what somebody said, or the group. The same once more with the same `key` gives
    the same note. Raises NotAParticipant for a sign-up for another event."""
    gathering = locked(gathering_id)
    # With something else in it, of somebody else or at another event it is another note.
    key = digest(repr((key, gathering.pk, by.pk, booking_id, text.strip())))
    known = GatheringNote.objects.filter(key=key).first()
    if known is not None:
        return known
    booking = None
    if booking_id is not None:
        booking = Booking.objects.filter(pk=booking_id, gathering=gathering).first()
        if booking is None:
            raise NotAParticipant
    note = GatheringNote.objects.create(
        gathering=gathering, booking=booking, text=text.strip(), key=key, by=by
    )
    if as_feedback:
        _make_feedback(note, by=by, category=category)
    return note


@transaction.atomic
def make_feedback_of(note_id: int, *, by: User, category: Category | None = None) -> Feedback:
    """A note that was only a note becomes feedback; one that is stays that one."""
    locked(GatheringNote.objects.values_list("gathering", flat=True).get(pk=note_id))
    note = GatheringNote.objects.select_related("gathering", "booking__customer").get(pk=note_id)
    return note.feedback or _make_feedback(note, by=by, category=category)


def _make_feedback(note: GatheringNote, *, by: User, category: Category | None) -> Feedback:
    gathering = note.gathering
    customer = note.booking.customer if note.booking else None
    customer = customer or _group_of(gathering, note)
    note.feedback = take_down_feedback(
        by=by,
        # In a room people visit us, or we them; online they speak up in the chat.
        channel=Channel.CHAT if gathering.is_online else Channel.VISIT,
        customer=customer,
        subject="",
        text=note.text,
        language=note.booking.language if note.booking else customer.language,
        submission_key=f"event-note:{note.pk}",
        category=category,
        team=gathering.team,
    )
    note.save(update_fields=["feedback"])
    return note.feedback


def _group_of(gathering: Gathering, note: GatheringNote) -> Customer:
    """Who stands for everybody that was there: the same for all notes of an event about nobody
    in particular."""
    before = (
        gathering.notes.filter(booking=None, feedback__isnull=False)
        .exclude(pk=note.pk)
        .select_related("feedback__customer")
        .first()
    )
    if note.booking is None and before is not None and before.feedback is not None:
        return before.feedback.customer
    language = translation.get_language() or "zh-hans"
    if note.booking is not None and note.booking.name:  # their record was forgotten or never made
        return create_customer(name=note.booking.name, language=note.booking.language)
    name = _("Participants: %(event)s") % {"event": gathering.title}
    return create_customer(name=name, language=language if language in {"en"} else "zh-hans")


@transaction.atomic
def remove_note(note_id: int) -> bool:
    """True when it is gone; False when it has become feedback, which stays."""
    note = GatheringNote.objects.select_for_update(of=["self"]).get(pk=note_id)
    if note.feedback_id is not None:
        return False
    note.delete()
    return True
