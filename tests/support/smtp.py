"""A real SMTP server in the test process. What it does is decided by how the recipient begins:

no.user@…      550 at RCPT           greylisted@…   450 at RCPT (`patience` times)
too.big@…      552 after the mail    busy@…         451 after the mail
breaks@…       cuts the connection at RCPT
kept.silent@…  keeps the mail, then cuts the connection instead of answering
cut.off@…      cuts the connection without keeping the mail
in.the.middle@…  cuts the connection while the mail is on its way (`patience` times)
hangs@…        keeps the mail and never answers
anybody else   250
"""

import asyncio
import base64
import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from email import message_from_bytes
from email.policy import default

import pytest
from aiosmtpd.smtp import SMTP, AuthResult

from tests.support.processes import PATIENCE


@dataclass
class Taken:
    """A mail that the server kept."""

    sender: str
    recipients: list[str]
    raw: bytes

    @property
    def mail(self):
        return message_from_bytes(self.raw, policy=default)

    @property
    def message_id(self) -> str:
        return str(self.mail["Message-ID"])


@dataclass
class SmtpServer:
    port: int = 0
    taken: list[Taken] = field(default_factory=list)
    connections: int = 0
    is_down: bool = False
    token: str = ""  # what XOAUTH2 accepts; without it there is no way to sign in
    proofs: list[str] = field(default_factory=list)
    wants_login: bool = False
    # How often each address that is turned away is, before it is let in.
    patience: int = 1_000
    turned_away: Counter[str] = field(default_factory=Counter)
    # Told of each moment of a dialogue ("recipient", "kept") with the address, before the answer.
    at: Callable[[str, str], None] = lambda moment, address: None

    def takes(self, address: str) -> list[Taken]:
        return [one for one in self.taken if address in one.recipients]

    async def handle_EHLO(self, server, session, envelope, hostname, responses):  # noqa: N802
        self.connections += 1
        session.host_name = hostname
        return ["421 4.3.2 Closing for today"] if self.is_down else responses

    async def auth_XOAUTH2(self, server, args):  # noqa: N802
        self.proofs.append(base64.b64decode(args[1]).decode())
        if self.proofs[-1].endswith(f"auth=Bearer {self.token}\x01\x01"):
            return AuthResult(success=True)
        await server.challenge_auth('{"status":"401"}')
        return AuthResult(success=False, handled=False)

    async def handle_MAIL(self, server, session, envelope, address, options):  # noqa: N802
        if self.wants_login:
            return "530 5.7.0 Authentication required"
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802
        if address.startswith("no.user"):
            return "550 5.1.1 No such user"
        if address.startswith("breaks"):
            server.transport.abort()
            return ""
        if address.startswith("greylisted") and self._turned_away(address):
            return "450 4.2.0 Come back later"
        envelope.rcpt_tos.append(address)
        self.at("recipient", address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        local = envelope.rcpt_tos[0].partition("@")[0]
        if local.startswith("too.big"):
            return "552 5.2.3 Too big"
        if local.startswith("busy") and self._turned_away(envelope.rcpt_tos[0]):
            return "451 4.3.0 Busy"
        if local.startswith("cut.off"):
            server.transport.abort()
            return ""
        self.taken.append(Taken(envelope.mail_from, envelope.rcpt_tos, envelope.content))
        self.at("kept", envelope.rcpt_tos[0])
        if local.startswith("kept.silent"):
            server.transport.abort()
            return ""
        if local.startswith("hangs"):
            await asyncio.sleep(10 * PATIENCE)
        return "250 2.0.0 Taken"

    def _turned_away(self, address: str) -> bool:
        self.turned_away[address] += 1
        return self.turned_away[address] <= self.patience


class Dialogue(SMTP):
    async def smtp_DATA(self, arg):  # noqa: N802
        server, recipients = self.event_handler, self.envelope.rcpt_tos
        if (
            not recipients
            or not recipients[0].startswith("in.the.middle")
            or not server._turned_away(recipients[0])
        ):
            await super().smtp_DATA(arg)
            return
        await self.push("354 Go on")
        await self._reader.readuntil(b"\r\n")
        self.transport.abort()


@pytest.fixture
def smtp_server(settings):
    """The server, running, with the settings pointing at it."""
    server = SmtpServer()
    loop = asyncio.new_event_loop()
    # A loop of its own in a thread of its own: the browser tests have one running in this thread.
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    starting = loop.create_server(
        lambda: Dialogue(
            server, hostname="mail.test", loop=loop, auth_require_tls=not server.token
        ),
        "127.0.0.1",
        0,
    )
    listening = asyncio.run_coroutine_threadsafe(starting, loop).result(PATIENCE)
    server.port = listening.sockets[0].getsockname()[1]
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    settings.EMAIL_HOST_USER = ""
    settings.EMAIL_TIMEOUT = PATIENCE
    yield server
    asyncio.run_coroutine_threadsafe(_close(listening), loop).result(PATIENCE)
    loop.call_soon_threadsafe(loop.stop)
    thread.join(PATIENCE)
    loop.close()


async def _close(listening) -> None:
    listening.close()
    await asyncio.sleep(0)
    others = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)
