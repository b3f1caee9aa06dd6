"""Files and mails of strangers, on our pages: seen by the right people, run by nobody."""

import pytest
from django.urls import reverse

from feedback.enums import Channel
from feedback.models import Attachment
from feedback.services.attachments import IncomingFile
from feedback.services.conversation import add_customer_message
from feedback.templatetags.desk import linked
from tests.factories import FeedbackFactory

pytestmark = pytest.mark.django_db
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c4944415408d763f8"
    "cfc0000000030001018dd3f0b40000000049454e44ae426082"
)
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
HTML = (
    '<p onclick="x()">It <b>leaks</b></p><script>alert(1)</script>'
    '<img src="https://tracker.example/1.png" alt="logo"><img src="cid:photo@x">'
    '<a href="javascript:alert(1)">here</a>'
)


@pytest.fixture
def record(team):
    return FeedbackFactory(team=team)


@pytest.fixture
def mail(record):
    files = [
        IncomingFile("leak.png", PNG, content_id="photo@x", is_inline=True),
        IncomingFile("logo.svg", SVG),
        IncomingFile("坏文件.html", b"<script>alert(1)</script>"),
    ]
    return add_customer_message(
        record.pk,
        channel=Channel.EMAIL,
        text="It leaks",
        html=HTML,
        full_text="It leaks\n\n> what we wrote before",
        files=files,
    )


def file_url(name, **query):
    return reverse("feedback:attachment", args=[Attachment.objects.get(name=name).key])


def frame_url(mail):
    return reverse("feedback:message_html", args=[mail.feedback.number, mail.pk])


# A02, T75
def test_a_picture_is_shown_and_everything_else_is_a_download(agent_client, mail):
    picture = agent_client.get(file_url("leak.png"))
    assert picture["Content-Type"] == "image/png"
    assert picture["Content-Disposition"].startswith("inline")
    assert picture.content == PNG
    assert agent_client.get(file_url("leak.png") + "?download")["Content-Disposition"].startswith(
        "attachment"
    )

    for name in ("logo.svg", "坏文件.html"):
        response = agent_client.get(file_url(name))
        assert response["Content-Type"] == "application/octet-stream"
        assert response["Content-Disposition"].startswith("attachment")
        assert response["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in response["Content-Security-Policy"]


# A03
def test_a_file_is_for_those_who_may_see_the_record(outsider_client, client, mail):
    assert outsider_client.get(file_url("leak.png")).status_code == 404
    assert client.get(file_url("leak.png")).status_code == 302  # to sign in


# T75, T76
def test_a_mail_in_its_frame_can_do_nothing(agent_client, mail):
    response = agent_client.get(frame_url(mail))

    text, policy = response.content.decode(), response["Content-Security-Policy"]
    assert "<b>leaks</b>" in text
    for bad in ("<script", "onclick", "javascript:", "tracker.example"):
        assert bad not in text
    assert file_url("leak.png") in text
    assert "default-src 'none'" in policy
    assert "img-src 'self' data:;" in policy
    assert "sandbox" in policy
    assert "allow-scripts" not in policy
    assert "frame-ancestors 'self'" in policy
    assert response["X-Frame-Options"] == "SAMEORIGIN"
    assert response["Referrer-Policy"] == "no-referrer"


# T76
def test_pictures_from_the_network_come_only_when_asked_for(agent_client, mail):
    response = agent_client.get(frame_url(mail), {"pictures": "1"})

    assert "https://tracker.example/1.png" in response.content.decode()
    policy = response["Content-Security-Policy"]
    assert "img-src 'self' data: https://tracker.example;" in policy
    assert response["Referrer-Policy"] == "no-referrer"


def test_the_record_page_itself_never_holds_a_strangers_html(agent_client, mail):
    text = agent_client.get(mail.feedback.get_absolute_url()).content.decode()

    assert "It leaks" in text
    assert "tracker.example" not in text
    assert "<b>leaks</b>" not in text


def test_the_whole_text_is_one_click_away(agent_client, mail):
    url = reverse("feedback:message", args=[mail.feedback.number, mail.pk])

    fragment = agent_client.get(url, headers={"HX-Request": "true"}).content.decode()
    assert "&gt; what we wrote before" in fragment
    assert 'sandbox="allow-same-origin allow-popups' in fragment
    assert "allow-scripts" not in fragment
    assert "&gt; what we wrote before" in agent_client.get(url).content.decode()


def test_a_message_belongs_to_its_record(agent_client, mail, team):
    other = FeedbackFactory(team=team)
    for name in ("message", "message_html"):
        url = reverse(f"feedback:{name}", args=[other.number, mail.pk])
        assert agent_client.get(url).status_code == 404


def test_a_very_long_message_is_cut_and_whole_one_click_away(agent_client, record):
    text = "Listen. " * 5000 + "THE END"
    mail = add_customer_message(record.pk, channel=Channel.EMAIL, text=text)

    page = agent_client.get(record.get_absolute_url()).content.decode()
    assert "THE END" not in page
    assert "The whole message" in page
    url = reverse("feedback:message", args=[record.number, mail.pk])
    assert "THE END" in agent_client.get(url).content.decode()


def test_photos_in_a_mail_are_seen_and_logos_are_not(agent_client, record):
    photo = IncomingFile("photo.png", PNG + b"x" * 30_000, is_inline=True)
    logo = IncomingFile("logo.png", PNG, is_inline=True)
    add_customer_message(record.pk, channel=Channel.EMAIL, text="Look", files=[photo, logo])

    page = agent_client.get(record.get_absolute_url()).content.decode()

    assert file_url("photo.png") in page
    assert file_url("logo.png") not in page


def test_an_address_in_a_chinese_sentence_ends_at_its_mark():
    said = linked("邮箱：a@example.org，电话见https://example.org/x。<b>谢谢</b>")
    assert '<a href="mailto:a@example.org">a@example.org</a>，' in said
    assert "%EF%BC%8C" not in said
    assert "&lt;b&gt;" in said
    assert 'href="https://example.org/x"' in linked("网址：https://example.org/x。谢谢")
