"""Reports about our own mails (RFC 3464, 5965, 8098): the machine-readable parts."""

import re
from collections.abc import Iterator

from feedback.channels.email.addresses import parse_addresses
from feedback.channels.email.charset import clean
from feedback.channels.email.headers import decode_header
from feedback.channels.email.mime import MimeReader, Part
from feedback.channels.email.parsed import Attachment, FailedRecipient, ParsedMail
from feedback.channels.email.references import normal_id

STATUS_TYPES = frozenset(("message/delivery-status", "message/global-delivery-status"))
ORIGINAL_TYPES = frozenset(
    ("message/rfc822", "message/global", "text/rfc822-headers", "message/rfc822-headers",
     "message/global-headers", "text/rfc822", "message/partial")
)  # fmt: skip
MAX_REPORT = 200_000
MAX_BLOCKS = 500
FIELD = re.compile(r"([A-Za-z][A-Za-z0-9-]{1,60})\s{0,5}:\s{0,5}(.*)")
ORIGINAL_ID = re.compile(r"(?im)^[ \t>]{0,8}Message-ID:\s{0,5}(<[^<>\s]{3,250}>)")
# Apple Mail writes this when its user presses "unsubscribe".
UNSUBSCRIBES = re.compile(r"mail sent this (?:e-?mail|message) to unsubscribe", re.IGNORECASE)


def report_type(mail: ParsedMail) -> str:
    """Return `delivery-status`, `disposition-notification`, … of a multipart/report, or empty."""
    value = mail.headers.get("content-type").lower()
    if not value.startswith("multipart/report"):
        return ""
    found = re.search(r"report-type\s{0,3}=\s{0,3}\"?([a-z-]{1,60})", value)
    return found[1] if found else ""


def parts_of_type(mail: ParsedMail, *types: str) -> list[Attachment]:
    return [file for file in mail.attachments if file.content_type in types]


def is_complaint(mail: ParsedMail) -> bool:
    """Abuse reports: ARF, or the old provider forms that say so in sender and subject."""
    if report_type(mail) == "feedback-report" or parts_of_type(mail, "message/feedback-report"):
        return True
    if "x-hmxmroriginalrecipient" in mail.headers:  # Hotmail's junk mail reporting programme
        return True
    if UNSUBSCRIBES.search(mail.text[:500]):
        return True
    sender = mail.from_address.lower()
    is_reporter = sender.startswith(("scomp@", "staff@hotmail", "fbl@", "feedbackloop@"))
    return is_reporter and bool(parts_of_type(mail, *ORIGINAL_TYPES))


def is_disposition(mail: ParsedMail) -> bool:
    """Read receipts; not the form in which some filters say that they refused a mail."""
    reports = parts_of_type(mail, "message/disposition-notification")
    if not reports and report_type(mail) != "disposition-notification":
        return False
    told = " ".join(
        block.get("disposition", "")
        for file in reports
        for block in status_blocks(report_text(file))
    )
    return not re.search(r";\s{0,5}(?:deleted|denied|failed)", told, re.IGNORECASE) or (
        "displayed" in told.lower()
    )


def status_blocks(text: str) -> Iterator[dict[str, str]]:
    """Yield the field groups of a delivery-status body; names in lower case."""
    block: dict[str, str] = {}
    last = ""
    count = 0
    for line in [*text.splitlines(), ""]:
        if not line.strip():
            if block:
                yield block
                count += 1
            block, last = {}, ""
        elif line[:1] in " \t" and last:
            block[last] = f"{block[last]} {line.strip()}"[:2000]
        elif found := FIELD.match(line[:2000]):
            last = found[1].lower()
            block.setdefault(last, found[2].strip())
        if count >= MAX_BLOCKS:
            return


def report_text(file: Attachment) -> str:
    return clean(file.payload[:MAX_REPORT].decode("utf-8", "replace"))


def original_part(mail: ParsedMail) -> Part | None:
    """Return the header of our mail that a report brings back."""
    for file in parts_of_type(mail, *ORIGINAL_TYPES):
        part = MimeReader(file.payload[:MAX_REPORT]).read()
        if part.fields:
            return part
    return None


def original_message_id(mail: ParsedMail) -> str:
    """Return the Message-ID of the mail a report is about: attached, quoted, or referred to."""
    if part := original_part(mail):
        found = normal_id(decode_header(part.value("message-id")))
        if found:
            return found
    quoted = ORIGINAL_ID.search(mail.text)
    if quoted:
        return normal_id(quoted[1])
    return next(iter((*mail.in_reply_to, *reversed(mail.references))), "")


def original_recipients(mail: ParsedMail) -> tuple[FailedRecipient, ...]:
    """Return the addressees of the mail a complaint is about (often blacked out)."""
    for file in parts_of_type(mail, "message/feedback-report"):
        found = [
            block["original-rcpt-to"]
            for block in status_blocks(report_text(file))
            if "original-rcpt-to" in block
        ]
        if found:
            addresses = [a for value in found for a in parse_addresses(value.encode())]
            return tuple(FailedRecipient(a.email, "complained") for a in addresses)
    part = original_part(mail)
    to = parse_addresses(part.value("to")) if part else ()
    return tuple(FailedRecipient(address.email, "complained") for address in to)
