"""Mailboxes that are signed in to with OAuth 2: tokens from a token server, XOAUTH2 at the
mail server."""

import json
from datetime import timedelta
from functools import partial
from urllib.parse import parse_qs

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from config.kernel import oauth_device
from feedback.channels.email.imap import poll_mailbox
from feedback.channels.mailbox_check import check_mailbox
from feedback.enums import SignInBy
from feedback.management.commands import mailbox_sign_in
from feedback.models import Mailbox
from feedback.selectors.mailboxes import error_in_words
from feedback.services.mailboxes import save_mailbox
from tests.factories import MailboxFactory
from tests.support.imap import imap_server  # noqa: F401
from tests.support.receiver import receiver

pytestmark = pytest.mark.django_db


@pytest.fixture
def tokens(settings):
    with receiver() as server:
        settings.FETCH_INTERNAL_HOSTS = [server.host]
        give(server, access_token="fresh", expires_in=3600)
        yield server


def give(server, status=200, **body):
    server.status, server.body = status, json.dumps(body).encode()


@pytest.fixture
def box(tokens, imap_server):  # noqa: F811
    imap_server.token = "fresh"
    return MailboxFactory(
        imap_host="127.0.0.1",
        imap_port=imap_server.port,
        imap_tls=False,
        username="help@x.cn",
        sign_in_by=SignInBy.OAUTH2,
        token_url=tokens.url("/token"),
        client_id="our-id",
        client_secret="our-secret",
        refresh_token="first",
        token_scope="mail",
    )


def test_a_token_is_got_kept_and_used_until_it_ends(box, tokens, imap_server):  # noqa: F811
    assert all(step.is_ok for step in check_mailbox(box))
    check_mailbox(Mailbox.objects.get(pk=box.pk))

    assert imap_server.signed_in_as == ["help@x.cn", "help@x.cn"]
    [asked] = tokens.asked
    form = {name: values[0] for name, values in parse_qs(asked.body.decode()).items()}
    assert form == {
        "grant_type": "refresh_token", "refresh_token": "first", "client_id": "our-id",
        "client_secret": "our-secret", "scope": "mail",
    }  # fmt: skip

    Mailbox.objects.update(access_token_until=timezone.now() + timedelta(seconds=30))
    check_mailbox(Mailbox.objects.get(pk=box.pk))
    assert len(tokens.asked) == 2


def test_a_refresh_token_that_is_replaced_is_kept_and_nothing_is_stored_in_clear(box, tokens):
    give(tokens, access_token="fresh", refresh_token="second", expires_in="soon")
    check_mailbox(box)

    box.refresh_from_db()
    assert (box.refresh_token, box.access_token) == ("second", "fresh")
    with connection.cursor() as cursor:
        cursor.execute("SELECT t::text FROM feedback_mailbox t")
        stored = str(cursor.fetchall())
        cursor.execute("SELECT t::text FROM feedback_mailboxevent t")
        stored += str(cursor.fetchall())
    for secret in ("second", "fresh", "our-secret"):
        assert secret not in stored


def test_without_a_refresh_token_the_application_signs_in_itself(box, tokens):
    Mailbox.objects.update(refresh_token="")
    check_mailbox(Mailbox.objects.get(pk=box.pk))

    assert b"grant_type=client_credentials" in tokens.asked[0].body


@pytest.mark.parametrize(
    ("code", "sentence"),
    [
        ("invalid_grant", "The permission to read this mailbox has ended"),
        ("invalid_client", "does not know this client id"),
        ("temporarily_unavailable", "gave no access token"),
    ],
)
def test_what_the_token_server_refuses_is_said_on_the_mailbox(box, tokens, code, sentence):
    give(tokens, status=400, error=code, error_description="Bad Request")

    assert poll_mailbox(box.pk) == 0

    box.refresh_from_db()
    assert sentence in error_in_words(box.last_error)
    assert "Bad Request" in box.last_error
    assert box.token_lease_until is None


def test_a_token_that_the_mail_server_refuses_is_not_used_again(box, imap_server):  # noqa: F811
    imap_server.token = "another"

    refused = check_mailbox(box)[-1]
    assert not refused.is_ok
    assert "gave an access token, but the mail server does not take it" in refused.text

    box.refresh_from_db()
    assert box.access_token == ""


def test_one_process_at_a_time_asks_for_a_token(box, tokens):
    box.token_lease_until = timezone.now() + timedelta(seconds=20)
    box.save()

    assert not check_mailbox(box)[-1].is_ok
    assert tokens.asked == []


def test_secrets_do_not_follow_to_another_server(box):
    box.token_url = "https://evil.example/token"
    save_mailbox(box)

    box.refresh_from_db()
    assert (box.client_secret, box.refresh_token, box.access_token) == ("", "", "")
    assert not box.is_active


def test_the_form_knows_providers_and_shows_no_secret(admin_client, box):
    form = {
        "address": box.address, "name": "Help", "language": "en", "imap_port": "993",
        "imap_tls": "on", "username": "help@x.cn", "folder": "INBOX", "quoting": "none",
        "sign_in_by": "oauth2", "preset": "microsoft", "new_refresh_token": "typed-token",
    }  # fmt: skip
    url = reverse("feedback:edit_mailbox", args=[box.pk])

    refused = admin_client.post(url, form)
    assert refused.status_code == 422
    assert "OAuth 2 needs this" in refused.content.decode()
    admin_client.post(url, form | {"client_id": "our-id"})

    box.refresh_from_db()
    assert box.imap_host == "outlook.office365.com"
    assert (box.refresh_token, box.client_secret) == ("typed-token", "")
    assert "typed-token" not in admin_client.get(url).content.decode()


def test_a_person_signs_in_elsewhere_with_a_code_and_the_token_is_kept(
    box, tokens, capsys, monkeypatch
):
    said = [
        (400, {"error": "authorization_pending"}),
        (400, {"error": "slow_down"}),
        (200, {"access_token": "fresh", "refresh_token": "second", "expires_in": 3600}),
    ]
    pauses = []

    def pause(seconds):
        pauses.append(seconds)
        status, body = said.pop(0)
        give(tokens, status=status, **body)

    monkeypatch.setattr(
        mailbox_sign_in, "wait_for_token", partial(oauth_device.wait_for_token, pause=pause)
    )
    give(
        tokens, device_code="d-1", user_code="ABCD-EFGH", interval=2, expires_in=900,
        verification_uri="https://login.example/device",
    )  # fmt: skip
    call_command("mailbox_sign_in", box.address, device_url=tokens.url("/devicecode"))

    out = capsys.readouterr().out
    assert "https://login.example/device" in out
    assert "ABCD-EFGH" in out
    assert "second" not in out
    box.refresh_from_db()
    assert (box.refresh_token, box.access_token) == ("second", "fresh")
    assert pauses == [2, 2, 7]
    assert b"device_code=d-1" in tokens.asked[-1].body

    said += [(400, {"error": "authorization_pending"})] * 3
    give(
        tokens, device_code="d-2", user_code="X", interval=2, expires_in=5,
        verification_uri="https://login.example/device",
    )  # fmt: skip
    with pytest.raises(CommandError, match="Nobody signed in in time"):
        call_command("mailbox_sign_in", box.address, device_url=tokens.url("/devicecode"))
