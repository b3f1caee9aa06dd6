"""What an IMAP server says about one mail, and how long we listen."""

import imaplib
import re
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Timer
from time import monotonic

from imap_tools.mailbox import BaseMailBox

from feedback.enums import MailboxProblem

HEAD = 64 * 1024
_UID = re.compile(rb"\bUID (\d+)", re.IGNORECASE)
_SIZE = re.compile(rb"RFC822\.SIZE (\d+)", re.IGNORECASE)


class PollFailed(Exception):
    """The server could not be reached or refused; `said` is what it told."""

    def __init__(self, problem: MailboxProblem, said: str = "") -> None:
        super().__init__(f"{problem}: {said}")
        self.problem, self.said = problem, said


@contextmanager
def hung_up_after(client: imaplib.IMAP4, ends: float) -> Iterator[None]:
    """A server that sends a little now and then never runs into the time-out of its socket: the
    line is cut at `ends` (of `monotonic`). Raises PollFailed then."""
    is_over = False

    def hang_up() -> None:
        nonlocal is_over
        is_over = True
        with suppress(OSError):  # not of SSLSocket, which another thread is reading from
            socket.socket.shutdown(client.sock, socket.SHUT_RDWR)

    timer = Timer(max(ends - monotonic(), 0), hang_up)
    timer.daemon = True
    timer.start()
    try:
        yield
    except (imaplib.IMAP4.error, OSError) as broken:
        if is_over:
            raise PollFailed(MailboxProblem.SLOW) from broken
        raise
    finally:
        timer.cancel()


def size_of(server: BaseMailBox, uid: int) -> int:
    """In bytes; 0 when the server says nothing of such a mail."""
    for said, _ in _answers(server, uid, "RFC822.SIZE"):
        if found := _SIZE.search(said):
            return int(found[1])
    return 0


def bytes_of(server: BaseMailBox, uid: int) -> bytes:
    return _content(server, uid, "BODY.PEEK[]")


def beginning_of(server: BaseMailBox, uid: int) -> bytes:
    """At most HEAD bytes; some servers do not know of parts and send all."""
    return _content(server, uid, f"BODY.PEEK[]<0.{HEAD}>")[:HEAD]


def _content(server: BaseMailBox, uid: int, what: str) -> bytes:
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
