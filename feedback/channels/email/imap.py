"""Fetching from a mailbox by IMAP: look at the size, peek at the bytes, store, and only then
mark as seen. Nothing is deleted on the server."""

import imaplib
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from imap_tools import MailBox, MailBoxUnencrypted
from imap_tools.errors import ImapToolsError
from imap_tools.mailbox import BaseMailBox

from config.kernel.models import Beat
from feedback.models import Mailbox
from feedback.services.inbound_mail import store_oversized_mail, store_raw_mail

logger = logging.getLogger(__name__)
TIMEOUT = 30  # seconds, for connecting and for every answer
BATCH = 200  # mails in one poll; the rest comes with the next
HEAD = 64 * 1024
FIRST_POLL_DAYS = 3
# NetEase refuses to open a folder for a client that has not introduced itself (RFC 2971).
imaplib.Commands.setdefault("ID", ("AUTH", "SELECTED"))
INTRODUCTION = '("name" "Huiyin" "version" "1" "vendor" "Huiyin")'


class PollFailed(Exception):
    """The server could not be reached or refused; the message is fit for an admin."""


def poll_mailbox(mailbox_id: int) -> int:
    """Fetch what is new in one mailbox and give how many mails that was.

    One poll at a time per mailbox (a lease in its row). What went wrong is written on the
    mailbox, so that an admin sees it; the mails already stored stay stored.
    """
    mailbox = _take_lease(mailbox_id)
    if mailbox is None:
        return 0
    try:
        with connected(mailbox) as server:
            fetched = _fetch_new(mailbox, server)
    except (PollFailed, ImapToolsError, imaplib.IMAP4.error, OSError) as broken:
        logger.warning("mailbox %s: %s", mailbox.pk, type(broken).__name__)
        _release(mailbox, error=str(broken)[:1000] or type(broken).__name__)
        return 0
    _release(mailbox, error="")
    Beat.objects.mark("mail-poll")
    return fetched


@contextmanager
def connected(mailbox: Mailbox) -> Iterator[BaseMailBox]:
    """A logged-in connection with the mailbox's folder selected. Raises what imaplib raises."""
    kind = MailBox if mailbox.imap_tls else MailBoxUnencrypted
    server = kind(mailbox.imap_host, mailbox.imap_port, timeout=TIMEOUT)
    try:
        # Not server.login(): it selects the folder before we could introduce ourselves.
        answer = server.client.login(mailbox.username, mailbox.password)
        if answer[0] != "OK":
            raise PollFailed("The server refused the user name or the password.")
        if "ID" in server.client.capabilities:
            server.client._simple_command("ID", INTRODUCTION)  # noqa: SLF001 - imaplib knows no ID
        server.folder.set(mailbox.folder)
        yield server
    finally:
        try:
            server.client.logout()
        except (imaplib.IMAP4.error, OSError):
            logger.debug("the server hung up first")


def _fetch_new(mailbox: Mailbox, server: BaseMailBox) -> int:
    validity = int(server.folder.status(mailbox.folder, ["UIDVALIDITY"])["UIDVALIDITY"])
    if mailbox.uid_validity == validity:
        # "5:*" always gives at least the last mail, even when its UID is lower.
        uids = server.uids(f"UID {mailbox.last_uid + 1}:*")
    else:
        # A mailbox we have not met, or one that was rebuilt: what is unread and recent, so that
        # nobody gets an acknowledgement for a mail of last year.
        since = timezone.localdate() - timedelta(days=FIRST_POLL_DAYS)
        uids = server.uids(f"UNSEEN SINCE {since:%d-%b-%Y}")
        highest = int(server.folder.status(mailbox.folder, ["UIDNEXT"])["UIDNEXT"]) - 1
        _remember(mailbox, validity, min([highest, *(int(u) - 1 for u in uids)]))
    new = sorted(int(uid) for uid in uids if int(uid) > mailbox.last_uid)[:BATCH]
    for uid in new:
        _fetch_one(mailbox, server, validity, uid)
    return len(new)


def _fetch_one(mailbox: Mailbox, server: BaseMailBox, validity: int, uid: int) -> None:
    size = _size(server, uid)
    too_large = size > settings.MAIL_MAX_BYTES
    raw = _bytes(server, uid, f"BODY.PEEK[]<0.{HEAD}>" if too_large else "BODY.PEEK[]")
    with transaction.atomic():
        if too_large:
            store_oversized_mail(mailbox, raw, size=size, uid_validity=validity, uid=uid)
        else:
            store_raw_mail(mailbox, raw, uid_validity=validity, uid=uid)
        _remember(mailbox, validity, uid)
    # Only now: what is not stored must stay unread on the server.
    server.client.uid("STORE", str(uid), "+FLAGS", r"(\Seen)")


def _size(server: BaseMailBox, uid: int) -> int:
    _, data = server.client.uid("FETCH", str(uid), "(RFC822.SIZE)")
    for line in data:
        text = line[0] if isinstance(line, tuple) else line
        if text and b"RFC822.SIZE" in text:
            return int(text.partition(b"RFC822.SIZE")[2].strip(b" )").split()[0].rstrip(b")"))
    return 0


def _bytes(server: BaseMailBox, uid: int, what: str) -> bytes:
    _, data = server.client.uid("FETCH", str(uid), f"({what})")
    # Some servers answer twice; the parts of one mail are tuples (header, literal).
    literals = [part[1] for part in data if isinstance(part, tuple)]
    if not literals:
        raise PollFailed(f"The server did not give the mail with UID {uid}.")
    return bytes(literals[0])


def _remember(mailbox: Mailbox, validity: int, uid: int) -> None:
    mailbox.uid_validity, mailbox.last_uid = validity, uid
    mailbox.save(update_fields=["uid_validity", "last_uid"])


def _take_lease(mailbox_id: int) -> Mailbox | None:
    now = timezone.now()
    until = now + timedelta(seconds=settings.LEASE_SECONDS)
    taken = Mailbox.objects.polled().free(now).filter(pk=mailbox_id)
    if not taken.update(lease_until=until, polled_at=now):
        return None
    return Mailbox.objects.get(pk=mailbox_id)


def _release(mailbox: Mailbox, *, error: str) -> None:
    mailbox.lease_until, mailbox.last_error = None, error
    if not error:
        mailbox.succeeded_at = timezone.now()
    mailbox.save(update_fields=["lease_until", "last_error", "succeeded_at"])
