"""Mail handed over with OAuth 2: tokens from a token server, XOAUTH2 at the mail server."""

import json
from datetime import timedelta
from urllib.parse import parse_qs

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from accounts.enums import MailTrouble, OutgoingState
from accounts.models import OutgoingQueue
from accounts.outbox import smtp_oauth
from accounts.services.mail_queue import present_queue, try_now
from accounts.tasks import send_due_mail
from tests.accounts.test_sending import promise, state_of
from tests.support.receiver import receiver

pytestmark = pytest.mark.django_db


@pytest.fixture
def tokens(settings, smtp_server):
    with receiver() as server:
        settings.FETCH_INTERNAL_HOSTS = [server.host]
        settings.EMAIL_HOST_USER = "help@x.cn"
        settings.SMTP_OAUTH = {
            "token_url": server.url("/token"), "client_id": "our-id",
            "client_secret": "our-secret", "refresh_token": "first", "scope": "mail",
        }  # fmt: skip
        smtp_server.token = "fresh"
        give(server, access_token="fresh", refresh_token="second", expires_in=3600)
        yield server


def give(server, status=200, **body):
    server.status, server.body = status, json.dumps(body).encode()


def asked_with(server) -> list[str]:
    return [parse_qs(one.body.decode())["refresh_token"][0] for one in server.asked]


def test_a_token_is_got_kept_and_used_until_it_ends(tokens, smtp_server):
    one, other = promise("li@example.org"), promise("mei@example.org")
    send_due_mail()
    assert {state_of(one), state_of(other)} == {OutgoingState.SENT}
    assert smtp_server.proofs == ["user=help@x.cn\x01auth=Bearer fresh\x01\x01"]

    promise("han@example.org")
    send_due_mail()
    assert asked_with(tokens) == ["first"]
    OutgoingQueue.objects.update(access_token_until=timezone.now() + timedelta(seconds=30))
    promise("wu@example.org")
    send_due_mail()
    assert asked_with(tokens) == ["first", "second"]  # it was replaced

    with connection.cursor() as cursor:
        cursor.execute("SELECT t::text FROM accounts_outgoingqueue t")
        assert not {"fresh", "second"} & set(str(cursor.fetchall()).split(","))


def test_a_token_that_ended_early_is_got_anew_once(tokens, smtp_server):
    promise()
    send_due_mail()
    smtp_server.token = "newer"
    give(tokens, access_token="newer", expires_in=3600)
    mail = promise("han@example.org")

    send_due_mail()

    assert state_of(mail) == OutgoingState.SENT
    assert len(tokens.asked) == 2

    smtp_server.token = "another"  # whatever the token server gives
    promise("wu@example.org")
    send_due_mail()
    assert len(tokens.asked) == 3
    assert present_queue().trouble == MailTrouble.LOGIN


@pytest.mark.parametrize(
    ("code", "trouble"),
    [
        ("invalid_grant", MailTrouble.PERMISSION),
        ("invalid_client", MailTrouble.CLIENT),
        ("temporarily_unavailable", MailTrouble.TOKEN),
    ],
)
def test_without_a_token_mail_waits_and_the_page_says_why(
    tokens, smtp_server, admin_client, code, trouble
):
    give(tokens, status=400, error=code, error_description="Bad Request")
    mail = promise()

    send_due_mail()

    assert present_queue().trouble == trouble
    assert (state_of(mail), mail.attempts) == (OutgoingState.RETRY, 0)
    page = admin_client.get(reverse("accounts:outgoing")).content.decode()
    assert trouble.label.split("(")[0] in page
    assert "Bad Request" in page
    assert smtp_server.proofs == []

    give(tokens, access_token="fresh")
    try_now()
    send_due_mail()
    assert state_of(mail) == OutgoingState.SENT


def test_another_account_in_the_settings_begins_anew(tokens, settings):
    promise()
    send_due_mail()
    settings.SMTP_OAUTH = settings.SMTP_OAUTH | {"refresh_token": "of the other one"}
    promise("han@example.org")

    send_due_mail()

    assert asked_with(tokens) == ["first", "of the other one"]


def test_one_sender_at_a_time_asks_for_a_token(tokens, monkeypatch):
    monkeypatch.setattr(smtp_oauth, "BETWEEN", 0)
    present_queue()
    OutgoingQueue.objects.update(token_lease_until=timezone.now() + timedelta(seconds=20))
    promise()

    send_due_mail()

    assert tokens.asked == []
    assert present_queue().trouble == MailTrouble.TOKEN
