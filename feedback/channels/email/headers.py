"""Read header fields the way people's programs really write them.

A value arrives as unfolded bytes. Inside this module it travels as latin-1 text (one character =
one byte), so that structure can be found before any character set is decided.
"""

import binascii
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import unquote_to_bytes

from feedback.channels.email.charset import clean, decode_bytes
from feedback.channels.email.parsed import Address

MAX_VALUE = 65_536  # characters of one field that are looked at
MAX_ADDRESSES = 500
MAX_NAME = 200

WORD_START = re.compile(r"=\?([\x21-\x3e\x40-\x7e]{1,60})\?([BbQq])\?")
# Order marks that let a name or a subject show something else than it is, and line separators.
UNSEEN = re.compile("[\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff]")
WHITE = re.compile(r"\s+")
BYTE_WHITE = re.compile(r"[ \t\r\n]+")  # in latin-1 text \x85 and \xa0 are bytes of characters
BLANK = " \t\r\n"
PARAMETER = re.compile(
    r'[;\s]([^\s=;"]{1,80})\s{0,20}=\s{0,20}("(?:[^"\\]|\\.)*"|[^;]*)',
    re.DOTALL | re.ASCII,
)
# A backslash behind a high byte is the second half of a GBK or Big5 character.
ESCAPED = re.compile(r"(?<![\x80-\xff])\\([\"\\])")
QUOTE = re.compile(r"(?<!\\)\"|(?<=[\x80-\xff]\\)\"")
CONTINUED = re.compile(r"([^*]+)(?:\*(\d{1,3}))?(\*)?")
QUOTED_TEXT = re.compile(
    r'"(?:[^"\\]|(?<![\x80-\xff])\\.|(?<=[\x80-\xff])\\)*"', re.DOTALL
)  # the three alternatives exclude each other: no backtracking
NOTHING = re.compile(r"(?!)")
BARE_ADDRESS = re.compile(r"[^\s<>()\[\],;:\"]{1,64}@[^\s<>()\[\],;:\"]{1,255}", re.ASCII)
SPACED = re.compile(r"[ \t]*[\w.+-]+(?:[ \t]*[.@][ \t]*[\w+-]+){1,20}[ \t]*", re.ASCII)
SPACED_OUT = re.compile(r"[ \t]*([.@])[ \t]*")
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
        return clean(value.decode("ascii")) if value.isascii() else _raw_text(value, hint)
    return "".join(
        _raw_text(data, hint) if label is None else decode_bytes(data, label)
        for label, data in _joined(_runs(value.decode("latin-1")))
    )


def _raw_text(data: bytes, hint: str) -> str:
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
    for text in texts:
        if whole and len(whole[-1].rstrip("=")) % 4 and not whole[-1].endswith("="):
            whole[-1] += text  # cut inside a group of four
        else:
            whole.append(text)
    return b"".join(lenient_base64(text.encode("latin-1")) for text in whole)


NOT_BASE64 = bytes(
    set(range(256)) - set(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
)


def lenient_base64(data: bytes) -> bytes:
    """Decode base64 with junk inside, missing or surplus padding; never raises."""
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
    main = BYTE_WHITE.split(text.partition(";")[0].strip(BLANK))[0].lower()
    plain: dict[str, str] = {}
    pieces: dict[str, dict[int, tuple[bool, str]]] = {}
    for found in PARAMETER.finditer(text, len(main)):
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
        text = ESCAPED.sub(r"\1", text)
    return text


def _extended(parts: dict[int, tuple[bool, str]]) -> str:
    label, data = "", b""
    for order, number in enumerate(sorted(parts)):
        is_encoded, text = parts[number]
        if order == 0 and is_encoded and text.count("'") >= 2:
            label, _, text = text.partition("'")
            text = text.partition("'")[2]
        data += unquote_to_bytes(text.encode("latin-1")) if is_encoded else text.encode("latin-1")
    return decode_bytes(data, label) if label else decode_header(data)


# -- addresses ---------------------------------------------------------------------------------


def parse_addresses(value: bytes, hint: str = "") -> tuple[Address, ...]:
    """Return the mailboxes of a To/From/… field. Names are decoded after the list is split."""
    found: list[Address] = []
    waiting = ""  # "Doe, Jane <jane@…>": a comma inside an unquoted name
    for piece in _split_list(value[:MAX_VALUE].decode("latin-1")):
        chunk = piece
        if "@" not in chunk and "=?" in chunk and "<" not in chunk:
            chunk = decode_header(chunk.encode("latin-1")).encode().decode("latin-1")
        if "@" not in chunk and "<" not in chunk:
            waiting = f"{waiting}{chunk}, "
            continue
        address = _one_address(waiting + chunk if "<" in chunk else chunk, hint)
        waiting = ""
        if address:
            found.append(address)
        if len(found) >= MAX_ADDRESSES:
            break
    return tuple(found)


def _split_list(text: str) -> Iterator[str]:
    """Cut at commas and semicolons that stand outside quotes, comments and angle brackets."""
    quotes = QUOTED_TEXT if text.count('"') % 2 == 0 else NOTHING
    start = depth = 0
    is_angled = False
    position = 0
    while position < len(text):
        if found := quotes.match(text, position):
            position = found.end()
            continue
        char = text[position]
        if char in "()":
            depth = max(0, depth + (1 if char == "(" else -1))
        elif char in "<>" and not depth:
            is_angled = char == "<"
        elif char in ",;" and not is_angled and not depth:
            yield text[start:position]
            start = position + 1
        position += 1
    yield text[start:]


def _one_address(chunk: str, hint: str) -> Address | None:
    before, angle, rest = chunk.rpartition("<")
    name, email = "", ""
    if angle:
        email = rest.partition(">")[0]
        name = before
        if "@" not in email and (bare := BARE_ADDRESS.search(chunk)):
            email, name = bare[0], ""
    elif bare := BARE_ADDRESS.search(_without_gaps(chunk)):
        chunk = _without_gaps(chunk)
        email = bare[0]
        name = chunk[: bare.start()] + chunk[bare.end() :]
        name = name.partition("(")[2].rpartition(")")[0] or ""
    email = decode_header(BYTE_WHITE.sub("", email).strip("'\"<>").encode("latin-1"))
    email = one_line(email, 320).rpartition(":")[2]  # source routes and group names
    local, at, domain = email.rpartition("@")
    if not at or not local or not domain:
        return None
    return Address(name=display_name(name, hint), email=f"{local}@{domain.lower().rstrip('.')}")


def _without_gaps(chunk: str) -> str:
    """`john . doe @ example . com` (allowed in 1982) -> `john.doe@example.com`."""
    return SPACED_OUT.sub(r"\1", chunk) if len(chunk) < 400 and SPACED.fullmatch(chunk) else chunk


def display_name(name: str, hint: str = "") -> str:
    """Return the readable name in front of `<…>`; quotes, group label and escapes removed."""
    name = name.strip(BLANK)
    if '"' not in name and ":" in name and "=?" not in name:
        name = name.rpartition(":")[2].strip(BLANK)
    name = ESCAPED.sub(r"\1", QUOTE.sub("", name))
    return one_line(decode_header(name.encode("latin-1"), hint), MAX_NAME).strip("\"'").strip()


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
