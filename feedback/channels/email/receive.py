"""Mail that somebody hands to us: a pipe of the mail server, the development mail server."""

from django.conf import settings

from feedback.models import InboundMail, Mailbox
from feedback.services.inbound_mail import store_raw_mail


class MailboxUnknown(Exception):
    """No active mailbox has this address."""


class MailTooLarge(Exception):
    """Longer than MAIL_MAX_BYTES. Whoever hands it in tells its sender, who still has it."""


def mailbox_of(address: str) -> Mailbox | None:
    """The active mailbox that mail to `address` is for; "help+t12.x@" is for "help@"."""
    local, _, domain = address.strip().lower().partition("@")
    plain = f"{local.partition('+')[0]}@{domain}"
    return Mailbox.objects.filter(address__in=[plain, f"{local}@{domain}"], is_active=True).first()


def receive_raw_mail(address: str, raw: bytes) -> InboundMail:
    """Store a mail for `address`; a worker reads it. Raises MailboxUnknown,
    MailTooLarge.

    An address with a tag is noted on top of the mail, as mail servers do: what it says may
    stand nowhere else.
    """
    mailbox = mailbox_of(address)
    if mailbox is None:
        raise MailboxUnknown(address)
    if len(raw) > settings.MAIL_MAX_BYTES:
        raise MailTooLarge(address)
    if "+" in address:
        raw = b"Delivered-To: " + address.strip().encode() + b"\r\n" + raw
    return store_raw_mail(mailbox, raw)
