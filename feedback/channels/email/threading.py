"""Which record a mail belongs to. Every way of finding it must be authenticated: a signed
token, or an id that the same sender gave us; a guessed number leads nowhere."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from accounts.enums import ContactKind
from accounts.models import ContactPoint, Customer, OutgoingMessage
from config.kernel.mail_ids import (
    RETURN_TAG,
    STAFF_TAG,
    tag_of_message_id,
    tag_of_reply_address,
)
from feedback.channels.email.parsed import ParsedMail
from feedback.channels.email.subject import base_subject, subject_number
from feedback.models import Feedback, InboundMail, MailReference

# Where servers note for whom a mail was that names somebody else, besides Delivered-To.
ENVELOPE_HEADERS = ("x-envelope-to", "envelope-to", "x-delivered-to", "x-rcpt-to")
# As much of a subject as we send back (services.replies cuts there).
SUBJECT_SENT = 100


@dataclass(frozen=True, slots=True)
class Thread:
    """The record found, how, and whether the sender is its customer."""

    feedback: Feedback
    by: str
    is_customer: bool


def find_thread(mail: ParsedMail) -> Thread | None:
    """First hit wins: plus-address, our signed Message-IDs (In-Reply-To, then References from
    the nearest), ids that this sender used before, number in the subject of a participant."""
    for by, feedback in _candidates(mail):
        if feedback is not None and feedback.anonymised_at is None:
            target = _follow_merges(feedback)
            if _is_forgotten(target):
                continue  # whoever writes again is somebody new, nothing is revived
            is_customer = _is_customer(target, mail.from_address)
            was_merged = target.pk != feedback.pk
            if was_merged and not is_customer and _is_customer(feedback, mail.from_address):
                # Records of two customers: each of them goes on in their own.
                return Thread(feedback, by, is_customer=True)
            return Thread(target, by, is_customer)
    return None


def new_subject(feedback: Feedback, mail: ParsedMail) -> str:
    """The mail's subject if nobody has written under it in this record, else "": people take an
    old mail and begin something else with it."""
    subject = mail.base_subject
    ours = MailReference.objects.filter(feedback=feedback, is_ours=True).values("message_id")
    sent = OutgoingMessage.objects.filter(message_id__in=ours).values_list("subject", flat=True)
    came = InboundMail.objects.filter(filed_as__feedback=feedback)
    known = {feedback.subject, *sent, *came.values_list("subject", flat=True)}
    seen = {base_subject(one).casefold()[:SUBJECT_SENT] for one in known}
    return "" if not subject or subject.casefold()[:SUBJECT_SENT] in seen else subject[:255]


def returned_mail(mail: ParsedMail) -> OutgoingMessage | None:
    """The mail of ours to whose return address (MAIL_VERP) this one was sent."""
    for tag in _tags_of_recipients(mail):
        if tag.startswith(RETURN_TAG):
            return OutgoingMessage.objects.filter(pk=int(tag[1:])).first()
    return None


def _tags_of_recipients(mail: ParsedMail) -> Iterator[str]:
    """What the signed addresses among the recipients stand for, in letter and on envelope."""
    written = (*mail.to, *mail.cc, *mail.delivered_to, *mail.x_original_to)
    envelope = (mail.headers.get(name) for name in ENVELOPE_HEADERS)
    for address in (*(one.email for one in written), *(one.strip("<> ") for one in envelope)):
        if tag := tag_of_reply_address(address):
            yield tag


def _candidates(mail: ParsedMail) -> Iterator[tuple[str, Feedback | None]]:
    for tag in _tags_of_recipients(mail):
        yield "address", _by_tag(tag)
    if (returned := returned_mail(mail)) is not None:
        yield "address", _by_own_id(returned.message_id)
    nearest_first = [*mail.in_reply_to, *reversed(mail.references)]
    for value in nearest_first:
        yield "message_id", _by_own_id(value)
    # Its own id last: an answer to it may have come first, the mail itself out of a junk folder.
    own = [mail.message_id] if mail.has_own_id else []
    yield "reference", _by_reference([*nearest_first, *own], mail.from_address)
    yield "subject", _by_number(mail)


def _by_tag(tag: str | None) -> Feedback | None:
    if tag is None or tag[0] not in {"t", STAFF_TAG}:
        return None
    return Feedback.objects.filter(pk=int(tag[1:])).first()


def _by_own_id(value: str) -> Feedback | None:
    """Of one of our signed ids; a survey's mail carries another tag, but is noted on the record
    that it asks about."""
    tag = tag_of_message_id(value)
    if tag is None or tag[0] in {"t", STAFF_TAG}:
        return _by_tag(tag)
    ours = MailReference.objects.filter(message_id=value, is_ours=True)
    found = ours.select_related("feedback").first()
    return found.feedback if found else None


def _by_reference(ids: Iterable[str], sender: str) -> Feedback | None:
    wanted = list(ids)
    if not wanted or not sender:
        return None
    found = (
        MailReference.objects.filter(message_id__in=wanted, sender=sender.lower(), is_ours=False)
        .select_related("feedback")
        .order_by("-pk")
        .first()
    )
    return found.feedback if found else None


def _by_number(mail: ParsedMail) -> Feedback | None:
    number = subject_number(mail.subject)
    if number is None:
        return None
    feedback = Feedback.objects.filter(number=number).first()
    if feedback is None or not _is_customer(feedback, mail.from_address):
        return None
    return feedback


def _is_customer(feedback: Feedback, address: str) -> bool:
    return ContactPoint.objects.filter(
        customer=feedback.customer_id, kind=ContactKind.EMAIL, value=address.strip().lower()
    ).exists()


def _is_forgotten(feedback: Feedback) -> bool:
    erased = Customer.objects.filter(pk=feedback.customer_id, erased_at__isnull=False)
    return erased.exists()


def _follow_merges(feedback: Feedback) -> Feedback:
    """The record at the end of the chain; a circle stops where it closes."""
    seen = {feedback.pk}
    while feedback.merged_into is not None and feedback.merged_into.pk not in seen:
        feedback = feedback.merged_into
        seen.add(feedback.pk)
    return feedback
