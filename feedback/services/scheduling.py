"""Answers that go later: written now, sent at their time, unless something happened meanwhile.

Until then the customer sees nothing of it and the record waits for an answer as before. Whoever
locks both takes the record first and the draft second.
"""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from config.kernel.errors import DomainError
from config.kernel.live import tell_pages
from feedback.enums import Direction, DraftKind, HeldBecause, NoticeKind, State, TimelineKind
from feedback.errors import TimeHasPassed
from feedback.models import Draft, Feedback, Message, ReplyTemplate, Status, Upload
from feedback.rules.send_times import can_be_scheduled
from feedback.services.attachments import GivenFile
from feedback.services.commitments import note_told
from feedback.services.drafts import discard_draft, put_files, put_into_editor
from feedback.services.notifying import notify
from feedback.services.records import lock, save_change, tell
from feedback.services.replies import ensure_can_be_sent, send_reply

NOT_ANSWERED = (State.CLOSED, State.MERGED, State.SPAM)


@transaction.atomic
def schedule_reply(
    feedback_id: int,
    *,
    by: User,
    text: str,
    send_at: datetime,
    then: Status | None = None,
    files: Sequence[GivenFile] = (),
    version: int | None = None,
    templates: Sequence[ReplyTemplate] = (),
    is_signed: bool = True,
    from_editor: bool = False,
    commitment: int | None = None,
) -> Draft:
    """Send this answer at `send_at`; several can wait. `from_editor`: the draft of this person
    has become this answer. `commitment`: the id of one of the record's that the answer tells.

    Raises TimeHasPassed and what `send_reply` raises, so that what can never go is refused now.
    """
    now = timezone.now()
    if not can_be_scheduled(send_at, now):
        raise TimeHasPassed
    feedback = lock(feedback_id, version=version)
    ensure_can_be_sent(feedback, text)
    draft = Draft.objects.create(
        feedback=feedback,
        user=by,
        text=text.strip(),
        send_at=send_at,
        scheduled_at=now,
        then=then,
        is_signed=is_signed,
        commitment=feedback.commitments.filter(pk=commitment).first() if commitment else None,
    )
    put_files(draft, files, by=by)
    if templates:
        draft.templates.set(templates)
    if from_editor:
        discard_draft(feedback.pk, by=by)
    save_change(feedback)
    tell(feedback, TimelineKind.SCHEDULED, by=by, until=send_at.isoformat())
    return draft


@transaction.atomic
def take_back_scheduled(draft_id: int, *, by: User) -> Draft:
    """It does not go; its text and files are in the editor of whoever took it back. Raises
    Draft.DoesNotExist when it went or was taken back already."""
    feedback, draft = _locked(draft_id)
    files = list(draft.files.values_list("pk", flat=True))
    text, told = draft.text, draft.commitment_id
    draft.delete()
    mine = put_into_editor(feedback.pk, by=by, kind=DraftKind.REPLY, text=text, commitment=told)
    Upload.objects.filter(pk__in=files).update(draft=mine, uploaded_by=by)
    save_change(feedback)
    tell(feedback, TimelineKind.SCHEDULED, by=by, taken_back=True)
    return mine


@transaction.atomic
def send_scheduled_now(draft_id: int, *, by: User) -> Message:
    """Not to wait for its time any longer, or to send it although something happened. Raises
    what `send_reply` raises, and Draft.DoesNotExist when it went or was taken back."""
    _feedback, draft = _locked(draft_id)
    return _send(draft, by=by)


def send_due_replies(*, at_most: int = 200) -> int:
    """Send what is due, hold back what must be looked at again; how many were dealt with."""
    due = Draft.objects.due(timezone.now()).order_by("send_at", "pk")
    dealt_with = 0
    for pk in list(due.values_list("pk", flat=True)[:at_most]):
        try:
            _send_or_hold(pk)
        except Draft.DoesNotExist:  # taken back, or sent by another worker, just now
            continue
        dealt_with += 1
    return dealt_with


@transaction.atomic
def _send_or_hold(draft_id: int) -> None:
    feedback, draft = _locked(draft_id)
    if draft.held_because or draft.send_at is None or draft.send_at > timezone.now():
        return
    if why := _why_not(feedback, draft):
        _hold(feedback, draft, why)
        return
    try:
        with transaction.atomic():
            _send(draft, by=draft.user, later=False)
    except DomainError:
        _hold(feedback, draft, HeldBecause.REFUSED)


def _send(draft: Draft, *, by: User, later: bool = True) -> Message:
    message = send_reply(
        draft.feedback_id,
        by=by,
        text=draft.text,
        then=draft.then,
        files=list(draft.files.all()),
        templates=list(draft.templates.all()),
        is_signed=draft.is_signed,
        may_be_recalled=later,
    )
    if draft.commitment_id is not None:
        note_told(draft.commitment_id, message=message)
    draft.delete()
    return message


def hold_scheduled(feedback: Feedback) -> None:
    """Inside another service: the customer wrote, so what waits to be sent must be read again."""
    for draft in Draft.objects.scheduled().filter(feedback=feedback, held_because=""):
        _hold(feedback, draft, HeldBecause.CUSTOMER)


def _hold(feedback: Feedback, draft: Draft, why: HeldBecause) -> None:
    draft.held_because = why
    draft.save(update_fields=["held_because"])
    tell(feedback, TimelineKind.SCHEDULED, held=why, author=draft.user_id)
    notify(feedback, NoticeKind.HELD, by=None, to=[draft.user_id])
    tell_pages("feedback", id=feedback.pk, number=feedback.number, version=feedback.version)


def _why_not(feedback: Feedback, draft: Draft) -> HeldBecause | None:
    if not draft.user.is_active or not (
        Feedback.objects.visible_to(draft.user).filter(pk=feedback.pk).exists()
    ):
        return HeldBecause.AUTHOR
    if feedback.state in NOT_ANSWERED:
        return HeldBecause.DONE
    since = feedback.messages.filter(
        created_at__gt=draft.scheduled_at, is_automatic=False, is_recalled=False
    )
    if since.filter(direction=Direction.IN, is_third_party=False).exists():
        return HeldBecause.CUSTOMER
    if since.filter(direction=Direction.OUT).exclude(author=draft.user).exists():
        return HeldBecause.COLLEAGUE
    return None


def _locked(draft_id: int) -> tuple[Feedback, Draft]:
    """The record, then the draft. Raises Draft.DoesNotExist."""
    feedback_id = Draft.objects.scheduled().values_list("feedback", flat=True).get(pk=draft_id)
    feedback = lock(feedback_id)
    waiting = Draft.objects.scheduled().select_related("user", "then")
    return feedback, waiting.select_for_update(of=["self"]).get(pk=draft_id)
