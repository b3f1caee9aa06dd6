"""What leaves us is a mail that every program reads the same way."""

from email import message_from_bytes
from email.policy import default

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from accounts.enums import OutgoingKind
from accounts.outbox.mime import compose, envelope_sender
from accounts.services.outbox import queue_mail
from config.kernel.mail_ids import tag_of_reply_address

pytestmark = pytest.mark.django_db


def promise(**more):
    given = {
        "kind": OutgoingKind.REPLY,
        "tag": "t7",
        "to_address": "han@example.org",
        "to_name": "韩梅梅",
        "from_address": "help@huiyin.test",
        "from_name": "回音服务",
        "subject": "关于净水器漏水的反馈",
        "body_text": "您好，\n我们明天上门。",
    }
    return queue_mail(**given | more)


def read(message):
    return message_from_bytes(compose(message), policy=default)


def test_chinese_arrives_as_it_was_written():
    mail = read(promise())

    assert mail["Subject"] == "关于净水器漏水的反馈"
    assert mail["From"].addresses[0].display_name == "回音服务"
    assert mail["To"].addresses[0].addr_spec == "han@example.org"
    assert mail.get_content().replace("\r\n", "\n").strip() == "您好，\n我们明天上门。"


@pytest.mark.parametrize(
    "text",
    [
        "plain words",
        "a" * 3000,
        "naïve café — but mostly ASCII text, line after line.\n" * 30,
        ".\n..leading dots\n.",
        "From here\nFrom there",
        "漏" * 2000,
        "trailing spaces   \n\ttab\t\n",
        "",
    ],
)
def test_any_text_survives_and_lines_stay_short(text):
    raw = compose(promise(body_text=text))

    assert raw.isascii()
    assert max(len(line) for line in raw.split(b"\r\n")) <= 998
    assert b"\n" not in raw.replace(b"\r\n", b"")
    assert message_from_bytes(raw, policy=default).get_content().replace("\r\n", "\n").rstrip(
        "\n"
    ) == text.rstrip("\n")


def test_a_retry_is_the_same_mail_byte_for_byte():
    message = promise(body_html="<p>您好</p>")

    assert compose(message) == compose(message)


# T77
def test_no_value_adds_a_header():
    mail = read(
        promise(
            subject="Hello\r\nBcc: everybody@example.org",
            to_name="Han\nX-Evil: 1",
            from_name='"Boss" <boss@bank.example>\r\nX-Evil: 1',
            in_reply_to="<a@b>\r\nX-Evil: 1",
            headers={"X-Topic": "a\r\nX-Evil: 1", "Bad Name": "x", "Bcc": "e@example.org"},
        )
    )

    assert mail["Bcc"] is None
    assert mail["X-Evil"] is None
    assert "Bad Name" not in mail
    assert mail["X-Topic"] == "a  X-Evil: 1"
    assert mail["From"].addresses[0].addr_spec == "help@huiyin.test"


def test_a_mail_names_what_it_answers():
    long_id = f"<{'x' * 120}@mail.example.org>"

    mail = read(promise(in_reply_to=long_id, references=["<first@a>", long_id]))

    assert mail["In-Reply-To"] == long_id
    assert mail["References"].split() == ["<first@a>", long_id]


def test_what_is_answered_is_always_among_the_references():
    mail = read(promise(in_reply_to="<second@a>", references=["<first@a>"]))

    assert mail["References"].split() == ["<first@a>", "<second@a>"]


@pytest.mark.parametrize(
    ("kind", "submitted", "precedence"),
    [
        (OutgoingKind.ACKNOWLEDGEMENT, "auto-replied", "auto_reply"),
        (OutgoingKind.SURVEY, "auto-generated", "bulk"),
        (OutgoingKind.NOTIFICATION, "auto-generated", None),
        (OutgoingKind.ACCOUNT, "auto-generated", None),
    ],
)
def test_what_nobody_wrote_says_so(kind, submitted, precedence):
    mail = read(promise(kind=kind))

    assert mail["Auto-Submitted"] == submitted
    assert mail["X-Auto-Response-Suppress"] == "All"
    assert mail["Precedence"] == precedence


def test_what_a_person_wrote_is_not_called_automatic(settings):
    mail = read(promise())

    assert mail["Auto-Submitted"] is None
    assert mail["Precedence"] is None
    assert mail["X-Feedback-Loop-Guard"] == settings.INSTANCE_ID


def test_html_comes_with_its_text_and_carries_its_style_in_the_tags():
    html = "<html><head><style>p { color: #b00; }</style></head><body><p>您好</p></body></html>"

    mail = read(promise(body_html=html))

    assert [part.get_content_type() for part in mail.iter_parts()] == ["text/plain", "text/html"]
    assert 'style="color: #b00;"' in mail.get_body(("html",)).get_content()


@pytest.mark.parametrize("name", ["合同（盖章版）" * 12 + ".pdf", "a.pdf", 'quo"te;.pdf'])
def test_a_file_keeps_its_name(name):
    path = default_storage.save("attachments/mime-test", ContentFile(b"%PDF-1.4 \x00\xff"))

    mail = read(
        promise(attachments=[{"path": path, "name": name, "content_type": "application/pdf"}])
    )

    part = next(mail.iter_attachments())
    assert part.get_filename() == name
    assert part.get_content() == b"%PDF-1.4 \x00\xff"
    default_storage.delete(path)


def test_bounces_come_to_the_mailbox_or_say_which_mail_they_are_about(settings):
    message = promise(kind=OutgoingKind.ACKNOWLEDGEMENT)
    assert envelope_sender(message) == "help@huiyin.test"

    settings.MAIL_VERP = True
    assert tag_of_reply_address(envelope_sender(message)) == f"b{message.pk}"

    settings.MAIL_ACK_NULL_SENDER = True
    assert envelope_sender(message) == ""
