"""Read the mailboxes of From, To and the like, however they are written.

As in `headers`, a value travels as latin-1 text (one character = one byte): the list is taken
apart before any character set is decided.
"""

import re
from collections.abc import Iterator

from feedback.channels.email.headers import (
    BLANK,
    BYTE_WHITE,
    ESCAPED,
    MAX_VALUE,
    decode_header,
    one_line,
)
from feedback.channels.email.parsed import Address

MAX_ADDRESSES = 500
MAX_NAME = 200

QUOTE = re.compile(r"(?<!\\)\"|(?<=[\x80-\xff]\\)\"")
QUOTED_TEXT = re.compile(
    r'"(?:[^"\\]|(?<![\x80-\xff])\\.|(?<=[\x80-\xff])\\)*"', re.DOTALL
)  # the three alternatives exclude each other: no backtracking
UNCUT = re.compile(  # encoded words and raw ISO-2022-JP: any sign may stand in them
    r"=\?[^?\s]{1,60}\?[BbQq]\?[^?]{0,1000}\?=|\x1b\$[@B][^\x1b]{0,1000}\x1b\([BJ]"
)
NOTHING = re.compile(r"(?!)")
BARE_ADDRESS = re.compile(
    r"[^\s<>()\[\],;:\"]{1,64}@(?:[^\s<>()\[\],;:\"]{1,255}|\[[\d.]{7,15}\])", re.ASCII
)
SPACED = re.compile(r"[ \t]*[\w.+-]+(?:[ \t]*[.@][ \t]*[\w+-]+){1,20}[ \t]*", re.ASCII)
LOCAL_ONLY = re.compile(r"([^<>@]{0,500})<[ \t]*([\w.+-]{1,64})[ \t]*>", re.ASCII)
QUOTED_LOCAL = re.compile(
    r'"((?:[^"\\\r\n]|\\.){1,64})"@([^\s<>()\[\],;:"]{1,255})(?=\s*(?:[>(]|\Z))', re.ASCII
)
ATOMS = re.compile(r"[\w!#$%&'*+/=?^`{|}~-]+(?:\.[\w!#$%&'*+/=?^`{|}~-]+)*", re.ASCII)
LEADING_TO = re.compile(r"[\s<([]*(?:mailto:)?[\s<([]*\Z", re.IGNORECASE)
COMMENT = re.compile(r"\((?:[^()\\]|\\.)*\)")
MAX_COMMENT_DEPTH = 5
SPACED_OUT = re.compile(r"[ \t]*([.@])[ \t]*")


def parse_addresses(value: bytes, hint: str = "") -> tuple[Address, ...]:
    """Return the mailboxes of a To/From/… field. Names are decoded after the list is split."""
    found: list[Address] = []
    waiting = ""  # "Doe, Jane <jane@…>": a comma inside an unquoted name
    for piece in _split_list(value[:MAX_VALUE].decode("latin-1")):
        chunk = piece
        if "@" not in chunk and "=?" in chunk and "<" not in chunk:
            chunk = decode_header(chunk.encode("latin-1")).encode().decode("latin-1")
        if "<" not in chunk and ("@" not in chunk or "\x1b$" in chunk):
            waiting = f"{waiting}{chunk}, "
            continue
        found += _addresses_of(waiting + chunk if "<" in chunk else chunk, hint)
        waiting = ""
        if len(found) >= MAX_ADDRESSES:
            break
    return tuple(found[:MAX_ADDRESSES])


def _split_list(text: str) -> Iterator[str]:
    """Cut at commas and semicolons that stand outside quotes, comments and angle brackets."""
    quotes = QUOTED_TEXT if text.count('"') % 2 == 0 else NOTHING
    is_nested = text.count("(") == text.count(")")
    start = depth = 0
    is_angled = False
    position = 0
    while position < len(text):
        char = text[position]
        if char == '"':
            found = quotes.match(text, position)
        else:
            found = UNCUT.match(text, position) if char in "=\x1b" else None
        if found:
            position = found.end()
            continue
        if char in "()" and is_nested:
            depth = max(0, depth + (1 if char == "(" else -1))
        elif char in "<>" and not depth:
            is_angled = char == "<"
        elif char in ",;" and not is_angled and not depth:
            yield text[start:position]
            start = position + 1
        position += 1
    yield text[start:]


def _addresses_of(chunk: str, hint: str) -> Iterator[Address]:
    """The one address of an entry, or several that stand side by side without a comma."""
    before, angle, rest = chunk.rpartition("<")
    if quoted := QUOTED_LOCAL.search(chunk):
        local = quoted[1] if ATOMS.fullmatch(quoted[1]) else f'"{quoted[1]}"'
        name = chunk[: quoted.start()].rstrip(BLANK).removesuffix("<")
        pairs = [(name, f"{local}@{quoted[2]}")]
    elif angle and "@" in (email := _without_comments(rest.partition(">")[0])):
        pairs = [(before.rstrip(" \t<"), email)]
    else:
        pairs = _without_brackets(_without_gaps(chunk))
    return filter(None, (_address(name, email, hint) for name, email in pairs))


def _address(name: str, written: str, hint: str) -> Address | None:
    if written.startswith('"') and '"@' in written:
        email = one_line(written, 320)
    else:
        inner = decode_header(BYTE_WHITE.sub("", written).strip("'\"<>").encode("latin-1"))
        email = one_line(inner, 320).rpartition(":")[2]  # source routes and group names
    local, _, domain = email.rpartition("@")
    if not local or not domain:
        return None
    return Address(display_name(name, hint), f"{local}@{domain.lower().rstrip('.')}")


def _without_brackets(chunk: str) -> list[tuple[str, str]]:
    """`a@b.cn (Jane)`, `Jane a@b.cn`, `Jane [mailto:a@b.cn]`, `a@b.cn c@d.cn` -> (name, email)."""
    bare = list(BARE_ADDRESS.finditer(chunk))
    if len(bare) > 1 and (outside := BARE_ADDRESS.findall(_without_comments(chunk))):
        return [("", email) for email in outside]
    if not bare:
        return []
    before, after = chunk[: bare[0].start()], chunk[bare[0].end() :]
    name = after.partition("(")[2].rpartition(")")[0]
    return [(name or LEADING_TO.sub("", before), bare[0][0])]


def _without_gaps(chunk: str) -> str:
    """`john . doe @ example . com` (allowed in 1982) -> `john.doe@example.com`."""
    return SPACED_OUT.sub(r"\1", chunk) if len(chunk) < 400 and SPACED.fullmatch(chunk) else chunk


def _without_comments(text: str) -> str:
    for _ in range(MAX_COMMENT_DEPTH):
        if "(" not in text:
            break
        text = COMMENT.sub(" ", text)
    return text


def display_name(name: str, hint: str = "") -> str:
    """Return the readable name in front of `<…>`; quotes, group label and escapes removed."""
    name = name.strip(BLANK)
    if "\x1b$" in name:
        return one_line(decode_header(name.encode("latin-1")), MAX_NAME)
    if '"' not in name and ":" in name and "=?" not in name:
        name = name.rpartition(":")[2].strip(BLANK)
    if '"' not in name and "=?" not in name and "(" in name:
        name = _without_comments(name).strip(BLANK) or name
    name = ESCAPED.sub(r"\1", QUOTE.sub("", name))
    return one_line(decode_header(name.encode("latin-1"), hint), MAX_NAME).strip("\"'").strip()


def sender_without_domain(value: bytes, hint: str = "") -> Address | None:
    """Return the author of `Cron <root>`, as machines write it that know no other machine."""
    found = LOCAL_ONLY.fullmatch(value[:1_000].decode("latin-1").strip(BLANK))
    return Address(display_name(found[1], hint), found[2]) if found else None
