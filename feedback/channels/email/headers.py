"""Read header fields the way people's programs really write them.

A value arrives as unfolded bytes. Inside this module it travels as latin-1 text (one character =
one byte), so that structure can be found before any character set is decided.
"""

import binascii
import itertools
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import unquote_to_bytes

from feedback.channels.email.charset import clean, decode_bytes, works_in_pairs

MAX_VALUE = 65_536  # characters of one field that are looked at

WORD_START = re.compile(r"=\?([\x21-\x3e\x40-\x7e]{1,60})\?([BbQq])\?")
# Order marks that let a name or a subject show something else than it is, and line separators.
UNSEEN = re.compile("[\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff]")
WHITE = re.compile(r"\s+")
BYTE_WHITE = re.compile(r"[ \t\r\n]+")  # in latin-1 text \x85 and \xa0 are bytes of characters
BLANK = " \t\r\n"
# A value: quoted; quoted with quotes inside; quoted and never closed, the last one; bare.
PARAMETER = re.compile(
    r'[;\s]([^\s=;"]{1,80})\s{0,20}=\s{0,20}'
    r'("(?:[^"\\]|\\.)*"(?=[\s;(]|\Z)|"[^;]*"(?=[\s;]|\Z)|"[^"=]*\Z|[^;]*)',
    re.DOTALL | re.ASCII,
)
# A backslash behind a high byte is the second half of a GBK or Big5 character.
ESCAPED = re.compile(r"(?<![\x80-\xff])\\([\"\\])")
AROUND_SLASH = re.compile(r"[ \t]{1,5}/[ \t]{0,5}|/[ \t]{1,5}")
CONTINUED = re.compile(r"([^*]+)(?:\*(\d{1,3}))?(\*)?")
YEARS = range(1990, 2100)


def one_line(text: str, limit: int) -> str:
    """Make `text` safe as one stored line: no breaks, controls or order marks; at most `limit`."""
    return WHITE.sub(" ", UNSEEN.sub("", clean(text))).strip()[:limit].rstrip()


# -- RFC 2047 ----------------------------------------------------------------------------------


def decode_header(value: bytes, hint: str = "") -> str:
    """Return the text of an unstructured field: encoded words joined as bytes, then decoded.

    `hint` is the character set of the body, tried for raw 8-bit bytes that are no UTF-8.
    """
    value = value[:MAX_VALUE]
    if b"=?" not in value:
        return _raw_text(value, hint)
    return "".join(
        _raw_text(data, hint) if label is None else decode_bytes(data, label)
        for label, data in _joined(_runs(value.decode("latin-1")))
    )


def _raw_text(data: bytes, hint: str) -> str:
    if data.isascii():
        # ISO-2022 that nobody wrapped in encoded words begins with an escape.
        return decode_bytes(data) if b"\x1b$" in data else clean(data.decode("ascii"))
    if works_in_pairs(hint):
        return decode_bytes(data, hint)
    try:
        return clean(data.decode("utf-8"))
    except UnicodeDecodeError:
        return decode_bytes(data, hint)


def _runs(value: str) -> Iterator[tuple[str | None, str, str]]:
    """Yield (label, encoding, text) for encoded words and (None, "", text) for what is between."""
    position = 0
    while found := WORD_START.search(value, position):
        if between := value[position : found.start()]:
            yield None, "", between
        end = value.find("?=", found.end())
        stop = end if end >= 0 else len(value)
        yield found[1].partition("*")[0].lower(), found[2].upper(), value[found.end() : stop]
        position = stop + 2
    if rest := value[position:]:
        yield None, "", rest


def _joined(runs: Iterator[tuple[str | None, str, str]]) -> list[tuple[str | None, bytes]]:
    """Glue neighbouring words of one character set: a character may be cut between them."""
    words: list[tuple[str | None, str, list[str]]] = []
    gap = ""
    for label, encoding, text in runs:
        if label is None:
            if text.strip(BLANK):
                words.append((None, "", [gap + text]))
                gap = ""
            else:
                gap += text
            continue
        if words and words[-1][0] == label and words[-1][1] == encoding:
            words[-1][2].append(text)
        elif words and words[-1][0] is not None:
            words.append((label, encoding, [text]))
        else:
            if gap and not words:
                gap = ""
            if gap:
                words[-1][2].append(gap)
            words.append((label, encoding, [text]))
        gap = ""
    pieces = [(label, _word_bytes(label, encoding, texts)) for label, encoding, texts in words]
    return _same_label_glued(pieces)


def _same_label_glued(
    pieces: list[tuple[str | None, bytes]],
) -> list[tuple[str | None, bytes]]:
    glued: list[tuple[str | None, bytes]] = []
    for label, data in pieces:
        if glued and label is not None and glued[-1][0] == label:
            glued[-1] = (label, glued[-1][1] + data)
        else:
            glued.append((label, data))
    return glued


def _word_bytes(label: str | None, encoding: str, texts: list[str]) -> bytes:
    if label is None:
        return "".join(texts).encode("latin-1")
    if encoding == "Q":
        return b"".join(
            binascii.a2b_qp(text.replace(" ", "_").encode("latin-1"), header=True)
            for text in texts
        )
    whole: list[str] = []
    is_cut = sum(map(len, texts)) % 4 == 0  # inside groups of four; else padding is missing
    for text in texts:
        if is_cut and whole and len(whole[-1]) % 4 and not whole[-1].endswith("="):
            whole[-1] += text
        else:
            whole.append(text)
    return b"".join(lenient_base64(text.encode("latin-1")) for text in whole)


NOT_BASE64 = bytes(
    set(range(256)) - set(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
)


MAX_PADDED = 100_000
PADDING = re.compile(rb"={1,2}\r?\n")
MORE_BASE64 = re.compile(rb"(?:[\r\n]*[A-Za-z0-9+/]){2,}={0,2}[\r\n]*")


def lenient_base64(data: bytes) -> bytes:
    """Decode base64 with junk inside, missing or surplus padding; never raises.

    Some programs encode line by line, with padding at each end: such pieces are joined. Words of
    a mailing list below the last piece are no base64.
    """
    if data.find(b"=", 0, len(data) - 4) < 0:
        return _one_base64(data)
    first, *others = PADDING.split(data, MAX_PADDED)
    pieces = [first, *itertools.takewhile(MORE_BASE64.fullmatch, others)]
    return b"".join(map(_one_base64, pieces))


def _one_base64(data: bytes) -> bytes:
    try:
        return binascii.a2b_base64(data)
    except binascii.Error:
        data = data.translate(None, NOT_BASE64)
        data = data[: len(data) - (len(data) % 4 == 1)]
        return binascii.a2b_base64(data + b"=" * (-len(data) % 4))


# -- parameters, RFC 2231 ----------------------------------------------------------------------


def parse_parameters(value: bytes) -> tuple[str, dict[str, str]]:
    """Split `type/sub; a=b` into the lower-case main value and its decoded parameters.

    RFC 2231 pieces are joined as bytes before decoding; `name*=` wins over `name=`.
    """
    text = value[:MAX_VALUE].decode("latin-1")
    head = AROUND_SLASH.sub("/", text.partition(";")[0].strip(BLANK))
    main = BYTE_WHITE.split(head)[0].lower()
    if "=" in main:  # the kind itself is missing
        text, main = f";{text}", ""
    plain: dict[str, str] = {}
    pieces: dict[str, dict[int, tuple[bool, str]]] = {}
    start = len(main)
    main = main.strip("\",'")
    for found in PARAMETER.finditer(text, start):
        shape = CONTINUED.fullmatch(found[1].lower())
        if shape is None:
            continue
        name, number, extended = shape[1], shape[2], bool(shape[3])
        content = _unquoted(found[2])
        if number is None and not extended:
            plain.setdefault(name, decode_header(content.encode("latin-1")))
        else:
            pieces.setdefault(name, {}).setdefault(int(number or 0), (extended, content))
    return main, plain | {name: _extended(parts) for name, parts in pieces.items()}


def _unquoted(text: str) -> str:
    text = text.strip(BLANK)
    if text[:1] == '"':
        text = text[1:-1] if text[-1:] == '"' and len(text) > 1 else text[1:]
        return ESCAPED.sub(r"\1", text)
    return text.removesuffix('"')


def _extended(parts: dict[int, tuple[bool, str]]) -> str:
    label, data = "", b""
    for order, number in enumerate(sorted(parts)):
        is_encoded, text = parts[number]
        if order == 0 and is_encoded and text.count("'") >= 2:
            label, _, text = text.partition("'")
            text = text.partition("'")[2]
        data += unquote_to_bytes(text.encode("latin-1")) if is_encoded else text.encode("latin-1")
    return decode_bytes(data, label) if label else decode_header(data)


# -- dates -------------------------------------------------------------------------------------


def parse_date(text: str, *, now: datetime) -> datetime | None:
    """Return the sender's date, aware; None for garbage, long ago, or more than a day ahead."""
    try:
        date = parsedate_to_datetime(one_line(text, 100))
        if date.tzinfo is None:
            date = date.replace(tzinfo=UTC)
        is_ahead = (date - now).total_seconds() > 86_400
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return date if date.year in YEARS and not is_ahead else None
