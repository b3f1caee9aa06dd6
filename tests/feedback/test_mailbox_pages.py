"""The pages and addresses of mailboxes: how each is doing, and the mails nobody could read."""

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse
from imap_tools.imap_utf7 import utf7_encode

from accounts.models import OutgoingMessage
from accounts.outbox.mime import envelope_sender
from config.kernel.mail_ids import tag_of_reply_address
from feedback.enums import InboundState, MailboxProblem
from feedback.models import InboundMail, Mailbox
from feedback.selectors.mailboxes import error_in_words
from feedback.services.correspondence import envelope
from feedback.services.staff_mail import answers_to
from tests.api.conftest import admin_api, lead_api  # noqa: F401
from tests.factories import FeedbackFactory, MailboxFactory
from tests.support.imap import imap_server  # noqa: F401

pytestmark = pytest.mark.django_db


def quarantined(mailbox, reason="too_large"):
    return InboundMail.objects.create(
        mailbox=mailbox, raw=b"Subject: x\r\n\r\nhi", sha256="0", size=15, sender="w@x.cn",
        state=InboundState.QUARANTINED, reason=reason,
    )  # fmt: skip


def page(client, name, *args):
    return client.get(reverse(f"feedback:{name}", args=args)).content.decode()


def test_the_list_says_what_is_wrong_in_plain_words(admin_client):
    assert "No mailboxes yet" in page(admin_client, "mailboxes")
    broken = MailboxFactory(imap_host="imap.x.cn", last_error="host: Name or service not known")
    quarantined(broken)

    text = page(admin_client, "mailboxes")

    assert "There is no server of this name" in text
    assert "Name or service not known" in text
    assert (
        page(admin_client, "mailbox", broken.pk).count("It is larger than what is taken in") == 1
    )


def test_every_problem_has_a_sentence():
    for problem in MailboxProblem:
        assert error_in_words(f"{problem}: NO") == f"{problem.label} The server said: NO"
    assert error_in_words("something old") == "something old"


@pytest.mark.parametrize("more", [0, 4])
def test_the_list_costs_the_same_for_any_number(admin_client, more, django_assert_num_queries):
    for _ in range(more + 1):
        quarantined(MailboxFactory())
    page(admin_client, "mailboxes")

    with django_assert_num_queries(4):
        page(admin_client, "mailboxes")


def test_settings_are_tested_on_the_page(admin_client, imap_server):  # noqa: F811
    box = MailboxFactory(
        imap_host="127.0.0.1", imap_port=imap_server.port, imap_tls=False, username="u",
        password="wrong",
    )  # fmt: skip
    url = reverse("feedback:change_mailbox", args=[box.pk, "test"])

    fragment = admin_client.post(url, headers={"HX-Request": "true"}).content.decode()

    assert "does not accept the user name and password" in fragment
    assert "<html" not in fragment
    assert "<html" in admin_client.post(url).content.decode()


def test_a_quarantined_mail_is_downloaded_and_read_again(admin_client):
    mail = quarantined(MailboxFactory(), "no_sender")
    other = MailboxFactory()
    raw = reverse("feedback:raw_mail", args=[mail.mailbox_id, mail.pk])
    assert admin_client.get(raw).content == b"Subject: x\r\n\r\nhi"
    again = reverse("feedback:process_mail_again", args=[other.pk, mail.pk])
    assert admin_client.post(again).status_code == 404

    again = reverse("feedback:process_mail_again", args=[mail.mailbox_id, mail.pk])
    assert admin_client.post(again).status_code == 302

    mail.refresh_from_db()
    assert mail.state == InboundState.RECEIVED


def test_a_mailbox_is_made_and_changed_without_its_password_being_shown(admin_client):
    form = {
        "address": "Help@Huiyin.test", "name": "Help", "language": "en", "imap_host": "imap.x.cn",
        "imap_port": "993", "imap_tls": "on", "username": "u", "new_password": "s3cret-word",
        "folder": "INBOX", "quoting": "none", "sign_in_by": "password",
    }  # fmt: skip
    admin_client.post(reverse("feedback:new_mailbox"), form)

    box = Mailbox.objects.get(address="help@huiyin.test")
    assert box.password == "s3cret-word"
    assert "s3cret-word" not in page(admin_client, "edit_mailbox", box.pk)
    wrong = admin_client.post(reverse("feedback:edit_mailbox", args=[box.pk]), form | {"name": ""})
    assert wrong.status_code == 422


def test_what_was_copied_unseen_is_left_out_and_what_cannot_be_sent_is_refused(admin_client):
    form = {
        "address": "help@huiyin.test", "name": "Help", "language": "en",
        "imap_host": "imap.x.cn\u200b", "imap_port": "993", "imap_tls": "on",
        "username": "\ufeffu@x.cn", "new_password": "abcd\u00a0efgh\u200b", "folder": "INBOX",
        "quoting": "none", "sign_in_by": "password",
    }  # fmt: skip
    refused = admin_client.post(reverse("feedback:new_mailbox"), form | {"new_password": "ｐ密码"})
    assert refused.status_code == 422
    assert "full-width characters" in refused.content.decode()

    admin_client.post(reverse("feedback:new_mailbox"), form)

    box = Mailbox.objects.get()
    assert (box.imap_host, box.username, box.password) == ("imap.x.cn", "u@x.cn", "abcdefgh")


def test_a_provider_fills_the_form_in_and_answers_there_go_without_a_plus(
    admin_client,
    admin_api,  # noqa: F811
    settings,
):
    form = {
        "address": "help@qq.com", "name": "Help", "language": "en", "imap_port": "993",
        "imap_tls": "on", "new_password": "code", "folder": "INBOX", "quoting": "none",
        "sign_in_by": "password", "preset": "qq", "takes_plus": "unknown",
    }  # fmt: skip
    admin_client.post(reverse("feedback:new_mailbox"), form)
    box = Mailbox.objects.get()
    assert (box.imap_host, box.username) == ("imap.qq.com", "help@qq.com")
    feedback = FeedbackFactory(mailbox=box)

    settings.MAIL_VERP = True
    promised = OutgoingMessage(pk=7, kind="reply", from_address="help@qq.com")
    assert envelope(feedback)["reply_to"] == answers_to(feedback.pk) == "help@qq.com"
    assert envelope_sender(promised) == "help@qq.com"

    changed = admin_api.patch(f"mailboxes/{box.pk}/", {"takes_plus": True})
    assert changed.json()["takes_plus"] is True
    feedback.refresh_from_db()
    assert tag_of_reply_address(envelope(feedback)["reply_to"]) == f"t{feedback.pk}"
    assert tag_of_reply_address(envelope_sender(promised)) == "b7"


def test_only_admins_see_mailboxes(agent_client):
    box = MailboxFactory()
    for name, args in (("mailboxes", []), ("mailbox", [box.pk]), ("new_mailbox", [])):
        assert agent_client.get(reverse(f"feedback:{name}", args=args)).status_code == 403


def test_programs_read_test_fetch_and_process_again(admin_api, lead_api):  # noqa: F811
    box = MailboxFactory(imap_host="imap.x.cn", last_error="silent: timed out")
    mail = quarantined(box)
    quarantined(MailboxFactory())
    assert lead_api.get("inbound-mails/").status_code == 403

    one = admin_api.get(f"mailboxes/{box.pk}/").json()
    assert (one["in_quarantine"], one["state"]) == (1, "Fails")
    assert "does not answer" in one["last_error"]
    assert admin_api.post(f"mailboxes/{box.pk}/fetch/", {}).status_code == 202
    piped = MailboxFactory()
    assert admin_api.post(f"mailboxes/{piped.pk}/fetch/", {}).status_code == 409
    assert admin_api.post(f"mailboxes/{piped.pk}/test/", {}).json()[0]["is_ok"]
    found = admin_api.get("inbound-mails/", {"mailbox": box.pk, "state": "quarantined"}).json()
    assert [row["id"] for row in found["results"]] == [mail.pk]
    again = admin_api.post(f"inbound-mails/{mail.pk}/process-again/", {}).json()
    assert again["state"] == "received"


def test_the_command_says_each_step_and_ends_accordingly(imap_server, capsys):  # noqa: F811
    box = MailboxFactory(
        imap_host="127.0.0.1", imap_port=imap_server.port, imap_tls=False, username="u",
        password="right", folder="客服",
    )  # fmt: skip
    imap_server.folders[utf7_encode("客服").decode()] = 2
    call_command("check_mailbox", box.address.upper())
    assert "The folder holds 2 mails" in capsys.readouterr().out

    Mailbox.objects.update(folder="Nowhere")
    with pytest.raises(SystemExit) as ended:
        call_command("check_mailbox", box.address)
    assert ended.value.code == 1
    assert "FAILED  Open the folder" in capsys.readouterr().out
    with pytest.raises(CommandError, match=box.address):
        call_command("check_mailbox", "nobody@x.cn")
