"""An IMAP server that says everything twice and speaks unasked, as Gmail and others do."""

import contextlib
import re
import socketserver
import threading
from contextlib import contextmanager

from tests.support.processes import PATIENCE

VALIDITY = 7


class _Stutterer(socketserver.StreamRequestHandler):
    timeout = PATIENCE

    def handle(self) -> None:
        self.say("* OK ready")
        while line := self.rfile.readline().decode().strip():
            tag, _, command = line.partition(" ")
            if self.refuses(command):
                self.say(f"{tag} NO Server Error")
                continue
            self.answer(command)
            self.say(f"{tag} OK done")
            if command.upper().startswith("LOGOUT"):
                return

    def answer(self, command: str) -> None:
        mails: list[bytes] = self.server.mails
        words = command.upper()
        if words.startswith("CAPABILITY"):
            self.say("* CAPABILITY IMAP4rev1")
        elif words.startswith(("SELECT", "EXAMINE")):
            self.say(f"* {len(mails)} EXISTS", f"* OK [UIDVALIDITY {VALIDITY}] valid")
        elif words.startswith("STATUS"):
            found = f"UIDVALIDITY {VALIDITY} UIDNEXT {len(mails) + 1}"
            self.say(f'* STATUS "INBOX" ({found})')
        elif words.startswith("UID SEARCH"):
            numbers = " ".join(str(n + 1) for n in range(len(mails)))
            self.say(f"* SEARCH {numbers} {numbers}", f"* {len(mails)} EXISTS")
        elif asked := re.match(r"UID FETCH (\d+) (.*)", words):
            self.fetch(int(asked[1]), asked[2])

    def refuses(self, command: str) -> bool:
        asked = re.match(r"UID FETCH (\d+) \(BODY", command, re.IGNORECASE)
        return bool(asked) and int(asked[1]) in self.server.refused

    def fetch(self, uid: int, what: str) -> None:
        raw = self.server.mails[uid - 1]
        self.say(f"* {uid} FETCH (UID {uid} FLAGS (\\Recent))")
        for _ in range(2):
            if "SIZE" in what:
                self.say(f"* {uid} FETCH (UID {uid} RFC822.SIZE {len(raw)})")
            else:
                self.say(f"* {uid} FETCH (UID {uid} BODY[] {{{len(raw)}}}")
                if uid in self.server.dripping:
                    self.drip()
                    return
                self.wfile.write(raw + b")\r\n")
            self.say(f"* {uid} FETCH (FLAGS (\\Seen))")

    def drip(self) -> None:
        """A byte now and then, until nobody listens: no socket runs into its time-out."""
        pause = threading.Event()
        with contextlib.suppress(OSError):
            while not pause.wait(0.02):
                self.wfile.write(b"x")

    def say(self, *lines: str) -> None:
        self.wfile.write("".join(f"{line}\r\n" for line in lines).encode())


@contextmanager
def stuttering_server(mails: list[bytes], *, refused=(), dripping=()):
    """The port of a server whose only folder holds `mails`; it says NO where one of the UIDs
    `refused` is asked for, and never comes to the end of those `dripping`."""
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Stutterer) as server:
        server.daemon_threads = True
        server.mails, server.refused, server.dripping = mails, refused, dripping
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        yield server.server_address[1]
        server.shutdown()
        thread.join(PATIENCE)
