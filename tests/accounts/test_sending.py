"""Mail that was promised leaves once, and we know what became of it."""

import socket
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts.enums import OutgoingKind, OutgoingState
from accounts.errors import CannotSendAgain, TooLateToRecall
from accounts.models import OutgoingMessage
from accounts.rules.handover import MAX_ATTEMPTS, Handover, Outcome
from accounts.services.mail_queue import try_now
from accounts.services.outbox import queue_mail, recall, send_again
from accounts.services.sending import claim, claim_next, settle
from accounts.tasks import send_due_mail, send_outgoing
from config.kernel.models import Beat
from tests.support.jobs import queued, run_queued_jobs

pytestmark = pytest.mark.django_db


def promise(to="li@example.org", **more) -> OutgoingMessage:
    given = {
        "kind": OutgoingKind.REPLY,
        "tag": "t1",
        "to_address": to,
        "subject": "Re: leak",
        "body_text": "We will come.",
    }
    return queue_mail(**given | more)


def state_of(message) -> str:
    message.refresh_from_db()
    return message.state


def make_due(message) -> None:
    OutgoingMessage.objects.filter(pk=message.pk).update(not_before=timezone.now())


def let_the_lease_run_out(message) -> None:
    past = timezone.now() - timedelta(seconds=1)
    OutgoingMessage.objects.filter(pk=message.pk).update(lease_until=past)


def test_a_promised_mail_is_sent_once(smtp_server):
    message = promise()

    run_queued_jobs()
    send_outgoing(outgoing_id=message.pk)  # a job may run twice
    send_due_mail()

    assert state_of(message) == OutgoingState.SENT
    assert message.sent_at is not None
    assert [one.message_id for one in smtp_server.taken] == [message.message_id]
    assert smtp_server.taken[0].sender == message.from_address


def test_several_due_mails_share_one_connection(smtp_server):
    messages = [promise(f"li{n}@example.org") for n in range(4)]

    send_due_mail()

    assert {state_of(one) for one in messages} == {OutgoingState.SENT}
    assert smtp_server.connections == 1


def test_one_refused_recipient_does_not_stop_the_others(smtp_server):
    refused, later = promise("no.user@example.org"), promise("li@example.org")

    send_due_mail()

    assert state_of(refused) == OutgoingState.FAILED
    assert "550" in refused.answer
    assert state_of(later) == OutgoingState.SENT


@pytest.mark.parametrize("address", ["greylisted@example.org", "busy@example.org"])
def test_refused_for_now_is_tried_again_later(smtp_server, address):
    smtp_server.patience = 1
    message = promise(address)

    send_due_mail()
    assert state_of(message) == OutgoingState.RETRY
    assert timedelta(0) < message.not_before - timezone.now() <= timedelta(minutes=1)
    send_due_mail()
    assert smtp_server.taken == []  # not before its time

    make_due(message)
    send_due_mail()
    assert state_of(message) == OutgoingState.SENT
    assert message.attempts == 2
    assert [one.message_id for one in smtp_server.taken] == [message.message_id]


def test_a_server_that_never_takes_it_ends_in_failure(smtp_server):
    message = promise("busy@example.org")

    for _ in range(MAX_ATTEMPTS + 2):
        make_due(message)
        send_due_mail()

    assert state_of(message) == OutgoingState.FAILED
    assert message.attempts == MAX_ATTEMPTS


def test_refused_after_the_mail_is_final(smtp_server):
    message = promise("too.big@example.org")

    send_due_mail()

    assert state_of(message) == OutgoingState.FAILED
    assert "552" in message.answer


# T89
@pytest.mark.parametrize("address", ["kept.silent@example.org", "cut.off@example.org"])
def test_a_connection_lost_at_the_end_is_tried_once_more_under_the_same_id(smtp_server, address):
    message = promise(address)

    send_due_mail()
    assert state_of(message) == OutgoingState.RETRY
    assert message.uncertain_at is not None

    make_due(message)
    send_due_mail()
    make_due(message)
    send_due_mail()

    assert state_of(message) == OutgoingState.UNCERTAIN
    assert message.attempts == 2
    assert {one.message_id for one in smtp_server.taken} <= {message.message_id}
    assert len({one.raw for one in smtp_server.taken}) <= 1  # byte for byte the same mail


# T89
def test_a_sender_that_died_is_replaced_and_the_id_stays(smtp_server):
    message = promise()
    claim(message.pk)  # … and then the process was killed

    send_due_mail()
    assert smtp_server.taken == []  # the lease holds

    let_the_lease_run_out(message)
    send_due_mail()

    assert state_of(message) == OutgoingState.SENT
    assert [one.message_id for one in smtp_server.taken] == [message.message_id]


# T89
def test_a_mail_refused_after_a_sender_died_with_it_is_uncertain_and_not_failed(smtp_server):
    message = promise("no.user@example.org")
    claim(message.pk)  # … and then the process was killed, perhaps after the final dot
    let_the_lease_run_out(message)

    send_due_mail()

    assert state_of(message) == OutgoingState.UNCERTAIN
    assert "550" in message.answer
    assert message.uncertain_at is not None


def test_the_attempt_of_a_dead_sender_counts_as_one_without_an_answer(smtp_server):
    message = promise("kept.silent@example.org")
    claim(message.pk)
    let_the_lease_run_out(message)

    send_due_mail()

    assert state_of(message) == OutgoingState.UNCERTAIN  # the repeat that it is owed was this one
    assert len(smtp_server.taken) == 1


def test_an_outbox_that_nobody_goes_through_shows_in_readyz():
    long_ago = timezone.now() - timedelta(minutes=20)
    Beat.objects.create(name="outbox", at=long_ago)

    def finding():
        return Client(REMOTE_ADDR="127.0.0.1").get("/readyz").json()["checks"]["outbox"]["ok"]

    assert finding() is False

    send_due_mail()
    assert finding() is True


def test_a_mail_that_kills_every_sender_stops_being_tried():
    message, next_one = promise(), promise("wang@example.org")
    for _ in range(MAX_ATTEMPTS):
        claim(message.pk)
        let_the_lease_run_out(message)

    assert claim_next() == next_one
    assert state_of(message) == OutgoingState.UNCERTAIN


def test_a_slow_sender_cannot_undo_what_another_settled():
    message = promise()
    slow = claim(message.pk)
    let_the_lease_run_out(message)
    settle(claim(message.pk), Handover(Outcome.ACCEPTED))

    settle(slow, Handover(Outcome.REFUSED, "550 too late"))

    assert state_of(message) == OutgoingState.SENT


def test_two_senders_never_hold_the_same_mail():
    message = promise()

    assert claim(message.pk) == message
    assert claim(message.pk) is None
    assert claim_next() is None


def test_a_server_that_cannot_be_reached_costs_no_mail_an_attempt(settings):
    with socket.socket() as nobody:  # bound, but not listening
        nobody.bind(("127.0.0.1", 0))
        settings.EMAIL_HOST, settings.EMAIL_PORT = nobody.getsockname()
        first, second = promise(), promise("wang@example.org")

        send_due_mail()

    assert [state_of(first), state_of(second)] == [OutgoingState.RETRY, OutgoingState.QUEUED]
    assert (first.attempts, second.attempts) == (0, 0)
    assert first.uncertain_at is None


def test_a_server_that_is_closing_is_left_alone(smtp_server):
    smtp_server.is_down = True
    first, second = promise(), promise("wang@example.org")

    send_due_mail()
    smtp_server.is_down = False
    try_now()
    send_due_mail()

    assert [state_of(first), state_of(second)] == [OutgoingState.SENT, OutgoingState.SENT]
    assert len(smtp_server.taken) == 2


def test_what_was_recalled_is_not_sent(smtp_server):
    message = promise(not_before=timezone.now() + timedelta(seconds=10))
    recall(message.pk)
    make_due(message)

    send_due_mail()

    assert state_of(message) == OutgoingState.CANCELLED
    assert smtp_server.taken == []


def test_what_is_on_its_way_cannot_be_recalled():
    message = promise()
    claim(message.pk)

    with pytest.raises(TooLateToRecall):
        recall(message.pk)


def test_a_failed_mail_can_be_sent_again_under_the_same_id(smtp_server):
    message = promise("busy@example.org")
    message_id = message.message_id
    settle(claim(message.pk), Handover(Outcome.REFUSED, "550"))
    smtp_server.patience = 0

    send_again(message.pk)
    run_queued_jobs()

    assert state_of(message) == OutgoingState.SENT
    assert smtp_server.taken[0].message_id == message_id


def test_a_sent_mail_is_not_sent_again(smtp_server):
    message = promise()
    send_due_mail()

    with pytest.raises(CannotSendAgain):
        send_again(message.pk)


def test_every_end_is_announced_and_a_retry_is_not(settings):
    settings.EVENT_SUBSCRIBERS = {"accounts.OutgoingSettled": ["tests.listener"]}
    message = promise(not_before=timezone.now())

    settle(claim(message.pk), Handover(Outcome.REFUSED_FOR_NOW, "450"))
    assert queued() == []
    make_due(message)
    settle(claim(message.pk), Handover(Outcome.ACCEPTED, "250"))
    assert queued() == [("tests.listener", {"outgoing_id": message.pk})]


def test_an_attachment_that_is_gone_fails_the_mail_and_not_the_sender(
    smtp_server, settings, tmp_path
):
    settings.MEDIA_ROOT = tmp_path
    message = promise(attachments=[{"path": "attachments/xx/gone", "name": "a.pdf"}])

    send_due_mail()

    assert state_of(message) == OutgoingState.FAILED
    assert smtp_server.taken == []


def test_storage_that_is_away_for_a_moment_lets_the_mail_wait(smtp_server, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "not mounted"
    away = promise(attachments=[{"path": "attachments/xx/there", "name": "a.pdf"}])
    send_due_mail()
    assert state_of(away) == OutgoingState.RETRY

    settings.MEDIA_ROOT = tmp_path
    (tmp_path / "broken").mkdir()  # reading it is an OSError that is no FileNotFoundError
    broken = promise(attachments=[{"path": "broken", "name": "a.pdf"}])
    send_due_mail()
    assert state_of(broken) == OutgoingState.RETRY


def test_customers_who_wait_go_before_customers_we_ask():
    survey = promise("a@example.org", kind=OutgoingKind.SURVEY, not_before=timezone.now())
    reply = promise("b@example.org", not_before=timezone.now())

    assert [claim_next(), claim_next()] == [reply, survey]
