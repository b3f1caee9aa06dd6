"""From a stored mail to a message in a record: read, judge, find the thread, file."""

import hashlib
import logging
from collections.abc import Collection, Sequence
from dataclasses import replace

from django.conf import settings
from django.db import connection, transaction

from accounts.enums import ContactKind
from accounts.models import User
from accounts.rules.contact import is_email
from accounts.services.customers import find_or_create_customer
from accounts.services.deliverability import mail_came_back, marked_as_spam
from config.kernel.kept import settings_at, settings_stamp
from feedback.channels.email.authentication import Authentication
from feedback.channels.email.bounce import came_back
from feedback.channels.email.colleagues import answered_notification, write_for
from feedback.channels.email.forwarding import Handed, handed_on
from feedback.channels.email.parse import parse_mail
from feedback.channels.email.parsed import MailKind, ParsedMail, Verdict
from feedback.channels.email.senders import CUT, check_of, warnings_about
from feedback.channels.email.threading import Thread, find_thread, new_subject, returned_mail
from feedback.channels.email.verdict import judge
from feedback.channels.email.visible_reply import visible_reply
from feedback.enums import Channel, InboundState, Quarantined, TimelineKind
from feedback.models import Feedback, InboundMail, Mailbox, MailReference, Message
from feedback.selectors.kept_settings import mailboxes
from feedback.services.acknowledgement import acknowledge_feedback
from feedback.services.attachments import MAX_BYTES, MAX_FILES, IncomingFile
from feedback.services.conversation import add_customer_message
from feedback.services.delivery import note_return
from feedback.services.inbound_mail import (
    bytes_of,
    count_attempt,
    keep_sender_check,
    reading_failed,
    settle,
)
from feedback.services.intake import receive_feedback
from feedback.services.records import tell

logger = logging.getLogger(__name__)
MAX_REFERENCES = 100
MACHINES = {MailKind.AUTO_REPLY, MailKind.AUTO_GENERATED, MailKind.LIST}


def read_stored_mail(inbound_id: int) -> None:
    """Understand one stored mail and put it where it belongs. Safe to run twice; whatever goes
    wrong concerns this mail only."""
    inbound = count_attempt(inbound_id)
    if inbound is None:
        return
    try:
        raw = bytes_of(inbound)
        mail = parse_mail(raw)
        if len(raw) < inbound.size:  # it was too large, and an admin takes its beginning
            mail = replace(mail, defects=(*mail.defects, CUT))
        del raw  # the parts are what is needed of it
        _file(inbound_id, mail)
    except Exception as broken:  # one bad mail must not stop the rest, whatever is wrong with it
        logger.exception("mail %s could not be filed", inbound_id)
        reading_failed(inbound_id, f"{type(broken).__name__}: {broken}")


@transaction.atomic
def _file(inbound_id: int, mail: ParsedMail) -> None:
    inbound = (
        InboundMail.objects.select_for_update(of=["self"])
        .select_related("mailbox__team")
        .annotate(settings_stamp=settings_stamp())
        .defer("raw")  # read already, and large
        .get(pk=inbound_id)
    )
    if inbound.state == InboundState.RECEIVED:
        with settings_at(inbound.settings_stamp):  # whatever is looked up about it
            _settle(inbound, mail)


def _settle(inbound: InboundMail, mail: ParsedMail) -> None:
    inbound.message_id = mail.message_id[:255]
    inbound.subject = mail.subject[:255]
    inbound.sender = mail.from_address[:254]
    inbound.content_digest = _content_digest(mail)
    _one_copy_at_a_time(mail.message_id)
    if _is_copy(inbound):
        settle(inbound, InboundState.DUPLICATE)
        return
    own = own_addresses()
    verdict = verdict_on(mail, own)
    if verdict.kind == MailKind.LOOP:
        settle(inbound, InboundState.IGNORED, reason=f"loop: {verdict.reason}")
    elif verdict.kind == MailKind.BOUNCE:
        _take_bounce(inbound, mail, verdict)
    elif verdict.kind == MailKind.COMPLAINT:
        _take_complaint(mail, verdict)
        settle(inbound, InboundState.IGNORED, reason=f"complaint: {verdict.reason}")
    elif verdict.kind == MailKind.DISPOSITION:
        settle(inbound, InboundState.IGNORED, reason=f"read receipt: {verdict.reason}")
    elif not is_email(mail.from_address):
        settle(inbound, InboundState.QUARANTINED, reason=Quarantined.NO_SENDER)
    else:
        _file_message(inbound, mail, verdict, own)


def own_addresses() -> set[str]:
    """Of every mailbox, whether it is read or not."""
    return {mailbox.address for mailbox in mailboxes().values()}


def verdict_on(mail: ParsedMail, own: Collection[str]) -> Verdict:
    """Who wrote it, by what it says and by the address that it came back to."""
    verdict = judge(mail, own_addresses=own, own_instance=settings.INSTANCE_ID)
    return _with_return_address(mail, verdict)


def _file_message(
    inbound: InboundMail, mail: ParsedMail, verdict: Verdict, own: Collection[str]
) -> None:
    is_automatic = verdict.kind in MACHINES
    answered = answered_notification(mail)
    if answered is not None and is_automatic:  # a colleague is away: no matter of the record
        settle(inbound, InboundState.AUTOMATIC, reason=verdict.reason)
        return
    if answered is not None and answered.person is not None:
        text = visible_reply(mail.text, mail.html) or mail.text
        files, _dropped = _files(mail)
        written = write_for(answered.person, answered.feedback, text=text, files=files)
        reason = "" if written else "answer_refused"
        settle(inbound, InboundState.FILED, reason=reason, message=written)
        return
    thread = find_thread(mail)
    if thread is None and verdict.kind == MailKind.AUTO_REPLY:
        settle(inbound, InboundState.AUTOMATIC, reason=verdict.reason)
        return
    check = check_of(mail, inbound.mailbox)
    handed = None if thread else handed_on(mail, verdict, check, own_addresses=own)
    if handed is not None and handed.person is not None:
        message = _record_of_author(inbound, mail, handed, handed.person, own)
    elif thread is None:
        message = _new_record(inbound, mail, verdict, check)
        keep_sender_check(message, _kept(check), author=handed.author if handed else None)
    else:
        message = _add_to(inbound, thread, mail, verdict, check)
        keep_sender_check(message, _kept(check))
    state = InboundState.AUTOMATIC if is_automatic and thread else InboundState.FILED
    settle(inbound, state, reason=verdict.reason if is_automatic else "", message=message)


def _kept(check: Authentication | None) -> dict[str, str | bool]:
    return check.as_json() if check is not None else {}


def _add_to(
    inbound: InboundMail,
    thread: Thread,
    mail: ParsedMail,
    verdict: Verdict,
    check: Authentication | None,
) -> Message:
    """To the record of the thread, or to one that follows it when that is settled."""
    visible = visible_reply(mail.text, mail.html) or mail.text
    files, dropped = _files(mail)
    message = add_customer_message(
        thread.feedback.pk,
        channel=Channel.EMAIL,
        text=visible or "-",
        full_text=mail.text if visible != mail.text else "",
        html=mail.html,
        files=files,
        sender_name=mail.from_name,
        sender_address=mail.from_address,
        is_automatic=verdict.kind in MACHINES,
        is_third_party=not thread.is_customer,
        submission_key=f"mail:{inbound.pk}",
        subject=mail.base_subject,
        other_subject=new_subject(thread.feedback, mail),
        flags=warnings_about(mail, check),
        mailbox=inbound.mailbox,
        acknowledge=False,
    )
    feedback = message.feedback
    _remember_references(feedback, mail)
    _tell_dropped(feedback, dropped)
    is_new = feedback.pk != thread.feedback.pk and feedback.submission_key == f"mail:{inbound.pk}"
    if is_new and verdict.may_be_answered:
        acknowledge_feedback(feedback)  # after the references, so that it threads
    return message


def _record_of_author(
    inbound: InboundMail, mail: ParsedMail, handed: Handed, person: User, own: Collection[str]
) -> Message:
    """What a colleague passed on is the matter of whoever wrote it. The colleague's own words are
    a note, or an answer where they begin so (colleagues.py)."""
    original = handed.forward.original
    verdict = judge(original, own_addresses=own, own_instance=settings.INSTANCE_ID)
    message = _new_record(inbound, original, verdict, None, passed_on=mail, by=person)
    if handed.forward.own_words:
        write_for(person, message.feedback, text=handed.forward.own_words, files=[])
    return message


def _new_record(
    inbound: InboundMail,
    mail: ParsedMail,
    verdict: Verdict,
    check: Authentication | None,
    *,
    passed_on: ParsedMail | None = None,
    by: User | None = None,
) -> Message:
    """`passed_on`: the mail by which `by` handed us this one."""
    language = language_of(mail, inbound.mailbox)
    customer = find_or_create_customer(
        kind=ContactKind.EMAIL, value=mail.from_address, name=mail.from_name, language=language
    )
    files, dropped = _files(mail)
    feedback = receive_feedback(
        channel=Channel.EMAIL,
        customer=customer,
        subject=mail.subject,
        text=mail.text or "-",
        html=mail.html,
        language=language,
        mailbox=inbound.mailbox,
        files=files,
        sender_name=mail.from_name,
        sender_address=mail.from_address,
        received_at=inbound.received_at,
        submission_key=f"mail:{inbound.pk}",
        flags=warnings_about(mail, check),
        acknowledge=False,
        is_new=True,  # what is filed is settled by the same commit
        by=by,
        is_forwarded=by is not None,
    )
    references = _remember_references(feedback, mail)
    if passed_on is not None:
        _remember_references(feedback, replace(passed_on, in_reply_to=(), references=()))
    _tell_dropped(feedback, dropped)
    began = feedback.first_message  # None if the record was there, against all we know
    if verdict.may_be_answered:
        # After the references, so that it threads.
        acknowledge_feedback(feedback, known=references if began is not None else None)
    return began or feedback.messages.order_by("pk")[:1].get()


def _with_return_address(mail: ParsedMail, verdict: Verdict) -> Verdict:
    """The envelope says more surely than any text which mail came back (MAIL_VERP). Not where
    the very person we wrote to writes: some programs answer to the return address."""
    outgoing = returned_mail(mail)
    if outgoing is None or mail.from_address.lower() == outgoing.to_address:
        return verdict
    bounce = came_back(mail, verdict)
    return replace(bounce, original_message_id=outgoing.message_id) if bounce else verdict


def _take_bounce(inbound: InboundMail, mail: ParsedMail, verdict: Verdict) -> None:
    """The message says that it did not arrive; the record tells its staff; nothing reopens."""
    # Reports also tell what arrived, or was handed on.
    failures = [one for one in verdict.recipients if one.action in {"failed", "delayed"}]
    for recipient in failures:
        outgoing = mail_came_back(
            message_id=verdict.original_message_id,
            status=recipient.status,
            said=recipient.diagnostic,
            is_delay=recipient.action == "delayed",
        )
        if outgoing is not None:
            note_return(
                outgoing, outgoing.delivery, code=recipient.status, said=recipient.diagnostic
            )
    settle(inbound, InboundState.BOUNCE, reason=verdict.reason)


def _take_complaint(mail: ParsedMail, verdict: Verdict) -> None:
    returned = returned_mail(mail)
    own_id = returned.message_id if returned is not None else verdict.original_message_id
    outgoing = marked_as_spam(message_id=own_id)
    if outgoing is not None:
        note_return(outgoing, "complaint")


def _files(mail: ParsedMail) -> tuple[list[IncomingFile], int]:
    """What can be kept of the attachments, and how many are left to the stored raw mail."""
    fitting = [a for a in mail.attachments if len(a.payload) <= MAX_BYTES][:MAX_FILES]
    kept = [
        IncomingFile(a.name, a.payload, content_id=a.content_id, is_inline=a.inline)
        for a in fitting
    ]
    return kept, len(mail.attachments) - len(kept)


def _tell_dropped(feedback: Feedback, dropped: int) -> None:
    if dropped:
        tell(feedback, TimelineKind.MESSAGE_IN, dropped_files=dropped)


def _remember_references(feedback: Feedback, mail: ParsedMail) -> list[MailReference]:
    ids = dict.fromkeys([mail.message_id, *mail.in_reply_to, *mail.references])
    sender = mail.from_address.lower()
    references = [
        MailReference(feedback=feedback, message_id=one, sender=sender)
        for one in list(ids)[:MAX_REFERENCES]
        if 0 < len(one) <= 255
    ]
    return MailReference.objects.bulk_create(references, ignore_conflicts=True)


def _content_digest(mail: ParsedMail) -> str:
    parts: Sequence[str] = (
        mail.from_address.lower(),
        mail.subject,
        mail.text,
        *(hashlib.sha256(a.payload).hexdigest() for a in mail.attachments),
    )
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()


def _is_copy(inbound: InboundMail) -> bool:
    """The same mail was settled before: fetched twice, or sent to two of our mailboxes."""
    return (
        InboundMail.objects.filter(
            message_id=inbound.message_id, content_digest=inbound.content_digest
        )
        .exclude(pk=inbound.pk)
        .exclude(state__in=[InboundState.RECEIVED, InboundState.QUARANTINED])
        .exists()
    )


def _one_copy_at_a_time(message_id: str) -> None:
    """Two copies in two workers: the second waits until the first has committed."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 4242))", [message_id])


def language_of(mail: ParsedMail, mailbox: Mailbox) -> str:
    """Chinese when the mail holds Chinese characters, English when it holds only Latin words;
    the mailbox's language when it says nothing."""
    text = f"{mail.subject} {mail.text[:2000]}"
    if any("\u4e00" <= c <= "\u9fff" for c in text):
        return "zh-hans"
    return "en" if any(c.isalpha() and c.isascii() for c in text) else mailbox.language
