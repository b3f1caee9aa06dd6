import pytest
from django.urls import reverse

from accounts.enums import OutgoingKind
from accounts.models import CaughtMail
from accounts.outbox.mime import compose
from accounts.services import caught_mail
from accounts.services.caught_mail import keep_mail
from accounts.services.outbox import queue_mail

pytestmark = pytest.mark.django_db

OUTBOX = "/outbox/"


@pytest.fixture(autouse=True)
def caught(settings):
    settings.DEV_OUTBOX = True


def catch(**more) -> CaughtMail:
    given = {
        "kind": OutgoingKind.ACKNOWLEDGEMENT,
        "tag": "t1",
        "to_address": "han@example.org",
        "subject": "我们已收到您的反馈",
        "body_text": "查看进展：\nhttps://huiyin.test/s/1-abc/ <b>",
    }
    outgoing = queue_mail(**given | more)
    return keep_mail(
        envelope_from=outgoing.from_address,
        recipients=[outgoing.to_address],
        raw=compose(outgoing),
    )


def test_every_caught_mail_is_listed_newest_first(client):
    first, second = catch(subject="first"), catch(subject="second")

    html = client.get(OUTBOX).content.decode()

    assert html.index("second") < html.index("first")
    assert reverse("accounts:caught_mail", args=[first.pk]) in html
    assert second.recipients == ["han@example.org"]


def test_the_list_refreshes_by_itself(client):
    catch()

    html = client.get(OUTBOX, headers={"HX-Request": "true"}).content.decode()

    assert "我们已收到您的反馈" in html
    assert "<html" not in html


def test_links_of_a_text_can_be_clicked_and_tags_do_nothing(client):
    html = client.get(reverse("accounts:caught_mail", args=[catch().pk])).content.decode()

    assert 'href="https://huiyin.test/s/1-abc/"' in html
    assert "&lt;b&gt;" in html


def test_html_is_shown_in_a_frame_that_can_do_nothing(client):
    body = (
        '<p style="color:red">Hi <a href="https://huiyin.test/r/x/">rate</a>'
        '<script>alert(1)</script><img src="https://evil.example/p.gif"></p>'
    )
    caught = catch(body_html=body)

    page = client.get(reverse("accounts:caught_mail", args=[caught.pk])).content.decode()
    frame = client.get(reverse("accounts:caught_html", args=[caught.pk]))

    assert 'sandbox="allow-top-navigation-by-user-activation"' in page
    document = frame.content.decode()
    assert 'target="_top"' in document
    assert "script" not in document
    assert "evil.example" not in document
    assert "default-src 'none'" in frame["Content-Security-Policy"]
    assert "script-src" not in frame["Content-Security-Policy"]
    assert frame["X-Frame-Options"] == "SAMEORIGIN"


def test_the_source_is_plain_text(client):
    response = client.get(reverse("accounts:caught_source", args=[catch().pk]))

    assert response["Content-Type"].startswith("text/plain")
    assert b"Message-ID:" in response.content


@pytest.mark.parametrize(
    "raw",
    [b"", b"\xff\xfe\x00", b"Message-ID: <>\r\nSubject: =?gb2312?B?w+s\r\n\r\nx", b"\r\n\r\n"],
)
def test_a_mail_that_cannot_be_read_is_shown_all_the_same(client, raw):
    caught = keep_mail(envelope_from="", recipients=["a@b.example"], raw=raw)

    assert client.get(OUTBOX).status_code == 200
    assert client.get(reverse("accounts:caught_mail", args=[caught.pk])).status_code == 200


def test_outside_development_there_is_no_such_page(client, settings, admin_client):
    settings.DEV_OUTBOX = False

    assert client.get(OUTBOX).status_code == 404
    assert admin_client.get(OUTBOX).status_code == 404


def test_a_stranger_from_the_network_sees_nothing(client, agent_client):
    assert client.get(OUTBOX, REMOTE_ADDR="203.0.113.7").status_code == 404
    assert agent_client.get(OUTBOX, REMOTE_ADDR="203.0.113.7").status_code == 200


def test_only_so_many_are_kept(monkeypatch):
    monkeypatch.setattr(caught_mail, "KEPT", 3)
    for n in range(5):
        catch(subject=str(n))

    assert [mail.subject for mail in CaughtMail.objects.all()] == ["4", "3", "2"]


@pytest.mark.parametrize("rows", [1, 5])
def test_the_list_costs_the_same_for_any_number_of_rows(client, rows, django_assert_num_queries):
    for _ in range(rows):
        catch()
    client.get(OUTBOX)

    with django_assert_num_queries(3):
        client.get(OUTBOX)
