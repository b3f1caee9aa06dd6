import pytest

from feedback.channels.email.parsed import MailKind, Verdict
from feedback.channels.email.verdict import judge, plain_address
from tests.feedback.channels.email.mails import mail, multipart, read


def verdict(*headers: bytes | str, body: bytes | str = "words") -> Verdict:
    if not any(str(line).lower().startswith("from:") for line in headers):
        headers = ("From: wang@example.cn", *headers)
    return judge(
        read(*headers, body=body), own_addresses=["help@shop.example"], own_instance="here-1"
    )


def test_a_person_is_human_and_may_be_answered():
    found = verdict("Subject: 订单没到")

    assert found.kind == MailKind.HUMAN
    assert found.may_be_answered


@pytest.mark.parametrize(
    "sender", ["no-reply@x.cn", "noreply@x.cn", "shop-noreply@x.cn", "do_not_reply@x.cn", ""]
)
def test_nobody_answers_an_address_that_wants_none(sender):
    found = verdict(f"From: {sender}")

    assert found.kind == MailKind.HUMAN
    assert not found.may_be_answered


@pytest.mark.parametrize(
    ("header", "kind"),
    [
        ("Auto-Submitted: auto-replied", MailKind.AUTO_REPLY),
        ("Auto-Submitted: auto-replied (vacation)", MailKind.AUTO_REPLY),
        ("Auto-Submitted: auto-generated; type=x", MailKind.AUTO_GENERATED),
        ("Auto-Submitted: auto-notified", MailKind.AUTO_GENERATED),
        ("X-Autoreply: yes", MailKind.AUTO_REPLY),
        ("X-Autorespond: 您的订单", MailKind.AUTO_REPLY),
        ("X-MS-Exchange-Inbox-Rules-Loop: wang@example.cn", MailKind.AUTO_REPLY),
        ("Precedence: auto_reply", MailKind.AUTO_REPLY),
        ("Delivered-To: autoresponder", MailKind.AUTO_REPLY),
        ("Precedence: list", MailKind.LIST),
        ("X-Precedence: Bulk", MailKind.LIST),
        ("List-Id: <news.example.cn>", MailKind.LIST),
        ("List-Unsubscribe: <https://example.cn/u>", MailKind.LIST),
        ("X-Auto-Response-Suppress: DR, RN, OOF, AutoReply", MailKind.AUTO_GENERATED),
        ("X-Auto-Response-Suppress: All", MailKind.AUTO_GENERATED),
        ("X-Loop: yes", MailKind.AUTO_GENERATED),
        ("Return-Path: <>", MailKind.AUTO_GENERATED),
        ("Subject: 自动回复: 休假中", MailKind.AUTO_REPLY),
        ("Subject: 自動回覆：外出", MailKind.AUTO_REPLY),
        ("Subject: Automatic reply: away", MailKind.AUTO_REPLY),
        ("Subject: Out of office", MailKind.AUTO_REPLY),
        ("X-Feedback-Loop-Guard: here-1", MailKind.LOOP),
        ("From: Help <help@shop.example>", MailKind.LOOP),
        ("From: Help+t7.abc@Shop.Example", MailKind.LOOP),
    ],
)
def test_machines_are_recognised(header, kind):
    found = verdict(header)

    assert found.kind == kind
    assert found.reason
    assert not found.may_be_answered


@pytest.mark.parametrize(
    "header",
    [
        "Auto-Submitted: no",
        "X-Autoreply: no",
        "X-Auto-Response-Suppress: DR",
        "Precedence: first-class",
        "X-Feedback-Loop-Guard: somewhere-else",
        "Return-Path: <wang@example.cn>",
        "Subject: 自动回复功能坏了",
        "Subject: Re: 自动回复: 休假中",
        "Subject: 快递投递失败，请退款",
        "Subject: Delivery problem",
        "Subject: Undelivered parcel could not be delivered",
    ],
)
def test_what_only_sounds_like_a_machine_stays_human(header):
    assert verdict(header, body="包裹 could not be delivered, 请处理").kind == MailKind.HUMAN


def test_another_instance_of_our_product_is_a_machine_but_no_loop():
    found = verdict("X-Feedback-Loop-Guard: there-2", "Auto-Submitted: auto-replied")

    assert found.kind == MailKind.AUTO_REPLY


def test_a_read_receipt_points_to_the_mail_that_was_read():
    kind, body = multipart(
        "report; report-type=disposition-notification",
        mail("Content-Type: text/plain", body="read"),
        mail(
            "Content-Type: message/disposition-notification",
            body="Disposition: manual-action/MDN-sent-manually; displayed\r\n",
        ),
        mail("Content-Type: message/rfc822", body=mail("Message-ID: <m1@shop.example>")),
    )

    found = verdict(kind, body=body)

    assert found.kind == MailKind.DISPOSITION
    assert found.original_message_id == "<m1@shop.example>"


def test_an_abuse_report_is_a_complaint_of_the_recipient():
    kind, body = multipart(
        "report; report-type=feedback-report",
        mail("Content-Type: text/plain", body="a user complained"),
        mail(
            "Content-Type: message/feedback-report",
            body="Feedback-Type: abuse\r\nOriginal-Rcpt-To: <wang@example.cn>\r\n",
        ),
        mail("Content-Type: message/rfc822", body=mail("Message-ID: <s1@shop.example>")),
    )

    found = verdict("From: fbl@provider.example", kind, body=body)

    assert found.kind == MailKind.COMPLAINT
    assert [r.address for r in found.recipients] == ["wang@example.cn"]
    assert found.original_message_id == "<s1@shop.example>"


def test_mailboxes_are_compared_without_case_and_detail():
    assert plain_address(" Help+t7.Ab@Shop.Example") == "help@shop.example"
