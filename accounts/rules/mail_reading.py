"""A mail as the outbox page shows it. Pure, and content with what it finds: mail that comes
from customers is read by feedback.channels.email instead."""

import re
from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

import nh3

from config.kernel.printable import printable

_BODY = re.compile(r"<(/?)body\b", re.IGNORECASE)
_STYLED = {"*": {"style", "dir", "lang", "title", "align"}, "a": {"href"}}


@dataclass(frozen=True, slots=True)
class ReadMail:
    sender: str
    to: str
    subject: str
    text: str
    html: str
    file_names: list[str]


def read_mail(raw: bytes) -> ReadMail:
    """Headers, text and HTML of a mail; empty where there is none or it cannot be read."""
    mail = message_from_bytes(raw, policy=default)
    return ReadMail(
        sender=_header(mail, "From"),
        to=_header(mail, "To"),
        subject=_header(mail, "Subject"),
        text=_body(mail, "plain"),
        html=_body(mail, "html"),
        file_names=[part.get_filename() or "?" for part in mail.iter_attachments()],
    )


def showable_html(html: str) -> str:
    """`html` without scripts and forms, every link leading out of the frame it is shown in."""
    return nh3.clean(
        _BODY.sub(r"<\1div", html),  # nh3 would drop it, and with it the font and the ground
        clean_content_tags={"script", "style", "title"},
        attributes=_STYLED,
        url_schemes={"http", "https", "mailto"},
        set_tag_attribute_values={"a": {"target": "_top"}},
    )


def _header(mail: EmailMessage, name: str) -> str:
    try:
        value = str(mail[name] or "")
    except (IndexError, LookupError, ValueError):  # what the standard library cannot parse
        value = "?"
    return printable(value)


def _body(mail: EmailMessage, kind: str) -> str:
    try:
        part = mail.get_body((kind,))
        return "" if part is None else str(part.get_content())
    except (LookupError, ValueError, AttributeError):
        return "?"
