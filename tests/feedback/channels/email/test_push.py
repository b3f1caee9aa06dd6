"""Mail that providers bring by HTTP: who may, in which forms, once, and never half."""

import base64
import hashlib
import hmac
import json
import time
from datetime import timedelta
from unittest.mock import patch
from urllib.parse import quote_plus

import pytest
from django.db import OperationalError
from django.test import Client
from django.urls import reverse

from accounts.rules.webhook_signature import signed_headers
from feedback.channels.email import push
from feedback.channels.email.push_forms import (
    MAX_FIELDS,
    NoMailInside,
    form_fields,
    unquoted,
)
from feedback.enums import PushRefusal
from feedback.models import Feedback, InboundMail, PushAddress
from feedback.services.mail_push import end_push, renew_push_secret, set_signing_key
from feedback.services.mailboxes import remove_mailbox
from tests.api.conftest import admin_api, lead_api  # noqa: F401
from tests.factories import MailboxFactory
from tests.support.jobs import run_queued_jobs

pytestmark = pytest.mark.django_db
MIME = (
    "From: 韩梅梅 <han@example.org>\r\nTo: help@huiyin.test\r\nMessage-ID: <1@example.org>\r\n"
    "Subject: =?gb2312?B?wqnLrg==?=\r\nContent-Type: text/plain; charset=gb18030\r\n\r\n"
    "100% + 漏水 & 渗水\r\n"
).encode("gb18030")
KEY = "mailgun-key"


@pytest.fixture
def box():
    return MailboxFactory(address="help@huiyin.test")


@pytest.fixture
def secret(box):
    return renew_push_secret(box)[1]


@pytest.fixture
def bring(box, no_sending):
    """A provider: it knows no cookie, and Django's tests must not spare it the CSRF check."""

    def brings(body, kind="message/rfc822", **headers):
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return Client(enforce_csrf_checks=True).post(
            reverse("feedback:mail_push", args=[box.pk]), body, content_type=kind, headers=named
        )

    return brings


def basic(secret):
    return "Basic " + base64.b64encode(f"mail:{secret}".encode()).decode()


def urlencoded(**fields):
    pairs = [f"{name.replace('_', '-')}={quote_plus(value)}" for name, value in fields.items()]
    return "&".join(pairs).encode()


def multipart(**fields):
    parts = [
        b'--edge\r\nContent-Disposition: form-data; name="%s"\r\n\r\n%s\r\n' % (n.encode(), v)
        for n, v in fields.items()
    ]
    return b"".join(parts) + b"--edge--\r\n"


def mailgun(token="t" * 50, key=KEY, at=None, **more):
    stamp = str(int(at or time.time()))
    mac = hmac.new(key.encode(), (stamp + token).encode(), hashlib.sha256).hexdigest()
    return {"timestamp": stamp, "token": token, "signature": mac, "body_mime": MIME} | more


def refused_because(box):
    return PushAddress.objects.get(mailbox=box).refusal


def filed_texts():
    run_queued_jobs()
    return [one.messages.earliest("pk").text for one in Feedback.objects.all()]


def test_a_mail_of_our_own_kind_becomes_feedback_and_its_repeat_nothing(box, secret, bring):
    for _ in range(2):
        assert bring(MIME, Authorization=f"Bearer {secret}").status_code == 200

    assert bytes(InboundMail.objects.get().raw) == MIME
    [text] = filed_texts()
    assert "漏水" in text
    assert PushAddress.objects.get().received_at is not None


def test_signed_as_standard_webhooks_it_needs_no_header_with_the_secret(box, secret, bring):
    now = int(time.time())
    fits = signed_headers([secret], message_id="m1", timestamp=now, body=MIME)

    assert bring(MIME + b"x", **fits).status_code == 401
    assert refused_because(box) == PushRefusal.SIGNATURE
    PushAddress.objects.update(refused_at=None)
    old = signed_headers([secret], message_id="m1", timestamp=now - 301, body=MIME)
    assert bring(MIME, **old).status_code == 401
    assert refused_because(box) == PushRefusal.TOO_OLD
    assert [bring(MIME, **fits).status_code for _ in range(2)] == [200, 200]
    assert InboundMail.objects.count() == 1


def test_mailgun_is_known_by_its_signature(box, secret, bring):
    kind = "application/x-www-form-urlencoded"
    assert bring(urlencoded(**mailgun()), kind).status_code == 401  # no key yet
    set_signing_key(box, KEY)

    assert bring(urlencoded(**mailgun(key="another")), kind).status_code == 401
    form = mailgun(recipient="help+t1.abc@huiyin.test")
    assert [bring(urlencoded(**form), kind).status_code for _ in range(2)] == [200, 200]

    raw = bytes(InboundMail.objects.get().raw)
    assert raw == b"Delivered-To: help+t1.abc@huiyin.test\r\n" + MIME


def test_of_a_stranger_who_proves_nothing_no_more_bodies_are_read(box, secret, bring, monkeypatch):
    monkeypatch.setattr(push, "UNPROVED", 2)
    set_signing_key(box, KEY)
    kind = "application/x-www-form-urlencoded"
    for _ in range(2):
        assert bring(urlencoded(**mailgun(key="another")), kind).status_code == 401

    assert bring(urlencoded(**mailgun()), kind).status_code == 401  # whatever it is
    assert bring(MIME, Authorization=f"Bearer {secret}").status_code == 200
    url = reverse("feedback:mail_push", args=[box.pk])
    elsewhere = Client(REMOTE_ADDR="192.0.2.7")
    assert elsewhere.post(url, urlencoded(**mailgun()), content_type=kind).status_code == 200


def test_a_token_of_mailgun_brings_one_mail(box, secret, bring):
    set_signing_key(box, KEY)
    kind = "multipart/form-data; boundary=edge"

    def form(mail):
        fields = {name: value.encode() for name, value in mailgun(body_mime="").items()}
        return multipart(**{"body-mime": mail}, **fields)

    assert bring(form(MIME), kind).status_code == 200
    assert bring(form(MIME + b"another"), kind).status_code == 401
    assert refused_because(box) == PushRefusal.REUSED
    day_old = urlencoded(**mailgun(token="u", at=time.time() - 90_000))
    assert bring(day_old, "application/x-www-form-urlencoded").status_code == 401
    assert InboundMail.objects.count() == 1


def test_sendgrid_and_postmark_bring_the_secret_in_their_address(box, secret, bring):
    envelope = json.dumps({"to": ["x@other.test", "help+t2.x@huiyin.test"], "from": "h@a.cn"})
    form = multipart(envelope=envelope.encode(), subject=b"x" * 50_000, email=MIME)
    sendgrid = bring(form, 'multipart/form-data; boundary="edge"', Authorization=basic(secret))
    assert sendgrid.status_code == 200

    text = "From: li@example.org\r\nMessage-ID: <2@a.cn>\r\n\r\n也漏 \ud800"
    told = json.dumps({"RawEmail": text, "OriginalRecipient": "a+b@x.cn\r\nBcc: x@y.cn"})
    postmark = bring(told, "application/json; charset=utf-8", Authorization=basic(secret))
    assert postmark.status_code == 200

    newest, first = (bytes(one.raw) for one in InboundMail.objects.all())
    assert first == b"Delivered-To: help+t2.x@huiyin.test\r\n" + MIME
    assert newest.startswith(b"From: li@example.org")
    assert len(filed_texts()) == 2


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"Authorization": "Bearer whsec_" + "A" * 44},
        {"Authorization": "Bearer"},
        {"Authorization": "Basic ?"},
        {"Authorization": "Basic " + base64.b64encode(b"mail:\xff").decode()},
        {"Authorization": "Bearer \xe9"},
        {"webhook-id": "é", "webhook-timestamp": "²", "webhook-signature": "v1,é"},
        {"webhook-id": "m", "webhook-timestamp": "9" * 300, "webhook-signature": "v1,x"},
    ],
)
def test_who_does_not_know_the_secret_is_told_nothing(secret, bring, given):
    response = bring(MIME, **given)

    assert (response.status_code, response.content) == (401, b"Not accepted.\n")
    assert not response.cookies
    assert not InboundMail.objects.exists()


def test_a_signature_that_is_no_text_is_refused_like_any_other(box, secret, bring):
    now = str(int(time.time()))
    given = {"webhook-id": "m", "webhook-timestamp": now, "webhook-signature": "v1,é \xff"}
    assert bring(MIME, **given).status_code == 401
    set_signing_key(box, KEY)
    strange = urlencoded(**mailgun() | {"signature": "é"})
    assert bring(strange, "application/x-www-form-urlencoded").status_code == 401


def test_the_secret_of_one_mailbox_opens_no_other(secret, bring):
    other = MailboxFactory()
    theirs = renew_push_secret(other)[1]
    headers = {"Authorization": f"Bearer {theirs}"}

    assert bring(MIME, **headers).status_code == 401
    end_push(other)
    none = MailboxFactory()
    for pk in (other.pk, none.pk, 10**12):
        url = reverse("feedback:mail_push", args=[pk])
        answer = Client().post(url, MIME, content_type="message/rfc822", headers=headers)
        assert (answer.status_code, answer.content) == (401, b"Not accepted.\n")
    assert Client().get(reverse("feedback:mail_push", args=[none.pk])).status_code == 405


def test_a_new_secret_leaves_the_former_a_day(box, secret, bring, clock):
    new = renew_push_secret(box)[1]
    assert bring(MIME, Authorization=f"Bearer {secret}").status_code == 200
    clock.shift(timedelta(hours=25))
    assert bring(MIME, Authorization=f"Bearer {secret}").status_code == 401
    assert bring(MIME, Authorization=f"Bearer {new}").status_code == 200


def test_what_is_too_large_or_no_mail_is_refused_in_plain_words(box, secret, bring, settings):
    settings.MAIL_MAX_BYTES = 1_000
    settings.MAX_REQUEST_BYTES = 4_000
    who = {"Authorization": f"Bearer {secret}"}
    form, large = "multipart/form-data; boundary=edge", b"x" * 1_001

    assert bring(large, **who).status_code == 413
    assert bring(multipart(email=large), form, **who).status_code == 413
    assert bring(b"x" * 4_001, form, **who).status_code == 413
    assert refused_because(box) == PushRefusal.TOO_LARGE
    assert bring(MIME, Content_Encoding="gzip", **who).status_code == 415
    for body, kind in [
        (b"", "message/rfc822"),
        (b"hi", "text/html"),
        (b"[" * 3_900, "application/json"),
        (b'{"Subject": "no raw"}', "application/json"),
        (multipart(subject=b"x"), form),
        (multipart(email=MIME)[:-12], form),  # cut off
        (b"email", "multipart/form-data"),
    ]:
        assert bring(body, kind, **who).status_code == 400, kind
    assert not InboundMail.objects.exists()


def test_a_mailbox_that_is_off_and_a_database_that_is_away_leave_it_with_the_provider(
    box, secret, bring
):
    who = {"Authorization": f"Bearer {secret}"}
    with patch("feedback.channels.email.push.store_pushed_mail", side_effect=OperationalError):
        away = bring(MIME, **who)
    assert (away.status_code, away["Retry-After"]) == (503, "60")
    box.is_active = False
    box.save()
    assert bring(MIME, **who).status_code == 503
    assert not InboundMail.objects.exists()


def test_forms_are_bounded_before_anybody_has_proved_anything():
    with pytest.raises(NoMailInside):
        form_fields("application/x-www-form-urlencoded", "", b"a&" * MAX_FIELDS)
    with pytest.raises(NoMailInside):
        form_fields("multipart/form-data", "edge", multipart(**{f"f{n}": b"" for n in range(201)}))
    quoted = b"%41%zz+" * 30_000
    assert unquoted(quoted) == b"A%zz " * 30_000


def test_the_page_shows_the_secret_once(admin_client, agent_client, box):
    def do(what, **data):
        url = reverse("feedback:change_mailbox", args=[box.pk, what])
        assert agent_client.post(url, data).status_code == 403
        return admin_client.post(url, data)

    page = do("push").content.decode()
    push = PushAddress.objects.get()
    assert page.count(push.secret) == 2  # alone, and in the address
    do("push-key", signing_key="s3cret-key")
    again = admin_client.get(reverse("feedback:mailbox", args=[box.pk])).content.decode()
    assert f"/mail-in/{box.pk}/mime" in again
    assert push.secret not in again
    assert "s3cret-key" not in again
    do("push-end")
    push.refresh_from_db()
    assert (push.secret, push.signing_key, push.is_open) == ("", "", False)
    kept = reverse("accounts:setting_history", args=["feedback.pushaddress", push.pk])
    history = admin_client.get(kept).content.decode()
    assert history.lower().count("secret made") == 2  # when it was made, and ended
    assert "whsec_" not in history
    assert "s3cret-key" not in str(list(PushAddress.pgh_event_model.objects.values()))


def test_programs_of_admins_make_and_end_it(admin_api, lead_api, box):  # noqa: F811
    assert lead_api.post(f"mailboxes/{box.pk}/push/", {}).status_code == 403
    assert admin_api.post(f"mailboxes/{box.pk}/push-key/", {"signing_key": "k"}).status_code == 409

    PushAddress.objects.create(mailbox=MailboxFactory())  # so that its number is another one
    made = admin_api.post(f"mailboxes/{box.pk}/push/", {}).json()
    push = PushAddress.objects.get(mailbox=box)
    assert (push.pk != box.pk, made["secret"]) == (True, push.secret)
    assert made["address"].endswith(reverse("feedback:mail_push", args=[box.pk]))
    shown = admin_api.post(f"mailboxes/{box.pk}/push-key/", {"signing_key": "k"}).json()
    assert shown["push"]["address"] == made["address"]
    assert "secret" not in shown["push"]
    assert admin_api.post(f"mailboxes/{box.pk}/push-end/", {}).json()["push"] is None
    assert remove_mailbox(box)
