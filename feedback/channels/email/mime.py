"""Cut a mail into its MIME parts: by offsets in the raw bytes, in bounded work.

Our own reader and not `email.parser`, because depth, number of parts and header size must have
a ceiling while it reads, and because 8-bit headers stay bytes until a character set is known.
"""

import binascii
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from feedback.channels.email.headers import lenient_base64, parse_parameters

MAX_DEPTH = 50
MAX_PARTS = 100
MAX_HEADER_BYTES = 256 * 1024
MAX_FIELDS = 2_000

LEADING_BLANKS = re.compile(rb"[ \t\r\n]{0,1000}")
SPACED_SOFT_BREAK = re.compile(rb"=[ \t]{1,100}\r?\n")
MBOX_LINE = re.compile(rb">?From (?![ \t]*:)")
BLANK_LINE = re.compile(rb"\r?\n\r?\n")
FIELD = re.compile(rb"([!-9;-~]{1,200})[ \t]*:[ \t]*", re.DOTALL)
FAMILIAR = re.compile(
    rb"(?m)^(?:content-[a-z-]+|mime-version|from|to|b?cc|subject|date|sender|reply-to|errors-to"
    rb"|message-id|received|return-path|delivered-to|envelope-to|resent-[a-z-]+|in-reply-to"
    rb"|references|list-[a-z-]+|auto-submitted|precedence|importance|priority|user-agent"
    rb"|authentication-results|arc-[a-z-]+|dkim-signature|thread-[a-z-]+|disposition-[a-z-]+"
    rb"|organi[sz]ation|newsgroups|path|lines|status|x-[a-z0-9_-]+):",
    re.IGNORECASE,
)
# Written by programs on the way only, never by people who quote a header in their text.
TECHNICAL = frozenset(
    ("received", "return-path", "delivered-to", "message-id", "mime-version", "content-type")
)
LOOKS_LIKE_HTML = re.compile(
    rb"\s{0,200}(?:<\?xml[^>]{0,200}>\s{0,50})?"
    rb"<(?:!doctype html|html|head|body|div|p|table|meta|style|font|span|center)[\s>]",
    re.IGNORECASE,
)
TYPE = re.compile(r"[a-z0-9!#$&^_.+-]{1,80}/[a-z0-9!#$&^_.+*-]{1,120}")
TURNED_AROUND = {"plain/text": "text/plain", "html/text": "text/html"}
GUESSED_BOUNDARY = re.compile(rb"(?m)^--([^\s-][^\r\n]{0,99}?)[ \t]*\r?$")
END_OF_LINE = re.compile(rb"[ \t]{0,200}(?:\r?\n|\r?\Z)")
BASE64_OR_BREAK = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/ \t\r\n"
NEWLINE = ord("\n")
UU_LINE = re.compile(rb"(?m)^begin [0-7]{3,4} ([^\r\n]{1,200})\r?\n")


@dataclass(slots=True)
class Part:
    """One node of the MIME tree. `start` and `end` bound its body in `raw`."""

    raw: bytes
    start: int
    end: int
    fields: list[tuple[str, bytes]]
    content_type: str
    parameters: dict[str, str]
    children: list["Part"] = field(default_factory=list)
    is_container: bool = False

    def value(self, name: str) -> bytes:
        return next((value for key, value in self.fields if key == name), b"")

    @property
    def disposition(self) -> tuple[str, dict[str, str]]:
        return parse_parameters(self.value("content-disposition"))

    @property
    def encoding(self) -> bytes:
        """`quoted-printable`, `Quoted Printable;`, `base64 (text)` -> bare small letters."""
        written = self.value("content-transfer-encoding").partition(b";")[0].partition(b"(")[0]
        return written.lower().translate(None, b" \t\r\n\"'_-")

    @property
    def is_misencoded(self) -> bool:
        """Whether the part says base64, but begins with something else."""
        return self.encoding == b"base64" and not _begins_as_base64(
            self.raw[self.start : min(self.end, self.start + 400)]
        )

    def content(self, limit: int | None = None) -> bytes:
        """Return the body with its transfer encoding undone; at most about `limit` bytes."""
        end = self.end if limit is None else min(self.end, self.start + limit)
        body = self.raw[self.start : end]
        encoding = self.encoding
        if encoding == b"base64":
            return lenient_base64(body) if _begins_as_base64(body[:400]) else body
        if encoding in {b"quotedprintable", b"qp"}:
            return binascii.a2b_qp(SPACED_SOFT_BREAK.sub(b"=\n", body) if b"= " in body else body)
        if encoding in {b"xuuencode", b"uuencode", b"xuue", b"uue"}:
            found = UU_LINE.search(body)
            return decode_uu(body[found.end() :]) if found else body
        return body


def _begins_as_base64(head: bytes) -> bool:
    head = head.strip().partition(b"=")[0]
    first_line = head.partition(b"\n")[0].strip()
    junk = len(head.translate(None, BASE64_OR_BREAK))
    return b" " not in first_line and junk * 10 <= len(head)


def decode_uu(lines: bytes) -> bytes:
    """Decode the lines after `begin` up to `end`; stops at the first line that is no uuencode."""
    out = []
    for line in lines.splitlines():
        if line.strip() in {b"end", b"`", b""}:
            break
        try:
            out.append(binascii.a2b_uu(line))
        except binascii.Error:
            size = (((line[0] - 32) & 63) * 4 + 5) // 3
            try:
                out.append(binascii.a2b_uu(line[:size]))
            except binascii.Error:
                break
    return b"".join(out)


class MimeReader:
    """Reads one mail. `defects` collects what was odd, `leaves` counts parts against the limit."""

    def __init__(self, raw: bytes) -> None:
        if b"\n" not in raw and b"\r" in raw:
            raw = raw.replace(b"\r", b"\n")
        elif b"\r\r\n" in raw[:1_000]:  # line ends translated twice
            raw = raw.replace(b"\r\r\n", b"\r\n")
        self.raw = raw
        self.defects: list[str] = []
        self.leaves = 0

    def read(self) -> Part:
        found = LEADING_BLANKS.match(self.raw)
        start = found.end() if found else 0
        if MBOX_LINE.match(self.raw, start):
            start = self._after_line(start)
        return self._part(start, len(self.raw), 0, "text/plain")

    def note(self, defect: str) -> None:
        if defect not in self.defects:
            self.defects.append(defect)

    def _after_line(self, start: int) -> int:
        end = self.raw.find(b"\n", start)
        return len(self.raw) if end < 0 else end + 1

    def _part(self, start: int, end: int, depth: int, default_type: str) -> Part:
        fields, body = self._fields(start, end)
        declared = next((value for key, value in fields if key == "content-type"), b"")
        content_type, parameters = parse_parameters(declared)
        content_type = TURNED_AROUND.get(content_type, content_type)
        if not TYPE.fullmatch(content_type):
            if declared:
                self.note("bad-content-type")
            is_html = content_type in {"html", "text/html,"} or bool(
                default_type == "text/plain" and LOOKS_LIKE_HTML.match(self.raw, body, end)
            )
            content_type = "text/html" if is_html else default_type
        part = Part(self.raw, body, end, fields, content_type, parameters)
        if content_type.startswith("multipart/"):
            self._split(part, depth)
        if not part.is_container:
            self.leaves += 1
        return part

    def _fields(self, start: int, end: int) -> tuple[list[tuple[str, bytes]], int]:
        """Return the header fields from `start` and the offset where the body begins."""
        if self.raw.startswith((b"\n", b"\r\n"), start):
            return [], self._after_line(start)
        found = BLANK_LINE.search(self.raw, start, end)
        stop, body = (found.start(), found.end()) if found else (end, end)
        if stop - start > MAX_HEADER_BYTES:
            self.note("headers-too-large")
            stop = start + MAX_HEADER_BYTES
        fields, text_from, opens_with_text = self._read_block(self.raw[start:stop])
        is_text = opens_with_text and not any(name in TECHNICAL for name, _ in fields)
        if is_text or not any(FAMILIAR.match(name.encode() + b":") for name, _ in fields):
            return [], start  # "Thanks :-)" above a quoted From/To/Subject is no header
        return fields, body if text_from is None else start + text_from

    def _read_block(self, block: bytes) -> tuple[list[tuple[str, bytes]], int | None, bool]:
        """Return the fields of a header block, where text begins in it although no empty line
        stands above (or None), and whether it opens with a line that is no field."""
        fields: list[tuple[str, list[bytes]]] = []
        position = 0
        last_familiar = -1
        opens_with_text = False
        while position < len(block) and len(fields) < MAX_FIELDS:
            newline = block.find(b"\n", position)
            line_end = len(block) if newline < 0 else newline + 1
            line = block[position:line_end].rstrip(b"\r\n")
            if line[:1] in (b" ", b"\t"):
                if fields:
                    fields[-1][1].append(line)
            elif name := FIELD.match(line):
                fields.append((name[1].decode("ascii").lower(), [line[name.end() :]]))
            elif line:
                self.note("header-without-colon")
                if last_familiar < 0:
                    last_familiar = max((m.start() for m in FAMILIAR.finditer(block)), default=0)
                if position > last_familiar:
                    return _whole(fields), position, False
                opens_with_text |= not fields
            position = line_end
        if len(fields) >= MAX_FIELDS:
            self.note("headers-too-large")
        return _whole(fields), None, opens_with_text

    def _split(self, part: Part, depth: int) -> None:
        if depth >= MAX_DEPTH:
            self.note("nested-too-deep")
            return
        default = "message/rfc822" if part.content_type == "multipart/digest" else "text/plain"
        for start, end in self._pieces(part):
            part.is_container = True
            if self.leaves >= MAX_PARTS:
                self.note("too-many-parts")
                return
            part.children.append(self._part(start, end, depth + 1, default))

    def _pieces(self, part: Part) -> Iterator[tuple[int, int]]:
        """Yield the (start, end) of each piece between the boundary lines of `part`."""
        boundary = part.parameters.get("boundary", "").encode("utf-8", "replace").rstrip()
        if not boundary or self.raw.find(b"--" + boundary, part.start, part.end) < 0:
            self.note("no-boundary")
            found = GUESSED_BOUNDARY.search(self.raw, part.start, part.end)
            if found is None:
                return
            boundary = found[1]
        start = None
        for line, after, is_last in self._boundary_lines(b"--" + boundary, part):
            if start is not None:
                yield start, self._before_break(start, line)
            start = None if is_last else after
        if start is not None and start < part.end:
            self.note("no-closing-boundary")
            yield start, part.end

    def _boundary_lines(self, mark: bytes, part: Part) -> Iterator[tuple[int, int, bool]]:
        """Yield (start of line, start of next line, whether it closes) of each boundary line."""
        line = self.raw.find(mark, part.start, part.end)
        while line >= 0:
            stop = line + len(mark)
            is_last = self.raw.startswith(b"--", stop)
            ending = END_OF_LINE.match(self.raw, stop + 2 * is_last, part.end)
            if ending and (line == part.start or self.raw[line - 1] == NEWLINE):
                yield line, ending.end(), is_last
            line = self.raw.find(mark, stop, part.end)

    def _before_break(self, start: int, end: int) -> int:
        """The line break before a boundary belongs to the boundary."""
        if end > start and self.raw[end - 1 : end] == b"\n":
            end -= 1
            if end > start and self.raw[end - 1 : end] == b"\r":
                end -= 1
        return end


def _whole(fields: list[tuple[str, list[bytes]]]) -> list[tuple[str, bytes]]:
    return [(name, b"".join(lines)) for name, lines in fields]
