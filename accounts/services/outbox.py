"""Mail that we promise to send: written down first, handed over later by a worker."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from accounts.enums import ContactKind, OutgoingKind, OutgoingState
from accounts.errors import AddressNotUsable, TooLateToRecall
from accounts.models import ContactPoint, Customer, OutgoingMessage
from accounts.rules.contact import is_email
from config.kernel.jobs import enqueue
from config.kernel.mail_ids import new_message_id

SEND = "accounts.tasks.send_outgoing"


@transaction.atomic
def queue_mail(
    *,
    kind: OutgoingKind,
    tag: str,
    to_address: str,
    subject: str,
    body_text: str,
    body_html: str = "",
    to_name: str = "",
    customer: Customer | None = None,
    from_address: str = "",
    from_name: str = "",
    reply_to: str = "",
    in_reply_to: str = "",
    references: Sequence[str] = (),
    headers: dict[str, str] | None = None,
    attachments: Sequence[dict[str, Any]] = (),
    language: str = "",
    dedupe_key: str | None = None,
    not_before: datetime | None = None,
) -> OutgoingMessage:
    """Promise one mail; it leaves after the present transaction commits, not before `not_before`.

    `tag` goes into the signed Message-ID (e.g. "t12" for feedback 12). With a `dedupe_key` that
    was used before, the earlier message is returned and nothing new is sent. A suppressed
    address, and for surveys a customer who asked to be left alone, gives a message in the state
    `suppressed`, so that it can be seen why nothing went out. Raises AddressNotUsable.
    """
    to_address = to_address.strip().lower()
    if not is_email(to_address):
        raise AddressNotUsable
    fields: dict[str, Any] = {
        "kind": kind,
        "customer": customer,
        "to_address": to_address,
        "to_name": one_line(to_name, 200),
        "from_address": from_address or settings.DEFAULT_FROM_EMAIL,
        "from_name": one_line(from_name or settings.SITE_NAME, 200),
        "reply_to": reply_to,
        "subject": one_line(subject, 255),
        "body_text": body_text,
        "body_html": body_html,
        "language": language,
        "message_id": new_message_id(tag),
        "in_reply_to": in_reply_to,
        "references": " ".join(references),
        "headers": headers or {},
        "attachments": list(attachments),
        "not_before": not_before or timezone.now(),
    }
    why = _suppression(kind, to_address, customer)
    if why:
        fields |= {"state": OutgoingState.SUPPRESSED, "answer": why}
    if dedupe_key is None:
        message, is_new = OutgoingMessage.objects.create(**fields), True
    else:
        message, is_new = OutgoingMessage.objects.get_or_create(
            dedupe_key=dedupe_key, defaults=fields
        )
    if is_new and message.state == OutgoingState.QUEUED and not_before is None:
        enqueue(SEND, outgoing_id=message.pk)  # a later one is found by the periodic task
    return message


def _suppression(kind: OutgoingKind, address: str, customer: Customer | None) -> str:
    point = ContactPoint.objects.filter(
        kind=ContactKind.EMAIL, value=address, suppressed_at__isnull=False
    ).first()
    # A person's own answer is tried even where mail came back before; only a person can know.
    if point is not None and kind != OutgoingKind.REPLY:
        return point.suppressed_reason
    if kind == OutgoingKind.SURVEY and customer is not None and customer.do_not_contact_at:
        return "do_not_contact"
    return ""


@transaction.atomic
def recall(outgoing_id: int) -> OutgoingMessage:
    """Take back a message that has not left yet. Raises TooLateToRecall."""
    message = OutgoingMessage.objects.select_for_update().get(pk=outgoing_id)
    if message.state not in {OutgoingState.QUEUED, OutgoingState.CANCELLED}:
        raise TooLateToRecall
    message.state = OutgoingState.CANCELLED
    message.save(update_fields=["state"])
    return message


def one_line(value: str, limit: int) -> str:
    """`value` without line breaks or other control characters, so that no header can be added."""
    return "".join(c if c.isprintable() else " " for c in value).strip()[:limit]
