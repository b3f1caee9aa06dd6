"""Small mails for the tests, as the bytes a server would hand over."""

from base64 import b64encode
from datetime import UTC, datetime

from feedback.channels.email.parse import parse_mail
from feedback.channels.email.parsed import ParsedMail

NOW = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c63"
    "000100000500010d0a2db40000000049454e44ae426082"
)


def mail(*headers: bytes | str, body: bytes | str = "你好") -> bytes:
    """One mail: header lines, an empty line, the body."""
    lines = [line.encode() if isinstance(line, str) else line for line in headers]
    content = body.encode() if isinstance(body, str) else body
    return b"\r\n".join([*lines, b"", content])


def read(*headers: bytes | str, body: bytes | str = "你好") -> ParsedMail:
    return parse_mail(mail(*headers, body=body), now=NOW)


def multipart(kind: str, *parts: bytes) -> tuple[str, bytes]:
    """(Content-Type line, body) of a multipart mail."""
    boundary = b"=_part"
    body = b"".join(b"--" + boundary + b"\r\n" + part + b"\r\n" for part in parts)
    return (
        f'Content-Type: multipart/{kind}; boundary="=_part"',
        b"preamble\r\n" + body + b"--" + boundary + b"--\r\n",
    )


def file_part(payload: bytes, *headers: bytes | str) -> bytes:
    return mail(*headers, "Content-Transfer-Encoding: base64", body=b64encode(payload))
