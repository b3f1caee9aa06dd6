"""Mail to those who work here about a record."""

from datetime import datetime

from django.conf import settings

from accounts.enums import OutgoingKind
from accounts.models import User
from accounts.services.outbox import queue_mail


def language_of(person: User) -> str:
    """The language in which somebody who works here is written to."""
    return person.language or settings.LANGUAGE_CODE


def mail_staff(
    person: User,
    *,
    feedback_id: int,
    subject: str,
    text: str,
    dedupe_key: str,
    not_before: datetime | None = None,
) -> None:
    """Inside another service: a mail to `person` about a record, once for each `dedupe_key`."""
    queue_mail(
        kind=OutgoingKind.NOTIFICATION,
        # Not "t": what becomes of mail to staff is no part of the record's story.
        tag=f"n{feedback_id}",
        to_address=person.email,
        to_name=person.name,
        subject=subject,
        body_text=text,
        language=language_of(person),
        dedupe_key=dedupe_key,
        not_before=not_before,
    )
