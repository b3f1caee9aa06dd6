"""The raw mail in what mail providers send by HTTP. Pure, and bounded: no form field is looked
at that is not asked for, and nothing is kept twice that is large.

Django's own reading of forms has no room for a field of 25 MB, and would make text of it.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import unquote_to_bytes

# The fields of a form that hold a raw mail: Mailgun's, and SendGrid's with "send raw".
MAIL_FIELDS = ("body-mime", "email")
PROOF_FIELDS = ("timestamp", "token", "signature")
_FIELDS = {*MAIL_FIELDS, *PROOF_FIELDS, "recipient", "envelope"}
MAX_FIELDS = 200
MAX_SMALL = 20_000  # bytes of any other field that is read
_MAX_HEAD = 4_000
_SLICE = 1 << 16
RAW = {"message/rfc822", "application/octet-stream"}
URLENCODED, MULTIPART = "application/x-www-form-urlencoded", "multipart/form-data"
JSON = "application/json"
_BOUNDARY = re.compile(r'boundary="?([^";\r\n]{1,200})', re.IGNORECASE)
_NAME = re.compile(
    rb'content-disposition:[^\r\n]*?;[ \t]*name="?([^";\r\n]{1,100})', re.IGNORECASE
)


class NoMailInside(Exception):
    """What was sent holds no raw mail, or too much of something else."""


@dataclass(frozen=True, slots=True)
class Pushed:
    raw: bytes
    # To whom the provider says it was sent: the envelope, not the header fields.
    recipients: tuple[str, ...] = ()


def kind_of(content_type: str) -> tuple[str, str]:
    """(type, boundary), each "" where there is none."""
    kind, _, rest = content_type[:1000].partition(";")
    boundary = _BOUNDARY.search(rest)
    return kind.strip().lower(), boundary[1].strip() if boundary else ""


def form_fields(kind: str, boundary: str, body: bytes) -> dict[str, bytes]:
    """The fields that matter, the first of each name. Raises NoMailInside for what is no form."""
    pairs = _urlencoded(body) if kind == URLENCODED else _multipart(boundary, body)
    fields: dict[str, bytes] = {}
    for name, value in pairs:
        if name not in _FIELDS or name in fields:
            continue
        if name not in MAIL_FIELDS:
            if len(value) > MAX_SMALL:
                raise NoMailInside
            value = unquoted(value) if kind == URLENCODED else value  # noqa: PLW2901
        fields[name] = value
    return fields


def proof_in(fields: Mapping[str, bytes]) -> dict[str, str]:
    """Mailgun's timestamp, token and signature."""
    return {one: fields.get(one, b"")[:200].decode("latin-1") for one in PROOF_FIELDS}


def mail_in_form(kind: str, fields: Mapping[str, bytes]) -> Pushed:
    name = next((one for one in MAIL_FIELDS if fields.get(one)), None)
    if name is None:
        raise NoMailInside
    raw = fields[name]
    if kind == URLENCODED:
        raw = unquoted(raw)
    return Pushed(raw, _recipients(fields))


def mail_in_json(body: bytes) -> Pushed:
    """Postmark's, with "include raw email content"."""
    try:
        told = json.loads(body)
    except (ValueError, RecursionError) as broken:
        raise NoMailInside from broken
    raw = told.get("RawEmail") if isinstance(told, dict) else None
    if not isinstance(raw, str) or not raw:
        raise NoMailInside
    recipient = told.get("OriginalRecipient")
    # Bytes that were no text may come as lone surrogates: never a reason to lose a mail.
    return Pushed(
        raw.encode("utf-8", "surrogatepass"), (recipient,) if isinstance(recipient, str) else ()
    )


def _recipients(fields: Mapping[str, bytes]) -> tuple[str, ...]:
    told = fields.get("recipient", b"").decode("utf-8", "replace").split(",")[:100]
    try:
        envelope = json.loads(fields.get("envelope") or b"{}")
    except (ValueError, RecursionError):
        envelope = {}
    to = envelope.get("to") if isinstance(envelope, dict) else None
    if isinstance(to, list):
        told += [one for one in to[:100] if isinstance(one, str)]
    return tuple(one.strip() for one in told if one.strip())


def _urlencoded(body: bytes) -> Iterator[tuple[str, bytes]]:
    """Values as they stand, still quoted: most are not wanted."""
    if body.count(b"&") >= MAX_FIELDS:
        raise NoMailInside
    for pair in body.split(b"&"):
        name, _, value = pair.partition(b"=")
        yield unquoted(name[:100]).decode("latin-1"), value


def _multipart(boundary: str, body: bytes) -> Iterator[tuple[str, bytes]]:
    if not boundary:
        raise NoMailInside
    edge = b"\r\n--" + boundary.encode("latin-1", "replace")
    at = -2 if body.startswith(edge[2:]) else body.find(edge)
    for _ in range(MAX_FIELDS):
        begin = at + len(edge)
        if at != -1 and body[begin : begin + 2] == b"--":
            return
        head_ends = body.find(b"\r\n\r\n", begin, begin + _MAX_HEAD)
        starts = head_ends + 4
        ends = body.find(edge, head_ends + 2)
        # Without an end it was cut off, and half a mail is worse than one that comes again.
        if -1 in {at, head_ends, ends}:
            raise NoMailInside
        yield _name_in(body[begin:head_ends]), body[starts : max(starts, ends)]
        at = ends
    raise NoMailInside


def _name_in(head: bytes) -> str:
    found = _NAME.search(head)
    return found[1].decode("latin-1") if found else ""


def unquoted(value: bytes) -> bytes:
    """What a form wrote as `%41+b`. Piece by piece: all at once, 50 MB of "%41" would take more
    than a gigabyte."""
    out, at = bytearray(), 0
    while at < len(value):
        end = at + _SLICE
        cut = value.rfind(b"%", end - 2, end)
        end = cut if cut > at and end < len(value) else end
        piece = value[at:end].replace(b"+", b" ")
        out += unquote_to_bytes(piece)
        at = end
    return bytes(out)
