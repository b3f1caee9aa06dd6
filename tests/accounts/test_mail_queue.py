"""What holds up all mail, and what must not."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts.enums import MailHeld, MailTrouble, OutgoingState
from accounts.models import OutgoingMessage, OutgoingQueue
from accounts.rules.handover import MAX_ATTEMPTS, TOLD_AFTER, WAITS, rest_after
from accounts.services.mail_queue import (
    Waiting,
    hold_queue,
    note_success,
    note_trouble,
    present_queue,
    release_queue,
    try_now,
)
from accounts.tasks import send_due_mail, send_outgoing
from tests.accounts.test_sending import make_due, promise, state_of

pytestmark = pytest.mark.django_db


def restore_a_backup() -> None:
    """The rows are the same, the database is another."""
    OutgoingQueue.objects.update(database="7.1")


def test_the_plan_of_attempts_is_soon_at_first_and_ends_after_three_days():
    assert WAITS[:4] == tuple(timedelta(minutes=n) for n in (1, 5, 15, 60))
    assert timedelta(days=3) <= sum(WAITS, timedelta()) <= timedelta(days=5)
    assert sum(WAITS[: TOLD_AFTER - 1], timedelta()) >= timedelta(hours=1)
    assert len(WAITS) + 1 == MAX_ATTEMPTS


def test_a_password_that_is_refused_fails_no_mail_and_is_said_once(smtp_server):
    smtp_server.wants_login = True
    mails = [promise(f"li{n}@example.org") for n in range(3)]

    for _ in range(MAX_ATTEMPTS + 2):
        try_now()
        send_due_mail()

    queue = present_queue()
    assert {state_of(one) for one in mails} <= {OutgoingState.RETRY, OutgoingState.QUEUED}
    assert {one.attempts for one in mails} == {0}
    assert (queue.trouble, queue.failures) == (MailTrouble.LOGIN, MAX_ATTEMPTS + 2)
    assert "Authentication required" in queue.said
    assert queue.next_try_at - timezone.now() > timedelta(minutes=1)

    smtp_server.wants_login = False
    try_now()
    send_due_mail()
    assert {state_of(one) for one in mails} == {OutgoingState.SENT}
    assert present_queue().trouble == ""


def test_a_server_that_offers_no_login_is_trouble_with_the_login(smtp_server, settings):
    settings.EMAIL_HOST_USER = "support"
    promise()

    send_due_mail()

    assert present_queue().trouble == MailTrouble.LOGIN


def test_a_password_that_cannot_be_sent_is_trouble_with_the_login(smtp_server, settings):
    smtp_server.wants_login = True
    settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = "support", "密码"
    message = promise()

    send_due_mail()

    assert present_queue().trouble == MailTrouble.LOGIN
    assert state_of(message) in {OutgoingState.QUEUED, OutgoingState.RETRY}


def test_the_queue_rests_longer_with_each_failure():
    rests = [rest_after(n, MailTrouble.UNREACHABLE) for n in range(1, 12)]

    assert rests == sorted(rests)
    assert (rests[0], rests[-1]) == (timedelta(seconds=5), timedelta(minutes=5))
    assert rest_after(1, MailTrouble.LOGIN) >= timedelta(minutes=1)


def test_admins_hear_when_a_trouble_that_lasted_is_over(smtp_server, admin_user):
    mail = promise()
    for minutes in (1, 11):
        note_trouble(MailTrouble.UNREACHABLE, "refused")
        since = timezone.now() - timedelta(minutes=minutes)
        OutgoingQueue.objects.update(failing_since=since, next_try_at=None)
        note_success()
        note_success()

    told = OutgoingMessage.objects.exclude(pk=mail.pk)
    assert [one.subject for one in told] == ["Mail leaves again"]
    assert "cannot be reached" in told.get().body_text


def test_while_the_queue_rests_nothing_is_tried(smtp_server):
    smtp_server.is_down = True
    promise()

    send_due_mail()
    send_due_mail()

    assert smtp_server.connections == 1


def test_a_domain_that_breaks_connections_does_not_hold_up_others(smtp_server):
    broken = [promise(f"breaks{n}@bad.example") for n in range(3)]
    fine = promise("li@good.example")

    send_due_mail()

    assert state_of(fine) == OutgoingState.SENT
    assert state_of(broken[0]) == OutgoingState.RETRY
    assert {state_of(one) for one in broken[1:]} == {OutgoingState.QUEUED}
    assert present_queue().trouble == ""


def test_connections_that_break_one_after_the_other_are_the_servers_fault(smtp_server):
    for n in range(4):
        promise(f"breaks@bad{n}.example")

    send_due_mail()

    assert present_queue().trouble == MailTrouble.UNREACHABLE
    assert OutgoingMessage.objects.filter(state=OutgoingState.QUEUED).count() == 1


def test_a_domain_gets_so_many_mails_a_minute(smtp_server, settings):
    settings.MAIL_PER_MINUTE = {"slow.example": 2, "*": 3}
    for n in range(4):
        promise(f"li{n}@slow.example")
        promise(f"li{n}@quick.example")

    send_due_mail()
    assert len(smtp_server.taken) == 5

    OutgoingMessage.objects.update(sent_at=timezone.now() - timedelta(minutes=2))
    send_due_mail()
    assert len(smtp_server.taken) == 8


def test_a_connection_serves_so_many_mails_and_then_a_new_one_is_made(smtp_server, settings):
    settings.MAIL_PER_CONNECTION = 2
    for n in range(5):
        promise(f"li{n}@example.org")

    send_due_mail()

    assert (len(smtp_server.taken), smtp_server.connections) == (5, 3)


def test_one_job_sends_what_others_were_queued_for(smtp_server):
    first, second = promise(), promise("wang@example.org")

    send_outgoing(outgoing_id=first.pk)
    send_outgoing(outgoing_id=second.pk)

    assert (len(smtp_server.taken), smtp_server.connections) == (2, 1)


# F27
def test_after_a_restore_nothing_leaves_until_a_person_says_so(smtp_server):
    present_queue()
    old, interrupted = promise("old@example.org"), promise("half@example.org")
    OutgoingMessage.objects.filter(pk=interrupted.pk).update(
        state=OutgoingState.SENDING, lease_until=timezone.now() - timedelta(hours=1)
    )
    restore_a_backup()

    send_outgoing(outgoing_id=old.pk)
    send_due_mail()
    assert smtp_server.taken == []
    assert present_queue().held_because == MailHeld.RESTORED

    new = promise("new@example.org")
    send_due_mail()
    assert smtp_server.taken == []

    assert release_queue(waiting=Waiting.CANCEL_EARLIER) == 2
    send_due_mail()
    assert [state_of(one) for one in (old, interrupted, new)] == [
        OutgoingState.CANCELLED, OutgoingState.CANCELLED, OutgoingState.SENT,
    ]  # fmt: skip
    assert present_queue().held_at is None


# F27
def test_a_restored_queue_may_also_be_sent(smtp_server):
    present_queue()
    message = promise()
    restore_a_backup()
    send_due_mail()

    assert release_queue(waiting=Waiting.SEND) == 0
    send_due_mail()

    assert state_of(message) == OutgoingState.SENT


def test_the_same_database_is_never_taken_for_a_restored_one(smtp_server):
    for _ in range(3):
        assert present_queue().held_at is None


def test_a_person_holds_the_queue_and_lets_it_go(smtp_server, django_user_model):
    message = promise()
    hold_queue(by=None)

    send_due_mail()
    assert state_of(message) == OutgoingState.QUEUED

    release_queue(waiting=Waiting.CANCEL)
    send_due_mail()
    assert state_of(message) == OutgoingState.CANCELLED


def test_trouble_shows_where_one_watches_and_the_web_stays_ready(smtp_server):
    smtp_server.is_down = True
    promise()
    send_due_mail()

    check = Client(REMOTE_ADDR="127.0.0.1").get("/readyz").json()["checks"]["mail_server"]
    metrics = Client(REMOTE_ADDR="127.0.0.1").get("/metrics").content.decode()

    assert check["ok"] is False
    assert check["needed"] is False
    assert 'huiyin_outgoing_trouble{trouble="closed"} 1.0' in metrics


def test_staff_are_told_after_an_hour_that_it_takes_time(smtp_server, settings):
    settings.EVENT_SUBSCRIBERS = {"accounts.OutgoingSettled": ["tests.listener"]}
    message = promise("busy@example.org", not_before=timezone.now())

    from tests.support.jobs import queued

    for n in range(TOLD_AFTER):
        assert queued() == [], n
        make_due(message)
        send_due_mail()

    assert queued() == [("tests.listener", {"outgoing_id": message.pk})]
