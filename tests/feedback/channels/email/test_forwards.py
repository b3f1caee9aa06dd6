"""What programs write around a mail that somebody passes on."""

import pytest

from feedback.channels.email.forwards import read_forward
from tests.feedback.channels.email.mails import file_part, mail, multipart, read

ME = "From: Li <li@huiyin.test>"
HAN = "Han Mei <han@example.org>"
# A line each of what a program writes below "Please look."; the subject stands first.
FORMS = {
    "Gmail": [
        "Fwd: Leak",
        "",
        "---------- Forwarded message ---------",
        f"From: {HAN}",
        "Date: Mon, Nov 23, 2026 at 9:00 AM",
        "Subject: Leak",
        "To: Li <li@huiyin.test>",
        "",
        "",
        "It leaks.",
    ],
    "Gmail in Chinese": [
        "Fwd: Leak",
        "",
        "---------- Forwarded message ---------",
        f"发件人： {HAN}",
        "Date: 2026年11月23日周一 09:00",
        "Subject: Leak",
        "To: <li@huiyin.test>",
        "",
        "",
        "It leaks.",
    ],
    "Outlook": [
        "FW: Leak",
        "",
        "________________________________",
        f"From: {HAN}",
        "Sent: Monday, November 23, 2026 9:00 AM",
        "To: Li <li@huiyin.test>",
        "Cc: Wu <wu@example.org>;",
        " Zhou <zhou@example.org>",
        "Subject: Leak",
        "",
        "It leaks.",
    ],
    "Outlook, plain text": [
        "FW: Leak",
        "",
        "-----Original Message-----",
        "From: Han Mei <han@example.org<mailto:han@example.org>>",
        "Sent: Monday",
        "To: Li",
        "Subject: Leak",
        "",
        "It leaks.",
    ],
    "Outlook in Chinese": [
        "转发: Leak",
        "",
        f"发件人: {HAN}",
        "发送时间: 2026年11月23日 9:00",
        "收件人: Li <li@huiyin.test>",
        "主题: Leak",
        "",
        "It leaks.",
    ],
    "Apple Mail": [
        "Fwd: Leak",
        "",
        "Begin forwarded message:",
        "",
        f"> From: {HAN}",
        "> Subject: Leak",
        "> Date: 23 November 2026",
        "> To: li@huiyin.test",
        "> ",
        "> It leaks.",
    ],
    "Apple Mail in Chinese": [
        "转发：Leak",
        "",
        "",
        "> 下面是被转发的邮件：",
        "> ",
        f"> 发件人: {HAN}",
        "> 主题: Leak",
        "> 日期: 2026年11月23日",
        "> 收件人: li@huiyin.test",
        "> ",
        "> It leaks.",
    ],
    "QQ": [
        "转发：Leak",
        "",
        "------------------ 原始邮件 ------------------",
        '发件人: "Han Mei"<han@example.org>;',
        "发送时间: 2026年11月23日(星期一) 上午9:00",
        '收件人: "Li"<li@huiyin.test>;',
        "主题: Leak",
        "",
        "",
        "It leaks.",
    ],
    "163": [
        "转发：Leak",
        "",
        "",
        "-------- 转发邮件信息 --------",
        '发件人："Han Mei" <han@example.org>',
        "发送日期：2026-11-23 09:00:00",
        "收件人：li@huiyin.test",
        "主题：Leak",
        "It leaks.",
    ],
    "Foxmail": [
        "转发: Leak",
        "",
        "",
        "",
        "Li",
        " ",
        f"发件人： {HAN}",
        "发送时间： 2026-11-23 09:00",
        "收件人： li",
        "主题： Leak",
        "",
        "It leaks.",
    ],
    "Thunderbird": [
        "Fwd: Leak",
        "",
        "-------- Forwarded Message --------",
        "Subject: \tLeak",
        "Date: \tMon, 23 Nov 2026",
        f"From: \t{HAN}",
        "To: \tli@huiyin.test",
        "",
        "",
        "",
        "It leaks.",
    ],
    "Thunderbird in Chinese": [
        "Fwd: Leak",
        "",
        "-------- 转发的消息 --------",
        "主题: \tLeak",
        "日期: \t2026",
        f"发件人: \t{HAN}",
        "收件人: \tli@huiyin.test",
        "",
        "It leaks.",
    ],
}


def written(program):
    """The subject, and the text."""
    subject, *lines = FORMS[program]
    return subject, "\n".join(["Please look.", *lines])


@pytest.mark.parametrize("program", FORMS)
def test_the_author_and_the_words_of_both_are_told_apart(program):
    subject, body = written(program)

    found = read_forward(read(ME, f"Subject: {subject}", body=body))

    assert (found.original.from_address, found.original.from_name) == (
        "han@example.org",
        "Han Mei",
    )
    assert found.original.subject == "Leak"
    assert found.original.text == "It leaks."
    assert found.own_words.partition("\n")[0] == "Please look."


def test_what_a_colleague_quotes_above_the_forward_stays_quoted():
    above = "> From: the shop\n> is it yours?\nYes, it is. Please look."
    body = f"{above}\n\n" + written("Gmail")[1].partition("Please look.\n")[2]

    found = read_forward(read(ME, "Subject: Fwd: Leak", body=body))

    assert found.own_words == above
    assert found.original.text == "It leaks."


def test_an_attached_mail_is_read_as_what_it_is():
    inner = mail("From: Han <han@example.org>", "Subject: Re: Leak", "Message-ID: <one@x.org>")
    kind, body = multipart(
        "mixed",
        mail("Content-Type: text/plain", body="Please look."),
        mail("Content-Type: message/rfc822", body=inner),
        file_part(b"%PDF-1.4", 'Content-Type: application/pdf; name="bill.pdf"'),
    )

    found = read_forward(read(ME, "Subject: Fwd: Leak", kind, body=body))

    assert found.is_attached
    assert (found.original.from_address, found.original.message_id) == (
        "han@example.org",
        "<one@x.org>",
    )
    assert (found.original.subject, found.own_words) == ("Leak", "Please look.")
    assert [one.name for one in found.original.attachments] == ["bill.pdf"]


@pytest.mark.parametrize(
    ("subject", "body"),
    [
        ("Re: Leak", written("QQ")[1]),  # the same lines stand above what an answer quotes
        ("Fwd: Leak", "From: the garden\nTo: the street\n\nit leaks"),
        ("Fwd: Leak", "---------- Forwarded message ---------\n\nnothing follows"),
        ("Leak", "I think of a forwarded message:\nFrom: nobody"),
    ],
)
def test_what_only_looks_like_it_is_not_passed_on(subject, body):
    assert read_forward(read(ME, f"Subject: {subject}", body=body)) is None
