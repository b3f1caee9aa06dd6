"""Readable text out of rich text (RTF), as Outlook packs it into `winmail.dat`.

Sources: [MS-OXRTFCP] for the packing, [MS-OXRTFEX] for HTML that travels inside, the RTF
specification 1.9.1 for the rest. Only what a reader sees is taken: words and line breaks.
"""

import re
import struct
from dataclasses import dataclass, field, replace
from html import escape

from feedback.channels.email.charset import decode_bytes

PACKED, UNPACKED = 0x75465A4C, 0x414C454D
WINDOW = 4_096
MAX_RTF = 1_000_000
# With these bytes the window of the packing begins.
BEGINNING = (
    rb"{\rtf1\ansi\mac\deff0\deftab720{\fonttbl;}{\f0\fnil \froman \fswiss \fmodern \fscript "
    rb"\fdecor MS Sans SerifSymbolArialTimes New RomanCourier{\colortbl\red0\green0\blue0"
    b"\r\n"
    rb"\par \pard\plain\f0\fs20\b\i\u\tab\tx"
)

TOKEN = re.compile(
    rb"\\([a-zA-Z]{1,32})(-?\d{1,9})? ?|\\'([0-9a-fA-F]{2})|\\([^a-zA-Z])|([{}])|[\r\n]+"
    rb"|([^\\{}\r\n]+)|\\",
    re.DOTALL,
)
SIGNS = {
    b"par": "\n", b"line": "\n", b"row": "\n", b"sect": "\n", b"page": "\n", b"tab": "\t",
    b"cell": "\t", b"emdash": "—", b"endash": "–", b"bullet": "•", b"lquote": "‘",
    b"rquote": "’", b"ldblquote": "“", b"rdblquote": "”", b"emspace": " ", b"enspace": " ",
}  # fmt: skip
OTHER_SIGNS = {b"~": "\xa0", b"_": "-", b"-": "\xad"}
# Groups that hold no words of the writer.
APART = frozenset(
    (
        b"fonttbl", b"colortbl", b"stylesheet", b"info", b"pict", b"object", b"header",
        b"footer", b"headerf", b"footerf", b"listtable", b"filetbl", b"fldinst",
    )
)  # fmt: skip
# The number that a font gives for its letters -> the code page (RTF 1.9.1, "fcharset").
CODE_PAGES = {
    77: 10000, 128: 932, 129: 949, 134: 936, 136: 950, 161: 1253, 162: 1254, 163: 1258,
    177: 1255, 178: 1256, 186: 1257, 204: 1251, 222: 874, 238: 1250,
}  # fmt: skip


def unpacked_rtf(data: bytes) -> bytes:
    """Return the rich text of a PR_RTF_COMPRESSED value, at most 1 MB; nothing if it is none."""
    if len(data) < 16:
        return b""
    (kind,) = struct.unpack_from("<I", data, 8)
    if kind == UNPACKED:
        return data[16 : 16 + MAX_RTF]
    return _unpacked(data) if kind == PACKED else b""


def _unpacked(data: bytes) -> bytes:
    """A bit says of what follows whether it is a byte or a place and length in the window."""
    out = bytearray(BEGINNING)
    position = 16
    while position < len(data) and len(out) < MAX_RTF:
        flags = data[position]
        position += 1
        for bit in range(8):
            if not flags >> bit & 1:
                out += data[position : position + 1]
                position += 1
                continue
            pair = data[position : position + 2]
            position += 2
            place, length = int.from_bytes(pair) >> 4, (pair[-1] & 15) + 2 if pair else 0
            distance = (len(out) - place) % WINDOW
            if len(pair) < 2 or not distance or distance > len(out):
                return bytes(out[len(BEGINNING) :])  # the end points at itself
            start = len(out) - distance
            stretch = out[start : start + length]
            out += (stretch * (length // len(stretch) + 1))[:length]
    return bytes(out[len(BEGINNING) :])


def rtf_to_text(rtf: bytes) -> tuple[str, bool]:
    """Return (what a reader sees, whether that is the source of an HTML document)."""
    reader = _Reader()
    reader.read(rtf[:MAX_RTF])
    text = "".join(reader.out).encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text, reader.holds_html


@dataclass(frozen=True, slots=True)
class _Group:
    """What is in force between two braces; a group inside begins with the same."""

    is_apart: bool = False
    is_tag: bool = False  # the source of HTML, not its words
    is_shadow: bool = False  # rich text that stands for a tag
    is_fonts: bool = False
    unread: int = 1  # how many signs behind a \u repeat it for old programs
    font: int = -1


@dataclass(slots=True)
class _Reader:
    out: list[str] = field(default_factory=list)
    holds_html: bool = False
    group: _Group = _Group()
    outer: list[_Group] = field(default_factory=list)
    waiting: bytearray = field(default_factory=bytearray)
    skip: int = 0
    code_page: int = 1252
    fonts: dict[int, int] = field(default_factory=dict)

    def read(self, rtf: bytes) -> None:
        position = 0
        while found := TOKEN.match(rtf, position):
            position = found.end()
            word, number, code, sign, brace, plain = found.groups()
            if code or plain:
                self._bytes(bytes.fromhex(code.decode()) if code else plain)
            elif word == b"bin":
                position += max(0, int(number or 0))
            elif word:
                self._flush()
                self._word(word, int(number) if number else None)
            elif sign:
                self._sign(sign)
            elif brace:
                self._flush()
                self._brace(brace)
        self._flush()

    def _bytes(self, data: bytes) -> None:
        skipped = min(self.skip, len(data))
        self.skip -= skipped
        self.waiting += data[skipped:]

    def _flush(self) -> None:
        """Decode what has gathered: a character may be two bytes, one of them a plain letter."""
        if self.waiting:
            page = self.fonts.get(self.group.font, self.code_page)
            data, self.waiting = bytes(self.waiting), bytearray()
            self._put(decode_bytes(data, f"cp{page}"))

    def _put(self, text: str) -> None:
        group = self.group
        if group.is_apart or (group.is_shadow and not group.is_tag):
            return
        is_source = not self.holds_html or group.is_tag
        self.out.append(text if is_source else escape(text, quote=False))

    def _brace(self, brace: bytes) -> None:
        self.skip = 0
        if brace == b"{":
            self.outer.append(self.group)
        elif self.outer:
            self.group = self.outer.pop()

    def _sign(self, sign: bytes) -> None:
        self._flush()
        if sign == b"*":  # a group that old programs leave out; HTML comes in such groups
            self.group = replace(self.group, is_apart=True)
        else:
            self._put(OTHER_SIGNS.get(sign) or sign.decode("latin-1"))

    def _word(self, word: bytes, number: int | None) -> None:
        group = self.group
        if word in SIGNS:
            self._put(SIGNS[word])
        elif word == b"u" and number is not None:
            self._put(chr(number % 65_536))
            self.skip = group.unread
        elif word == b"fromhtml":
            self.holds_html = number != 0
        elif word == b"ansicpg" and number:
            self.code_page = number
        elif word == b"fcharset" and group.is_fonts and number in CODE_PAGES:
            self.fonts[group.font] = CODE_PAGES[number]
        elif word == b"htmltag" and self.holds_html:
            self.group = replace(group, is_apart=False, is_tag=True)
        else:
            self.group = _changed(group, word, number)


def _changed(group: _Group, word: bytes, number: int | None) -> _Group:
    if word == b"htmlrtf":
        return replace(group, is_shadow=number != 0)
    if word == b"uc":
        return replace(group, unread=min(max(number or 0, 0), 9))
    if word == b"f" and number is not None:
        return replace(group, font=number)
    if word in APART:
        return replace(group, is_apart=True, is_fonts=word == b"fonttbl")
    return group
