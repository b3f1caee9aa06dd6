"""Mailboxes whose server fails are tried more and more rarely, and never hold all workers."""

import socket
from datetime import datetime, timedelta

import psycopg
import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from config.kernel.database import connection_parameters
from feedback import tasks
from feedback.channels.email import imap
from feedback.enums import MailboxProblem
from feedback.models import Mailbox
from feedback.rules.polling import rest_after
from feedback.services.mailboxes import save_mailbox
from tests.api.conftest import admin_api  # noqa: F401
from tests.factories import MailboxFactory
from tests.support.imap import imap_server  # noqa: F401
from tests.support.jobs import queued, run_queued_jobs

pytestmark = pytest.mark.django_db


@pytest.fixture
def nobody():
    """A port on which nobody listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield taken.getsockname()[1]


def mailbox_at(port, **more):
    return MailboxFactory(
        imap_host="127.0.0.1", imap_port=port, imap_tls=False, username="u", password="right",
        **more,
    )  # fmt: skip


def test_the_rests_grow_up_to_a_quarter_of_an_hour():
    rests = [rest_after(n, MailboxProblem.SILENT).total_seconds() for n in (1, 2, 3, 4, 5, 6, 99)]
    assert rests == [20, 60, 120, 300, 600, 900, 900]
    assert rest_after(1, MailboxProblem.SIGN_IN) == timedelta(minutes=2)


def test_a_failing_mailbox_rests_and_says_until_when(nobody, admin_client, admin_api):  # noqa: F811
    box = mailbox_at(nobody)
    with time_machine.travel(timezone.now(), tick=False) as clock:
        for rest in (20, 60):
            tasks.poll_mailboxes()
            run_queued_jobs()
            box.refresh_from_db()
            assert box.next_poll_at == timezone.now() + timedelta(seconds=rest)
            clock.shift(rest - 1)
            tasks.poll_mailboxes()
            assert queued() == []  # not before its time
            clock.shift(1)

    page = admin_client.get(reverse("feedback:mailbox", args=[box.pk])).content.decode()
    assert "2 failed tries in a row" in page
    shown = admin_api.get(f"mailboxes/{box.pk}/").json()
    assert shown["failures"] == 2
    assert datetime.fromisoformat(shown["next_try_at"]) == box.next_poll_at


@pytest.mark.parametrize("by", ["saving", "testing", "fetching"])
def test_whoever_mends_it_need_not_wait(by, imap_server, admin_client):  # noqa: F811
    box = mailbox_at(
        imap_server.port, failures=6, next_poll_at=timezone.now() + timedelta(minutes=15)
    )
    if by == "saving":
        save_mailbox(box)
    else:
        what = {"testing": "test", "fetching": "fetch"}[by]
        admin_client.post(reverse("feedback:change_mailbox", args=[box.pk, what]))

    assert Mailbox.objects.due(timezone.now()).get() == box
    box.refresh_from_db()
    assert box.rests_until is None


def test_those_that_work_come_first_and_one_that_fails_after_them(nobody, monkeypatch):
    failing = [mailbox_at(nobody, failures=3) for _ in range(2)]
    working = [mailbox_at(nobody) for _ in range(2)]
    asked = []
    monkeypatch.setattr(imap, "_poll", asked.append)

    tasks.poll_mailboxes()
    run_queued_jobs()

    assert asked[:2] == working
    assert asked[2:] == failing[:1]


def test_one_worker_is_left_for_everything_else(nobody, monkeypatch):
    mailbox_at(nobody)
    asked = []
    monkeypatch.setattr(imap, "_poll", asked.append)
    monkeypatch.setattr(tasks, "POLLERS", 1)
    place = "SELECT pg_advisory_lock(hashtext('mailboxes'), 0)"

    with psycopg.connect(**connection_parameters(), autocommit=True) as another_worker:
        another_worker.execute(place)
        tasks.poll_due_mailboxes()
        tasks.poll_failing_mailbox()
        assert asked == []
        another_worker.execute("SELECT pg_advisory_unlock_all()")  # as when it dies
        tasks.poll_due_mailboxes()

    assert len(asked) == 1
