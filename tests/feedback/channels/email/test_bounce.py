import json

import pytest

from feedback.channels.email.bounce import status_in_prose
from feedback.channels.email.bounce_words import FAILED_HERE
from feedback.channels.email.parsed import MailKind, Verdict
from feedback.channels.email.verdict import judge
from tests.feedback.channels.email.mails import mail, multipart, read

ORIGINAL = mail(
    "From: help@shop.example",
    "To: wang@example.cn",
    "Message-ID: <t7.m1@shop.example>",
    body="old",
)


def verdict(*headers: bytes | str, body: bytes | str = "words") -> Verdict:
    return judge(
        read("To: help@shop.example", *headers, body=body),
        own_addresses=["help@shop.example"],
        own_instance="here-1",
    )


def report(*blocks: str, original: bytes = ORIGINAL) -> tuple[str, bytes]:
    return multipart(
        "report; report-type=delivery-status",
        mail("Content-Type: text/plain; charset=gb18030", body="收件人邮箱已满".encode("gb18030")),
        mail(
            "Content-Type: message/delivery-status",
            body="\r\n\r\n".join(["Reporting-MTA: dns; mx.example.cn", *blocks]),
        ),
        mail("Content-Type: message/rfc822", body=original),
    )


def test_a_standard_report_names_address_action_and_status():
    kind, body = report(
        "Final-Recipient: rfc822; wang@example.cn\r\nAction: failed\r\nStatus: 5.2.2\r\n"
        "Diagnostic-Code: smtp; 552 Quota\r\n exceeded"
    )

    found = verdict("From: Postmaster@example.cn", "Auto-Submitted: auto-replied", kind, body=body)

    assert found.kind == MailKind.BOUNCE
    assert found.original_message_id == "<t7.m1@shop.example>"
    [recipient] = found.recipients
    assert (recipient.address, recipient.action, recipient.status) == (
        "wang@example.cn",
        "failed",
        "5.2.2",
    )
    assert recipient.diagnostic == "smtp; 552 Quota exceeded"
    assert recipient.is_permanent


def test_a_delay_is_not_permanent():
    kind, body = report("Final-Recipient: rfc822; w@b.cn\r\nAction: delayed\r\nStatus: 4.4.1")

    [recipient] = verdict("From: postmaster@example.cn", kind, body=body).recipients

    assert recipient.action == "delayed"
    assert not recipient.is_permanent


def test_only_the_addresses_of_the_report_count():
    kind, body = report(
        "Original-Recipient: rfc822;old@b.cn\r\nFinal-Recipient: rfc822;new@b.cn\r\n"
        "Action: failed\r\nStatus: 5.1.1",
        "Final-Recipient: rfc822;two@b.cn\r\nAction: delivered\r\nStatus: 2.0.0",
    )

    found = verdict("From: postmaster@example.cn", kind, body=body)

    assert [(r.address, r.is_permanent) for r in found.recipients] == [
        ("old@b.cn", True),
        ("two@b.cn", False),
    ]


@pytest.mark.parametrize(
    ("text", "address", "status"),
    [
        ("<wang@example.cn>:\nHost said: 550 5.1.1 unknown user", "wang@example.cn", "5.1.1"),
        ("您的邮件无法投递。\n收件人: wang@example.cn\n用户不存在", "wang@example.cn", "5.1.1"),
        ("投递失败\n\n  wang@example.cn\n\n对方邮箱已满", "wang@example.cn", "5.2.2"),
        (
            "Could not be delivered to the following recipients:\nw@b.cn\n421 busy, will retry",
            "w@b.cn",
            "4.0.0",
        ),
        ("This message was rejected as spam.\n550 no <w@b.cn>", "w@b.cn", "5.7.1"),
    ],
)
def test_prose_is_understood_too(text, address, status):
    found = verdict(
        "Return-Path: <>",
        "From: Mail Delivery System <mailer-daemon@mx.example.cn>",
        "Subject: 退信",
        "Content-Type: text/plain; charset=utf-8",
        body=text,
    )

    assert found.kind == MailKind.BOUNCE
    assert [(r.address, r.status) for r in found.recipients] == [(address, status)]


@pytest.mark.parametrize(
    ("words", "status"),
    [
        ("收件人邮件地址（w@b.cn）不存在，邮件无法送达。", "5.1.1"),
        ("查无此用户", "5.1.1"),
        ("该账户已被禁用", "5.1.1"),
        ("对方邮箱空间不足", "5.2.2"),
        ("mailbox is full: retry timeout exceeded", "5.2.2"),
        ("This is a permanent error: retry timeout exceeded", "5.4.7"),
        ("all hosts have been failing for a long time", "4.4.7"),
        ("域名无法解析", "5.1.2"),
        ("No MX found for domain", "5.1.2"),
        ("附件过大，超出限制", "5.3.4"),
        ("邮件被判定为垃圾邮件", "5.7.1"),
        ("您的地址在黑名单中", "5.7.1"),
        ("Error, ERROR_CODE :421, Host not reachable.", "4.4.1"),
        ("连接超时", "4.4.1"),
        ("发送过于频繁", "4.7.0"),
        ("A temporary problem: you'll be notified if the delivery fails permanently.", "4.0.0"),
        ("Usuario desconocido", "5.1.1"),
        ("Пользователь w@b.ru не найден", "5.1.1"),
    ],
)
def test_words_stand_for_a_status(words, status):
    assert status_in_prose(words) == status


@pytest.mark.parametrize("to", ["list-bounces@shop.example", "bounces+7=b.cn@shop.example"])
def test_a_failure_told_to_an_address_for_bounces_counts_whoever_tells_it(to):
    found = verdict(
        "From: scanner@b.cn",
        f"To: {to}",
        "Subject: Delivery failure notification",
        body="Your message could not be delivered to the following recipients:\n\nw@b.cn",
    )

    assert (found.kind, found.recipients[0].address) == (MailKind.BOUNCE, "w@b.cn")


@pytest.mark.parametrize(
    ("subject", "words"),
    [
        ("No se pudo entregar el mensaje", "No se ha podido entregar su mensaje a:"),
        ("Недоставленное сообщение", "Письмо не доставлено получателям:"),
        ("Mensagem não entregue", "A mensagem não pôde ser entregue a:"),
    ],
)
def test_other_languages_tell_of_failures_too(subject, words):
    found = verdict("From: mailer-daemon@b.cn", f"Subject: {subject}", body=f"{words}\n\nw@b.cn")

    assert (found.kind, found.recipients[0].address) == (MailKind.BOUNCE, "w@b.cn")


def test_a_person_who_asks_about_a_failure_is_no_bounce():
    found = verdict(
        "From: w@b.cn",
        "To: help@shop.example",
        "Subject: Fwd: Delivery failure",
        body="My message could not be delivered to you: user unknown. What now?",
    )

    assert found.kind == MailKind.HUMAN


SES = {
    "mail": {"commonHeaders": {"messageId": "<m1@shop.example>"}},
    "notificationType": "Bounce",
    "bounce": {
        "bounceType": "Permanent",
        "bouncedRecipients": [{"emailAddress": "w@b.cn", "status": "5.1.1", "action": "failed"}],
    },
}


@pytest.mark.parametrize("is_wrapped", [True, False])
def test_a_notification_of_amazon_is_read(is_wrapped):
    notice = json.dumps({"Message": json.dumps(SES)} if is_wrapped else SES)
    body = notice[:60] + "\n" + notice[60:] + "\n\n--\nIf you wish to stop receiving"

    found = verdict("From: no-reply@sns.amazonaws.com", body=body)

    assert (found.kind, found.original_message_id) == (MailKind.BOUNCE, "<m1@shop.example>")
    assert [(r.address, r.status) for r in found.recipients] == [("w@b.cn", "5.1.1")]


@pytest.mark.parametrize("body", ['{"notificationType": "Other"}', '{"Type": 1', "[" * 5000, "{}"])
def test_other_json_is_a_mail_like_any(body):
    assert verdict("From: w@b.cn", body=body).kind == MailKind.HUMAN


def test_complaint_and_arrival_of_amazon_are_told_apart():
    complaint = {
        "eventType": "Complaint",
        "complaint": {"complainedRecipients": [{"emailAddress": "w@b.cn"}, 7]},
    }
    arrival = {
        "notificationType": "Delivery",
        "delivery": {"recipients": ["w@b.cn"], "smtpResponse": "250 2.6.0 received"},
    }

    first = verdict("From: no-reply@sns.amazonaws.com", body=json.dumps(complaint))
    second = verdict("From: no-reply@sns.amazonaws.com", body=json.dumps(arrival))

    assert first.kind == MailKind.COMPLAINT
    assert (second.recipients[0].action, second.recipients[0].is_permanent) == ("delivered", False)


def test_the_copy_of_our_mail_is_no_evidence():
    text = (
        "<wang@example.cn>: mailbox full\n\n--- Below this line is a copy of the message.\n\n"
        "Message-ID: <t7.m1@shop.example>\nTo: third@example.cn\n\nstatus 4.4.1"
    )

    found = verdict("From: mailer-daemon@b.cn", "Subject: failure notice", body=text)

    assert [(r.address, r.status) for r in found.recipients] == [("wang@example.cn", "5.2.2")]
    assert found.original_message_id == "<t7.m1@shop.example>"


def test_a_bounce_without_any_address_still_points_to_our_mail():
    kind, body = multipart(
        "mixed",
        mail("Content-Type: text/plain", body="Undeliverable."),
        mail("Content-Type: text/rfc822-headers", body="Message-ID: <t7.m1@shop.example>\r\n\r\n"),
    )

    found = verdict("Return-Path: <>", "Subject: Undelivered mail", kind, body=body)

    assert found.kind == MailKind.BOUNCE
    assert [r.address for r in found.recipients] == [""]
    assert found.original_message_id == "<t7.m1@shop.example>"


def test_the_failed_recipients_header_is_enough():
    found = verdict("From: x@b.cn", "X-Failed-Recipients: w@b.cn, v@b.cn", body="mailbox full")

    assert [r.address for r in found.recipients] == ["w@b.cn", "v@b.cn"]


def test_the_address_patterns_are_quick_on_long_rubbish():
    rubbish = "a." * 15_000

    assert all(not pattern.findall(rubbish) for pattern in FAILED_HERE)
