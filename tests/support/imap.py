"""As much of an IMAP server as signing in and opening a folder needs, on a loopback port."""

import base64
import socketserver
import threading
from dataclasses import dataclass, field

import pytest

from tests.support.processes import PATIENCE


@dataclass
class ImapServer:
    port: int = 0
    password: str = "right"
    folders: dict[str, int] = field(default_factory=lambda: {"INBOX": 3})
    # NetEase: no folder for a program that has not sent ID.
    wants_id: bool = False
    capabilities: str = "IMAP4rev1 ID AUTH=XOAUTH2"
    token: str = ""  # what XOAUTH2 accepts
    signed_in_as: list[str] = field(default_factory=list)
    commands: list[str] = field(default_factory=list)


class _Dialogue(socketserver.StreamRequestHandler):
    timeout = PATIENCE

    def handle(self) -> None:
        plan: ImapServer = self.server.plan
        has_id = False
        self.say("* OK ready")
        while line := self.rfile.readline().decode().strip():
            tag, _, command = line.partition(" ")
            word, _, rest = command.partition(" ")
            plan.commands.append(word.upper())
            has_id = has_id or word.upper() == "ID"
            self.answer(plan, tag, word.upper(), rest, has_id=has_id)
            if word.upper() == "LOGOUT":
                return

    def answer(self, plan: ImapServer, tag: str, word: str, rest: str, *, has_id: bool) -> None:
        if word == "CAPABILITY":
            self.say(f"* CAPABILITY {plan.capabilities}")
        elif word == "AUTHENTICATE":
            self.authenticate(plan, tag)
            return
        elif word == "LOGIN" and plan.password not in rest:
            self.say(f"{tag} NO LOGIN Login error password error")
            return
        elif word in {"SELECT", "EXAMINE"}:
            folder = rest.strip('"')
            if folder not in plan.folders or (plan.wants_id and not has_id):
                self.say(f"{tag} NO Unsafe Login or no such folder")
                return
            self.say(f"* {plan.folders[folder]} EXISTS")
        self.say(f"{tag} OK done")

    def authenticate(self, plan: ImapServer, tag: str) -> None:
        self.say("+ ")
        said = base64.b64decode(self.rfile.readline()).decode()
        user, _, rest = said.partition("\x01")
        if rest == f"auth=Bearer {plan.token}\x01\x01":
            plan.signed_in_as.append(user.removeprefix("user="))
            self.say(f"{tag} OK done")
            return
        self.say("+ " + base64.b64encode(b'{"status":"400"}').decode())
        self.rfile.readline()  # empty
        self.say(f"{tag} NO AUTHENTICATE failed")

    def say(self, text: str) -> None:
        self.wfile.write(text.encode() + b"\r\n")


@pytest.fixture
def imap_server():
    plan = ImapServer()
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Dialogue) as server:
        server.daemon_threads = True
        server.plan = plan
        plan.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        yield plan
        server.shutdown()
        thread.join(PATIENCE)
