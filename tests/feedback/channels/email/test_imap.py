"""Fetching from a real IMAP server."""

import uuid
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.utils import timezone

from accounts.models import OutgoingMessage
from config.kernel.models import Beat
from feedback.channels.email.filing import read_stored_mail
from feedback.channels.email.imap import _bytes, poll_mailbox
from feedback.enums import InboundState
from feedback.models import Feedback, InboundMail, Mailbox
from tests.factories import MailboxFactory
from tests.support import dovecot
from tests.support.mail import mail

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(dovecot.BINARY is None, reason=dovecot.MISSING),
]


@pytest.fixture(scope="module")
def port():
    with dovecot.imap_server() as port:
        yield port


@pytest.fixture
def mailbox(port):
    user = f"u{uuid.uuid4().hex[:8]}"
    return MailboxFactory(
        address=f"{user}@huiyin.test",
        imap_host="127.0.0.1",
        imap_port=port,
        imap_tls=False,
        username=user,
        password="secret",
    )


def stored():
    return [bytes(one.raw) for one in InboundMail.objects.order_by("pk")]


def test_new_mail_is_stored_and_then_marked_as_seen(port, mailbox):
    dovecot.deliver(port, mailbox.username, mail("第一封"))
    dovecot.deliver(port, mailbox.username, mail("第二封"))

    assert poll_mailbox(mailbox.pk) == 2

    assert len(stored()) == 2
    assert all(b"\\Seen" in line for line in dovecot.flags(port, mailbox.username))
    mailbox.refresh_from_db()
    assert mailbox.last_error == ""
    assert mailbox.succeeded_at is not None
    assert Beat.objects.filter(pk="mail-poll").exists()


def test_a_second_poll_fetches_only_what_came_since(port, mailbox):
    dovecot.deliver(port, mailbox.username, mail("one"))
    poll_mailbox(mailbox.pk)
    dovecot.deliver(port, mailbox.username, mail("two"))

    assert poll_mailbox(mailbox.pk) == 1
    assert poll_mailbox(mailbox.pk) == 0
    assert len(stored()) == 2


def test_a_mail_that_was_stored_before_a_crash_is_not_stored_twice(port, mailbox):
    dovecot.deliver(port, mailbox.username, mail("one"))
    poll_mailbox(mailbox.pk)
    mailbox.refresh_from_db()
    mailbox.last_uid = 0  # as if the process had died before it could remember
    mailbox.save()

    poll_mailbox(mailbox.pk)

    assert len(stored()) == 1


def test_a_mail_that_is_too_large_does_not_stop_the_next(port, mailbox, settings):
    settings.MAIL_MAX_BYTES = 10_000
    dovecot.deliver(port, mailbox.username, mail("x" * 70 + "\n" + "big " * 5000))
    dovecot.deliver(port, mailbox.username, mail("small"))

    poll_mailbox(mailbox.pk)

    big, small = InboundMail.objects.order_by("pk")
    assert (big.state, big.reason) == (InboundState.QUARANTINED, "too_large")
    assert big.size > 10_000
    assert small.state == InboundState.RECEIVED


def test_a_wrong_password_is_told_on_the_mailbox(mailbox):
    mailbox.password = "wrong"
    mailbox.save()

    assert poll_mailbox(mailbox.pk) == 0

    mailbox.refresh_from_db()
    assert mailbox.last_error != ""
    assert mailbox.succeeded_at is None
    assert mailbox.lease_until is None


def test_a_mailbox_is_polled_by_one_process_at_a_time(port, mailbox):
    dovecot.deliver(port, mailbox.username, mail("one"))
    mailbox.lease_until = timezone.now() + timedelta(minutes=1)
    mailbox.save()

    assert poll_mailbox(mailbox.pk) == 0
    assert stored() == []


def test_a_mailbox_that_was_rebuilt_brings_no_second_record(port, mailbox):
    dovecot.deliver(port, mailbox.username, mail("one"))
    poll_mailbox(mailbox.pk)
    read_stored_mail(InboundMail.objects.get().pk)
    mailbox.refresh_from_db()
    # As after a move to another server: other numbers, and nothing is marked as read.
    InboundMail.objects.update(uid_validity=1)
    Mailbox.objects.update(uid_validity=1)
    dovecot.unread(port, mailbox.username)

    assert poll_mailbox(mailbox.pk) == 1

    again = InboundMail.objects.latest("pk")
    read_stored_mail(again.pk)
    again.refresh_from_db()
    assert again.state == InboundState.DUPLICATE
    assert Feedback.objects.count() == 1
    assert OutgoingMessage.objects.count() <= 1


class TwiceAnswered:
    """A server that tells of another mail first, and of ours twice."""

    def uid(self, *_):
        return "OK", [
            (b"3 (UID 9 BODY[] {5}", b"other"),
            b")",
            b"4 (FLAGS (\\Seen))",
            (b"1 (BODY[] {4}", b"ours"),
            b" UID 7)",
            (b"1 (UID 7 BODY[] {4}", b"ours"),
            b")",
        ]


def test_answers_about_other_mails_are_not_taken_for_ours():
    assert _bytes(SimpleNamespace(client=TwiceAnswered()), 7, "BODY.PEEK[]") == b"ours"
