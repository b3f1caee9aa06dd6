"""What strangers try on the pages that are open to them, and with the mail that these cause."""

import asyncio
import email
import email.policy
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, RequestFactory
from django.urls import reverse

from accounts.models import OutgoingMessage
from accounts.outbox.mime import compose
from accounts.rules.contact import name_to_greet
from config.kernel.gate import BodyLimit
from config.kernel.http import is_from_this_machine
from config.kernel.ratelimit import within_limit
from feedback.enums import Channel
from feedback.forms import public
from feedback.models import Feedback
from feedback.services.attachments import MAX_TOGETHER
from feedback.services.intake import receive_feedback
from tests.conftest import client_of
from tests.factories import CustomerFactory, FeedbackFactory
from tests.factories.surveys import open_link, sent

pytestmark = pytest.mark.django_db


@pytest.fixture
def stamp(clock):
    made = public.new_stamp()
    clock.shift(timedelta(minutes=1))
    return made


def written(stamp, **changes):
    fields = {"stamp": stamp, "text": "It leaks.", "name": "Han", "email": "han@example.org"}
    return fields | changes


# --- Mail that a stranger causes -----------------------------------------------------------------


# A10, T77
@pytest.mark.parametrize(
    "name",
    [
        "Bob\r\nBcc: victim@example.net",
        "Bob\nSubject: pills",
        "Bob <evil@example.net>, x",
        '"Bob" <evil@example.net>',
        "鲍勃\u2028Bcc: victim@example.net",
        "=?utf-8?q?Bob=0D=0ABcc=3A_victim=40example.net?=",
    ],
)
def test_a_name_adds_no_recipient_and_no_header(name, stamp):
    """A10 of the attacks, with the next one."""
    Client().post("/write/", written(stamp, name=name))

    raw = compose(OutgoingMessage.objects.get())
    mail = email.message_from_bytes(raw, policy=email.policy.default)
    assert [one.addr_spec for one in mail["To"].addresses] == ["han@example.org"]
    assert (mail["Bcc"], mail["Cc"]) == (None, None)
    assert len(mail.get_all("Subject")) == 1
    assert b"victim@example.net" not in raw


# A10
@pytest.mark.parametrize(
    "address", ["a@b.example,c@d.example", "a@b.example\nBcc: c@d.example",
                "a@b.example;c@d.example", "<a@b.example>", "a@b@c.example", "a b@c.example",
                "a@b.example\x00"],
)  # fmt: skip
def test_one_address_is_one_recipient_or_none(address, stamp):
    response = Client().post("/write/", written(stamp, email=address))

    assert response.status_code == 422
    assert OutgoingMessage.objects.count() == 0


@pytest.mark.parametrize(
    "name", ["Win at evil.example now", "https://evil.example", "evil。cn", "加微信 13812345678",
             "Dear friend you have won a prize today", "x" * 41, "www evil"],
)  # fmt: skip
def test_what_is_no_name_is_not_sent_to_anybody_in_our_name(name):
    customer = CustomerFactory(name=name)
    receive_feedback(
        channel=Channel.WEB_FORM, customer=customer, subject="", text="x", language="en"
    )

    mail = OutgoingMessage.objects.get()
    assert name not in mail.body_text + mail.to_name + mail.subject
    assert mail.body_text.startswith("Hello,")


@pytest.mark.parametrize(
    "name", ["韩梅梅", "Ada King", "J. R. R. Tolkien", "María-José O'Neill", "Lee Jr."]
)
def test_a_name_is_a_name(name):
    assert name_to_greet(name) == name


def test_a_customer_without_a_name_sees_no_variable():
    receive_feedback(
        channel=Channel.EMAIL,
        customer=CustomerFactory(name=""),
        subject="x",
        text="x",
        language="zh",
    )

    assert OutgoingMessage.objects.get().body_text.startswith("您好，")


def test_a_link_in_a_mail_leads_to_us_whatever_host_was_asked(agent, settings):
    settings.SITE_URL = "https://help.example.com"

    Client().post(
        reverse("account_reset_password"), {"email": agent.email}, headers={"Host": "evil.example"}
    )

    body = OutgoingMessage.objects.get().body_text
    assert "evil.example" not in body
    assert "https://help.example.com/account/password/reset/key/" in body


# --- Limits --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name", ["form:a@b.cn", "form:" + "a" * 249 + "@b.cn", "form:王 敏\x00@b"]
)
def test_a_limit_holds_for_names_of_every_length(name):
    cache.clear()

    taken = [within_limit(name, limit=2, seconds=3600) for _ in range(4)]

    assert taken == [True, True, False, False]


def test_who_tries_passwords_is_stopped(agent, settings):
    settings.ACCOUNT_RATE_LIMITS = {"login_failed": "5/m/key"}
    cache.clear()
    client, tried = Client(), {"login": agent.email, "password": "wrong"}
    agent.set_password("seven green teas")
    agent.save()

    for _ in range(5):
        client.post(reverse("account_login"), tried)
    right = client.post(reverse("account_login"), tried | {"password": "seven green teas"})

    assert "_auth_user_id" not in client.session
    assert right.status_code == 200


def test_files_that_are_too_large_together_are_refused_with_the_text_kept(stamp):
    half = b"x" * (MAX_TOGETHER // 3 + 1)
    files = [SimpleUploadedFile(f"{n}.bin", half) for n in range(3)]

    response = Client().post("/write/", written(stamp, files=files))

    assert response.status_code == 422
    assert "It leaks." in response.content.decode()
    assert Feedback.objects.count() == 0


def talk(messages, headers=()):
    """What a sender of these ASGI messages is answered, and how much the application read."""
    read, answers, rest = [], [], list(messages)

    async def app(scope, receive, send):
        while True:
            message = await receive()
            if message["type"] == "http.disconnect":
                return
            read.append(message["body"])
            if not message.get("more_body"):
                break
        await send({"type": "http.response.start", "status": 200, "headers": []})

    async def receive():
        return rest.pop(0)

    async def send(message):
        answers.append(message)

    asyncio.run(BodyLimit(app)({"type": "http", "headers": list(headers)}, receive, send))
    return answers[0]["status"], sum(map(len, read))


def body(*pieces):
    last = len(pieces) - 1
    return [
        {"type": "http.request", "body": piece, "more_body": n < last}
        for n, piece in enumerate(pieces)
    ]


def test_a_body_without_end_is_not_written_down(settings):
    settings.MAX_REQUEST_BYTES = 100

    assert talk(body(b"x" * 60, b"x" * 40)) == (200, 100)
    assert talk(body(b"x" * 60, b"x" * 60, b"x" * 60)) == (413, 60)
    assert talk(body(b"x"), [(b"content-length", b"101")]) == (413, 0)
    assert talk(body(b"x"), [(b"content-length", b"many")]) == (200, 1)


# --- Links and pages of customers ----------------------------------------------------------------


# T81
def test_a_secret_address_is_told_to_nobody():
    invitation, link = sent(), open_link()
    record = FeedbackFactory()
    pages = [
        f"/s/{record.status_token}/",
        f"/write/thanks/{record.status_token}/",
        f"/a/{invitation.token}/",
        f"/a/{invitation.token}/unsubscribe/",
        f"/a/c/{link.token}/",
    ]

    for page in pages:
        response = Client().get(page)
        assert response.status_code == 200
        assert response["Referrer-Policy"] == "no-referrer"
        assert "no-store" in response["Cache-Control"]
        assert response["X-Robots-Tag"] == "noindex, nofollow"


# T81
def test_a_key_opens_one_door_only():
    one, other, invitation = FeedbackFactory(), FeedbackFactory(), sent()
    number, _, mac = one.status_token.partition("-")
    client = Client()

    for token in (f"{other.number}-{mac}", f"{number}-{mac[:-1]}", f"{number}-", invitation.token,
                  f"{number}-{mac}\x00", f"{number}-{'0' * 20}"):  # fmt: skip
        assert client.get(reverse("feedback:status_page", args=[token])).status_code in {400, 404}
    assert client.get(f"/a/{one.status_token}/").status_code == 404
    assert client.post(f"/a/{one.status_token}/unsubscribe/").status_code == 404


@pytest.mark.parametrize("target", [
    "//evil.example", "https:evil.example", "/\\evil.example", "\\\\evil.example", "javascript:1",
    "///evil.example", "http:///evil.example", "/\t/evil.example", "https://evil.example/queue/",
    "\x01//evil.example",
])  # fmt: skip
def test_nobody_is_sent_elsewhere(target, agent):
    agent.set_password("seven green teas")
    agent.save()
    sign_in = {"login": agent.email, "password": "seven green teas", "next": target}

    answers = [
        Client().post(reverse("accounts:language"), {"language": "en", "next": target}),
        client_of(agent).post(reverse("feedback:undo", args=["nothing"]), {"next": target}),
        Client().post(reverse("account_login"), sign_in),
        client_of(agent).post(reverse("account_logout"), {"next": target}),
    ]

    for answer in answers:
        assert answer.status_code == 302
        assert urlsplit(answer["Location"]).netloc in {"", "testserver"}
        assert not answer["Location"].startswith(("//", "/\\", "javascript"))


def test_a_cookie_with_a_nul_byte_is_not_understood():
    client = Client()
    client.cookies.load('sessionid="abcdefgh\\000"')

    assert client.get("/queue/").status_code == 400


def test_what_came_through_a_proxy_is_not_from_this_machine(settings):
    here, there = RequestFactory().get("/"), RequestFactory().get("/", REMOTE_ADDR="203.0.113.7")

    assert is_from_this_machine(here)
    assert not is_from_this_machine(there)
    for mark in ("X-Forwarded-For", "X-Real-IP", "Forwarded", "Via"):
        proxied = RequestFactory().get("/", headers={mark: "127.0.0.1"})
        assert not is_from_this_machine(proxied)
    settings.BEHIND_PROXY = True
    assert not is_from_this_machine(here)


def test_caught_mail_is_not_shown_through_a_proxy(settings):
    settings.DEV_OUTBOX = True

    assert Client().get("/outbox/").status_code == 200
    assert Client().get("/outbox/", headers={"X-Real-IP": "203.0.113.7"}).status_code == 404


@pytest.mark.parametrize(
    "path", ["/styleguide/", "/styleguide/public/", "/styleguide/mail/", "/outbox/"]
)
def test_development_pages_do_not_exist_in_earnest(path, admin_client):
    assert admin_client.get(path).status_code == 404
