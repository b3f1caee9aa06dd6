"""Files of a mail: names that are safe to store and show, types by looking at the bytes."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import replace
from html import unescape
from itertools import islice
from urllib.parse import unquote

import filetype

from feedback.channels.email.headers import decode_header, one_line
from feedback.channels.email.mime import UU_LINE, MimeReader, Part, decode_uu
from feedback.channels.email.parsed import Attachment
from feedback.channels.email.tnef import read_tnef

MAX_NAME = 150
MAX_NAME_BYTES = 250  # file systems stop at 255
MAX_UNPACKED = 50
FORBIDDEN = re.compile(r'[<>:"|?*\x00-\x1f]')
PERCENT = re.compile(r"%[89A-F][\dA-F]%[89A-F][\dA-F]", re.IGNORECASE)
ENTITY = re.compile(r"&#x?[\da-f]{2,6};", re.IGNORECASE)
NAME_WITH_ENDING = re.compile(
    r"[\w .()-]{1,100}\.(?:png|jpe?g|gif|bmp|webp|svg|tiff?|heic|emf|wmf|pdf|docx?|xlsx?|pptx?"
    r"|csv|txt|zip|eml|ics|vcf|mp[34]|wav|amr)",
    re.IGNORECASE,
)
RESERVED = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)", re.IGNORECASE)
# What a file without a name is called, by its type.
NAMED_TYPES = {
    "message/rfc822": ("message", ".eml"),
    "message/delivery-status": ("delivery-status", ".txt"),
    "text/calendar": ("calendar", ".ics"),
    "text/html": ("document", ".html"),
    "text/plain": ("document", ".txt"),
    "text/x-vcard": ("contact", ".vcf"),
    "text/vcard": ("contact", ".vcf"),
    "image/png": ("image", ".png"),
    "image/jpeg": ("image", ".jpg"),
    "image/jpg": ("image", ".jpg"),
    "image/gif": ("image", ".gif"),
    "video/quicktime": ("video", ".mov"),
    "application/pdf": ("document", ".pdf"),
}


def safe_name(name: str, fallback: str = "file") -> str:
    """Return a file name without path, control or order marks; <= 150 characters, 250 bytes."""
    name = unicodedata.normalize("NFC", one_line(name, 2_000))
    name = re.split(r"[/\\]", name)[-1]
    name = FORBIDDEN.sub("_", name).strip(" .")
    if not name.strip("_"):
        return fallback
    if RESERVED.match(name):
        name = "_" + name
    stem, dot, ending = name.rpartition(".")
    if not dot or len(ending) > 20:
        stem, dot, ending = name, "", ""
    room = MAX_NAME - len(dot + ending)
    room_bytes = MAX_NAME_BYTES - len((dot + ending).encode())
    return stem[:room].encode()[:room_bytes].decode("utf-8", "ignore").rstrip(" .") + dot + ending


def sniff(payload: bytes) -> str:
    """Return the media type the first bytes show, or empty if they show none."""
    if not payload:
        return ""
    kind = filetype.guess(payload[:8192])
    return str(kind.mime) if kind else ""


def attachment_of(part: Part) -> Attachment:
    """Return one MIME part as a file."""
    payload = part.content()
    given = file_name(part)
    identity = one_line(decode_header(part.value("content-id")), 250).strip("<> ")
    place = one_line(decode_header(part.value("content-location")), 500)
    name = given or _inner_subject(part, payload) or _name_in_id(identity, place)
    says_nothing = not name and part.content_type not in NAMED_TYPES
    return Attachment(
        name=safe_name(name, _made_up_name(part, payload)),
        content_type=part.content_type,
        payload=payload,
        sniffed_type=sniff(payload),
        content_id=identity,
        content_location=place,
        given_name=one_line(given, 2_000) or identity.partition("@")[0] * says_nothing,
    )


def file_name(part: Part) -> str:
    """Return the name the sender gave: Content-Disposition first, then Content-Type."""
    given = part.disposition[1].get("filename", "")
    name = given or part.parameters.get("name", "") or part.parameters.get("filename", "")
    if name[:1] == name[-1:] == "'":
        name = name[1:-1]
    if ENTITY.search(name):
        name = unescape(name)
    return _percent_decoded(name) if PERCENT.search(name) else name


def _percent_decoded(name: str) -> str:
    """`%E5%8F%91.pdf`, as some web mailers write it without saying so (RFC 2231 would)."""
    try:
        return unquote(name, errors="strict")
    except UnicodeDecodeError:
        return name


def _name_in_id(identity: str, place: str) -> str:
    """`image001.png` from `Content-ID: <image001.png@01DB…>` or from Content-Location."""
    for name in (identity.partition("@")[0], place.partition("?")[0].rpartition("/")[2]):
        if NAME_WITH_ENDING.fullmatch(name):
            return name
    return ""


def _made_up_name(part: Part, payload: bytes) -> str:
    """`Delivery report.txt` from Content-Description, else `image.jpg` from the type."""
    stem, ending = NAMED_TYPES.get(part.content_type, ("", ""))
    kind = filetype.guess(payload[:8192]) if payload and not ending else None
    ending = f".{kind.extension}" if kind else ending
    described = one_line(decode_header(part.value("content-description")), 80)
    if described and "." not in described:
        return safe_name(described) + ending
    family = part.content_type.partition("/")[0]
    return (stem or (family if family in {"image", "audio", "video", "text"} else "file")) + ending


def _inner_subject(part: Part, payload: bytes) -> str:
    if part.content_type != "message/rfc822":
        return ""
    subject = decode_header(MimeReader(payload[:20_000]).read().value("subject"))
    return f"{one_line(subject, 100)}.eml" if subject.strip() else ""


def unpacked_tnef(attachment: Attachment) -> list[Attachment]:
    """Return the files inside a `winmail.dat`."""
    return [
        Attachment(safe_name(name), "application/octet-stream", payload, sniff(payload))
        for name, payload in read_tnef(attachment.payload)[:MAX_UNPACKED]
    ]


def cut_uuencoded(text: bytes) -> tuple[bytes, list[Attachment], bytes]:
    """Take `begin 644 name … end` blocks out of a plain body.

    Returns what is left, the files, and the lines that were taken out. The bytes stay bytes: the
    character set is decided on the rest only.
    """
    if b"begin " not in text:
        return text, [], b""
    kept: list[bytes] = []
    taken: list[bytes] = []
    files: list[Attachment] = []
    position = 0
    for found in islice(UU_LINE.finditer(text), MAX_UNPACKED):
        end = text.find(b"\nend", found.end())
        payload = decode_uu(text[found.end() : end]) if end >= 0 else b""
        if not payload or found.start() < position:
            continue
        name = safe_name(decode_header(found[1]))
        files.append(Attachment(name, "application/octet-stream", payload, sniff(payload)))
        kept.append(text[position : found.start()])
        position = end + 4
        taken.append(text[found.start() : position].strip())
    return b"".join([*kept, text[position:]]), files, b"\n".join(taken)


def with_unique_names(files: Iterable[Attachment]) -> list[Attachment]:
    """Return the files with `name (2).ext` where two bear the same name (any case)."""
    seen: dict[str, int] = {}
    unique = []
    for given in files:
        file = given
        count = seen.get(file.name.lower(), 0) + 1
        seen[file.name.lower()] = count
        if count > 1:
            stem, dot, ending = file.name.rpartition(".")
            stem, ending = (stem, dot + ending) if dot else (ending, "")
            file = replace(file, name=f"{stem} ({count}){ending}")
        unique.append(file)
    return unique


def with_inline_marks(files: Iterable[Attachment], html: str) -> list[Attachment]:
    """Return the files, those the HTML shows by `cid:` or Content-Location marked inline."""
    if not html:
        return list(files)
    shown = set(re.findall(r"cid:([^\s\"'<>)]{1,250})", html, re.IGNORECASE))
    return [
        replace(file, inline=True)
        if (file.content_id and file.content_id in shown)
        or (file.content_location and f'"{file.content_location}"' in html)
        else file
        for file in files
    ]
