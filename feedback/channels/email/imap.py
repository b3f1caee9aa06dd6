"""Fetching from a mailbox by IMAP: look at the size, peek at the bytes, store, and only then
mark as seen. Nothing is deleted on the server."""

import imaplib
import logging
import re
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from time import monotonic

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from imap_tools import MailBox, MailBoxUnencrypted
from imap_tools.errors import ImapToolsError, MailboxFolderSelectError
from imap_tools.mailbox import BaseMailBox

from config.kernel.models import Beat
from config.kernel.oauth import TokenRefused, proof
from config.kernel.printable import printable
from feedback.channels.email.oauth import PROBLEMS, access_token
from feedback.enums import MailboxProblem, SignInBy
from feedback.models import Mailbox
from feedback.selectors.mailboxes import mails_to_fetch_again
from feedback.services.inbound_mail import store_raw_mail
from feedback.services.mailbox_tokens import forget_token
from feedback.services.oversized_mail import (
    store_oversized_mail,
    store_whole_mail,
    whole_mail_is_gone,
)
from feedback.services.polling import (
    poll_failed,
    poll_worked,
    take_due_mailbox,
    take_mailbox,
)

logger = logging.getLogger(__name__)
TIMEOUT = 30  # seconds, for connecting and for every answer
BATCH = 200  # mails in one poll; the rest comes with the next
POLL_SECONDS = 45  # then the rest waits for the next poll: one job must not be ended in the middle
ROUND_SECONDS = 20  # then one job begins no further poll
HEAD = 64 * 1024
FIRST_POLL_DAYS = 3
# NetEase refuses to open a folder for a client that has not introduced itself (RFC 2971).
imaplib.Commands.setdefault("ID", ("AUTH", "SELECTED"))
INTRODUCTION = '("name" "Huiyin" "version" "1" "vendor" "Huiyin")'


_UID = re.compile(rb"\bUID (\d+)", re.IGNORECASE)
_SIZE = re.compile(rb"RFC822\.SIZE (\d+)", re.IGNORECASE)


class PollFailed(Exception):
    """The server could not be reached or refused; `said` is what it told."""

    def __init__(self, problem: MailboxProblem, said: str = "") -> None:
        super().__init__(f"{problem}: {said}")
        self.problem, self.said = problem, said


def poll_due_mailboxes() -> None:
    """One after the other, for a while; those whose last poll failed are left to
    `poll_failing_mailbox`."""
    ends = monotonic() + ROUND_SECONDS
    while monotonic() < ends and (mailbox := take_due_mailbox(failing=False)):
        _poll(mailbox)


def poll_failing_mailbox() -> None:
    """One whose last poll failed and whose rest is over: its server may be silent for long."""
    if mailbox := take_due_mailbox(failing=True):
        _poll(mailbox)


def poll_mailbox(mailbox_id: int) -> int:
    """Fetch what is new in this mailbox, due or not, and give how many mails that was."""
    mailbox = take_mailbox(mailbox_id)
    return _poll(mailbox) if mailbox else 0


def _poll(mailbox: Mailbox) -> int:
    """One poll at a time per mailbox (a lease in its row). What went wrong is written on the
    mailbox, so that an admin sees it; the mails already stored stay stored."""
    before = mailbox.last_uid
    try:
        with connected(mailbox) as server:
            fetched = _fetch_new(mailbox, server)
            _fetch_again(mailbox, server)
    except (PollFailed, ImapToolsError, imaplib.IMAP4.error, OSError) as broken:
        failed = why(broken)
        logger.warning("mailbox %s: %s", mailbox.pk, failed.problem)
        got_further = mailbox.last_uid > before
        poll_failed(mailbox, failed.problem, failed.said, got_further=got_further)
        return 0
    poll_worked(mailbox, has_more=fetched >= BATCH)
    Beat.objects.mark("mail-poll")
    return fetched


@contextmanager
def connected(mailbox: Mailbox) -> Iterator[BaseMailBox]:
    """A logged-in connection with the mailbox's folder selected. Raises PollFailed and, once
    it stands, what imaplib raises."""
    kind = MailBox if mailbox.imap_tls else MailBoxUnencrypted
    server = kind(mailbox.imap_host, mailbox.imap_port, timeout=TIMEOUT)
    try:
        _sign_in(mailbox, server)
        if "ID" in server.client.capabilities:
            server.client._simple_command("ID", INTRODUCTION)  # noqa: SLF001 - imaplib knows no ID
        server.folder.set(mailbox.folder)
        yield server
    finally:
        try:
            server.client.logout()
        except (imaplib.IMAP4.error, OSError):
            server.client.shutdown()  # which logout() does only when it was answered


def _sign_in(mailbox: Mailbox, server: BaseMailBox) -> None:
    try:
        # Not server.login(): it selects the folder before we could introduce ourselves.
        sign_in(mailbox, server.client)
    except imaplib.IMAP4.abort:  # the line broke; that says nothing about the password
        raise
    except imaplib.IMAP4.error as refused:
        raise PollFailed(MailboxProblem.SIGN_IN, words(refused)) from refused


def sign_in(mailbox: Mailbox, client: imaplib.IMAP4) -> None:
    """With the password or, where OAuth 2 is chosen, an access token. Raises PollFailed when
    there is no token, else what imaplib raises."""
    if mailbox.sign_in_by != SignInBy.OAUTH2:
        client.login(mailbox.username, mailbox.password)
        return
    try:
        token = access_token(mailbox)
    except TokenRefused as refused:
        raise PollFailed(PROBLEMS[refused.because], refused.said) from refused
    # Refused, the server tells why and waits for an empty line.
    answers = iter([proof(mailbox.username, token).encode()])
    try:
        client.authenticate("XOAUTH2", lambda _challenge: next(answers, b""))
    except imaplib.IMAP4.abort:
        raise
    except imaplib.IMAP4.error:
        forget_token(mailbox.pk)
        raise


def why(broken: Exception) -> PollFailed:
    """What went wrong, as it is told to people."""
    said = words(broken)
    match broken:
        case PollFailed():
            return broken
        case socket.gaierror():
            problem = MailboxProblem.HOST
        case ssl.SSLError():
            problem = MailboxProblem.TLS
        case TimeoutError():
            problem = MailboxProblem.SILENT
        case ConnectionRefusedError():
            problem = MailboxProblem.REFUSED
        case MailboxFolderSelectError():
            problem = MailboxProblem.FOLDER
        case OSError() | imaplib.IMAP4.abort():
            problem = MailboxProblem.BROKEN
        case _:
            problem = MailboxProblem.ANSWER
    return PollFailed(problem, said)


def words(broken: Exception) -> str:
    """What an exception says; imaplib puts the server's bytes into its own."""
    first = broken.args[0] if broken.args else ""
    text = first.decode("utf-8", "replace") if isinstance(first, bytes) else str(broken)
    text = text or type(broken).__name__
    return printable(text)[:300]


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
    ends, fetched = monotonic() + POLL_SECONDS, 0
    for uid in new:
        if monotonic() > ends:
            break
        _fetch_one(mailbox, server, validity, uid)
        fetched += 1
    return fetched


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


def _fetch_again(mailbox: Mailbox, server: BaseMailBox) -> None:
    """Mails that were too large when they came, and that somebody wants to have whole now."""
    for wanted in mails_to_fetch_again(mailbox):
        uid = wanted.uid or 0
        size = _size(server, uid) if wanted.uid_validity == mailbox.uid_validity else 0
        is_there = 0 < size <= settings.MAIL_MAX_BYTES
        try:
            raw = _bytes(server, uid, "BODY.PEEK[]") if is_there else b""
        except PollFailed:  # somebody deleted it just now
            raw = b""
        if raw:
            store_whole_mail(wanted.pk, raw)
        else:
            whole_mail_is_gone(wanted.pk)


def _size(server: BaseMailBox, uid: int) -> int:
    for said, _ in _answers(server, uid, "RFC822.SIZE"):
        if found := _SIZE.search(said):
            return int(found[1])
    return 0


def _bytes(server: BaseMailBox, uid: int, what: str) -> bytes:
    for _, literal in _answers(server, uid, what):
        if literal is not None:
            return literal
    raise PollFailed(MailboxProblem.ANSWER, f"UID {uid}: no content")


def _answers(server: BaseMailBox, uid: int, what: str) -> Iterator[tuple[bytes, bytes | None]]:
    """What the server says about one mail: (words, literal). Some servers answer twice, or tell
    of other mails in between; an answer that names another UID is not for us."""
    _, data = server.client.uid("FETCH", str(uid), f"({what})")
    for at, part in enumerate(data):
        said, literal = part if isinstance(part, tuple) else (part or b"", None)
        following = data[at + 1] if literal is not None and at + 1 < len(data) else b""
        tail = following if isinstance(following, bytes) else b""
        named = _UID.search(bytes(said)) or _UID.search(tail)
        if named is None or int(named[1]) == uid:
            yield bytes(said), None if literal is None else bytes(literal)


def _remember(mailbox: Mailbox, validity: int, uid: int) -> None:
    mailbox.uid_validity, mailbox.last_uid = validity, uid
    mailbox.save(update_fields=["uid_validity", "last_uid"])
