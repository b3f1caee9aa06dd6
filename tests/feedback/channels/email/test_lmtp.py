"""LMTP as a mail server speaks it: an answer for each recipient, after the commit."""

import asyncio
import smtplib
import socket
import threading
from contextlib import contextmanager
from unittest.mock import patch

import pytest
from django.db import OperationalError

from feedback.channels.email import lmtp
from feedback.models import InboundMail
from tests.factories import MailboxFactory

RAW = (
    b"From: li@example.org\r\nMessage-ID: <1@a.cn>\r\n\r\n..\xc2\xa9\xae\r\n.\n\r\n"
    + b"x" * 200_000
)
HELP, TAGGED, OFF = "help@huiyin.test", "Help+t1.x@huiyin.test", "off@huiyin.test"


class Running:
    def __init__(self, loop, server, port):
        self.loop, self.server, self.port = loop, server, port

    def stop(self):
        return asyncio.run_coroutine_threadsafe(self.server.stop(), self.loop)


@contextmanager
def running(path=None):
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()

    async def begin():
        server = lmtp.Server()
        return Running(loop, server, await server.start(host="127.0.0.1", path=path))

    try:
        run = asyncio.run_coroutine_threadsafe(begin(), loop).result(10)
        yield run
        run.stop().result(10)
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


@contextmanager
def client(where, port=0):
    one = smtplib.LMTP(where, port)
    try:
        one.ehlo()
        yield one
    finally:
        one.close()


def hand_over(client, *recipients, raw=RAW, sender="<>"):
    """What is said about each recipient, and then about its mail."""
    asked = [client.docmd("MAIL", f"FROM:{sender}")[0]]
    asked += [client.docmd("RCPT", f"TO:<{one}>")[0] for one in recipients]
    if 250 not in asked[1:]:
        return asked, []
    assert client.docmd("DATA")[0] == 354
    quoted = b"\r\n".join(b"." + one if one[:1] == b"." else one for one in raw.split(b"\r\n"))
    client.sock.sendall(quoted + b"\r\n.\r\n")
    return asked, [client.getreply()[0] for answer in asked[1:] if answer == 250]


@pytest.fixture
def boxes(transactional_db):
    MailboxFactory(address=HELP)
    MailboxFactory(address=OFF, is_active=False)


def test_each_recipient_is_answered_after_the_mail_is_stored(boxes, settings, tmp_path):
    path = tmp_path / "lmtp"
    with running(path), client(str(path)) as mail_server:
        asked, answers = hand_over(mail_server, HELP, "nobody@huiyin.test", OFF, TAGGED)
        assert (asked, answers) == ([250, 250, 550, 450, 250], [250, 250])
        # Once for all recipients that are the same mailbox.
        top = b"Return-Path: <>\r\nDelivered-To: Help+t1.x@huiyin.test\r\n"
        assert bytes(InboundMail.objects.get().raw) == top + RAW + b"\r\n"

        settings.MAIL_MAX_BYTES = 1_000
        assert hand_over(mail_server, HELP, TAGGED)[1] == [552, 552]
        small = b"From: li@a.cn\r\n\r\nx"
        target = "feedback.channels.email.receive.store_raw_mail"
        with patch(target, side_effect=OperationalError):
            assert hand_over(mail_server, HELP, raw=small)[1] == [451]
        with patch("feedback.channels.email.lmtp.mailbox_of", side_effect=OperationalError):
            assert hand_over(mail_server, HELP)[0] == [250, 451]
        mail_server.rset()
        assert hand_over(mail_server, HELP, raw=small, sender="<li@a.cn>")[1] == [250]
    assert bytes(InboundMail.objects.latest("pk").raw).startswith(b"Return-Path: <li@a.cn>\r\n")
    assert InboundMail.objects.count() == 2
    assert not path.exists()


def test_who_asks_it_to_end_waits_for_the_mail_in_hand(boxes, monkeypatch):
    monkeypatch.setattr(lmtp, "MAX_CONNECTIONS", 2)
    stored, may_go_on = threading.Event(), threading.Event()

    def slowly(*given, **more):
        stored.set()
        assert may_go_on.wait(10)
        return keep(*given, **more)

    keep = lmtp.receive_raw_mail
    monkeypatch.setattr(lmtp, "receive_raw_mail", slowly)
    with running() as run, client("127.0.0.1", run.port) as busy, client("127.0.0.1", run.port):
        with socket.create_connection(("127.0.0.1", run.port)) as third:
            assert third.recv(100).startswith(b"421")
        said = []
        sending = threading.Thread(target=lambda: said.extend(hand_over(busy, HELP)[1]))
        sending.start()
        assert stored.wait(10)
        ending = run.stop()
        may_go_on.set()
        sending.join(10)
        ending.result(10)
        with pytest.raises(OSError, match="refused"):
            socket.create_connection(("127.0.0.1", run.port))
    assert said == [250]
    assert InboundMail.objects.count() == 1


def test_an_address_that_is_no_text_is_nobody(db):
    assert lmtp._answer_about("help\udcff@huiyin.test") == lmtp.UNKNOWN
