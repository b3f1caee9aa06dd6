"""Asking mailboxes for mail by IMAP: when, signing in, and what is said when it fails. Which
mails are fetched, and how: fetching.py."""

import imaplib
import logging
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic

from imap_tools import MailBox, MailBoxUnencrypted
from imap_tools.errors import ImapToolsError, MailboxFolderSelectError
from imap_tools.mailbox import BaseMailBox

from config.kernel.models import Beat
from config.kernel.oauth import TokenRefused, proof
from config.kernel.printable import printable
from feedback.channels.email.fetching import BATCH, fetch_again, fetch_new
from feedback.channels.email.imap_answers import PollFailed, hung_up_after
from feedback.channels.email.oauth import PROBLEMS, access_token
from feedback.enums import MailboxProblem, SignInBy
from feedback.models import Mailbox
from feedback.services.fetch_progress import was_refused
from feedback.services.mailbox_tokens import forget_token
from feedback.services.polling import (
    poll_failed,
    poll_worked,
    take_due_mailbox,
    take_mailbox,
)

logger = logging.getLogger(__name__)
TIMEOUT = 30  # seconds, for connecting and for every answer
# One job must not be ended in the middle (JOB_SECONDS), so it begins no further poll after the
# first of these, a poll no further mail after the second, and is broken off after the third.
ROUND_SECONDS = 10
POLL_SECONDS = 45
LONGEST_POLL = 90
KNOWN = (PollFailed, ImapToolsError, imaplib.IMAP4.error, OSError, UnicodeError)
# NetEase refuses to open a folder for a client that has not introduced itself (RFC 2971).
imaplib.Commands.setdefault("ID", ("AUTH", "SELECTED"))
INTRODUCTION = '("name" "Huiyin" "version" "1" "vendor" "Huiyin")'


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
    before, began = mailbox.last_uid, monotonic()
    ends = began + POLL_SECONDS
    try:
        with connected(mailbox) as server, hung_up_after(server.client, began + LONGEST_POLL):
            fetched = fetch_new(mailbox, server, ends)
            fetch_again(mailbox, server, ends)
    except Exception as broken:
        failed = why(broken)
        is_known = isinstance(broken, KNOWN)
        logger.warning("mailbox %s: %s", mailbox.pk, failed.problem, exc_info=not is_known)
        if failed.problem == MailboxProblem.SLOW and mailbox.fetching_uid is not None:
            was_refused(mailbox)
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
    server = _server(mailbox)
    try:
        _sign_in(mailbox, server)
        server.folder.set(mailbox.folder)
        yield server
    finally:
        try:
            server.client.logout()
        except (imaplib.IMAP4.error, OSError):
            server.client.shutdown()  # which logout() does only when it was answered


def _server(mailbox: Mailbox) -> BaseMailBox:
    host, port = mailbox.imap_host, mailbox.imap_port
    if not mailbox.imap_tls:
        return MailBoxUnencrypted(host, port, timeout=TIMEOUT)
    # Left to itself, imaplib believes any certificate.
    context = ssl.create_default_context()
    return MailBox(host, port, timeout=TIMEOUT, ssl_context=context)


def _sign_in(mailbox: Mailbox, server: BaseMailBox) -> None:
    try:
        # Not server.login(): it selects the folder before we could introduce ourselves.
        sign_in(mailbox, server.client)
    except imaplib.IMAP4.abort:  # the line broke; that says nothing about the password
        raise
    except imaplib.IMAP4.error as refused:
        by_token = mailbox.sign_in_by == SignInBy.OAUTH2
        problem = MailboxProblem.TOKEN_REFUSED if by_token else MailboxProblem.SIGN_IN
        raise PollFailed(problem, words(refused)) from refused


def sign_in(mailbox: Mailbox, client: imaplib.IMAP4) -> None:
    """With the password or, where OAuth 2 is chosen, an access token; then say who we are.
    Raises PollFailed when there is no token, else what imaplib raises."""
    _authenticate(mailbox, client)
    try:
        # Whether it is advertised or not: some do so only after signing in, and ask for it.
        client._simple_command("ID", INTRODUCTION)  # noqa: SLF001 - imaplib knows no ID
    except imaplib.IMAP4.abort:
        raise
    except imaplib.IMAP4.error:  # it does not know the command, and so does not ask for it
        return


def _authenticate(mailbox: Mailbox, client: imaplib.IMAP4) -> None:
    if mailbox.sign_in_by != SignInBy.OAUTH2:
        if not (mailbox.username + mailbox.password).isascii():
            raise PollFailed(MailboxProblem.CHARACTERS)
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
        case UnicodeDecodeError():
            problem = MailboxProblem.ANSWER
        case socket.gaierror() | UnicodeError():  # the latter: no host can have such a name
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
