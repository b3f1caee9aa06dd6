"""Choose what of a MIME tree is the message and what is a file."""

import html as html_module
import re
from dataclasses import dataclass, field

from feedback.channels.email.armour import ENCRYPTED_FILE, encrypted_note, without_armour
from feedback.channels.email.attachments import (
    attachment_of,
    cut_uuencoded,
    file_name,
    unpacked_tnef,
)
from feedback.channels.email.charset import decode_bytes, says_little
from feedback.channels.email.html_text import MAX_TEXT, html_to_text
from feedback.channels.email.html_tokens import MAX_HTML
from feedback.channels.email.mime import MimeReader, Part
from feedback.channels.email.parsed import Attachment
from feedback.channels.email.signed import is_enveloped, signed_content
from feedback.channels.email.tnef import read_tnef_text

MAX_BODY_BYTES = 6_000_000
META_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s{0,5}=\s{0,5}[\"']?([\w.:-]{2,40})", re.I)
TITLE = re.compile(r"<title[^>]{0,100}>([^<]{1,500})</title", re.IGNORECASE)
BODY = re.compile(r"<body\b[^>]{0,2000}>", re.IGNORECASE)
NO_WORDS = re.compile(r"<[^<>]{0,2000}>|&nbsp;|&#160;|\s")
MAX_HEAD, MAX_WORDLESS = 20_000, 100_000
NEVER_BODY = frozenset(
    ("text/calendar", "text/csv", "text/vcard", "text/x-vcard", "text/rtf", "text/x-amp-html")
)
TNEF_TYPES = frozenset(("application/ms-tnef", "application/vnd.ms-tnef"))
P7M_TYPES = frozenset(("application/pkcs7-mime", "application/x-pkcs7-mime"))


@dataclass(slots=True)
class Section:
    """A stretch of the message in one or both forms."""

    plain: str = ""
    html: str = ""

    def as_text(self) -> str:
        return self.plain if self.plain.strip() or not self.html else html_to_text(self.html)

    def as_html(self) -> str:
        if self.html:
            return self.html
        return f"<div>{html_module.escape(self.plain).replace(chr(10), '<br>')}</div>"


@dataclass(slots=True)
class Contents:
    """What a mail holds: stretches of message, in order, and files."""

    sections: list[Section] = field(default_factory=list)
    files: list[Attachment] = field(default_factory=list)
    is_encrypted: bool = False
    text_files: str = ""

    @property
    def text(self) -> str:
        parts = [text for section in self.sections if (text := section.as_text().strip("\n"))]
        return "\n\n".join(parts)[:MAX_TEXT]

    @property
    def html(self) -> str:
        if not any(section.html for section in self.sections):
            return ""
        return "\n".join(s.as_html() for s in self.sections if s.html or s.plain)[:MAX_HTML]


def read_contents(
    part: Part, *, is_alone: bool = False, in_alternative: bool = False, may_unwrap: bool = True
) -> Contents:
    """Return the message and the files of `part` and everything below it.

    `is_alone` says that `part` is the whole mail: then any text is the message. A signature is
    unwrapped once, not again inside what it held.
    """
    if part.is_container:
        contents = _of_children(part, in_alternative=in_alternative, may_unwrap=may_unwrap)
    elif _is_body(part, is_alone=is_alone, in_alternative=in_alternative):
        return _body(part)
    else:
        contents = _file(part, may_unwrap=may_unwrap)
    if is_alone and not contents.sections:
        contents.sections = _text_elsewhere(part, contents)
    return contents


def _text_elsewhere(part: Part, contents: Contents) -> list[Section]:
    """The words of a mail without a body: in a file that a phone gave its text, or in the
    `winmail.dat` of Outlook. The file stays one, too."""
    if named := _named_text(part):
        return _body(named).sections
    packed = next(filter(_is_tnef, contents.files), None)
    plain, html = read_tnef_text(packed.payload) if packed else ("", "")
    if not plain and not html and contents.is_encrypted and contents.files:
        plain = encrypted_note(contents.files[-1].name)
    return [Section(plain, html)] if plain or html else []


def _of_children(part: Part, *, in_alternative: bool, may_unwrap: bool) -> Contents:
    is_alternative = part.content_type == "multipart/alternative"
    contents = Contents(is_encrypted=part.content_type == "multipart/encrypted")
    for child in part.children:
        if child.is_misencoded and contents.sections:  # raw rubbish behind a readable text
            inner = _file(child, may_unwrap=may_unwrap)
        else:
            inner = read_contents(
                child, in_alternative=is_alternative or in_alternative, may_unwrap=may_unwrap
            )
        contents.sections += inner.sections
        contents.files += inner.files
        contents.is_encrypted |= inner.is_encrypted
        contents.text_files = "\n".join(filter(None, (contents.text_files, inner.text_files)))
    if is_alternative:
        contents.sections = _one_of(contents.sections)
    return contents


def _named_text(part: Part) -> Part | None:
    """The first text below `part` that is a file only because it has a name."""
    if not part.is_container:
        is_text = part.content_type in {"text/plain", "text/html"}
        return part if is_text and part.disposition[0] != "attachment" else None
    return next(filter(None, map(_named_text, part.children)), None)


def _one_of(sections: list[Section]) -> list[Section]:
    """The versions of an alternative are one stretch: best plain text, richest HTML."""
    plain = next((s.plain for s in sections if s.plain.strip()), "")
    html = "\n".join(s.html for s in sections if s.html)
    return [Section(plain, html)] if plain or html else []


def _file(part: Part, *, may_unwrap: bool) -> Contents:
    attachment = attachment_of(part)
    is_p7m = part.content_type in P7M_TYPES and may_unwrap
    if is_p7m and (inner := signed_content(attachment.payload)):
        contents = read_contents(MimeReader(inner).read(), is_alone=True, may_unwrap=False)
        contents.files.append(attachment)
        return contents
    files = [attachment]
    if _is_tnef(attachment):
        files += unpacked_tnef(attachment)
    return Contents(files=files, is_encrypted=is_p7m and is_enveloped(attachment.payload))


def _is_tnef(file: Attachment) -> bool:
    return file.content_type in TNEF_TYPES or file.name.lower() == "winmail.dat"


def _is_body(part: Part, *, is_alone: bool, in_alternative: bool) -> bool:
    kind = part.content_type
    if kind.startswith("multipart/"):
        return True  # a container without readable pieces: show what there is
    disposition = part.disposition[0]
    if disposition == "attachment" or not kind.startswith("text/"):
        return False
    if kind not in {"text/plain", "text/html"}:
        return is_alone and kind not in NEVER_BODY
    if file_name(part):
        return in_alternative or (disposition == "inline" and kind == "text/html")
    return True


def _body(part: Part) -> Contents:
    data = part.content(MAX_BODY_BYTES)
    label = part.parameters.get("charset", "")
    if part.content_type == "text/html":
        found = META_CHARSET.search(data[:4096]) if says_little(label) else None
        html = decode_bytes(data, found[1].decode("ascii", "replace") if found else label)
        html = with_title_for_words(html)
        return Contents([Section(html=html)] if html.strip() else [])
    data, files, taken = cut_uuencoded(data)
    text = decode_bytes(data, label)
    if part.parameters.get("format", "").lower() == "flowed":
        text = reflowed(text, drop_space=part.parameters.get("delsp", "").lower() == "yes")
    text, armoured = without_armour(text)
    is_encrypted = any(file.name == ENCRYPTED_FILE for file in armoured)
    return Contents(
        [Section(plain=text)] if text.strip() else [],
        files + armoured,
        is_encrypted,
        decode_bytes(taken, label) if taken else "",
    )


def with_title_for_words(html: str) -> str:
    """Return the HTML with its title on top where its body shows no word, as with pictures only.

    The title is all that such a mail says to whoever sees no pictures.
    """
    title = TITLE.search(html[:MAX_HEAD])
    if not title or not title[1].strip():
        return html
    begin = BODY.search(html, title.end(), title.end() + MAX_HEAD)
    after = begin.end() if begin else title.end()
    if NO_WORDS.sub("", html[after : after + MAX_WORDLESS]):
        return html
    return f"<p>{title[1].strip()}</p>\n{html}"


def reflowed(text: str, *, drop_space: bool = False) -> str:
    """Join the soft line breaks of `format=flowed` (RFC 3676) inside equal quote depths."""
    paragraphs: list[list[str]] = []
    open_depth = -1
    for line in text.split("\n"):
        bare = line.lstrip(">")
        depth = len(line) - len(bare)
        bare = bare.removeprefix(" ")
        is_soft = bare.endswith(" ") and bare != "-- "
        content = bare[:-1] if is_soft and drop_space else bare
        if depth == open_depth:
            paragraphs[-1].append(content)
        else:
            paragraphs.append([f"{'>' * depth} {content}" if depth else content])
        open_depth = depth if is_soft else -1
    return "\n".join(map("".join, paragraphs))
