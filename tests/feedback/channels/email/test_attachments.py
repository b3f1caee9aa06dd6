import struct

import pytest

from feedback.channels.email.attachments import safe_name, with_unique_names
from feedback.channels.email.parsed import Attachment
from feedback.channels.email.tnef import read_tnef
from tests.feedback.channels.email.mails import file_part, mail, multipart, read


@pytest.mark.parametrize(
    ("given", "safe"),
    [
        ("发票.pdf", "发票.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\temp\\a.txt", "a.txt"),
        ("..", "file"),
        ("", "file"),
        ("a\r\nb.txt", "a b.txt"),
        ("photo\u202egpj.exe", "photogpj.exe"),
        ('a<b>:"|?*.txt', "a_b______.txt"),
        ("CON.txt", "_CON.txt"),
        ("name.", "name"),
        ("e\u0301.txt", "é.txt"),
    ],
)
def test_names_are_safe_to_store_and_to_show(given, safe):
    assert safe_name(given) == safe


def test_a_long_name_keeps_its_ending_and_fits_a_file_system():
    name = safe_name("长" * 300 + ".jpeg")

    assert name.endswith(".jpeg")
    assert len(name) <= 150
    assert len(name.encode()) <= 255


def test_equal_names_are_told_apart():
    files = [Attachment(name, "text/plain", b"") for name in ("a.txt", "A.TXT", "a.txt", "b")]

    assert [f.name for f in with_unique_names(files)] == [
        "a.txt",
        "A (2).TXT",
        "a (3).txt",
        "b",
    ]


def test_files_without_name_or_bytes_are_kept():
    kind, body = multipart(
        "mixed",
        file_part(b"", "Content-Type: application/pdf"),
        file_part(b"%PDF-1.7", "Content-Type: application/x-odd"),
        mail("Content-Type: text/plain", "Content-Disposition: attachment", body="words"),
    )

    files = read(kind, body=body).attachments

    assert [(f.name, f.sniffed_type, len(f.payload)) for f in files] == [
        ("document.pdf", "", 0),
        ("file.pdf", "application/pdf", 8),
        ("document.txt", "", 5),
    ]


def attribute(level: int, number: int, content: bytes) -> bytes:
    return struct.pack("<BHHI", level, number, 0, len(content)) + content + b"\0\0"


def tnef(*attributes: bytes) -> bytes:
    return struct.pack("<IH", 0x223E9F78, 1) + b"".join(attributes)


def test_winmail_dat_gives_up_its_files():
    long_name = "报价单.txt".encode("utf-16-le")
    padded = long_name + b"\0" * (-len(long_name) % 4)
    properties = struct.pack("<IHHII", 1, 0x1F, 0x3707, 1, len(long_name)) + padded
    stream = tnef(
        attribute(2, 0x9002, b"\0" * 14),
        attribute(2, 0x8010, b"SHORT~1.TXT\0"),
        attribute(2, 0x800F, b"inside"),
        attribute(2, 0x9005, properties),
    )
    kind, body = multipart(
        "mixed",
        mail("Content-Type: text/plain", body="see file"),
        file_part(stream, "Content-Type: application/ms-tnef; name=winmail.dat"),
    )

    files = read(kind, body=body).attachments

    assert [(f.name, f.payload) for f in files] == [
        ("winmail.dat", stream),
        ("报价单.txt", b"inside"),
    ]


def test_a_cut_winmail_dat_gives_what_was_whole():
    whole = tnef(attribute(2, 0x9002, b""), attribute(2, 0x800F, b"one"))
    cut = whole + attribute(2, 0x9002, b"") + attribute(2, 0x800F, b"second file")[:-6]

    assert read_tnef(cut) == [("", b"one")]
    assert read_tnef(b"no tnef at all") == []


def packed(rtf: bytes) -> bytes:
    """Rich text as Outlook packs it: here its first letters are taken from the known window."""
    known = b"{\\rtf1\\ansi"
    rest = rtf.removeprefix(known)
    out = b"\x01" + bytes((0, len(known) - 2)) + rest[:7]
    for start in range(7, len(rest), 8):
        out += b"\0" + rest[start : start + 8]
    return struct.pack("<III", len(out) + 12, len(rtf), 0x75465A4C) + b"\0\0\0\0" + out


def outlook(number: int, value: bytes) -> bytes:
    """A mail of Outlook whose words are in one MAPI property of its winmail.dat only."""
    padded = value + b"\0" * (-len(value) % 4)
    properties = struct.pack("<IHHII", 1, 0x102, number, 1, len(value)) + padded
    stream = tnef(
        attribute(1, 0x9007, struct.pack("<II", 936, 0)), attribute(1, 0x9003, properties)
    )
    return file_part(stream, "Content-Type: application/ms-tnef; name=winmail.dat")


@pytest.mark.parametrize(
    ("number", "value", "text"),
    [
        (
            0x1009,
            packed(rb"{\rtf1\ansi{\fonttbl{\f0 SimSun;}}Refund\par now\'a1}"),
            "Refund\nnow¡",
        ),
        (
            0x1009,
            packed(
                rb"{\rtf1\ansi\ansicpg1252{\fonttbl{\f1\fcharset134 SimSun;}}"
                rb"\f1 \'cd\'cb\'bfn\u38065?{\pict 00ff}}"
            ),
            "退縩钱",
        ),
        (
            0x1009,
            packed(
                rb"{\rtf1\ansi\ansicpg936\fromhtml1{\*\htmltag64 <p>}\htmlrtf {\htmlrtf0 "
                rb"\'cd\'cb\'bf\'ee & more\htmlrtf\par}\htmlrtf0{\*\htmltag72 </p>}}"
            ),
            "退款 & more",
        ),
        (0x1013, "<p>退款</p>".encode("gbk"), "退款"),
        (0x1000, "退款".encode("gbk") + b"\0", "退款"),
        (0x1009, b"rubbish", ""),
        (0x1009, b"\0" * 8 + b"LZFu\0\0\0\0\xff\xff\xff\xff", ""),
    ],
)
def test_words_that_are_in_winmail_dat_only_are_the_message(number, value, text):
    kind, body = multipart("mixed", outlook(number, value))

    assert read(kind, body=body).text == text
