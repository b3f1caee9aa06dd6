"""Mails that break a rule in a way we have seen: people must read them all the same."""

from base64 import b64encode

import pytest

from feedback.channels.email.addresses import parse_addresses
from feedback.channels.email.charset import decode_bytes
from feedback.channels.email.headers import decode_header, parse_parameters
from feedback.channels.email.parse import parse_mail
from feedback.channels.email.parsed import Address

from .mails import file_part, mail, multipart, read

ENVELOPE = ("From: a@b.cn", "To: help@c.cn", "Subject: s")


@pytest.mark.parametrize(
    "text",
    [
        "Thanks :-)\n\nsecond paragraph",
        "Note: please call\n\nsecond",
        "It broke.\n____\nFrom: Help <help@c.cn>\nSent: today\nSubject: x\n\nold text",
    ],
)
def test_words_that_only_look_like_a_header_are_read_as_the_message(text):
    assert parse_mail(text.encode()).text == text


def test_html_that_nobody_announced_is_shown_as_html():
    read_mail = parse_mail(b"<!DOCTYPE html>\n<html><body><p>Refund, please</p></body></html>")

    assert (read_mail.text, "<p>" in read_mail.html) == ("Refund, please", True)


@pytest.mark.parametrize(
    ("field", "expected"),
    [
        ('"john doe"@Example.cn', [("", '"john doe"@example.cn')]),
        ('"john.doe"@example.cn', [("", "john.doe@example.cn")]),
        ("Daemon (Mail System) <p@b.cn>", [("Daemon", "p@b.cn")]),
        ("Pete(nice \\) chap) <pete(his)@silly.cn(host)>", [("Pete", "pete@silly.cn")]),
        ("=?utf-8?Q?Zhang,_San?= <z@b.cn>", [("Zhang, San", "z@b.cn")]),
        ("Zhang San z@b.cn", [("Zhang San", "z@b.cn")]),
        ("Zhang [mailto:z@b.cn]", [("Zhang", "z@b.cn")]),
        ("Zhang <<z@b.cn>>", [("Zhang", "z@b.cn")]),
        ("a@b.cn c@d.cn", [("", "a@b.cn"), ("", "c@d.cn")]),
        ("Open ( <a@b.cn>, c@d.cn", [("Open (", "a@b.cn"), ("", "c@d.cn")]),
        ("a@[192.0.2.1]", [("", "a@[192.0.2.1]")]),
    ],
)
def test_addresses_that_bend_the_grammar(field, expected):
    assert list(parse_addresses(field.encode())) == [Address(*pair) for pair in expected]


def test_raw_japanese_in_header_fields_is_read():
    assert decode_header("会議のお知らせ".encode("iso-2022-jp")) == "会議のお知らせ"
    [one, two] = parse_addresses("山田,課長 <a@b.jp>, 鈴木 <c@d.jp>".encode("iso-2022-jp"))

    assert (one.name, two.name) == ("山田, 課長", "鈴木")


def test_a_sender_without_a_domain_is_named_but_not_answerable():
    cron = read("From: Cron Daemon <root>", "Subject: disk full")

    assert (cron.from_name, cron.from_address) == ("Cron Daemon", "root")
    assert "no-sender" in cron.defects


@pytest.mark.parametrize(
    ("data", "label", "text"),
    [
        ("陆伟".encode("gbk"), "gb2312", "陆伟"),  # by chance also valid UTF-8
        ("退款多少".encode(), "gb2312", "退款多少"),
        ("한국어".encode(), "ks_c_5601-1987", "한국어"),
        ("Café is closed".encode(), "gbk", "Café is closed"),
        ("Привет".encode(), "koi8-r", "Привет"),
        ("Привет".encode("cp1251"), "win-1251", "Привет"),
        ("日本語".encode("euc-jp"), "x-euc-jp", "日本語"),
        ("日本語①".encode("cp932"), "windows-31j", "日本語①"),
        (b"\x1b$B-!-j|b\x1b(B \x1b(I1\x1b(B.", "iso-2022-jp", "①㈱髙 ｱ."),
        ("退款".encode("utf-16-be"), "utf-16", "退款"),
        ("退款".encode("utf-16-le"), "utf-16", "退款"),
        (b"Hello you", "unicode", "Hello you"),
        ("好😀".encode("utf-16", "surrogatepass"), "utf-16", "好😀"),
        (b"ok \xed\xa0\xbd\xed\xb8\x80", "utf-8", "ok 😀"),  # CESU-8, from Java
        ("退款".encode()[:-1], "utf-8", "退"),
        (b"caf\xe9", "utf-8", "café"),
    ],
)
def test_the_bytes_correct_what_the_label_says(data, label, text):
    assert decode_bytes(data, label) == text


def test_words_without_padding_are_not_taken_for_one_cut_word():
    assert decode_header(b"=?gb18030?B?zcs?= =?gb18030?B?v+4=?=") == "退款"


@pytest.mark.parametrize(
    ("field", "main", "parameters"),
    [
        (b"text /plain; charset=gbk", "text/plain", {"charset": "gbk"}),
        (b"text/plain, charset=gbk", "text/plain", {"charset": "gbk"}),
        (b'"attachment"; filename=a.txt"', "attachment", {"filename": "a.txt"}),
        (b'filename="a.txt"', "", {"filename": "a.txt"}),
        (b'a/b; name="x"y".txt"; size=3', "a/b", {"name": 'x"y".txt', "size": "3"}),
        (b'a/b; name="x;y.txt', "a/b", {"name": "x;y.txt"}),
        (b'a/b; name="x; charset=gbk', "a/b", {"name": "x", "charset": "gbk"}),
    ],
)
def test_parameters_that_bend_the_grammar(field, main, parameters):
    assert parse_parameters(field) == (main, parameters)


@pytest.mark.parametrize(
    ("header", "name"),
    [
        ('Content-Disposition: attachment; filename="%E5%8F%91%E7%A5%A8.pdf"', "发票.pdf"),
        ('Content-Disposition: attachment; filename="100%25.pdf"', "100%25.pdf"),
        ('Content-Disposition: attachment; filename="&#21457;.pdf"', "发.pdf"),
        ("Content-Disposition: attachment; filename='a.pdf'", "a.pdf"),
        ("Content-ID: <image001.png@01DB>", "image001.png"),
        ("Content-Location: https://b.cn/img/logo.gif?v=2", "logo.gif"),
    ],
)
def test_the_name_of_a_file_is_found_where_the_sender_put_it(header, name):
    part = file_part(b"x", "Content-Type: application/octet-stream", header)
    kind, body = multipart("mixed", part)

    assert [file.name for file in read(*ENVELOPE, kind, body=body).attachments] == [name]


def test_text_that_is_no_base64_although_it_says_so_is_shown():
    field = "Content-Transfer-Encoding: base64"
    assert read(*ENVELOPE, field, body="你好，我要退款").text == "你好，我要退款"

    kind, body = multipart("mixed", mail("", body="readable"), mail(field, body="?rubbish"))
    both = read(*ENVELOPE, kind, body=body)
    assert (both.text, [file.payload for file in both.attachments]) == ("readable", [b"?rubbish"])


def test_a_text_that_the_phone_gave_a_name_is_still_the_message():
    kind, body = multipart(
        "mixed", mail('Content-Type: text/plain; name="text_0.txt"', body="到货")
    )

    assert read(*ENVELOPE, kind, body=body).text == "到货"


@pytest.mark.parametrize(
    ("headers", "body", "text"),
    [
        (["Content-Transfer-Encoding: quoted-printable"], b"=E5=8F=91= \r\n=E7=A5=A8", "发票"),
        (["Content-Transfer-Encoding: Quoted Printable;"], b"=E5=8F=91", "发"),
        (["Content-Transfer-Encoding: base64 (text)"], b"5Y+R", "发"),
        (["Content-Transfer-Encoding: base64"], b"5Y8=\r\nkQ==\r\n____\r\nour list", "发"),
        (["Content-Type: plain/text"], "发票", "发票"),
        (['Content-Type: text/plain; name="text_0.txt"'], "到货", "到货"),
        (
            ["Content-Type: text/html; charset=us-ascii"],
            '<meta charset="big5">退費'.encode("big5"),
            "退費",
        ),
    ],
)
def test_bodies_that_break_a_small_rule(headers, body, text):
    assert read(*ENVELOPE, *headers, body=body).text == text


def test_line_ends_translated_twice_make_no_empty_lines():
    raw = mail(*ENVELOPE, body="one\r\ntwo").replace(b"\r\n", b"\r\r\n")

    assert parse_mail(raw).text == "one\ntwo"


def test_blanks_in_front_of_the_header_do_not_hide_the_sender():
    assert parse_mail(b" \n " + mail(*ENVELOPE)).from_address == "a@b.cn"
    assert parse_mail(b"From : a@b.cn\n\nhi").from_address == "a@b.cn"


def test_a_whole_word_of_base64_may_follow_another():
    words = " ".join(f"=?utf-8?B?{b64encode(t.encode()).decode()}?=" for t in ("退", "款"))

    assert decode_header(words.encode()) == "退款"
