"""Mail: how many a second are read, filed and sent, beside what Python's own library takes for
the same mails: `email` with every body and file decoded, and bare `smtplib`."""

import socketserver
import statistics
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from smtplib import SMTP
from typing import Any

from django.conf import settings
from django.db import connection
from django_q.models import OrmQ

from accounts.enums import OutgoingKind, OutgoingState
from accounts.models import OutgoingMessage
from accounts.outbox.mime import compose
from accounts.services.outbox import queue_mail
from accounts.tasks import send_due_mail
from feedback.channels.email.filing import read_stored_mail
from feedback.channels.email.parse import parse_mail
from feedback.channels.email.visible_reply import visible_reply
from feedback.enums import InboundState
from feedback.models import InboundMail, Mailbox
from feedback.services.inbound_mail import store_raw_mail

MAILS = 200
TURNS = 5  # of reading, of which the middle one counts
ADDRESS = "bench@huiyin.example"
FILE = bytes(range(256)) * 48  # 12 kB, as a small photograph
CHINESE = "换了滤芯以后一直漏水，厨房的地板都湿了。麻烦尽快安排师傅上门，下午三点以后家里有人。\n"
ENGLISH = "The tap still drips since the filter was changed. Could somebody come after three?\n"


@dataclass(frozen=True, slots=True)
class MailTiming:
    """`seconds` for all `mails`; `floor` those of Python's own library for the same mails."""

    name: str
    mails: int
    seconds: float
    floor: float
    against: str
    statements: int = 0

    @property
    def per_second(self) -> float:
        return self.mails / self.seconds

    @property
    def times_floor(self) -> float:
        return self.seconds / self.floor


def measure_mail(mails: int = MAILS) -> Iterator[MailTiming]:
    """Reads, files and sends so many. The mails and their records stay in the database."""
    raws = [one_mail(n) for n in range(mails)]
    floor = _middle(lambda: _each(_read_with_python, raws))
    yield MailTiming("read", mails, _middle(lambda: _each(_read, raws)), floor, "email")
    yield _file(raws, floor)
    yield _send(mails)


def one_mail(number: int) -> bytes:
    """The answer of a customer with what it quotes and, in every other one, a file: Chinese and
    English in turn, text and HTML."""
    is_chinese = number % 2 == 0
    own = (CHINESE if is_chinese else ENGLISH) * (3 + number % 5)
    said = "在 2026年11月20日，客服写道：" if is_chinese else "On 20 Nov 2026, Support wrote:"
    quoted = "".join(f"> {CHINESE if is_chinese else ENGLISH}" for _ in range(12))
    mail = EmailMessage()
    mail["From"] = f"{'韩梅梅' if is_chinese else 'Li Lei'} <mailer{number}@bench.example>"
    mail["To"] = ADDRESS
    mail["Subject"] = f"{'漏水' if is_chinese else 'Leak'} {number}"
    mail["Message-ID"] = f"<bench{number}@bench.example>"
    mail["Date"] = "Fri, 20 Nov 2026 08:00:00 +0800"
    mail.set_content(f"{own}\n{said}\n{quoted}", charset="gb18030" if is_chinese else "utf-8")
    inner = "".join(f"<p>{line}</p>" for line in own.splitlines())
    mail.add_alternative(f"<div>{inner}</div><blockquote>{quoted}</blockquote>", subtype="html")
    if number % 4 < 2:
        mail.add_attachment(FILE, maintype="image", subtype="jpeg", filename="漏水.jpg")
    return mail.as_bytes()


def _read(raw: bytes) -> None:
    mail = parse_mail(raw)
    if not visible_reply(mail.text, mail.html):
        raise AssertionError("a mail of the bench has no text")


def _read_with_python(raw: bytes) -> None:
    mail = message_from_bytes(raw, policy=default)
    _ = [str(value) for value in mail.values()]
    for part in mail.walk():
        if not part.is_multipart():
            part.get_content()


def _each(work: Callable[[Any], None], things: Sequence[Any]) -> None:
    for thing in things:
        work(thing)


def _middle(work: Callable[[], object]) -> float:
    """Seconds of the middle one of some turns."""
    times = []
    for _ in range(TURNS):
        began = time.perf_counter()
        work()
        times.append(time.perf_counter() - began)
    return statistics.median(times)


def _timed(work: Callable[[], object]) -> tuple[float, int]:
    """Seconds and statements."""
    counted = [0]

    def count(execute: Callable[..., object], *args: object) -> object:
        counted[0] += 1
        return execute(*args)

    began = time.perf_counter()
    with connection.execute_wrapper(count):
        work()
    return time.perf_counter() - began, counted[0]


def _file(raws: Sequence[bytes], floor: float) -> MailTiming:
    """From the raw row to the message in a record, one after the other, as one worker does."""
    mailbox, _is_new = Mailbox.objects.get_or_create(address=ADDRESS, defaults={"name": "Bench"})
    ids = [store_raw_mail(mailbox, raw).pk for raw in raws]
    seconds, statements = _timed(lambda: _each(read_stored_mail, ids))
    filed = InboundMail.objects.filter(pk__in=ids, state=InboundState.FILED)
    # In a database that was kept they have arrived before.
    copies = InboundMail.objects.filter(pk__in=ids, state=InboundState.DUPLICATE)
    if filed.count() + copies.count() != len(raws):
        raise AssertionError("a mail of the bench was not filed")
    OrmQ.objects.all().delete()
    return MailTiming("filed", len(raws), seconds, floor, "email", statements)


def _send(mails: int) -> MailTiming:
    """Rows of the outbox through the worker's own sender, over one connection."""
    OutgoingMessage.objects.exclude(state=OutgoingState.SENT).delete()  # of what was filed
    rows = [
        queue_mail(
            kind=OutgoingKind.REPLY, tag=f"bench{n}", to_address=f"mailer{n}@bench.example",
            subject=f"Re: 漏水 {n}", body_text=CHINESE * 6, body_html=f"<p>{CHINESE * 6}</p>",
        )
        for n in range(mails)
    ]  # fmt: skip
    with _sink() as port, _sending_to(port):
        raws = [(row.from_address, row.to_address, compose(row)) for row in rows]
        floor = _middle(lambda: _send_with_python(port, raws))
        seconds, statements = _timed(send_due_mail)
    ids = [row.pk for row in rows]
    if OutgoingMessage.objects.filter(pk__in=ids, state=OutgoingState.SENT).count() != mails:
        raise AssertionError("a mail of the bench was not sent")
    OrmQ.objects.all().delete()
    return MailTiming("sent", mails, seconds, floor, "smtplib", statements)


def _send_with_python(port: int, raws: Sequence[tuple[str, str, bytes]]) -> None:
    with SMTP("127.0.0.1", port, local_hostname="bench") as client:
        for sender, recipient, raw in raws:
            client.sendmail(sender, [recipient], raw)


class _Dialogue(socketserver.StreamRequestHandler):
    """Says yes to everything and keeps nothing."""

    def handle(self) -> None:
        self.wfile.write(b"220 bench\r\n")
        while line := self.rfile.readline():
            word = line[:4].upper()
            if word == b"DATA":
                self.wfile.write(b"354 go on\r\n")
                while self.rfile.readline() != b".\r\n":
                    pass
            self.wfile.write(b"221 bye\r\n" if word == b"QUIT" else b"250 ok\r\n")
            if word == b"QUIT":
                return


@contextmanager
def _sink() -> Iterator[int]:
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Dialogue) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        yield server.server_address[1]
        server.shutdown()
        thread.join()


@contextmanager
def _sending_to(port: int) -> Iterator[None]:
    """As if the installation sent its mail there, without limits, over one connection."""
    changed = {
        "EMAIL_HOST": "127.0.0.1", "EMAIL_PORT": port, "EMAIL_USE_TLS": False,
        "EMAIL_USE_SSL": False, "EMAIL_HOST_USER": "", "MAIL_PER_MINUTE": {},
        "MAIL_PER_CONNECTION": 1_000_000, "MAIL_DKIM_KEYS": [],
    }  # fmt: skip
    before = {name: getattr(settings, name) for name in changed}
    try:
        for name, value in changed.items():
            setattr(settings, name, value)
        yield
    finally:
        for name, value in before.items():
            setattr(settings, name, value)
