"""What Amazon SES says of our mails in JSON, when its notifications (SNS) are sent by e-mail."""

import json
from typing import Any

from feedback.channels.email.headers import one_line
from feedback.channels.email.parsed import FailedRecipient, MailKind, ParsedMail, Verdict
from feedback.channels.email.references import normal_id

MAX_JSON = 200_000
MAX_RECIPIENTS = 100
# Status of a bounce whose own was not told, by the kind that Amazon gives it.
KINDS = {"Permanent": "5.0.0", "Transient": "4.0.0", "Undetermined": "5.0.0"}


def read_notification(mail: ParsedMail) -> Verdict | None:
    """Return the verdict of a bounce, complaint or delivery notice in JSON, else None."""
    notice = _notice(mail.text)
    kind = str(notice.get("notificationType") or notice.get("eventType") or "").lower()
    told = _inside(notice, kind)
    if kind == "bounce":
        found = [_failure(one, told) for one in _each(told, "bouncedRecipients")]
        verdict = MailKind.BOUNCE
    elif kind == "complaint":
        found = [_recipient(one, "complained") for one in _each(told, "complainedRecipients")]
        verdict = MailKind.COMPLAINT
    elif kind == "delivery":
        response = one_line(str(told.get("smtpResponse", "")), 500)
        recipients = told.get("recipients")
        given = recipients if isinstance(recipients, list) else []
        found = [FailedRecipient(str(one), "delivered", "2.0.0", response) for one in given]
        verdict = MailKind.BOUNCE
    else:
        return None
    return Verdict(
        verdict, "notification of Amazon SES", tuple(found[:MAX_RECIPIENTS]), _original_id(notice)
    )


def _notice(text: str) -> dict[str, Any]:
    """The notice itself; SNS wraps it into a `Message` and writes a footer below."""
    if not text.lstrip().startswith("{") or "ype" not in text[:MAX_JSON]:
        return {}
    try:
        # Mail servers break lines of more than 998 characters, in the middle of anything.
        whole = text[:MAX_JSON].lstrip().replace("\n", "")
        outer, _ = json.JSONDecoder(strict=False).raw_decode(whole)
        inner = outer.get("Message")
        return _object(json.loads(inner, strict=False) if isinstance(inner, str) else outer)
    except (ValueError, RecursionError):
        return {}


def _object(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _inside(notice: dict[str, Any], name: str) -> dict[str, Any]:
    return _object(notice.get(name))


def _each(told: dict[str, Any], name: str) -> list[dict[str, Any]]:
    listed = told.get(name)
    return [_object(one) for one in listed] if isinstance(listed, list) else []


def _recipient(one: dict[str, Any], action: str, status: str = "") -> FailedRecipient:
    return FailedRecipient(
        one_line(str(one.get("emailAddress", "")), 320),
        action,
        status,
        one_line(str(one.get("diagnosticCode", "")), 500),
    )


def _failure(one: dict[str, Any], told: dict[str, Any]) -> FailedRecipient:
    status = str(one.get("status") or KINDS.get(str(told.get("bounceType")), "5.0.0"))
    action = "delayed" if one.get("action") == "delayed" else "failed"
    return _recipient(one, action, one_line(status, 20))


def _original_id(notice: dict[str, Any]) -> str:
    headers = _inside(_inside(notice, "mail"), "commonHeaders")
    return normal_id(str(headers.get("messageId") or ""))
