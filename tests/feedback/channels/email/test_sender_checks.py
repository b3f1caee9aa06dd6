"""What our own mail server found out about a sender, and what a proven colleague may pass on."""

import pytest
from django.urls import reverse

from accounts.enums import OutgoingKind, Role
from accounts.models import OutgoingMessage
from feedback.channels.email.authentication import read_authentication
from feedback.channels.email.parse import parse_mail
from feedback.enums import Direction, InboundState, MailFlag, TimelineKind
from feedback.models import Feedback, MailReference
from tests.conftest import client_of, member
from tests.factories import MailboxFactory
from tests.feedback.channels.email.mails import read
from tests.feedback.channels.email.test_forwards import written
from tests.support.mail import mail

US = "mx.huiyin.test"
PASS = f"{US}; dmarc=pass header.from=huiyin.test"


def judged(*values, trusted=(US,), sender="li@huiyin.test"):
    headers = [f"Authentication-Results: {value}" for value in values]
    parsed = read(*headers, f"From: {sender}")
    return read_authentication(
        parsed.authentication_results, trusted=trusted, sender=parsed.from_address
    )


@pytest.mark.parametrize(
    "values",
    [
        ["evil.example; dmarc=pass header.from=huiyin.test"],
        ["evil.example; spf=none", PASS],  # ours does not stand on top
        [f"{US}; spf=none", PASS],  # below the topmost only bad news counts
        [f"{US}; dmarc=pass header.from=evil.example"],
        [f'{US}; spf=pass smtp.mailfrom="x; dmarc=pass header.from=huiyin.test"@evil.example'],
        [f"{US}; spf=pass (of x; dmarc=pass header.from=huiyin.test) smtp.mailfrom=evil.example"],
        [f"{US}; spf=pass smtp.mailfrom==?utf-8?q?=3B_dmarc=3Dpass?=@evil.example"],
        [f"{US}; dmarc=pass header.from=huiyin.test (never closed"],
        [f"{US}; dmarc=bestguesspass header.from=huiyin.test"],
        [],
    ],
)
def test_nobody_can_write_proof_for_themselves(values):
    found = judged(*values)

    assert found is None or not found.is_proven


@pytest.mark.parametrize(
    ("value", "proven", "refuted"),
    [
        (PASS, True, False),
        (f"{US} 1; spf=fail smtp.mailfrom=list.example; dmarc=pass", True, False),
        (f"{US}; dmarc=fail (p=NONE) header.from=huiyin.test", False, True),
        (f"{US}; dkim=pass header.d=mail.huiyin.test; spf=fail", False, False),
        (f"{US}; dkim=pass header.d=evil.example; spf=softfail", False, True),
        (f"{US}; spf=neutral; dkim=none", False, False),
        (f"{US}; none", False, False),
        ("spf=pass (sender IP is 192.0.2.1); dmarc=pass action=none", True, False),
    ],
)
def test_what_the_server_says_is_understood(value, proven, refuted):
    found = judged(value, trusted=(US, "-"))

    assert (found.is_proven, found.is_refuted) == (proven, refuted)


@pytest.fixture
def mailbox(db):
    return MailboxFactory(address="help@huiyin.test", trusted_servers=f"{US}, old.huiyin.test")


@pytest.fixture
def colleague(team):
    return member(Role.AGENT, team)


def passed_on(sender, *, program="Outlook in Chinese", results=None, **changed):
    subject, body = written(program)
    raw = mail(body, sender=sender, subject=subject, **changed)
    domain = sender.rpartition("@")[2].rstrip(">")
    results = results or f"{US}; dmarc=pass header.from={domain}"
    return f"Authentication-Results: {results}\r\n".encode() + raw


def test_a_refuted_sender_is_shown_in_plain_words(arrive, mailbox, agent):
    refuted = f"Authentication-Results: {US}; spf=fail; dmarc=fail\r\n".encode()

    message = arrive(refuted + mail()).filed_as

    assert message.flags == [MailFlag.UNVERIFIED]
    assert message.authentication["dmarc"] == "fail"
    page = client_of(agent).get(message.feedback.get_absolute_url()).content.decode()
    assert "The sender could not be verified (DMARC fail, SPF fail)" in page


def test_a_proven_colleague_hands_a_customer_over(arrive, mailbox, colleague):
    raw = passed_on(colleague.email, References="<first@example.org>")

    message = arrive(raw).filed_as

    record = message.feedback
    assert (record.customer.email, record.customer.name) == ("han@example.org", "Han Mei")
    assert (record.subject, message.text, message.flags) == ("Leak", "It leaks.", [])
    note = record.messages.get(direction=Direction.NOTE)
    assert (note.author, note.text) == (colleague, "Please look.")
    told = record.timeline.get(kind=TimelineKind.RECEIVED)
    assert (told.actor, told.data["forwarded"]) == (colleague, True)
    sent = OutgoingMessage.objects.get(kind=OutgoingKind.ACKNOWLEDGEMENT)
    assert (sent.to_address, sent.in_reply_to) == ("han@example.org", "<first@example.org>")
    assert "Please look" not in message.html + message.full_text
    known = MailReference.objects.filter(sender="han@example.org")
    assert [one.message_id for one in known] == ["<first@example.org>"]


@pytest.mark.parametrize("why", ["not proven", "may not", "not a colleague"])
def test_without_proof_nobody_speaks_for_somebody_else(arrive, mailbox, colleague, agent, why):
    sender, results = colleague.email, None
    if why == "not proven":
        results = "evil.example; dmarc=pass"
    elif why == "may not":
        colleague.groups.clear()
    else:
        sender = "wang@example.org"

    message = arrive(passed_on(sender, results=results)).filed_as

    record = message.feedback
    assert record.customer.email == sender
    assert message.forwarded.get("address") == (
        None if why == "not a colleague" else "han@example.org"
    )
    assert (MailFlag.COLLEAGUE in message.flags) is (why == "not proven")
    assert not record.messages.filter(direction=Direction.NOTE).exists()


def test_one_click_makes_the_author_the_customer(arrive, mailbox, colleague, agent):
    message = arrive(passed_on(colleague.email, results="evil.example; dmarc=pass")).filed_as
    record, client = message.feedback, client_of(agent)
    url = reverse("feedback:make_author_customer", args=[record.number, message.pk])
    assert "Make Han Mei the customer" in client.get(record.get_absolute_url()).content.decode()

    client.post(url)
    client.post(url)

    record.refresh_from_db()
    message.refresh_from_db()
    assert record.customer.email == "han@example.org"
    assert (message.is_third_party, message.forwarded) == (True, {})
    assert record.timeline.filter(kind=TimelineKind.ABOUT).count() == 1
    page = client.get(record.get_absolute_url()).content.decode()
    assert "changed: customer" in page
    assert "Make Han Mei" not in page


def test_an_author_whom_no_mail_could_reach_leaves_the_mail_with_the_colleague(
    arrive, mailbox, colleague
):
    inbound = arrive(passed_on(colleague.email).replace(b"han@example.org", b"han@intranet"))

    assert inbound.state == InboundState.FILED
    assert Feedback.objects.get().customer.email == colleague.email


def test_a_colleagues_mail_about_a_colleague_or_us_is_their_own(arrive, mailbox, colleague, agent):
    raw = passed_on(colleague.email).replace(b"han@example.org", agent.email.encode())

    arrive(raw)

    assert Feedback.objects.get().customer.email == colleague.email
    assert parse_mail(raw).authentication_results
