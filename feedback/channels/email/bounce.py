"""Read what a mail system tells us about a mail of ours that did not arrive.

First the standard form (RFC 3464), then what sixty kinds of servers say in prose: addresses near
the failure, a status or reply code, or words we know the meaning of.
"""

from dataclasses import replace

from feedback.channels.email.addresses import parse_addresses
from feedback.channels.email.bounce_words import (
    BOUNCE_BOX,
    COPY_BEGINS,
    DAEMON,
    DELAYED,
    FAILED_ELSEWHERE,
    FAILED_HERE,
    FAILURE_PROSE,
    FAILURE_STATUS,
    FAILURE_SUBJECT,
    GAVE_UP,
    IF_IT_FAILS,
    LIST_REFUSAL,
    MEANINGS,
    OFFICE,
    REPLY,
    STATUS,
)
from feedback.channels.email.charset import decode_bytes
from feedback.channels.email.headers import one_line
from feedback.channels.email.parsed import FailedRecipient, MailKind, ParsedMail, Verdict
from feedback.channels.email.reports import (
    STATUS_TYPES,
    original_message_id,
    original_part,
    parts_of_type,
    report_text,
    report_type,
    status_blocks,
)

MAX_PROSE = 30_000
MAX_RECIPIENTS = 100
NOTHING_SAID = "5.0.0"  # what status_in_prose gives for words that we do not know


def read_bounce(mail: ParsedMail) -> Verdict | None:
    """Return the verdict of a bounce or a delay notice, or None for any other mail."""
    reason = _evidence(mail)
    if not reason:
        return None
    standard = _standard_recipients(mail)
    recipients = standard or _recipients_in_prose(mail)
    return Verdict(MailKind.BOUNCE, reason, recipients, original_message_id(mail))


def came_back(mail: ParsedMail, verdict: Verdict) -> Verdict | None:
    """The verdict on a mail to the return address of one mail of ours, or None for one that is
    no bounce even so.

    Machines that answer for a person write to a return address too (RFC 3834). Whatever else
    comes there tells of a failure, however it is worded: where neither a code nor a known word
    says how grave, the status is empty, and the failure does not count as permanent.
    """
    if verdict.kind is MailKind.BOUNCE:
        return verdict
    if verdict.kind not in {MailKind.HUMAN, MailKind.AUTO_GENERATED, MailKind.LIST}:
        return None
    status = status_in_prose(_prose(mail), mail.subject)
    failure = FailedRecipient(
        "",
        "delayed" if status.startswith("4") else "failed",
        "" if status == NOTHING_SAID else status,
        one_line(_prose(mail), 500),
    )
    return Verdict(MailKind.BOUNCE, "sent to a return address of ours", (failure,))


def _evidence(mail: ParsedMail) -> str:
    if report_type(mail) == "delivery-status" or parts_of_type(mail, *STATUS_TYPES):
        return "delivery status report"
    if "x-failed-recipients" in mail.headers:
        return "X-Failed-Recipients"
    prose = mail.text[:MAX_PROSE]
    says_subject = bool(FAILURE_SUBJECT.search(mail.subject))
    says_text = bool(FAILURE_PROSE.search(prose))
    path = mail.headers.get("return-path").strip("<> ").lower()
    is_daemon = bool(DAEMON.match(mail.from_address) or DAEMON.match(mail.from_name))
    if is_daemon and (says_subject or says_text):
        return "failure notice of a mail system"
    is_null = "return-path" in mail.headers and (not path or path.startswith("mailer-daemon"))
    if is_null and (says_subject or (says_text and original_part(mail))):
        return "failure notice with an empty return path"
    if says_subject and says_text and _comes_from_or_to_machines(mail):
        return "failure notice"
    is_refusal = "x-mlserver" in mail.headers and LIST_REFUSAL.search(mail.subject)
    return "refused by a mailing list" if is_refusal else ""


def _comes_from_or_to_machines(mail: ParsedMail) -> bool:
    if "@" not in mail.from_address or OFFICE.match(mail.from_address):
        return True
    return any(BOUNCE_BOX.match(to.email) for to in (*mail.to, *mail.delivered_to))


def _standard_recipients(mail: ParsedMail) -> tuple[FailedRecipient, ...]:
    reports = [report_text(file) for file in parts_of_type(mail, *STATUS_TYPES)]
    if not reports and "final-recipient:" in mail.text[:MAX_PROSE].lower():
        reports = [mail.text[:MAX_PROSE]]
    found: dict[str, FailedRecipient] = {}
    for report in reports:
        for block in status_blocks(report):
            recipient = _recipient_of(block)
            if recipient and not recipient.status:
                told = status_in_prose(f"{recipient.diagnostic}\n{_prose(mail)}")
                recipient = replace(recipient, status=told)
            if recipient and len(found) < MAX_RECIPIENTS:
                found.setdefault(recipient.address.lower(), recipient)
    return tuple(found.values())


def _recipient_of(block: dict[str, str]) -> FailedRecipient | None:
    for name in ("original-recipient", "final-recipient", "x-actual-recipient"):
        value = block.get(name, "").rpartition(";")[2].strip()
        addresses = parse_addresses(value.encode())
        if addresses:
            break
    else:
        return None
    diagnostic = one_line(block.get("diagnostic-code", ""), 500)
    status = STATUS.search(block.get("status", "")) or STATUS.search(diagnostic)
    action = block.get("action", "").lower().split(" ")[0].strip(";")
    code = status[0] if status else ""
    if action not in {"failed", "delayed", "delivered", "relayed", "expanded"}:
        action = "delayed" if code.startswith("4") else "failed"
    if code[2:] in {"", "0.0"} and (told := STATUS.search(diagnostic)):
        code = told[0]
    return FailedRecipient(addresses[0].email, action, code, diagnostic)


def _recipients_in_prose(mail: ParsedMail) -> tuple[FailedRecipient, ...]:
    """Find the failed addresses and the reason in what a server wrote for people.

    One entry with an empty address stands for "some addressee of the original message".
    """
    prose = _prose(mail)
    addresses = _failed_addresses(mail, prose)
    status = status_in_prose(prose, mail.subject)
    action = "delayed" if status.startswith("4") else "failed"
    diagnostic = one_line(prose, 500)
    return tuple(FailedRecipient(a, action, status, diagnostic) for a in addresses or [""])


def _prose(mail: ParsedMail) -> str:
    """The server's words, without the copy of our mail behind them."""
    texts = [mail.text[:MAX_PROSE]]
    texts += [
        decode_bytes(file.payload[:MAX_PROSE])
        for file in mail.attachments
        if file.content_type == "text/plain"
    ]
    whole = "\n".join(texts)
    copy = COPY_BEGINS.search(whole)
    head = whole[: copy.start()] if copy else whole
    return head if len(head.strip()) > 15 else whole


def _failed_addresses(mail: ParsedMail, prose: str) -> list[str]:
    listed = [a.email for a in parse_addresses(mail.headers.get("x-failed-recipients").encode())]
    if listed:
        return listed[:MAX_RECIPIENTS]
    ours = {a.email.lower() for a in (*mail.from_addresses, *mail.to, *mail.sender)}
    found = _unlike(ours, [a for pattern in FAILED_HERE for a in pattern.findall(prose)])
    for pattern in FAILED_ELSEWHERE:
        found = found or _unlike(ours, pattern.findall(prose))
    if found:
        return found[:MAX_RECIPIENTS]
    part = original_part(mail)
    to = [a.email for a in parse_addresses(part.value("to"))] if part else []
    return to[:MAX_RECIPIENTS] or _unlike(set(), FAILED_HERE[1].findall(prose))


def _unlike(ours: set[str], addresses: list[str]) -> list[str]:
    distinct = dict.fromkeys(address.rstrip(".") for address in addresses)
    return [a for a in distinct if a.lower() not in ours and not DAEMON.match(a)]


def status_in_prose(prose: str, subject: str = "") -> str:
    """Return the enhanced status code that a text states or means; `5.0.0` if it says nothing."""
    if found := FAILURE_STATUS.search(prose):
        return found[0]
    reply = REPLY.search(prose)
    words = f"{subject}\n{prose}"
    has_given_up = bool(GAVE_UP.search(IF_IT_FAILS.sub("", words)))
    is_delay = bool(DELAYED.search(words)) and not has_given_up
    said = (reply[1] or reply["told"]) if reply else ""
    family = said or ("4" if is_delay else "5" if has_given_up else "")
    for meaning, status in MEANINGS:
        if meaning.search(words):
            return (family or status[0]) + status[1:]
    return f"{family or '5'}.0.0"
