"""Mails for tests, built as a mail program would."""

from email.message import EmailMessage
from email.utils import make_msgid


def mail(
    text="净水器漏水了。",
    *,
    sender="韩梅梅 <han@example.org>",
    to="help@huiyin.test",
    subject="漏水",
    message_id=None,
    html=None,
    **headers,
) -> bytes:
    """Raw bytes of one mail; header names are given with underscores."""
    message = EmailMessage()
    message["From"] = sender
    message["To"] = to
    message["Subject"] = subject
    message["Message-ID"] = message_id or make_msgid(domain="example.org")
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    message.set_content(text)
    if html is not None:
        message.add_alternative(html, subtype="html")
    return message.as_bytes()


def bounce(of: str, *, recipient: str, status="5.1.1", action="failed") -> bytes:
    """A delivery report (RFC 3464) about the mail with the Message-ID `of`."""
    lines = [
        "From: Mail Delivery System <MAILER-DAEMON@mx.example.org>",
        "To: help@huiyin.test",
        "Subject: Undelivered Mail Returned to Sender",
        "Message-ID: <dsn.1@mx.example.org>",
        "Return-Path: <>",
        "MIME-Version: 1.0",
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"',
        "",
        "--b",
        "Content-Type: text/plain",
        "",
        "The mail could not be delivered.",
        "--b",
        "Content-Type: message/delivery-status",
        "",
        "Reporting-MTA: dns; mx.example.org",
        "",
        f"Final-Recipient: rfc822; {recipient}",
        f"Action: {action}",
        f"Status: {status}",
        "Diagnostic-Code: smtp; 550 5.1.1 no such user",
        "",
        "--b",
        "Content-Type: text/rfc822-headers",
        "",
        f"Message-ID: {of}",
        f"To: {recipient}",
        "Subject: Re: x",
        "",
        "--b--",
        "",
    ]
    return "\r\n".join(lines).encode()
