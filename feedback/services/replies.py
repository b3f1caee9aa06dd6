"""What staff write: answers to the customer and notes among themselves."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from accounts.enums import OutgoingKind
from accounts.errors import TooLateToRecall
from accounts.models import User
from accounts.services.outbox import queue_mail
from accounts.services.outbox import recall as recall_outgoing
from config.kernel.tokens import digest
from feedback.enums import (
    Channel,
    Direction,
    FollowReason,
    NoticeKind,
    State,
    TimelineKind,
)
from feedback.errors import (
    NothingWritten,
    NoWayToAnswer,
    RecordClosed,
    Stale,
    VariablesUnfilled,
    WrittenElsewhere,
)
from feedback.models import Feedback, MailReference, Message, ReplyTemplate, Status
from feedback.rules.placeholders import in_words, unfilled_in
from feedback.rules.quoting import Quoted, as_html, as_text
from feedback.selectors.quoting import quotes_for
from feedback.services.attachments import GivenFile, store_files
from feedback.services.correspondence import envelope, mailbox_for
from feedback.services.drafts import back_into_editor, discard_draft
from feedback.services.following import follows_now
from feedback.services.mentions import mentioned_in
from feedback.services.notifying import notify
from feedback.services.records import lock, save_change, tell
from feedback.services.signatures import signature_for, signed
from feedback.services.sla_clocks import settle_clocks
from feedback.services.workflow import apply_status, put_back


@transaction.atomic
def send_reply(
    feedback_id: int,
    *,
    by: User,
    text: str,
    then: Status | None = None,
    files: Sequence[GivenFile] = (),
    version: int | None = None,
    templates: Sequence[ReplyTemplate] = (),
    is_signed: bool = True,
    from_editor: bool = False,
    may_be_recalled: bool = True,
) -> Message:
    """Answer the customer; the mail leaves after a few seconds in which it can be recalled,
    unless not even `may_be_recalled`. Below it stand the signature, if `is_signed`, and what
    the mailbox quotes.

    `then` is the status afterwards; without one, a new record becomes open. `templates`: what
    it was written from. `from_editor`: the
    draft of this person has become this message. The same answer from the same page (`version`)
    is one answer: the second of two clicks gets the first one's message. Raises NothingWritten,
    VariablesUnfilled, NoWayToAnswer, FileRefused, UploadGone, StepNotAllowed, Stale,
    RecordClosed, WrittenElsewhere.
    """
    text = text.strip()
    wanted = then.pk if then else None
    key = _key_of("reply", version, files, feedback_id, by.pk, text, wanted)
    try:
        feedback = lock(feedback_id, version=version)
    except Stale:
        if (sent := _written_under(key)) is not None:
            return sent
        raise
    address = ensure_can_be_sent(feedback, text)
    now = timezone.now()
    signature = signature_for(feedback, by) if is_signed else ""
    mailbox = mailbox_for(feedback)
    quotes = quotes_for(feedback, mailbox)
    message = Message.objects.create(
        feedback=feedback,
        direction=Direction.OUT,
        channel=Channel.EMAIL,
        author=by,
        author_name=by.name,
        text=text,
        signature=signature,
        submission_key=key,
        created_at=now,
    )
    stored = store_files(message, files)
    if templates:
        message.templates.set(templates)
    message.outgoing = queue_mail(
        kind=OutgoingKind.REPLY,
        tag=f"t{feedback.pk}",
        to_address=address,
        to_name=feedback.customer.name,
        customer=feedback.customer,
        subject=f"Re: {feedback.subject[:110]} [#{feedback.number}]",
        body_text=mail_text(text, signature, quotes),
        body_html=as_html(signed(text, signature), quotes) if quotes else "",
        language=feedback.language,
        attachments=[
            {"path": one.file.name, "name": one.name, "content_type": one.content_type}
            for one in stored
        ],
        not_before=now + timedelta(seconds=settings.RECALL_SECONDS if may_be_recalled else 0),
        **envelope(feedback, mailbox=mailbox),
    )
    message.save(update_fields=["outgoing"])
    MailReference.objects.create(
        feedback=feedback, message_id=message.outgoing.message_id, is_ours=True
    )
    we_answered(feedback, message, then=then, by=by)
    if from_editor:
        discard_draft(feedback.pk, by=by)
    return message


def _key_of(what: str, version: int | None, files: Sequence[GivenFile], *said: Any) -> str | None:
    """What the same words from the same page have in common; None without a page."""
    if version is None:
        return None
    names = [one.name for one in files]
    return f"{what}:{digest(repr((version, names, *said)))[:40]}"


def _written_under(key: str | None) -> Message | None:
    if key is None:
        return None
    return Message.objects.filter(submission_key=key, is_recalled=False).first()


def mail_text(text: str, signature: str, quotes: Sequence[Quoted]) -> str:
    """An answer as plain mail."""
    whole = signed(text, signature)
    return f"{whole}\n\n{as_text(quotes)}" if quotes else whole


def ensure_can_be_sent(feedback: Feedback, text: str) -> str:
    """The address that an answer with this text goes to. Raises NothingWritten,
    VariablesUnfilled, NoWayToAnswer, WrittenElsewhere, RecordClosed."""
    ensure_not_merged(feedback)
    if feedback.state == State.CLOSED:
        raise RecordClosed
    if not text.strip():
        raise NothingWritten
    if left := unfilled_in(text):
        raise VariablesUnfilled(left, in_words(left))
    if not feedback.customer.email:
        raise NoWayToAnswer
    return feedback.customer.email


def ensure_not_merged(feedback: Feedback) -> None:
    if feedback.merged_into is not None:
        raise WrittenElsewhere(feedback.number, feedback.merged_into.number)


def we_answered(feedback: Feedback, message: Message, *, then: Status | None, by: User) -> None:
    feedback.last_staff_message_at = message.created_at
    feedback.first_response_at = feedback.first_response_at or message.created_at
    feedback.waiting_since = None
    fields = ["last_staff_message_at", "first_response_at", "waiting_since", "reply_due_at"]
    if feedback.assignee is None:
        feedback.assignee = by
        fields.append("assignee")
    settle_clocks(feedback)
    save_change(feedback, *fields)
    tell(feedback, TimelineKind.REPLIED, by=by, message=message.pk)
    if then is None and feedback.state == State.NEW:
        then = Status.objects.default_for(State.OPEN)
    resolves = then is not None and then.state == State.RESOLVED
    if then is not None:
        apply_status(feedback, then, by=by, tell_followers=not resolves, message=message.pk)
    follows_now(feedback.pk, [by.pk], FollowReason.WROTE)
    kind = NoticeKind.RESOLVED if resolves else NoticeKind.ANSWERED
    notify(feedback, kind, by=by, message=message)


@transaction.atomic
def add_note(
    feedback_id: int,
    *,
    by: User,
    text: str,
    files: Sequence[GivenFile] = (),
    seen_version: int | None = None,
    from_editor: bool = False,
) -> Message:
    """Write something that the customer never sees. Raises NothingWritten, FileRefused,
    UploadGone, and MentionNotAllowed when somebody is named with @ who may not see the record.

    `seen_version` is the record's version on the page where it was written: the same note from
    the same page is one note. Another person's change meanwhile does not hold a note up, as it
    does an answer.
    """
    text = text.strip()
    if not text:
        raise NothingWritten
    feedback = lock(feedback_id)
    ensure_not_merged(feedback)
    key = _key_of("note", seen_version, files, feedback.pk, by.pk, text)
    if (known := _written_under(key)) is not None:
        return known
    if feedback.state == State.CLOSED:
        raise RecordClosed
    mentions = mentioned_in(text, feedback)
    note = Message.objects.create(
        feedback=feedback,
        direction=Direction.NOTE,
        channel=feedback.channel,
        author=by,
        author_name=by.name,
        text=text,
        submission_key=key,
        mentions=mentions,
    )
    store_files(note, files)
    save_change(feedback)
    people = [one["id"] for one in mentions]
    tell(feedback, TimelineKind.NOTED, by=by, message=note.pk, mentions=people)
    follows_now(feedback.pk, [by.pk], FollowReason.WROTE)
    follows_now(feedback.pk, [pk for pk in people if pk != by.pk], FollowReason.MENTIONED)
    notify(feedback, NoticeKind.MENTIONED, by=by, message=note, to=people)
    notify(feedback, NoticeKind.NOTED, by=by, message=note, but=people)
    if from_editor:
        discard_draft(feedback.pk, by=by)
    return note


@transaction.atomic
def recall_reply(message_id: int, *, by: User, into_editor: bool = True) -> Message:
    """Take back an answer that has not left yet; its text and files go back into the editor of
    whoever takes it back, unless nobody typed them.

    Raises TooLateToRecall. The customer waits again from where they waited before, and a status
    that was set together with the answer is taken back with it.
    """
    message = Message.objects.select_related("outgoing").get(pk=message_id)
    feedback = lock(message.feedback_id)
    if message.direction != Direction.OUT or message.outgoing is None:
        raise TooLateToRecall
    if message.is_recalled:
        return message
    recall_outgoing(message.outgoing.pk)
    message.is_recalled = True
    message.save(update_fields=["is_recalled"])
    step = feedback.timeline.filter(data__message=message.pk, data__has_key="after").last()
    if step is not None and step.data["after"] == feedback.status.code:
        put_back(feedback, step, by=by)
    _wait_again(feedback)
    if into_editor:
        back_into_editor(message, by=by)
    tell(feedback, TimelineKind.REPLIED, by=by, message=message.pk, recalled=True)
    return message


def _wait_again(feedback: Feedback) -> None:
    answers = feedback.messages.filter(
        direction=Direction.OUT, is_recalled=False, is_automatic=False
    ).order_by("created_at")
    first, last = answers.first(), answers.last()
    feedback.first_response_at = first.created_at if first else None
    feedback.last_staff_message_at = last.created_at if last else None
    unanswered = feedback.messages.filter(direction=Direction.IN, is_automatic=False)
    if last is not None:
        unanswered = unanswered.filter(created_at__gt=last.created_at)
    oldest = unanswered.order_by("created_at").first()
    if feedback.is_open and oldest is not None:
        feedback.waiting_since = oldest.created_at
    settle_clocks(feedback)
    save_change(
        feedback, "first_response_at", "last_staff_message_at", "waiting_since", "reply_due_at"
    )
