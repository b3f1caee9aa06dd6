"""One door from raw bytes to a mail: `parse_mail`. Pure, bounded, and it never raises."""

import re
from datetime import UTC, datetime

from feedback.channels.email.addresses import MAX_NAME, parse_addresses, sender_without_domain
from feedback.channels.email.attachments import with_inline_marks, with_unique_names
from feedback.channels.email.bodies import Contents, read_contents
from feedback.channels.email.charset import decode_bytes
from feedback.channels.email.headers import (
    MAX_VALUE,
    decode_header,
    one_line,
    parse_date,
)
from feedback.channels.email.html_text import MAX_TEXT
from feedback.channels.email.mime import MimeReader, Part
from feedback.channels.email.parsed import Address, Headers, ParsedMail
from feedback.channels.email.references import extract_ids, normal_id, synthetic_id
from feedback.channels.email.subject import MAX_SUBJECT, base_subject

UNCHANGED = ("from", "to", "cc", "date", "subject", "reply-to")
MAX_RESULTS, MAX_STATEMENTS = 8_000, 10
LOOKS_LIKE_ADDRESS = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}\.[\w.-]{2,190}")


def parse_mail(raw: bytes, *, now: datetime | None = None) -> ParsedMail:
    """Read any bytes as a mail.

    Work is bounded (50 levels, 100 parts, 256 kB of header, 500 000 characters of text). `now`
    is when the mail was received: a Date far ahead of it is not believed. Defects name what was
    odd; `unreadable` means that only the raw text could be kept.
    """
    try:
        return _read(raw, now or datetime.now(UTC))
    except Exception as error:  # the one promise of this function; the raw mail is kept anyway
        return ParsedMail(
            message_id=synthetic_id([raw]),
            text=decode_bytes(raw[:MAX_TEXT]),
            defects=("unreadable", type(error).__name__),
        )


def _read(raw: bytes, now: datetime) -> ParsedMail:
    reader = MimeReader(raw)
    root = reader.read()
    contents = read_contents(root, is_alone=True)
    html = contents.html
    hint = _charset_hint(root)
    headers = _headers(root, hint)
    authors = _addresses(root, "from", hint)
    sender = _addresses(root, "sender", hint)
    reply_to = _addresses(root, "reply-to", hint)
    unnamed = sender_without_domain(root.value("from"), hint) or Address("", "")
    author = next(iter((*authors, *sender, *reply_to)), unnamed)
    subject = one_line(headers.get("subject"), MAX_SUBJECT)
    return ParsedMail(
        message_id=normal_id(headers.get("message-id")) or _own_id(root),
        in_reply_to=extract_ids(" ".join(headers.get_all("in-reply-to"))),
        references=extract_ids(" ".join(headers.get_all("references"))),
        from_address=author.email,
        from_name=author.name or one_line(headers.get("from"), MAX_NAME) * (not authors),
        from_addresses=authors,
        sender=sender,
        reply_to=reply_to,
        to=_addresses(root, "to", hint),
        cc=_addresses(root, "cc", hint),
        delivered_to=_addresses(root, "delivered-to", hint),
        x_original_to=_addresses(root, "x-original-to", hint),
        subject=subject,
        base_subject=base_subject(subject),
        date=parse_date(headers.get("date"), now=now),
        text=contents.text,
        text_files=contents.text_files[:MAX_TEXT],
        html=html,
        attachments=tuple(with_unique_names(with_inline_marks(contents.files, html))),
        headers=headers,
        authentication_results=_results_on_top(root),
        defects=(*reader.defects, *_suspicions(authors, author, reply_to, contents)),
    )


def _charset_hint(part: Part) -> str:
    """Raw 8-bit header bytes are mostly in the character set that the first body names."""
    if part.children:
        return _charset_hint(part.children[0])
    return part.parameters.get("charset", "")


def _headers(root: Part, hint: str) -> Headers:
    return Headers(
        tuple(
            (name, one_line(decode_header(value, hint), MAX_VALUE)) for name, value in root.fields
        )
    )


def _results_on_top(root: Part) -> tuple[str, ...]:
    """The first Authentication-Results and those that follow it directly, undecoded."""
    values = []
    for name, value in root.fields:
        if name == "authentication-results":
            values.append(value[:MAX_RESULTS].decode("latin-1"))
        elif values:
            break
    return tuple(values[:MAX_STATEMENTS])


def _addresses(root: Part, name: str, hint: str) -> tuple[Address, ...]:
    return tuple(
        address
        for key, value in root.fields
        if key == name
        for address in parse_addresses(value, hint)
    )


def _own_id(root: Part) -> str:
    fields = [root.value(name) for name in UNCHANGED]
    return synthetic_id([*fields, root.raw[root.start : root.end]])


def _suspicions(
    authors: tuple[Address, ...],
    author: Address,
    reply_to: tuple[Address, ...],
    contents: Contents,
) -> list[str]:
    """Codes for what a person should be warned of before believing the sender."""
    found = []
    if not authors:
        found.append("no-sender")
    if len(authors) > 1:
        found.append("several-senders")
    named = LOOKS_LIKE_ADDRESS.search(author.name)
    if named and named[0].lower() != author.email.lower():
        found.append("name-shows-other-address")
    domains = {address.email.lower().rpartition("@")[2] for address in reply_to}
    if authors and domains and author.email.lower().rpartition("@")[2] not in domains:
        found.append("foreign-reply-to")
    if not contents.sections:
        found.append("no-text")
    if contents.is_encrypted:
        found.append("encrypted")
    return found
