"""Mail that somebody hands to us: a pipe of the mail server, LMTP, a provider by HTTP, the
development mail server."""

from collections.abc import Iterable

from django.conf import settings

from accounts.rules.automatic_mail import without_tag
from feedback.models import InboundMail, Mailbox
from feedback.services.inbound_mail import store_raw_mail


class MailboxUnknown(Exception):
    """No active mailbox has this address."""


class MailTooLarge(Exception):
    """Longer than MAIL_MAX_BYTES. Whoever hands it in tells its sender, who still has it."""


def mailbox_of(address: str) -> Mailbox | None:
    """The active mailbox that mail to `address` is for."""
    wanted = [without_tag(address), address.strip().lower()]
    return Mailbox.objects.filter(address__in=wanted, is_active=True).first()


def receive_raw_mail(
    address: str, raw: bytes, *, beside: Iterable[str] = (), return_path: str | None = None
) -> InboundMail:
    """Store a mail for `address`; a worker reads it. Raises MailboxUnknown, MailTooLarge.

    `beside`: further recipients that are the same mailbox; the mail is stored once for all.
    `return_path`: the envelope's sender where it is known and stands nowhere in the mail yet,
    "" for mail that must not be answered.
    """
    mailbox = mailbox_of(address)
    if mailbox is None:
        raise MailboxUnknown(address)
    ensure_size(raw)
    for one in dict.fromkeys([*beside, address]):
        raw = with_recipient(raw, one)
    if return_path is not None and _fits_a_header(return_path):
        raw = b"Return-Path: <" + return_path.encode() + b">\r\n" + raw
    return store_raw_mail(mailbox, raw)


def ensure_size(raw: bytes) -> None:
    """Raises MailTooLarge."""
    if len(raw) > settings.MAIL_MAX_BYTES:
        raise MailTooLarge


def with_recipient(raw: bytes, address: str) -> bytes:
    """An address with a tag is noted on top of the mail, as mail servers do: what it says may
    stand nowhere else."""
    address = address.strip()
    if "+" not in address or not _fits_a_header(address):
        return raw
    return b"Delivered-To: " + address.encode() + b"\r\n" + raw


def _fits_a_header(address: str) -> bool:
    return address.isprintable() and " " not in address
