"""An outgoing message as the bytes that go over the wire.

The same row always gives the same bytes, so that a retry is the same mail and not a likeness
of it. Everything is 7-bit; no value can add a header.
"""

import re
from email.charset import BASE64, QP, Charset
from email.encoders import encode_base64
from email.generator import BytesGenerator
from email.header import Header
from email.message import Message
from email.mime.base import MIMEBase
from email.mime.multipart import MIMEMultipart
from email.mime.nonmultipart import MIMENonMultipart
from email.policy import compat32
from email.utils import format_datetime, formataddr
from io import BytesIO
from urllib.parse import quote

import css_inline
from django.conf import settings
from django.core.files.storage import default_storage

from accounts.enums import OutgoingKind
from accounts.models import OutgoingMessage
from accounts.selectors.own_addresses import takes_tags
from config.kernel.mail_ids import RETURN_TAG, reply_address
from config.kernel.printable import printable

INSTANCE_HEADER = "X-Feedback-Loop-Guard"
# What a caller of queue_mail may not set by `headers`: these are ours to decide.
_OURS = {
    "from", "to", "cc", "bcc", "sender", "subject", "date", "message-id", "in-reply-to",
    "references", "reply-to", "return-path", "mime-version", "content-type",
    "content-transfer-encoding", "auto-submitted", "precedence", INSTANCE_HEADER.lower(),
}  # fmt: skip
_HEADER_NAME = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,70}")
_MESSAGE_ID = re.compile(r"<?([!-;=?-~]{1,250})>?")


def compose(message: OutgoingMessage) -> bytes:
    """The mail with its headers, CRLF line ends. Raises OSError when an attachment is gone."""
    root = _body(message)
    _address(root, message)
    _threading(root, message)
    _loop_protection(root, message)
    for name, value in message.headers.items():
        if _HEADER_NAME.fullmatch(name) and name.lower() not in _OURS:
            root[name] = _text(value, name)
    out = BytesIO()
    # Folded where it was put together: a long Message-ID must not move to a line of its own.
    policy = compat32.clone(linesep="\r\n", cte_type="7bit", max_line_length=None)
    BytesGenerator(out, mangle_from_=False, policy=policy).flatten(root)
    return out.getvalue()


def envelope_sender(message: OutgoingMessage) -> str:
    """Where bounces go: nowhere for acknowledgements if the installation wishes so, else to the
    sender's address, which with MAIL_VERP names the message where such addresses arrive."""
    if message.kind == OutgoingKind.ACKNOWLEDGEMENT and settings.MAIL_ACK_NULL_SENDER:
        return ""
    if settings.MAIL_VERP and takes_tags(message.from_address):
        return reply_address(message.from_address, f"{RETURN_TAG}{message.pk}")
    return message.from_address


def ascii_address(address: str) -> str:
    """`address` with its domain in the form that every server knows. Raises UnicodeError for a
    domain that has none."""
    local, _, domain = address.rpartition("@")
    return f"{local}@{domain.encode('idna').decode()}" if local else address


def _address(root: Message, message: OutgoingMessage) -> None:
    root["From"] = _person(message.from_name, message.from_address)
    root["To"] = _person(message.to_name, message.to_address)
    if message.reply_to:
        root["Reply-To"] = _person("", message.reply_to)
    root["Subject"] = _text(message.subject, "Subject")
    root["Date"] = format_datetime(message.created_at)
    if message.language:
        root["Content-Language"] = _text(message.language, "Content-Language")


def _threading(root: Message, message: OutgoingMessage) -> None:
    root["Message-ID"] = message.message_id
    answered, earlier = _ids(message.in_reply_to), _ids(message.references)
    if answered:
        root["In-Reply-To"] = answered[0]
        if answered[0] not in earlier:
            earlier.append(answered[0])
    if earlier:
        root["References"] = "\n ".join(earlier)


def _loop_protection(root: Message, message: OutgoingMessage) -> None:
    root[INSTANCE_HEADER] = settings.INSTANCE_ID
    kind = OutgoingKind(message.kind)
    if not kind.automatic:
        return
    answer = kind == OutgoingKind.ACKNOWLEDGEMENT
    root["Auto-Submitted"] = "auto-replied" if answer else "auto-generated"
    root["X-Auto-Response-Suppress"] = "All"
    if answer:
        root["Precedence"] = "auto_reply"
    elif kind.goes_to_many:
        root["Precedence"] = "bulk"


def _body(message: OutgoingMessage) -> Message:
    text = _text_part(message.body_text, "plain")
    content: Message = text
    if message.body_html:
        html = _text_part(css_inline.inline(message.body_html, load_remote_stylesheets=False))
        content = MIMEMultipart("alternative", f"=_a_{message.key.hex}", [text, html])
    if not message.attachments:
        return content
    files = [_file_part(one) for one in message.attachments]
    return MIMEMultipart("mixed", f"=_m_{message.key.hex}", [content, *files])


def _text_part(text: str, subtype: str = "html") -> MIMENonMultipart:
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    charset = Charset("utf-8")
    # Readable on the wire where it is mostly ASCII, compact where it is not.
    is_mostly_ascii = sum(c > "\x7f" for c in lines) * 10 < len(lines) + 1
    charset.body_encoding = QP if is_mostly_ascii else BASE64
    part = MIMENonMultipart("text", subtype, charset="utf-8")
    part.set_payload(lines if is_mostly_ascii else lines.replace("\n", "\r\n"), charset)
    return part


def _file_part(described: dict[str, str]) -> Message:
    maintype, _, subtype = (described.get("content_type") or "").partition("/")
    if not subtype or maintype in {"multipart", "message"}:
        maintype, subtype = "application", "octet-stream"
    part = MIMEBase(maintype, subtype)
    if "text" in described:  # short ones are written down with the message
        part.set_payload(described["text"].encode())
    else:
        with default_storage.open(described["path"]) as stored:
            part.set_payload(stored.read())
    encode_base64(part)
    part["Content-Disposition"] = "attachment" + _file_name(described.get("name") or "file")
    return part


def _file_name(name: str) -> str:
    """RFC 2231 parameters for a file name in any script, in pieces that keep lines short."""
    escaped = quote(one_line(name), safe="")
    pieces = re.findall(r"(?:%[0-9A-F]{2}|[^%]){1,20}", escaped)
    if len(pieces) == 1:
        return f";\n filename*=utf-8''{escaped}"
    return "".join(
        f";\n filename*{n}*={'' if n else 'utf-8' + chr(39) * 2}{piece}"
        for n, piece in enumerate(pieces)
    )


def _person(name: str, address: str) -> str:
    address = ascii_address(one_line(address))
    name = one_line(name)
    if name.isascii():
        return formataddr((name, address))
    return f"{Header(name, 'utf-8', header_name='From').encode()} <{address}>"


def _text(value: str, name: str) -> str:
    value = one_line(str(value))
    return value if value.isascii() else Header(value, "utf-8", header_name=name).encode()


def one_line(value: str) -> str:
    return printable(value).strip()


def _ids(value: str) -> list[str]:
    """The well-formed message ids in a header value, each in angle brackets."""
    found = (_MESSAGE_ID.fullmatch(token) for token in value.split())
    return [f"<{match[1]}>" for match in found if match]
