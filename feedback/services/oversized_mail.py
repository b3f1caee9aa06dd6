"""Mail that is larger than what is taken in: its sender and the admins are told, once, and the
whole of it is fetched when the limit has been raised since."""

import hashlib

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.enums import OutgoingKind
from accounts.rules.contact import is_email, name_to_greet
from accounts.services.admin_mail import mail_admins
from accounts.services.outbox import queue_mail
from config.kernel.jobs import enqueue
from config.kernel.large_bytes import write_bytes
from config.kernel.printable import printable
from feedback.enums import InboundState, Quarantined
from feedback.models import InboundMail, Mailbox
from feedback.rules.sizes import in_megabytes
from feedback.services.inbound_mail import READ, digest_of, keep_once, raw_fields

TELL = "feedback.tasks.tell_of_oversized_mail"
# Our own mail about a mail that was not taken in; leads to no record.
TAG = "q"
MAX_TRIES_AGAIN = 3


@transaction.atomic
def store_oversized_mail(
    mailbox: Mailbox, head: bytes, *, size: int, uid_validity: int, uid: int
) -> InboundMail:
    """Of a mail that is too large only the beginning is kept; an admin sees it and decides."""
    fields = {
        **raw_fields(head),
        "size": size,
        "state": InboundState.QUARANTINED,
        "reason": Quarantined.TOO_LARGE,
    }
    inbound, is_new = keep_once(mailbox, fields, uid_validity=uid_validity, uid=uid)
    if is_new:
        enqueue(TELL, inbound_id=inbound.pk)
    return inbound


@transaction.atomic
def tell_of_oversized_mail(
    inbound_id: int,
    *,
    message_id: str,
    subject: str,
    sender: str,
    sender_name: str,
    language: str,
    may_be_answered: bool,
) -> None:
    """What its beginning says is noted; whoever sent it is told, unless a machine did, and once
    however often the same mail comes. Admins are told once a day and mailbox."""
    inbound = (
        InboundMail.objects.select_for_update(of=["self"])
        .select_related("mailbox")
        .defer("raw")
        .get(pk=inbound_id)
    )
    inbound.message_id, inbound.subject = message_id[:255], subject[:255]
    inbound.sender = sender[:254]
    inbound.save(update_fields=["message_id", "subject", "sender"])
    which = hashlib.sha256(f"{message_id or inbound.sha256} {sender}".encode()).hexdigest()[:32]
    if may_be_answered and is_email(sender):
        _tell_sender(inbound, sender_name, language, which)
    # Strangers cause it, as often as they like: once a day and mailbox, with how many there are.
    today = timezone.localdate()
    mail_admins(lambda: _words_for_admins(inbound), once=f"oversized:{inbound.mailbox_id}:{today}")


def _tell_sender(inbound: InboundMail, name: str, language: str, which: str) -> None:
    box = inbound.mailbox
    values = {
        "address": box.address,
        "size": in_megabytes(inbound.size),
        "limit": in_megabytes(settings.MAIL_MAX_BYTES),
    }
    with translation.override(language):
        subject = _("Your mail was too large")
        # Not a word of theirs: it may have been written in somebody else's name.
        text = _(
            "Your mail to %(address)s could not be taken in. It has %(size)s, and %(limit)s is "
            "the most that we accept, so nobody has read it yet.\n\n"
            "Please send it once more without its large files, or with smaller ones.\n"
        )
        text %= values
    queue_mail(
        kind=OutgoingKind.ACKNOWLEDGEMENT,
        tag=f"{TAG}{inbound.pk}",
        to_address=inbound.sender,
        to_name=name_to_greet(name),
        from_address=box.address,
        from_name=box.name,
        subject=subject,
        body_text=text,
        language=language,
        in_reply_to=inbound.message_id,
        references=[inbound.message_id] if inbound.message_id else [],
        dedupe_key=f"oversized:{which}",
    )


def _words_for_admins(inbound: InboundMail) -> tuple[str, str]:
    values = {
        "address": inbound.mailbox.address,
        "sender": printable(inbound.sender) or "–",
        "size": in_megabytes(inbound.size),
        "limit": in_megabytes(settings.MAIL_MAX_BYTES),
        "link": settings.SITE_URL + reverse("feedback:mailbox", args=[inbound.mailbox_id]),
    }
    subject = _("A mail to %(address)s was too large")
    text = _(
        "A mail by %(sender)s to %(address)s has %(size)s; %(limit)s is the most that is taken "
        "in (MAIL_MAX_BYTES). It is in quarantine with its beginning, and whole on the mail "
        "server:\n%(link)s\n"
    )
    many = InboundMail.objects.filter(
        mailbox=inbound.mailbox_id,
        state=InboundState.QUARANTINED,
        reason=Quarantined.TOO_LARGE,
    ).count()
    waiting = ngettext(
        "%(n)d such mail is in quarantine here. You are told of them at most once a day.",
        "%(n)d such mails are in quarantine here. You are told of them at most once a day.",
        many,
    )
    return subject % values, f"{text % values}\n{waiting % {'n': many}}\n"


@transaction.atomic
def store_whole_mail(inbound_id: int, raw: bytes) -> None:
    """In the place of its beginning; a worker reads it."""
    inbound = InboundMail.objects.select_for_update(of=["self"]).defer("raw").get(pk=inbound_id)
    if inbound.state != InboundState.QUARANTINED:
        return
    write_bytes(inbound, "raw", raw)
    inbound.sha256, inbound.size = digest_of(raw), len(raw)
    inbound.state, inbound.reason, inbound.attempts = InboundState.RECEIVED, "", 0
    inbound.save(update_fields=["sha256", "size", "state", "reason", "attempts"])
    enqueue(READ, inbound_id=inbound.pk)


@transaction.atomic
def whole_mail_is_gone(inbound_id: int) -> None:
    """The mail server has it no more: its beginning is all there is."""
    InboundMail.objects.filter(
        pk=inbound_id, state=InboundState.QUARANTINED, reason=Quarantined.FETCHED_AGAIN
    ).update(reason=Quarantined.GONE)


@transaction.atomic
def store_unfetched_mail(
    mailbox: Mailbox, head: bytes, *, size: int, uid_validity: int, uid: int
) -> InboundMail:
    """Of a mail that could not be fetched its beginning, if there is that; an admin sees it."""
    fields = {
        **raw_fields(head),
        "size": size,
        "state": InboundState.QUARANTINED,
        "reason": Quarantined.NOT_FETCHED,
    }
    inbound, _is_new = keep_once(mailbox, fields, uid_validity=uid_validity, uid=uid)
    return inbound


def count_try_again(inbound_id: int) -> bool:
    """Before a mail is fetched again; False when that was tried often enough: then it rests in
    quarantine until somebody wants it once more."""
    rows = InboundMail.objects.filter(pk=inbound_id, reason=Quarantined.FETCHED_AGAIN)
    if rows.filter(attempts__lt=MAX_TRIES_AGAIN).update(attempts=F("attempts") + 1):
        return True
    rows.update(reason=Quarantined.NOT_FETCHED)
    return False
