"""What surveys keep about a customer: exported, and forgotten. Scores and choices stay."""

from functools import partial
from pathlib import PurePosixPath
from typing import Any

from django.core.files.storage import default_storage
from django.db.models import F, Q

from accounts.rules.masking import GONE
from accounts.services.privacy_keepers import Exported, Keeper, Person
from surveys.enums import InvitationState, ResponseStatus
from surveys.models import (
    Answer,
    AnswerCorrection,
    Booking,
    ContactEvent,
    GatheringNote,
    Invitation,
    PaperEntry,
    PhoneCall,
    PointsEntry,
    QualityCheck,
    QualityDecision,
    Response,
    ResponseExport,
    ResponseImport,
    RewardGrant,
)
from surveys.selectors.answers import said_in, with_answers
from surveys.selectors.contact import address_digest
from surveys.services.answer_files import forget_files, forget_held_files
from surveys.services.response_exports import forget_exports
from surveys.services.response_imports import forget_tables


def _theirs(person: Person) -> Q:
    return Q(customer__in=person.ids) | Q(feedback__customer__in=person.ids)


def _asked(person: Person) -> Q:
    """Also those of a list, from before somebody was a customer."""
    return _theirs(person) | Q(customer=None, feedback=None, address__in=person.addresses)


def _signed_up(person: Person) -> Q:
    return Q(customer__in=person.ids) | Q(customer=None, address__in=person.addresses)


def _noted(person: Person) -> Q:
    """What they said at events."""
    bookings = Booking.objects.filter(_signed_up(person))
    return Q(booking__in=bookings) | Q(feedback__customer__in=person.ids)


def _export(person: Person) -> Exported:
    responses = Response.objects.filter(_theirs(person)).select_related("survey").order_by("pk")
    data = [
        {
            "survey": str(one.survey),
            "reference": one.reference,
            "language": one.language,
            "begun": one.started_at,
            "completed": one.completed_at,
            "source": one.source,
            "typed": one.typed,
            "answers": [{"question": said.title, "answer": said.text} for said in said_in(one)],
        }
        for one in with_answers(responses)
    ]
    invitations = Invitation.objects.filter(_asked(person)).order_by("pk")
    asked = list(invitations.values("address", "merge_data", "state", "created_at", "sent_at"))
    files: list[Any] = []
    given = Answer.objects.filter(response__in=responses).exclude(file=None).exclude(file="")
    for pk, path in given.values_list("pk", "file"):
        name = f"answers/{pk}-{PurePosixPath(str(path)).name}"
        files.append((name, partial(default_storage.open, str(path), "rb")))
    grants = RewardGrant.objects.filter(response__in=responses).select_related("coupon", "reward")
    rewards = [
        {
            "reward": str(one.reward),
            "coupon": one.coupon.code if one.coupon else "",
            "ticket": one.ticket,
            "granted": one.granted_at,
            "withdrawn": one.withdrawn_at,
        }
        for one in grants.order_by("pk")
    ]
    points = PointsEntry.objects.filter(customer__in=person.ids).order_by("pk")
    calls = PhoneCall.objects.filter(customer__in=person.ids).order_by("pk")
    corrected = AnswerCorrection.objects.filter(response__in=responses).order_by("pk")
    decided = QualityDecision.objects.filter(response__in=responses).order_by("pk")
    return Exported(
        {
            "responses": data,
            "invitations": asked,
            "rewards": rewards,
            "points": list(points.values("amount", "at")),
            "calls": list(calls.values("began_at", "outcome", "note")),
            "corrections": list(corrected.values("before", "after", "reason", "at")),
            "decisions": list(decided.values("verdict", "reason", "at")),
            "events": _events(person),
            "paper": [one.fields for one in _papers(person)],
        },
        files,
    )


def _events(person: Person) -> list[dict[str, Any]]:
    bookings = Booking.objects.filter(_signed_up(person)).select_related("gathering")
    found: list[dict[str, Any]] = [
        {
            "event": one.gathering.title,
            "begins": one.gathering.begins_at,
            "name": one.name,
            "address": one.address,
            "remark": one.remark,
            "state": one.state,
            "attended": one.attended,
            "signed_up": one.booked_at,
        }
        for one in bookings
    ]
    notes = GatheringNote.objects.filter(_noted(person)).select_related("gathering")
    return found + [
        {"event": one.gathering.title, "said": one.text, "at": one.created_at} for one in notes
    ]


def _forget_events(person: Person) -> None:
    """That somebody had a place, and came, stays in the figures."""
    notes = list(GatheringNote.objects.filter(_noted(person)))
    for note in notes:
        note.text = GONE if person.contents else person.redact(note.text)
    GatheringNote.objects.bulk_update(notes, ["text"], batch_size=200)
    Booking.objects.filter(_signed_up(person)).update(
        name="", address="", remark="", link_epoch=F("link_epoch") + 1
    )


def _papers(person: Person) -> list[PaperEntry]:
    """Entries that wait for a second one or a decision, and name them: what counts already is a
    response, and stands in no entry any more."""
    return [
        entry
        for entry in PaperEntry.objects.exclude(fields={}).order_by("pk")
        if any(person.names_them(str(typed)) for typed in entry.fields.values())
    ]


def _forget_papers(person: Person) -> None:
    """Numbers of boxes stay, so that the form can still be decided."""
    for entry in _papers(person):
        entry.fields = {name: _kept(str(typed), person) for name, typed in entry.fields.items()}
        entry.save(update_fields=["fields"])


def _kept(typed: str, person: Person) -> str:
    """Nothing at all where only a mark would be left: as an address it could not be read."""
    if person.contents and any(letter.isalpha() for letter in typed):
        return ""
    masked = person.redact(typed)
    return masked if masked.replace(GONE, "").strip() else ""


def _forget(person: Person) -> dict[str, int]:
    # First: an import that is under way ends its bundle, and what it brought in is seen below.
    forget_tables()
    forget_exports()
    _forget_events(person)
    _forget_papers(person)
    drafts = Response.objects.filter(_theirs(person), status=ResponseStatus.DRAFT)
    forget_held_files(drafts)
    drafts.delete()
    responses = Response.objects.filter(_theirs(person))
    keys = list(responses.values_list("pk", flat=True))
    Response.objects.filter(pk__in=keys).update(source={}, idempotency_key=None, typed=None)
    QualityCheck.objects.filter(response__in=keys).update(traces=[])
    _forget_reasons(keys, person)
    written = Answer.objects.filter(response__in=keys).exclude(text=None)
    changed = []
    for answer in written:
        answer.text = GONE if person.contents else person.redact(answer.text or "")
        changed.append(answer)
    Answer.objects.bulk_update(changed, ["text"], batch_size=200)
    forget_files(keys)
    invitations = Invitation.objects.filter(_asked(person))
    invitations.filter(state=InvitationState.QUEUED).update(state=InvitationState.OPTED_OUT)
    invitations.update(
        address="", merge_data={}, link_epoch=F("link_epoch") + 1, next_reminder_at=None
    )
    digests = [address_digest(one) for one in person.addresses]
    same = Q(customer__in=person.ids) | Q(address_digest__in=digests)
    ContactEvent.objects.filter(same).delete()
    PhoneCall.objects.filter(customer__in=person.ids).update(note="")
    return {"responses": len(keys), "answers": len(changed)}


def _forget_reasons(keys: list[int], person: Person) -> None:
    """What colleagues wrote about a response may quote it; so does what they corrected."""
    for correction in AnswerCorrection.objects.filter(response__in=keys):
        for name in ("before", "after", "reason"):
            words = getattr(correction, name)
            if words:
                setattr(correction, name, GONE if person.contents else person.redact(words))
        correction.save(update_fields=["before", "after", "reason"])
    for one in QualityDecision.objects.filter(response__in=keys).exclude(reason=""):
        one.reason = GONE if person.contents else person.redact(one.reason)
        one.save(update_fields=["reason"])


SURVEYS = Keeper(
    "surveys",
    _export,
    _forget,
    forgets={
        Answer: ("text", "file"),
        Response: ("source", "idempotency_key", "typed"),
        Invitation: ("address", "merge_data"),
        ContactEvent: ("address_digest",),
        PhoneCall: ("note",),
        ResponseExport: ("filters", "file"),
        ResponseImport: ("file", "problems"),
        QualityCheck: ("traces",),
        QualityDecision: ("reason",),
        AnswerCorrection: ("before", "after", "reason"),
        Booking: ("name", "address", "remark"),
        GatheringNote: ("text",),
        PaperEntry: ("fields",),
    },
    exports={
        Answer: ("text", "file"),
        QualityDecision: ("reason",),
        AnswerCorrection: ("before", "after", "reason"),
        Response: ("source", "typed"),
        Invitation: ("address", "merge_data"),
        PhoneCall: ("note",),
        Booking: ("name", "address", "remark"),
        GatheringNote: ("text",),
        PaperEntry: ("fields",),
    },
)
