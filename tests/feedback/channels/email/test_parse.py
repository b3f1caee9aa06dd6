import pytest

from feedback.channels.email.parse import parse_mail
from tests.feedback.channels.email.mails import NOW, PIXEL, file_part, mail, multipart, read


def test_a_plain_mail_is_read_into_its_fields():
    parsed = read(
        "From: 张伟 <kehu@example.cn>",
        "To: Help <help@shop.example>, b@c.cn",
        "Cc: d@e.cn",
        "Delivered-To: help+t7.abc@shop.example",
        "X-Original-To: help@shop.example",
        "Subject: 回复：订单没到 [#1042]",
        "Date: Fri, 20 Nov 2026 07:30:00 +0800",
        "Message-ID: <one@example.cn>",
        "In-Reply-To: <two@shop.example>",
        "References: <root@shop.example> <two@shop.example>",
        "Content-Type: text/plain; charset=utf-8",
        body="请尽快处理。\r\n谢谢",
    )

    assert (parsed.from_name, parsed.from_address) == ("张伟", "kehu@example.cn")
    assert [a.email for a in parsed.to] == ["help@shop.example", "b@c.cn"]
    assert [a.email for a in parsed.cc] == ["d@e.cn"]
    assert parsed.delivered_to[0].email == "help+t7.abc@shop.example"
    assert parsed.x_original_to[0].email == "help@shop.example"
    assert (parsed.subject, parsed.base_subject) == ("回复：订单没到 [#1042]", "订单没到")
    assert str(parsed.date) == "2026-11-20 07:30:00+08:00"
    assert parsed.message_id == "<one@example.cn>"
    assert parsed.in_reply_to == ("<two@shop.example>",)
    assert parsed.references == ("<root@shop.example>", "<two@shop.example>")
    assert parsed.text == "请尽快处理。\n谢谢"
    assert parsed.html == ""
    assert parsed.defects == ()


def test_plain_text_and_html_of_an_alternative_are_both_kept():
    kind, body = multipart(
        "alternative",
        mail("Content-Type: text/plain; charset=utf-8", body="退款"),
        mail("Content-Type: text/html; charset=utf-8", body="<p><b>退款</b></p>"),
    )

    parsed = read(kind, body=body)

    assert parsed.text == "退款"
    assert parsed.html == "<p><b>退款</b></p>"
    assert parsed.attachments == ()


def test_a_mail_of_html_only_gets_readable_text():
    parsed = read(
        "Content-Type: text/html",
        body='<meta charset="gbk"><style>p{}</style><p>第一行</p><p>第二行</p>'.encode("gbk"),
    )

    assert parsed.text == "第一行\n\n第二行"


def test_an_empty_plain_part_does_not_hide_the_html():
    kind, body = multipart(
        "alternative",
        mail("Content-Type: text/plain", body="\r\n \r\n"),
        mail("Content-Type: text/html; charset=utf-8", body="<p>有内容</p>"),
    )

    assert read(kind, body=body).text == "有内容"


def test_a_footer_behind_the_alternative_is_part_of_the_text():
    kind, body = multipart(
        "mixed",
        mail("Content-Type: text/plain", body="first"),
        mail("Content-Type: text/html", body="<p>second</p>"),
    )

    parsed = read(kind, body=body)

    assert parsed.text == "first\n\nsecond"
    assert parsed.html == "<div>first</div>\n<p>second</p>"


def test_attachments_keep_their_bytes_and_say_what_they_are():
    kind, body = multipart(
        "mixed",
        mail("Content-Type: text/plain", body="see file"),
        file_part(PIXEL, "Content-Type: application/octet-stream; name*=utf-8''%E7%85%A7.bin"),
    )

    [file] = read(kind, body=body).attachments

    assert (file.name, file.content_type, file.sniffed_type) == (
        "照.bin",
        "application/octet-stream",
        "image/png",
    )
    assert file.payload == PIXEL
    assert not file.inline


def test_an_image_that_the_html_shows_is_inline():
    kind, body = multipart(
        "related",
        mail("Content-Type: text/html", body='<p>x <img src="cid:logo@x"></p>'),
        file_part(PIXEL, "Content-Type: image/png", "Content-ID: <logo@x>"),
        file_part(PIXEL, "Content-Type: image/png", "Content-ID: <other@x>"),
    )

    shown, other = read(kind, body=body).attachments

    assert (shown.content_id, shown.inline) == ("logo@x", True)
    assert (other.name, other.inline) == ("image (2).png", False)


def test_the_mail_inside_a_mail_is_a_file_and_not_the_message():
    kind, body = multipart(
        "mixed",
        mail("Content-Type: text/plain; charset=utf-8", body="请看转发"),
        mail("Content-Type: message/rfc822", body=mail("Subject: inner", body="inner words")),
    )

    parsed = read(kind, body=body)

    assert parsed.text == "请看转发"
    assert [(f.name, f.content_type) for f in parsed.attachments] == [
        ("inner.eml", "message/rfc822")
    ]


def test_an_invitation_is_a_file():
    kind, body = multipart(
        "alternative",
        mail("Content-Type: text/plain", body="meeting"),
        mail("Content-Type: text/calendar; method=REQUEST", body="BEGIN:VCALENDAR"),
    )

    parsed = read(kind, body=body)

    assert parsed.text == "meeting"
    assert [f.content_type for f in parsed.attachments] == ["text/calendar"]


def test_uuencoded_files_leave_the_text():
    parsed = read(
        "Content-Type: text/plain",
        body="before\r\nbegin 644 note.txt\r\n#86)C\r\n`\r\nend\r\nafter",
    )

    assert parsed.text.split() == ["before", "after"]
    assert [(f.name, f.payload) for f in parsed.attachments] == [("note.txt", b"abc")]
    assert parsed.text_files == "begin 644 note.txt\n#86)C\n`\nend"


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("<title>Your invoice</title><body><img src=cid:a> &nbsp;</body>", "Your invoice"),
        ("<title>Untitled</title><body><p>Pay soon</p></body>", "Pay soon"),
    ],
)
def test_a_title_speaks_only_where_the_body_has_no_words(body, text):
    parsed = read("Content-Type: text/html", body=f"<html><head>{body}</html>")

    assert parsed.text.strip() == text


def test_flowed_lines_are_joined():
    parsed = read(
        "Content-Type: text/plain; format=flowed",
        body="one long \r\nsentence\r\n> a quoted \r\n> one\r\n-- \r\nme",
    )

    assert parsed.text == "one long sentence\n> a quoted one\n-- \nme"


def signed(inner: bytes) -> bytes:
    octets = b"\x04\x84" + len(inner).to_bytes(4) + inner
    data = bytes.fromhex("06092a864886f70d010701") + b"\xa0\x80" + octets
    cms = b"\x30\x80" + bytes.fromhex("06092a864886f70d010702") + b"\xa0\x80\x30\x80" + data
    return file_part(cms, "Content-Type: application/pkcs7-mime; name=s.p7m")


def test_a_signed_mail_wrapped_in_cms_is_unwrapped():
    parsed = parse_mail(signed(mail("Content-Type: text/plain; charset=utf-8", body="签名的正文")))

    assert parsed.text == "签名的正文"
    assert [f.name for f in parsed.attachments] == ["s.p7m"]


def test_a_wrapping_inside_a_wrapping_is_a_file():
    parsed = parse_mail(signed(signed(mail("Subject: x", body="deep"))))

    assert parsed.text == ""
    assert [f.name for f in parsed.attachments] == ["s.p7m", "s (2).p7m"]


def test_an_encrypted_mail_stays_a_file_and_says_so():
    enveloped = bytes.fromhex("308006092a864886f70d010703") + b"secret"
    smime = parse_mail(file_part(enveloped, "Content-Type: application/pkcs7-mime; name=a.p7m"))
    kind, body = multipart(
        "encrypted",
        mail("Content-Type: application/pgp-encrypted", body="Version: 1"),
        mail("Content-Type: application/octet-stream; name=b.asc", body="secret"),
    )

    for parsed, file in ((smime, "a.p7m"), (read(kind, body=body), "b.asc")):
        assert parsed.text == f"[🔒 {file}]"
        assert parsed.attachments[-1].name == file
        assert "encrypted" in parsed.defects


def pgp(kind: str, inside: str) -> str:
    return f"-----BEGIN PGP {kind}-----\n\n{inside}\n-----END PGP {kind}-----\n"


@pytest.mark.parametrize(
    ("body", "text", "files"),
    [
        (
            "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\n退款\n- -- \n王芳\n"
            + pgp("SIGNATURE", "iQE="),
            "退款\n-- \n王芳",
            [],
        ),
        ("看这个:\n" + pgp("MESSAGE", "hQE="), "看这个:\n[🔒 encrypted.asc]", ["encrypted.asc"]),
        ("钥匙\n" + pgp("PUBLIC KEY BLOCK", "mQE="), "钥匙", ["public-key.asc"]),
        ("-----BEGIN PGP MESSAGE-----\nnever ends", "-----BEGIN PGP MESSAGE-----\nnever ends", []),
    ],
)
def test_signed_words_lose_their_armour_and_encrypted_ones_become_a_file(body, text, files):
    parsed = read("Subject: x", body=body)

    assert (parsed.text, [file.name for file in parsed.attachments]) == (text, files)
    assert ("encrypted" in parsed.defects) == ("encrypted.asc" in files)


# -- identity ------------------------------------------------------------------------------------


@pytest.mark.parametrize("line", ["X-No: id", "Message-ID: <>", "Message-ID:"])
def test_a_mail_without_id_gets_the_same_one_in_every_copy(line):
    first = mail("Received: by mx1", "From: a@b.cn", "Subject: x", line, body="same\r\nbody")
    second = mail("Received: by mx2", "From: a@b.cn", "Subject: x", line, body="same\nbody\n")
    other = mail("From: a@b.cn", "Subject: x", line, body="other body")

    ids = [parse_mail(raw).message_id for raw in (first, second, other)]

    assert ids[0] == ids[1] != ids[2]
    assert ids[0].endswith("@no-id>")
    assert not parse_mail(first).has_own_id


def test_the_sender_falls_back_to_sender_and_reply_to():
    assert read("Sender: s@b.cn").from_address == "s@b.cn"
    assert read("From: 张伟", "Reply-To: r@b.cn").from_address == "r@b.cn"
    assert read("From: 张伟").from_name == "张伟"
    assert "no-sender" in read("Subject: x").defects


@pytest.mark.parametrize(
    ("headers", "defect"),
    [
        (["From: a@b.cn", "From: c@d.cn"], "several-senders"),
        (['From: "boss@shop.example" <x@evil.example>'], "name-shows-other-address"),
        (["From: a@b.cn", "Reply-To: x@evil.example"], "foreign-reply-to"),
    ],
)
def test_what_looks_forged_is_named(headers, defect):
    assert defect in read(*headers).defects


def test_a_subject_is_one_bounded_line():
    parsed = read("Subject: a\r\n b\x00\u202e" + "长" * 300)

    assert parsed.subject.startswith("a b长")
    assert len(parsed.subject) == 255


def test_headers_can_be_asked_for_in_any_case():
    headers = read("X-Thing: one", "x-thing: two").headers

    assert headers.get("X-THING") == "one"
    assert headers.get_all("x-thing") == ["one", "two"]
    assert "X-Thing" in headers
    assert headers.get("x-none") == ""


# -- broken mails --------------------------------------------------------------------------------


def test_a_missing_closing_boundary_loses_nothing():
    kind, body = multipart("mixed", mail("Content-Type: text/plain", body="kept"))

    parsed = read(kind, body=body.removesuffix(b"--=_part--\r\n"))

    assert parsed.text == "kept"
    assert "no-closing-boundary" in parsed.defects


def test_a_forgotten_boundary_parameter_is_guessed():
    _, body = multipart("mixed", mail("Content-Type: text/plain", body="found"))

    parsed = read("Content-Type: multipart/mixed", body=body)

    assert parsed.text == "found"
    assert "no-boundary" in parsed.defects


def test_a_header_block_without_an_empty_line_ends_at_the_first_sentence():
    parsed = parse_mail(b"Subject: x\nhello there\nsecond line\n")

    assert (parsed.subject, parsed.text) == ("x", "hello there\nsecond line")


def test_a_stray_line_between_headers_is_skipped():
    parsed = parse_mail(b"Received: by a\nstray words\nSubject: x\nFrom: a@b.cn\n\nbody")

    assert (parsed.subject, parsed.from_address, parsed.text) == ("x", "a@b.cn", "body")


@pytest.mark.parametrize("raw", [b"", b"\x00", b"\n\n", b"\xff" * 100, b":", b"From ", b"\r" * 9])
def test_any_bytes_are_a_mail(raw):
    parsed = parse_mail(raw)

    assert "unreadable" not in parsed.defects
    assert parsed.message_id


def test_old_mac_line_ends_are_understood():
    assert parse_mail(b"Subject: x\r\rbody").text == "body"


def test_now_is_only_a_judge_of_the_date():
    raw = mail("Date: Sun, 22 Nov 2026 08:00:01 +0000")

    assert parse_mail(raw, now=NOW).date is None
    assert parse_mail(raw, now=NOW.replace(day=23)).date is not None


def test_repeating_the_reading_gives_the_same_mail():
    raw = mail("From: a@b.cn", "Subject: x")

    assert parse_mail(raw, now=NOW) == parse_mail(raw, now=NOW)
