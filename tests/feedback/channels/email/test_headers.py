from base64 import b64encode
from datetime import UTC, datetime, timedelta

import pytest

from feedback.channels.email.addresses import parse_addresses
from feedback.channels.email.headers import (
    decode_header,
    one_line,
    parse_date,
    parse_parameters,
)
from feedback.channels.email.parsed import Address

NOW = datetime(2026, 11, 20, tzinfo=UTC)


def word(data: bytes, charset: str) -> bytes:
    return b"=?" + charset.encode() + b"?B?" + b64encode(data) + b"?="


@pytest.mark.parametrize("charset", ["utf-8", "gb18030"])
@pytest.mark.parametrize("gap", [b" ", b"", b"\r\n "])
def test_a_character_cut_between_two_encoded_words_is_whole_again(charset, gap):
    data = "发票抬头开错了".encode(charset)

    assert decode_header(word(data[:5], charset) + gap + word(data[5:], charset)) == (
        "发票抬头开错了"
    )


def test_base64_cut_inside_a_group_of_four_is_joined_first():
    encoded = b64encode("退款什么时候到账".encode())

    header = b"=?utf-8?B?" + encoded[:9] + b"?= =?utf-8?B?" + encoded[9:] + b"?="

    assert decode_header(header) == "退款什么时候到账"


@pytest.mark.parametrize(
    ("header", "text"),
    [
        (b"=?gb2312*zh-CN?B?" + b64encode("您好".encode("gbk")) + b"?=", "您好"),
        (b"Re: =?utf-8?Q?=E6=82=A8_=E5=A5=BD?= [#7]", "Re: 您 好 [#7]"),
        (b"=?utf-8?Q?one?= and =?utf-8?Q?two?=", "one and two"),
        (b"=?utf-8?B?5oKo5aW9", "您好"),
        ("没有编码".encode(), "没有编码"),
        ("没有编码的标题".encode("gbk"), "没有编码的标题"),
        (b"=?no-such-set?Q?plain?=", "plain"),
        (b"=?utf-8?X?odd?=", "=?utf-8?X?odd?="),
        (b"a =? b", "a =? b"),
    ],
)
def test_subjects_as_people_send_them(header, text):
    assert decode_header(header) == text


def test_raw_bytes_use_the_character_set_of_the_body_as_a_hint():
    assert decode_header("ツール".encode("cp932"), "shift_jis") == "ツール"


def test_one_line_loses_breaks_and_order_marks_and_keeps_its_limit():
    assert one_line("a\r\nb\u202etxt.exe\u2028c\x00", 50) == "a btxt.exec"
    assert one_line("长" * 300, 255) == "长" * 255


# -- parameters ----------------------------------------------------------------------------------


def test_pieces_of_a_long_name_are_joined_before_they_are_decoded():
    value = b"attachment; filename*0*=utf-8''%E7%A0%B4%E6; filename*1*=%8D%9F; filename*2=.png"

    assert parse_parameters(value) == ("attachment", {"filename": "破损.png"})


def test_the_extended_name_wins_over_the_plain_one():
    value = b"attachment; filename=plain.txt; filename*=utf-8''%E7%85%A7.txt"

    assert parse_parameters(value)[1]["filename"] == "照.txt"


@pytest.mark.parametrize(
    "value",
    [
        b'x/y; name="=?utf-8?B?5Y+R56WoLnBkZg==?="',
        b"x/y; name==?utf-8?B?5Y+R56WoLnBkZg==?=",
        'x/y; name="发票.pdf"'.encode("gbk"),
        "x/y; name=发票.pdf".encode(),
        b"x/y; name*=gb2312''%B7%A2%C6%B1.pdf",
        'x/y;name = "发票.pdf'.encode(),
    ],
)
def test_a_file_name_in_every_spelling(value):
    assert parse_parameters(value)[1]["name"] == "发票.pdf"


def test_a_quoted_semicolon_belongs_to_the_value():
    assert parse_parameters(b'multipart/mixed; boundary="a;b=c"; x=y') == (
        "multipart/mixed",
        {"boundary": "a;b=c", "x": "y"},
    )


# -- addresses -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (b"kehu@Example.CN", [("", "kehu@example.cn")]),
        (b'"Zhang, Wei" <wei@example.cn>', [("Zhang, Wei", "wei@example.cn")]),
        (b"Zhang, Wei <wei@example.cn>", [("Zhang, Wei", "wei@example.cn")]),
        (b"wei@example.cn (Zhang Wei)", [("Zhang Wei", "wei@example.cn")]),
        (b"Team: a@b.cn, c@d.cn;", [("", "a@b.cn"), ("", "c@d.cn")]),
        (b"undisclosed-recipients:;", []),
        (b"=?utf-8?B?5byg5LyfLOadjuWonA==?= <w@b.cn>", [("张伟,李娜", "w@b.cn")]),
        (b'"=?utf-8?B?5byg5Lyf?=" <w@b.cn>', [("张伟", "w@b.cn")]),
        ("张伟 <w@b.cn>".encode("gbk"), [("张伟", "w@b.cn")]),
        (b"Max | [shop.example] <max@example.com>", [("Max | [shop.example]", "max@example.com")]),
        (b'"a@b.cn" <real@evil.example>', [("a@b.cn", "real@evil.example")]),
        (b"<@relay.cn:x@y.cn>", [("", "x@y.cn")]),
        (b"john . doe @ example . com", [("", "john.doe@example.com")]),
        (b"help+t7.AbC@b.cn", [("", "help+t7.AbC@b.cn")]),
        (b"nobody", []),
        (b"<>", []),
    ],
)
def test_address_lists_as_programs_write_them(value, expected):
    assert list(parse_addresses(value)) == [Address(*pair) for pair in expected]


def test_an_address_cannot_bring_a_line_break_along():
    [address] = parse_addresses(b'"a\r\nBcc: x@y.cn" <w@b.cn>')

    assert "\n" not in address.name
    assert address.email == "w@b.cn"


# -- dates ---------------------------------------------------------------------------------------


def test_a_date_keeps_its_zone():
    date = parse_date("Fri, 20 Nov 2026 07:30:00 +0800", now=NOW)

    assert date == datetime(2026, 11, 19, 23, 30, tzinfo=UTC)
    assert date.utcoffset() == timedelta(hours=8)


@pytest.mark.parametrize(
    "text", ["", "gestern", "Thu, 01 Jan 1970 00:00:00 +0000", "Mon, 1 Jan 2035 00:00:00 +0000"]
)
def test_a_date_that_cannot_be_true_is_none(text):
    assert parse_date(text, now=NOW) is None
