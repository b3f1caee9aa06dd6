"""Mail to those who work here about a record."""

from datetime import datetime

from django.conf import settings

from accounts.enums import OutgoingKind
from accounts.models import User
from accounts.services.outbox import queue_mail
from config.kernel.mail_ids import STAFF_TAG
from feedback.models import Feedback
from feedback.services.correspondence import answers_to_mailbox, mailbox_for


def language_of(person: User) -> str:
    """The language in which somebody who works here is written to."""
    return person.language or settings.LANGUAGE_CODE


def answers_to(feedback_id: int) -> str:
    """Where mail to staff about a record is answered; "" when we read no mailbox."""
    mailbox = mailbox_for(Feedback.objects.select_related("mailbox").get(pk=feedback_id))
    return answers_to_mailbox(mailbox, f"{STAFF_TAG}{feedback_id}") if mailbox else ""


def mail_staff(
    person: User,
    *,
    feedback_id: int | None,
    subject: str,
    text: str,
    dedupe_key: str | None,
    not_before: datetime | None = None,
    can_be_answered: bool = True,
) -> None:
    """Inside another service: a mail to `person` about a record (or none), once for each
    `dedupe_key`. An answer to it is a note on the record (channels.email.colleagues), unless it
    is about several and so cannot be answered."""
    reply_to = answers_to(feedback_id) if can_be_answered and feedback_id else ""
    queue_mail(
        kind=OutgoingKind.NOTIFICATION,
        # Not "t": what becomes of mail to staff is no part of the record's story.
        tag=f"{STAFF_TAG}{feedback_id or 0}",
        to_address=person.email,
        to_name=person.name,
        reply_to=reply_to,
        subject=subject,
        body_text=text,
        language=language_of(person),
        dedupe_key=dedupe_key,
        not_before=not_before,
    )
