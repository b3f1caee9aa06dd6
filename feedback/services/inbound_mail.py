"""Mail as it arrived: stored first, understood later, never lost."""

import hashlib
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import Case, F, When

from config.kernel.jobs import enqueue
from config.kernel.large_bytes import LARGE, read_bytes, write_bytes
from feedback.enums import InboundState, Quarantined
from feedback.models import InboundMail, Mailbox, Message
from feedback.selectors.mailboxes import can_be_fetched_whole
from feedback.services.mailboxes import fetch_now

READ = "feedback.tasks.read_inbound_mail"
# More than a few kills in a row at the wrong moment; a mail that is itself what kills its readers
# is held up by kernel/cluster.py between them.
MAX_ATTEMPTS = 5


def digest_of(raw: bytes) -> str:
    return hashlib.sha256(raw).hexdigest()


@transaction.atomic
def store_raw_mail(
    mailbox: Mailbox, raw: bytes, *, uid_validity: int | None = None, uid: int | None = None
) -> InboundMail:
    """Keep the bytes of one mail and have it read by a worker. The same UID is kept once."""
    fields = raw_fields(raw)
    is_large = len(raw) > LARGE
    if is_large:
        fields["raw"] = b""
    inbound, is_new = keep_once(mailbox, fields, uid_validity=uid_validity, uid=uid)
    if is_new and is_large:
        write_bytes(inbound, "raw", raw)
    if is_new:
        enqueue(READ, inbound_id=inbound.pk)
    return inbound


def keep_once(
    mailbox: Mailbox, fields: dict[str, Any], *, uid_validity: int | None, uid: int | None
) -> tuple[InboundMail, bool]:
    """The row of a mail, and whether it is new. A UID says which mail it is only together with
    its bytes: another account, or another folder, may have the same numbers (UIDVALIDITY is 1
    at Gmail). Its mail is kept without a number; filing finds the real copies."""
    if uid is not None:
        inbound, is_new = InboundMail.objects.defer("raw").get_or_create(
            mailbox=mailbox, uid_validity=uid_validity, uid=uid, defaults=fields
        )
        if is_new or inbound.sha256 == fields["sha256"]:
            return inbound, is_new
    return InboundMail.objects.create(mailbox=mailbox, **fields), True


def raw_fields(raw: bytes) -> dict[str, Any]:
    """The bytes of a mail and what says which they are, as fields of InboundMail."""
    return {"raw": raw, "size": len(raw), "sha256": digest_of(raw)}


def settle(
    inbound: InboundMail, state: InboundState, *, reason: str = "", message: Message | None = None
) -> None:
    """Say what became of a mail. The caller holds its lock."""
    inbound.state, inbound.reason, inbound.filed_as = state, reason, message
    inbound.save(
        update_fields=[
            "state", "reason", "filed_as", "message_id", "content_digest", "subject", "sender",
        ]
    )  # fmt: skip


def keep_sender_check(
    message: Message,
    check: Mapping[str, str | bool] | None,
    *,
    author: Mapping[str, str] | None = None,
) -> None:
    """Beside a message that was just filed: what our server found out about its sender, and who
    wrote the mail that it forwards (Message.authentication, Message.forwarded)."""
    if not check and not author:
        return
    message.authentication, message.forwarded = dict(check or {}), dict(author or {})
    message.save(update_fields=["authentication", "forwarded"])


@transaction.atomic
def count_attempt(inbound_id: int) -> InboundMail | None:
    """Before reading: the attempt is on record even if the reading kills the process. The mail
    comes without its bytes (`bytes_of`) when they are large.

    None when there is nothing to do; after MAX_ATTEMPTS the mail goes into quarantine.
    """
    small = Case(When(size__lte=LARGE, then=F("raw")), default=None)
    rows = InboundMail.objects.select_for_update(of=["self"]).defer("raw")
    inbound = rows.annotate(small=small).get(pk=inbound_id)
    if inbound.state != InboundState.RECEIVED:
        return None
    if inbound.attempts >= MAX_ATTEMPTS:
        settle(inbound, InboundState.QUARANTINED, reason=inbound.reason or Quarantined.NEVER_READ)
        return None
    inbound.attempts += 1
    inbound.save(update_fields=["attempts"])
    return inbound


def bytes_of(inbound: InboundMail) -> bytes:
    """What `count_attempt` gave the mail without."""
    small = getattr(inbound, "small", None)
    return read_bytes(inbound, "raw") if small is None else bytes(small)


@transaction.atomic
def reading_failed(inbound_id: int, reason: str) -> None:
    """Reading raised: try again later, or set the mail aside so that the next ones flow."""
    rows = InboundMail.objects.select_for_update(of=["self"]).defer("raw")
    inbound = rows.get(pk=inbound_id)
    if inbound.state != InboundState.RECEIVED:
        return
    if inbound.attempts >= MAX_ATTEMPTS:
        settle(inbound, InboundState.QUARANTINED, reason=reason[:500])
        return
    inbound.reason = reason[:500]
    inbound.save(update_fields=["reason"])
    enqueue(READ, inbound_id=inbound.pk)


@transaction.atomic
def process_again(inbound_id: int) -> InboundMail:
    """An admin wants a mail to be read once more, whatever became of it, unless it was filed.

    Of one that was too large the whole is fetched first, if the limit is high enough by now
    (`reason` is then Quarantined.FETCHED_AGAIN); else its beginning is read.
    """
    rows = InboundMail.objects.select_for_update(of=["self"]).select_related("mailbox")
    inbound = rows.defer("raw").get(pk=inbound_id)
    if inbound.state == InboundState.FILED:
        return inbound
    if can_be_fetched_whole(inbound):
        inbound.reason, inbound.attempts = Quarantined.FETCHED_AGAIN, 0
        inbound.save(update_fields=["reason", "attempts"])
        fetch_now(inbound.mailbox)
        return inbound
    inbound.state, inbound.reason, inbound.attempts = InboundState.RECEIVED, "", 0
    inbound.save(update_fields=["state", "reason", "attempts"])
    enqueue(READ, inbound_id=inbound.pk)
    return inbound
