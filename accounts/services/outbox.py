"""Mail that we promise to send: written down first, handed over later by a worker."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounts.enums import NotSent, OutgoingKind, OutgoingState
from accounts.errors import AddressNotUsable, CannotSendAgain, TooLateToRecall
from accounts.events import OutgoingSettled
from accounts.models import ContactPoint, Customer, OutgoingMessage
from accounts.models.outgoing import WAITING
from accounts.rules.automatic_mail import (
    ACKNOWLEDGEMENTS,
    HOUR,
    LONGEST,
    PER_ADDRESS,
    PER_MATTER,
    ceiling_reached,
    ceilings,
    reads_nobody,
)
from accounts.rules.contact import is_email
from accounts.selectors.mail_limits import mail_limits
from accounts.selectors.own_addresses import is_own_address
from config.kernel.events import announce
from config.kernel.jobs import enqueue
from config.kernel.kept import settings_at
from config.kernel.mail_ids import new_message_id
from config.kernel.printable import printable
from config.kernel.site import site_name

SEND = "accounts.tasks.send_outgoing"
BLANK_ADDRESS = "removed@invalid"  # RFC 2606: no mail ever gets there


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
    is_first: bool = False,
    not_before: datetime | None = None,
) -> OutgoingMessage:
    """Promise one mail; it leaves after the present transaction commits, not before `not_before`.

    `tag` goes into the signed Message-ID (e.g. "t12" for feedback 12). With a `dedupe_key` that
    was used before, the earlier message is returned and nothing new is sent; `is_first` says that
    it cannot have been, because what it names was made in this transaction. Where a mail must
    not go (`reason_not_to_send`) the message is stored in the state `suppressed`, so that it can
    be seen why nothing went out. Raises AddressNotUsable.
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
        "from_name": one_line(from_name or site_name(language), 200),
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
    with settings_at():  # mailboxes and limits by one statement
        why = reason_not_to_send(kind, to_address, tag=tag, customer=customer)
    if why is not None:
        fields |= {"state": OutgoingState.SUPPRESSED, "answer": why}
    # No savepoint inside a caller's transaction: nothing here fails that one could go on from.
    with transaction.atomic(savepoint=False):
        wanted = OutgoingMessage(dedupe_key=dedupe_key, **fields)
        message, is_new = _write_down(wanted, is_first=is_first or dedupe_key is None)
        if is_new:
            _set_in_motion(message, later=not_before is not None or kind.goes_to_many)
    return message


def _write_down(message: OutgoingMessage, *, is_first: bool) -> tuple[OutgoingMessage, bool]:
    """The message and True; the earlier one with its dedupe key and False, if there is one."""
    if is_first:
        message.save(force_insert=True)
        return message, True
    OutgoingMessage.objects.bulk_create([message], ignore_conflicts=True)
    stored = OutgoingMessage.objects.get(dedupe_key=message.dedupe_key)
    return stored, stored.key == message.key


def _set_in_motion(message: OutgoingMessage, *, later: bool) -> None:
    if message.state == OutgoingState.SUPPRESSED:
        announce(OutgoingSettled(outgoing_id=message.pk))
    elif not later:  # others are found by the periodic task; a campaign is no thousand jobs
        enqueue(SEND, outgoing_id=message.pk)


def reason_not_to_send(
    kind: OutgoingKind, address: str, *, tag: str, customer: Customer | None
) -> NotSent | None:
    """Why a mail of this kind must not go to `address` (lower case); None when it may.

    What a person wrote is only held back from our own addresses, where it would come in again
    as feedback: whether an address that once refused works now, only a person can know.
    """
    if is_own_address(address):
        return NotSent.OWN_ADDRESS
    if not kind.automatic:
        return None
    why = _unwanted(kind, address, customer)
    # Staff are invited by an admin, and their password mails are limited where they are asked for.
    if why is not None or kind == OutgoingKind.ACCOUNT:
        return why
    if reads_nobody(address):
        return NotSent.NOBODY_READS
    return NotSent.TOO_MANY if _ceiling_reached(kind, address, tag) else None


def _unwanted(kind: OutgoingKind, address: str, customer: Customer | None) -> NotSent | None:
    # An address belongs to one customer; that of one made a moment ago has refused nothing yet.
    first = (customer.first_points if customer is not None else None) or ()
    if all(point.value != address for point in first):
        point = ContactPoint.objects.email(address).blocked(timezone.now()).first()
        if point is not None:
            return NotSent(point.suppressed_reason)
    if kind.goes_to_many and customer is not None and customer.do_not_contact_at:
        return NotSent.DO_NOT_CONTACT
    return None


def _ceiling_reached(kind: OutgoingKind, address: str, tag: str) -> bool:
    now, limits = timezone.now(), mail_limits()
    automatic = [one for one in OutgoingKind if one.automatic]
    to_it = ceilings(PER_ADDRESS, limits.to_address, window=HOUR)
    about = ceilings(PER_MATTER, limits.about_record, window=HOUR)
    answered = ceilings(ACKNOWLEDGEMENTS, limits.acknowledgements, window=3 * HOUR)
    sent = OutgoingMessage.objects.really_to(address).filter(
        kind__in=automatic, created_at__gt=now - LONGEST
    )
    # Rows, not counts: there are none as a rule, and never more than the highest ceiling.
    most = max(to_it.values())
    rows = list(sent.order_by().values_list("created_at", "kind", "message_id")[:most])
    about_it = [row for row in rows if row[2].startswith(f"<{tag}.")]
    acks = [row for row in rows if row[1] == kind == OutgoingKind.ACKNOWLEDGEMENT]
    return any(
        ceiling_reached(
            {window: sum(at > now - window for at, *_ in some) for window in most_of}, most_of
        )
        for some, most_of in ((rows, to_it), (about_it, about), (acks, answered))
    )


@transaction.atomic
def recall(
    outgoing_id: int, *, also_waiting: bool = False, also_started: bool = False
) -> OutgoingMessage:
    """Take back a message that has not left yet; with `also_waiting` also one that was tried
    before and waits for its next attempt, with `also_started` one whose sender may have died.
    Raises TooLateToRecall."""
    message = OutgoingMessage.objects.select_for_update().get(pk=outgoing_id)
    early = {OutgoingState.QUEUED, OutgoingState.HELD, OutgoingState.CANCELLED}
    if also_waiting or also_started:
        early.add(OutgoingState.RETRY)
    if also_started:
        early.add(OutgoingState.SENDING)
    if message.state not in early:
        raise TooLateToRecall
    message.state, message.lease_until = OutgoingState.CANCELLED, None
    message.save(update_fields=["state", "lease_until"])
    return message


@transaction.atomic
def blank_mail(which: Q) -> int:
    """Forget what these mails said and to whom; how many. What has not left is cancelled. Of the
    row remains what figures and threads need: kind, state, times, Message-ID."""
    rows = OutgoingMessage.objects.select_for_update().filter(which)
    for mail in rows:
        if mail.state in {*WAITING, OutgoingState.SENDING, OutgoingState.HELD}:
            mail.state, mail.lease_until = OutgoingState.CANCELLED, None
        mail.customer, mail.to_address, mail.to_name = None, BLANK_ADDRESS, ""
        mail.subject = mail.body_text = mail.body_html = mail.reply_to = mail.references = ""
        mail.in_reply_to, mail.headers, mail.attachments, mail.answer = "", {}, [], ""
        mail.save()
    return len(rows)


@transaction.atomic
def send_again(outgoing_id: int) -> OutgoingMessage:
    """Try a message once more that failed or stayed uncertain, under the same Message-ID, with
    a full set of attempts. Raises CannotSendAgain."""
    message = OutgoingMessage.objects.select_for_update().get(pk=outgoing_id)
    if not message.can_be_sent_again:
        raise CannotSendAgain
    message.state, message.attempts, message.not_before = OutgoingState.QUEUED, 0, timezone.now()
    message.on_hold = False
    message.save(update_fields=["state", "attempts", "not_before", "on_hold"])
    enqueue(SEND, outgoing_id=message.pk)
    return message


def one_line(value: str, limit: int) -> str:
    """`value` without line breaks or other control characters, so that no header can be added."""
    return printable(value).strip()[:limit]
