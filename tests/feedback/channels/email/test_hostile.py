"""Mails made to hurt: every one is read, in bounded time, into clean strings."""

import random
import time
from collections.abc import Iterator
from dataclasses import fields, is_dataclass

import pytest

from feedback.channels.email.parse import parse_mail
from feedback.channels.email.safe_html import safe_html
from feedback.channels.email.verdict import judge
from feedback.channels.email.visible_reply import visible_reply
from tests.feedback.channels.email.mails import PIXEL, file_part, mail, multipart

PLAIN = b"Content-Type: text/plain\n\n"
HTML = b"Content-Type: text/html\n\n"
DAEMON = b"From: mailer-daemon@x.cn\nSubject: failure notice\n\n"
HOSTILE = {
    "spaces in a parameter": b"Content-Type: text/plain;" + b" " * 200_000 + b"\n\nx",
    "quotes in a parameter": b"Content-Type: text/plain; " + b'a="' * 60_000 + b"\n\nx",
    "many parameters": b"Content-Type: text/plain; " + b"n*9*=%41;" * 20_000 + b"\n\nx",
    "open encoded words": b"Subject: " + b"=?a?B?" * 40_000 + b"\n\nx",
    "answers to answers": b"Subject: " + b"Re: " * 60_000 + b"\n\nx",
    "escapes in a name": b'To: "" "\\"" "' + b"\\a" * 60_000 + b"\n\nx",
    "open angles": b"To: " + b"<" * 200_000 + b"\n\nx",
    "open comments": b"To: " + b"(" * 200_000 + b"\n\nx",
    "commas": b"To: " + b"," * 200_000 + b"\n\nx",
    "a spaced out address": b"To: " + b"a . " * 60_000 + b"\n\nx",
    "many references": b"References: " + b"<a@b> " * 40_000 + b"\n\nx",
    "many headers": b"A: b\n" * 200_000 + b"\nx",
    "lines that are no headers": b"A: b\n" + b"rubbish\n" * 100_000 + b"X-A: b\n\nx",
    "many parts": b"Content-Type: multipart/mixed; boundary=B\n\n" + b"--B\n\nx\n" * 100_000,
    "deep parts": b"".join(
        b"Content-Type: multipart/mixed; boundary=B%d\n\n--B%d\n" % (n, n) for n in range(5_000)
    ),
    "parts in their own boundary": b"Content-Type: multipart/mixed; boundary=B\n\n"
    + b"--B\nContent-Type: multipart/mixed; boundary=B\n\n" * 20_000,
    "one long line": PLAIN + b"a" * 1_000_000,
    "a quoting staircase": PLAIN + b"a\n> b\n" * 50_000,
    "announcements": PLAIN + b"On 2026 a@b.cn 10:10 wrote:\n\n" * 20_000,
    "half announcements": PLAIN + b"x a@b.cn 10:10\n" * 50_000,
    "header lines": PLAIN + b"From: a\n" * 50_000,
    "signatures": PLAIN + b"x\n" + b"Sent from my phone\n" * 50_000,
    "empty lines": PLAIN + b"a" + b"\n" * 500_000,
    "uuencode": PLAIN + b"begin 644 a\n" * 50_000,
    "open tags": HTML + b"<div>" * 100_000,
    "open brackets": HTML + b"<" * 500_000,
    "open comments in html": HTML + b"<!--" * 100_000,
    "open formatting": HTML + b"<p><b><i><a href=x>" * 20_000,
    "nested quotes": HTML + b"<blockquote><br>" * 20_000,
    "quote boxes": HTML + b"z" + b"<div id=appendonsend>x<blockquote>a</blockquote>" * 5_000,
    "attributes": HTML + b"<a " + b'x="y" ' * 100_000,
    "different attributes": HTML + b"<a " + b" ".join(b"a%d" % n for n in range(60_000)),
    "elements without end": HTML + b"<svg><title>" * 40_000,
    "ampersands": HTML + b"&" * 500_000,
    "no-break spaces": HTML + b"&nbsp;" * 300_000,
    "flowed lines": b"Content-Type: text/plain; format=flowed\n\n" + b"a \n" * 300_000,
    "meta": HTML + b"<meta " * 50_000,
    "addresses in a bounce": DAEMON + b"a@b.c " * 20_000,
    "codes in a bounce": DAEMON + b"550 <" * 20_000,
    "an unknown codec": b"Content-Type: text/plain; charset=idna\n\n" + b"a" * 100_000 + b"\xff",
}


def strings_of(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple):
        for item in value:
            yield from strings_of(item)
    elif is_dataclass(value):
        for field in fields(value):
            yield from strings_of(getattr(value, field.name))


def walk_through(raw: bytes) -> None:
    parsed = parse_mail(raw)
    visible = visible_reply(parsed.text, parsed.html)
    verdict = judge(parsed, own_addresses=["a@b.cn"], own_instance="here")
    html = safe_html(parsed.html)

    assert "unreadable" not in parsed.defects
    assert bool(visible) == bool(parsed.text.strip())
    for text in (*strings_of(parsed), visible, *strings_of(verdict), html):
        assert "\x00" not in text
        text.encode()  # a lone surrogate would refuse
    for line in (parsed.subject, parsed.from_name, *(f.name for f in parsed.attachments)):
        assert "\n" not in line
        assert "\r" not in line


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_mail_costs_little(name):
    start = time.process_time()  # of the processor: how busy the machine is does not matter

    walk_through(HOSTILE[name])

    assert time.process_time() - start < 5  # all of them need well under a second


def test_damaged_mails_are_read_all_the_same():
    kind, body = multipart(
        "mixed",
        mail("Content-Type: text/plain; charset=gb18030", body="请尽快退款".encode("gb18030")),
        mail("Content-Type: text/html", body="<p>x<img src='cid:a'></p>"),
        file_part(PIXEL, "Content-Type: image/png; name*=utf-8''%E7%85%A7", "Content-ID: <a>"),
        mail("Content-Type: message/delivery-status", body="Final-Recipient: rfc822; a@b.cn"),
    )
    whole = mail(
        "From: =?gbk?B?1cXOsA==?= <a@b.cn>", "Subject: =?utf-8?Q?=E6=82?=", kind, body=body
    )
    dice = random.Random(20261122)

    for _ in range(600):
        damaged = bytearray(whole)
        for _ in range(dice.randrange(1, 40)):
            damaged[dice.randrange(len(damaged))] = dice.choice(b'\x00\x80\xff\r\n:;"=?<>()@*\\ ')
        cut = dice.randrange(len(damaged))
        walk_through(bytes(damaged[:cut] if dice.random() < 0.3 else damaged))


def test_work_stops_at_the_documented_limits():
    parts = [mail("Content-Type: application/x", body=str(n)) for n in range(150)]
    kind, body = multipart("mixed", *parts)

    parsed = parse_mail(mail(kind, body=body))

    assert len(parsed.attachments) == 100
    assert "too-many-parts" in parsed.defects
    assert "headers-too-large" in parse_mail(HOSTILE["many headers"]).defects
    assert "nested-too-deep" in parse_mail(HOSTILE["deep parts"]).defects
    assert len(parse_mail(HOSTILE["one long line"]).text) == 500_000
