"""The way in under faults of the network: by the sets of Message-IDs nothing is lost and nothing
comes twice. `make faults`."""

import collections
import logging
import random
import threading
import time
import uuid
from itertools import count

import pytest
from django.db import connection

from feedback.channels.email import imap
from feedback.channels.email.imap import poll_mailbox
from feedback.enums import InboundState
from feedback.models import Feedback, InboundMail, Mailbox
from tests.factories import MailboxFactory
from tests.support import dovecot
from tests.support.fault_proxy import fault_proxy
from tests.support.jobs import run_queued_jobs
from tests.support.mail import mail
from tests.support.stuttering_imap import stuttering_server

SEED = 20261122
MAILS, SIZE = 100, 20_000
_log = logging.getLogger(__name__)  # pytest -m faults -o log_cli=true --log-level=INFO
_number = count()

pytestmark = [pytest.mark.faults, pytest.mark.django_db(transaction=True)]


@pytest.fixture(scope="module")
def dovecot_port():
    if dovecot.BINARY is None:
        pytest.skip(dovecot.MISSING)
    with dovecot.imap_server() as port:
        yield port


@pytest.fixture
def proxy(dovecot_port):
    with fault_proxy(dovecot_port) as proxy:
        yield proxy


@pytest.fixture(autouse=True)
def short_patience(monkeypatch):
    monkeypatch.setattr(imap, "TIMEOUT", 3)


def letter(size: int = SIZE) -> tuple[str, bytes]:
    """Its Message-ID and its bytes, about `size` of them."""
    number = next(_number)
    message_id = f"<fault{number}@example.org>"
    lines = "".join(f"{n:05d} 净水器漏水了 leak\n" for n in range(size // 50))
    raw = mail(
        f"Letter {number}.\n{lines}",
        sender=f"Writer <writer{number}@example.org>",
        subject=f"Leak {number}",
        message_id=message_id,
    )
    return message_id, raw.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")


def mailbox_at(port: int) -> Mailbox:
    user = f"u{uuid.uuid4().hex[:10]}"
    return MailboxFactory(
        address=f"{user}@huiyin.test", imap_host="127.0.0.1", imap_port=port, imap_tls=False,
        username=user, password="secret",
    )  # fmt: skip


def fill(port: int, mailbox: Mailbox, number: int, size: int = SIZE) -> dict[str, bytes]:
    letters = dict(letter(size) for _ in range(number))
    for raw in letters.values():
        dovecot.deliver(port, mailbox.username, raw)
    return letters


def audit(given: dict[str, bytes]) -> None:
    """What was given, was stored once, byte for byte, and stands in one record each."""
    kept = collections.Counter(bytes(one.raw) for one in InboundMail.objects.all())
    assert kept == collections.Counter(given.values())
    assert set(InboundMail.objects.values_list("state", flat=True)) == {InboundState.FILED}
    ids = InboundMail.objects.values_list("message_id", flat=True)
    assert collections.Counter(f"<{one.strip('<>')}>" for one in ids) == collections.Counter(
        list(given)
    )
    assert Feedback.objects.count() == len(given)


def poll_until_nothing_is_new(mailbox: Mailbox) -> None:
    while poll_mailbox(mailbox.pk):
        pass
    mailbox.refresh_from_db()
    assert (mailbox.last_error, mailbox.lease_until) == ("", None)


# F06
def test_a_connection_that_is_cut_again_and_again_loses_and_doubles_nothing(
    dovecot_port, proxy, smtp_server
):
    mailbox = mailbox_at(proxy.port)
    given = fill(dovecot_port, mailbox, MAILS)
    told = 0
    for offset in range(1_000, 101_000, 2_500):
        proxy.cut_down = offset
        poll_mailbox(mailbox.pk)
        mailbox.refresh_from_db()
        assert mailbox.lease_until is None
        told += bool(mailbox.last_error)
    while_cut = InboundMail.objects.count()
    poll_until_nothing_is_new(mailbox)
    run_queued_jobs()

    audit(given)
    _log.info("%s of 40 polls were cut; %s mails were fetched meanwhile", told, while_cut)
    assert told > 30
    # And those who wrote were told so, each once.
    told_to = collections.Counter(one.recipients[0] for one in smtp_server.taken)
    assert sorted(told_to.values()) == [1] * MAILS


# F06
def test_a_cut_at_any_place_of_the_dialogue_about_one_mail(dovecot_port, proxy, smtp_server):
    def poll_with(cut: str, offset: int | None) -> dict[str, bytes]:
        mailbox = mailbox_at(proxy.port)
        letters = fill(dovecot_port, mailbox, 1, size=4_000)
        setattr(proxy, cut, offset)
        poll_mailbox(mailbox.pk)
        poll_until_nothing_is_new(mailbox)
        return letters

    given = poll_with("cut_down", None)
    # The second poll is the one that came last: what both said is about what one mail takes.
    (raw,) = given.values()
    dice = random.Random(SEED)
    last = len(raw) + 1_800
    places = [*range(1, 1_200, 40), *(dice.randint(1_200, last - 700) for _ in range(20))]
    for offset in [*places, *range(last - 700, last + 200, 12)]:
        given |= poll_with("cut_down", offset)
    for offset in range(1, 420, 12):
        given |= poll_with("cut_up", offset)
    run_queued_jobs()

    audit(given)
    _log.info("%s mails, each with a cut of its own", len(given))


# F09
def test_a_server_that_answers_twice_and_unasked_gives_each_mail_once(smtp_server):
    given = dict(letter(2_000) for _ in range(5))
    with stuttering_server(list(given.values())) as port:
        mailbox = mailbox_at(port)
        poll_mailbox(mailbox.pk)
        poll_mailbox(mailbox.pk)
    run_queued_jobs()

    audit(given)
    mailbox.refresh_from_db()
    assert mailbox.last_error == ""
    assert mailbox.last_uid == 5


def in_thread(task, *args) -> threading.Thread:
    def work():
        try:
            task(*args)
        finally:
            connection.close()

    thread = threading.Thread(target=work)
    thread.start()
    return thread


# F10
@pytest.mark.parametrize("how", ["before a word", "in the midst of a mail"])
def test_a_server_that_falls_silent_delays_nobody_else(dovecot_port, proxy, smtp_server, how):
    silent, other = mailbox_at(proxy.port), mailbox_at(dovecot_port)
    given = fill(dovecot_port, silent, 3) | fill(dovecot_port, other, 3)
    if how == "before a word":
        proxy.swallows()
    else:
        proxy.freeze_down = 30_000  # within the second mail
    began = time.monotonic()
    waiting = in_thread(poll_mailbox, silent.pk)

    assert poll_mailbox(other.pk) == 3
    assert waiting.is_alive()  # nobody waited for the silent one
    waiting.join(60)
    took = time.monotonic() - began

    silent.refresh_from_db()
    assert took < 15
    assert silent.lease_until is None
    assert silent.last_error
    proxy.passes()
    poll_until_nothing_is_new(silent)
    run_queued_jobs()
    audit(given)


# F10
@pytest.mark.parametrize("how", ["refuses", "resets"])
def test_a_server_that_is_down_is_told_and_read_when_it_is_back(
    dovecot_port, proxy, smtp_server, how
):
    mailbox = mailbox_at(proxy.port)
    given = fill(dovecot_port, mailbox, 3)
    getattr(proxy, how)()

    for _ in range(3):
        assert poll_mailbox(mailbox.pk) == 0
    mailbox.refresh_from_db()
    assert mailbox.last_error
    assert mailbox.lease_until is None

    proxy.passes()
    poll_until_nothing_is_new(mailbox)
    run_queued_jobs()
    audit(given)
