"""Fetching from a real IMAP server."""

import uuid
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.utils import timezone

from accounts.models import OutgoingMessage
from config.kernel.models import Beat
from feedback.channels.email import fetching, imap
from feedback.channels.email.filing import read_stored_mail
from feedback.channels.email.imap import poll_mailbox
from feedback.channels.email.imap_answers import bytes_of
from feedback.channels.mailbox_check import check_mailbox
from feedback.enums import InboundState, MailboxProblem, Quarantined
from feedback.models import Feedback, InboundMail, Mailbox
from feedback.selectors.mailboxes import reason_in_words
from feedback.services.fetch_progress import remember
from feedback.services.inbound_mail import process_again
from feedback.services.mailboxes import save_mailbox
from tests.factories import MailboxFactory
from tests.support import dovecot
from tests.support.mail import mail
from tests.support.stuttering_imap import stuttering_server

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


def test_another_account_with_the_same_numbers_loses_no_mail(port, mailbox):
    dovecot.deliver(port, mailbox.username, mail("of the old account"))
    poll_mailbox(mailbox.pk)
    mailbox.refresh_from_db()
    mailbox.username = f"{mailbox.username}b"
    dovecot.deliver(port, mailbox.username, mail("of the new account"))
    save_mailbox(mailbox, new_password="secret")
    with dovecot.signed_in(port, mailbox.username) as server:  # Gmail: 1 in every account
        _, [said] = server.status("INBOX", "(UIDVALIDITY)")
    InboundMail.objects.update(uid_validity=int(said.split()[-1].strip(b")")), uid=1)

    assert poll_mailbox(mailbox.pk) == 1

    assert [b"of the new" in one for one in stored()] == [False, True]


def test_a_poll_of_the_old_folder_does_not_say_how_far_the_new_one_was_read(mailbox):
    polled = Mailbox.objects.get(pk=mailbox.pk)
    mailbox.folder = "Support"
    save_mailbox(mailbox)

    assert not remember(polled, uid_validity=1, last_uid=99)

    mailbox.refresh_from_db()
    assert (mailbox.uid_validity, mailbox.last_uid) == (None, 0)


def test_of_what_was_there_before_us_only_unread_mail_is_fetched(port, mailbox, monkeypatch):
    monkeypatch.setattr(fetching, "BATCH", 1)
    for name in ("first", "read before", "second", "read last"):
        dovecot.deliver(port, mailbox.username, mail(name))
    with dovecot.signed_in(port, mailbox.username) as server:
        server.select("INBOX")
        server.store("2,4", "+FLAGS", r"(\Seen)")
    poll_mailbox(mailbox.pk)
    dovecot.deliver(port, mailbox.username, mail("new and read on a telephone"))
    with dovecot.signed_in(port, mailbox.username) as server:
        server.select("INBOX")
        server.store("5", "+FLAGS", r"(\Seen)")
    dovecot.deliver(port, mailbox.username, mail("new"))

    assert [poll_mailbox(mailbox.pk) for _ in range(4)] == [1, 1, 1, 0]

    names = (b"first", b"second", b"new and", b"new")
    assert all(name in raw for name, raw in zip(names, stored(), strict=True))
    mailbox.refresh_from_db()
    assert (mailbox.last_uid, mailbox.unread_until) == (6, None)


def at(port):
    return MailboxFactory(
        imap_host="127.0.0.1", imap_port=port, imap_tls=False, username="u", password="p"
    )


def test_a_mail_that_the_server_refuses_lets_the_next_ones_in_and_comes_later():
    letters, refused = [mail("never given out"), mail("behind it")], {1}
    with stuttering_server(letters, refused=refused) as port:
        box = at(port)

        assert [poll_mailbox(box.pk) for _ in range(4)] == [0, 0, 0, 2]

        behind, held_up = InboundMail.objects.all()
        assert (held_up.state, held_up.reason) == ("quarantined", Quarantined.NOT_FETCHED)
        assert held_up.size == len(letters[0])
        assert "could not be fetched" in reason_in_words(held_up)
        assert bytes(behind.raw) == letters[1]
        refused.clear()
        process_again(held_up.pk)
        poll_mailbox(box.pk)
    held_up.refresh_from_db()
    assert (held_up.state, bytes(held_up.raw)) == (InboundState.RECEIVED, letters[0])


def test_a_mail_that_comes_byte_by_byte_is_broken_off_and_told(monkeypatch):
    monkeypatch.setattr(imap, "LONGEST_POLL", 0.3)
    with stuttering_server([mail("endless")], dripping={1}) as port:
        box = at(port)
        poll_mailbox(box.pk)

    box.refresh_from_db()
    assert box.last_error.startswith(MailboxProblem.SLOW)
    assert (box.lease_until, box.fetching_uid, box.fetch_tries) == (None, 1, 4)


def test_a_password_that_no_protocol_carries_is_told(port, mailbox):
    Mailbox.objects.update(password="密码")

    poll_mailbox(mailbox.pk)

    mailbox.refresh_from_db()
    assert mailbox.last_error.startswith(MailboxProblem.CHARACTERS)
    assert mailbox.lease_until is None
    assert check_mailbox(mailbox)[-1].is_ok is False


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
    assert bytes_of(SimpleNamespace(client=TwiceAnswered()), 7) == b"ours"
