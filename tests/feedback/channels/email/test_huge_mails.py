"""Mails that are too much of something: filed in bounded time, and the next one as ever."""

import io
import struct
import sys
import time
import tracemalloc
from base64 import encodebytes
from types import SimpleNamespace

import pytest
from django.core.management import call_command

from feedback.channels.email.parse import parse_mail
from feedback.enums import InboundState
from feedback.models import InboundMail
from tests.factories import MailboxFactory

HEAD = b"From: eve@example.org\r\nTo: help@huiyin.test\r\nMessage-ID: <%d@example.org>\r\n"


def winmail(files: int) -> bytes:
    def attribute(number, data):
        return struct.pack("<BHHI", 2, number, 0, len(data)) + data + b"\0\0"

    one = attribute(0x9002, b"\0" * 14) + attribute(0x8010, b"a.txt\0") + attribute(0x800F, b"x")
    return struct.pack("<IH", 0x223E9F78, 1) + one * files


def nested(levels: int) -> bytes:
    inner = b"\r\ndeep"
    for n in range(levels):
        edge = b"--b%d" % n
        inner = b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n" % n + edge + b"\r\n" + inner
        inner += b"\r\n" + edge + b"--\r\n"
    return inner


HUGE = {
    "parts": b"Content-Type: multipart/mixed; boundary=B\r\n\r\n"
    + b"--B\r\nContent-Disposition: attachment\r\n\r\nx\r\n" * 10_000,
    "levels": nested(120),
    "recipients": b"Cc: " + b",\r\n ".join(b"p%d@b.cn" % n for n in range(5_000)) + b"\r\n\r\nx",
    "a line": b"\r\n" + b"a" * 1_000_000,
    "header": b"X-A: " + b"a" * 200 + b"\r\n" + b"X-B: b\r\n" * 50_000 + b"\r\nx",
    "winmail.dat": b"Content-Type: application/ms-tnef\r\n"
    b"Content-Transfer-Encoding: base64\r\n\r\n" + encodebytes(winmail(11_000)),
    "quotes": b"\r\nThanks\r\n" + b"> q\r\n" * 500_000,
    "a table": b"Content-Type: text/html\r\n\r\n<table>" + b"<tr><td>x</td></tr>" * 5_000,
    "a subject": b"Subject: " + b"Re: [a] " * 8_000 + b"\r\n\r\nx",
}


# A11
@pytest.mark.django_db
def test_a_huge_mail_is_filed_in_bounded_time_and_the_next_one_as_ever(arrive):
    MailboxFactory(address="help@huiyin.test")
    for number, (name, rest) in enumerate(HUGE.items()):
        begun = time.process_time()
        inbound = arrive(HEAD % number + rest)
        assert inbound.state == InboundState.FILED, name
        assert time.process_time() - begun < 5, name  # each needs well under a second

    begun = time.process_time()
    assert arrive(HEAD % 99 + b"\r\nIt leaks").state == InboundState.FILED
    assert time.process_time() - begun < 1


# A11
def test_reading_a_large_mail_takes_a_few_times_its_size_of_memory():
    raw = HEAD % 1 + b"Content-Type: application/pdf\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    raw += encodebytes(b"%PDF" * 500_000)
    tracemalloc.start()
    try:
        [file] = parse_mail(raw).attachments
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert len(file.payload) == 2_000_000
    assert peak < 4 * len(raw)


# A11
@pytest.mark.django_db
def test_a_mail_over_the_limit_is_refused_at_the_pipe_unread(settings, monkeypatch):
    MailboxFactory(address="help@huiyin.test")
    settings.MAIL_MAX_BYTES = 1_000
    pipe = io.BytesIO(HEAD % 1 + b"\r\n" + b"x" * 5_000)
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=pipe))

    with pytest.raises(SystemExit) as left:
        call_command("receive_mail", mailbox="help@huiyin.test", stderr=io.StringIO())

    assert left.value.code == 65  # EX_DATAERR: the mail server tells the sender
    assert pipe.tell() == 1_001
    assert not InboundMail.objects.exists()


@pytest.mark.django_db
def test_a_large_mail_is_kept_byte_for_byte_and_read(arrive):
    MailboxFactory(address="help@huiyin.test")
    raw = HEAD % 1 + b"\r\n" + bytes(range(256)) * 5_000  # large enough to travel by itself

    inbound = arrive(raw)

    assert bytes(inbound.raw) == raw
    assert inbound.state == InboundState.FILED
