"""What people who work here write by mail: answers to our notifications.

Proof is the signed Message-ID of a notification that we sent to this very address, and what its
owner may do today. Without it a mail in a colleague's name is one of a stranger (senders.py).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.enums import OutgoingKind
from accounts.models import OutgoingMessage, User
from config.kernel.errors import DomainError
from config.kernel.mail_ids import STAFF_TAG, tag_of_message_id
from feedback.channels.email.parsed import ParsedMail
from feedback.channels.email.senders import colleague_with
from feedback.models import Feedback, Message
from feedback.services.attachments import IncomingFile
from feedback.services.replies import add_note, send_reply
from feedback.services.staff_mail import language_of, mail_staff

# The first line of a mail that is to go to the customer.
TO_CUSTOMER = re.compile(r"\s{0,20}#(?:answer|reply|回复|答复)(?![^\W_])[:：]?[ \t]{0,20}", re.I)
WORK, ANSWER = "feedback.change_feedback", "feedback.reply_feedback"


@dataclass(frozen=True, slots=True)
class Answered:
    """A notification that a mail answers: about which record, and who answers it; `person` is
    None where nothing proves that it is the one it was sent to, or they may not any more."""

    feedback: Feedback
    person: User | None


def answered_notification(mail: ParsedMail) -> Answered | None:
    """The notification of ours that this mail answers, None when it answers none."""
    for value in (*mail.in_reply_to, *reversed(mail.references)):
        tag = tag_of_message_id(value)
        if tag is None or not tag.startswith(STAFF_TAG):
            continue
        feedback = Feedback.objects.filter(pk=int(tag[1:])).first()
        if feedback is not None:
            return Answered(feedback, _proven(mail, value, feedback))
    return None


def _proven(mail: ParsedMail, message_id: str, feedback: Feedback) -> User | None:
    sent = OutgoingMessage.objects.filter(
        message_id=message_id, kind=OutgoingKind.NOTIFICATION
    ).first()
    # One about several records can be answered by nobody: it has no address for answers.
    if sent is None or not sent.reply_to or len(mail.from_addresses) != 1:
        return None
    if mail.from_address.lower() != sent.to_address:
        return None
    person = colleague_with(sent.to_address)
    if person is None or not person.has_perm(WORK):
        return None
    sees = Feedback.objects.visible_to(person).filter(pk=feedback.pk).exists()
    return person if sees else None


def write_for(
    person: User, feedback: Feedback, *, text: str, files: Sequence[IncomingFile]
) -> Message | None:
    """A note, or where the first line says so an answer to the customer. None, and a mail to
    the person that says why, when neither can be written."""
    begins = TO_CUSTOMER.match(text)
    said = text[begins.end() :].strip() if begins else text.strip()
    try:
        with transaction.atomic():
            if begins and person.has_perm(ANSWER):
                return send_reply(feedback.pk, by=person, text=said, files=files)
            return add_note(feedback.pk, by=person, text=said, files=files)
    except DomainError as refusal:
        _say_why(person, feedback, str(refusal.message), said)
        return None


def _say_why(person: User, feedback: Feedback, why: str, said: str) -> None:
    with translation.override(language_of(person)):
        subject = _("Your mail about #%(number)s was not taken") % {"number": feedback.number}
        kept = _("What you wrote:")
    mail_staff(
        person,
        feedback_id=feedback.pk,
        subject=subject,
        text=f"{why}\n\n{kept}\n\n{said[:5000]}",
        dedupe_key=None,
    )
