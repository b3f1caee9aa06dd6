"""Mail that a mail server on this machine hands over by LMTP (RFC 2033): each recipient has an
answer of its own, and "250" is said only after the mail is committed.

Whatever is wrong with us is 4xx, so that the mail server keeps the mail and tries again; 5xx
says that there is no such mailbox, or that the mail is too large.
"""

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any

from aiosmtpd.lmtp import LMTP
from django.conf import settings
from django.db import connections

from accounts.rules.automatic_mail import without_tag
from feedback.channels.email.receive import (
    MailboxUnknown,
    MailTooLarge,
    mailbox_of,
    receive_raw_mail,
)
from feedback.models import Mailbox

MAX_CONNECTIONS = 20  # as many as Postfix opens to one place
MAX_RECIPIENTS = 100
THREADS = 4  # each with a connection to the database while it works
GRACE = 30  # seconds for the mails in hand when we are asked to end
_log = logging.getLogger(__name__)

TAKEN = "250 2.1.5 OK"
STORED = "250 2.0.0 Stored"
UNKNOWN = "550 5.1.1 There is no such mailbox here"
SWITCHED_OFF = "450 4.2.1 This mailbox is switched off; try again later"
NOT_NOW = "451 4.3.0 Not now; try again later"
TOO_MANY = "452 4.5.3 Too many recipients; send the others again"
TOO_LARGE = "552 5.3.4 The mail is larger than {megabytes} MB"
ENDING = "421 4.3.2 Ending; try again in a moment"
BUSY = "421 4.3.2 Too many connections; try again in a moment"


class Server:
    """Takes mail from `start` to `stop`."""

    def __init__(self) -> None:
        self.sessions: set[Session] = set()
        self.is_ending = False
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="lmtp")
        self._listening: asyncio.Server | None = None
        self._path: Path | None = None

    async def start(self, *, host: str = "", port: int = 0, path: Path | None = None) -> int:
        """The port, 0 for a socket in the file system. Raises OSError when it is taken."""
        loop = asyncio.get_running_loop()
        if path is not None:
            self._listening = await loop.create_unix_server(self._protocol, path)
            path.chmod(0o660)
            self._path = path
            return 0
        self._listening = await loop.create_server(self._protocol, host, port)
        return int(self._listening.sockets[0].getsockname()[1])

    async def stop(self) -> None:
        """No new mail; those in hand are answered first."""
        self.is_ending = True
        if self._listening is not None:
            self._listening.close()
        for session in list(self.sessions):
            if not session.is_at_work:
                session.end()
        with suppress(TimeoutError):
            async with asyncio.timeout(GRACE):
                while self.sessions:
                    await asyncio.sleep(0.05)
        for session in list(self.sessions):
            session.end()
        self._threads.shutdown(wait=True)
        if self._path is not None:
            self._path.unlink(missing_ok=True)

    async def in_thread(self, work: Callable[..., Any], *given: Any) -> Any:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads, _alone, work, *given)

    def _protocol(self) -> asyncio.Protocol:
        return Session(self) if len(self.sessions) < MAX_CONNECTIONS else _TurnedAway()


class Session(LMTP):
    """One connection of the mail server."""

    # Of what is buffered, not of a line: see `_data`.
    line_length_limit = 1 << 16

    def __init__(self, server: Server) -> None:
        super().__init__(
            _Recipients(server),
            loop=asyncio.get_running_loop(),
            hostname=settings.MAIL_DOMAIN,
            ident="Huiyin",
            data_size_limit=settings.MAIL_MAX_BYTES,
            enable_SMTPUTF8=True,
        )
        self.server, self.is_at_work = server, False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.server.sessions.add(self)
        super().connection_made(transport)

    def connection_lost(self, error: Exception | None) -> None:
        self.server.sessions.discard(self)
        super().connection_lost(error)

    def end(self) -> None:
        """Say goodbye and hang up."""
        if isinstance(self.transport, asyncio.Transport):
            self.transport.write(ENDING.encode() + b"\r\n")
            self.transport.close()

    # aiosmtpd's own says one word about a mail that is too large, however many recipients wait
    # for theirs, and refuses long lines, of which there are honest mails.
    async def smtp_DATA(self, arg: str) -> None:  # noqa: N802 - aiosmtpd finds it by its name
        if await self.check_helo_needed():
            return
        envelope = self.envelope
        if envelope is None or not envelope.rcpt_tos:
            await self.push("503 5.5.1 No recipient was taken")
            return
        if arg:
            await self.push("501 5.5.4 DATA takes nothing")
            return
        self.is_at_work = True
        try:
            await self.push("354 End data with <CR><LF>.<CR><LF>")
            raw = await self._data()
            sender = (envelope.mail_from or "").strip("<>")
            answers = await self.server.in_thread(_keep_for, envelope.rcpt_tos, raw, sender)
            self._set_post_data_state()
            await self.push("\r\n".join(answers))
        finally:
            self.is_at_work = False
        if self.server.is_ending:
            self.end()

    async def _data(self) -> bytes | None:
        """The mail, or None when it is too large; only CR LF . CR LF ends it."""
        mail, size, begins = bytearray(), 0, True
        while True:
            try:
                piece, is_whole = await self._reader.readuntil(b"\r\n"), True
            except asyncio.LimitOverrunError as long:
                piece, is_whole = await self._reader.readexactly(long.consumed), False
            if begins and piece == b".\r\n":
                return bytes(mail) if size <= settings.MAIL_MAX_BYTES else None
            if begins and piece.startswith(b"."):
                piece = piece[1:]
            begins, size = is_whole, size + len(piece)
            if size <= settings.MAIL_MAX_BYTES:
                mail += piece
            else:
                mail.clear()


class _Recipients:
    """What aiosmtpd asks about an envelope."""

    def __init__(self, server: Server) -> None:
        self.server = server

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's words
        self, smtp: Any, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        if len(envelope.rcpt_tos) >= MAX_RECIPIENTS:
            return TOO_MANY
        answer: str = await self.server.in_thread(_answer_about, address)
        if answer == TAKEN:
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_exception(self, error: Exception) -> str:
        _log.error("A mail could not be taken.", exc_info=error)
        return NOT_NOW


class _TurnedAway(asyncio.Protocol):
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        if isinstance(transport, asyncio.Transport):
            transport.write(BUSY.encode() + b"\r\n")
            transport.close()


def _alone(work: Callable[..., Any], *given: Any) -> Any:
    """In a thread: the database may be another one by the time of the next mail."""
    try:
        return work(*given)
    finally:
        connections.close_all()


def _answer_about(address: str) -> str:
    if not address.isprintable():  # not to be stored by any database, so nobody's
        return UNKNOWN
    try:
        if mailbox_of(address) is not None:
            return TAKEN
        is_ours = Mailbox.objects.filter(address=without_tag(address)).exists()
    except Exception:
        _log.exception("A recipient could not be looked up.")
        return NOT_NOW
    return SWITCHED_OFF if is_ours else UNKNOWN


def _keep_for(addresses: list[str], raw: bytes | None, sender: str) -> list[str]:
    """What to say to each recipient of a mail; it is stored once for those who are the same
    mailbox."""
    groups: dict[object, list[str]] = {}
    for address in addresses:
        groups.setdefault(_whose(address), []).append(address)
    said: dict[str, str] = {}
    for group in groups.values():
        said |= dict.fromkeys(group, _keep(group, raw, sender))
    return [said[address] for address in addresses]


def _whose(address: str) -> object:
    try:
        box = mailbox_of(address)
    except Exception:  # which storing will run into, and tell
        return address
    return address if box is None else box.pk


def _keep(addresses: list[str], raw: bytes | None, sender: str) -> str:
    """What to say to the recipients of a mail who are one mailbox; `raw` is None for one that is
    too large."""
    try:
        if raw is None:
            raise MailTooLarge  # noqa: TRY301 - said in one place
        first, *beside = addresses
        receive_raw_mail(first, raw, beside=beside, return_path=sender)
    except MailTooLarge:
        return TOO_LARGE.format(megabytes=settings.MAIL_MAX_BYTES // (1024 * 1024))
    except MailboxUnknown:  # switched off since it was asked about
        return SWITCHED_OFF
    except Exception:
        _log.exception("A mail could not be stored.")
        return NOT_NOW
    return STORED
