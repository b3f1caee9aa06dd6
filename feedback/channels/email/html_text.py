"""Readable text out of the HTML of a mail."""

import re
from collections.abc import Iterable

from feedback.channels.email.charset import clean
from feedback.channels.email.html_tokens import Token, read_tokens, resolved

MAX_TEXT = 500_000
MAX_QUOTES = 20
QUOTE_MARK = "\ue0fe"  # private-use character: "here a client's quote container begins"

BLOCKS = frozenset(
    (
        "address", "article", "aside", "blockquote", "body", "center", "dd", "div", "dl", "dt",
        "fieldset", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header",
        "hr", "li", "main", "nav", "ol", "p", "pre", "section", "table", "tbody", "tfoot",
        "thead", "tr", "ul",
    )
)  # fmt: skip
APART = frozenset(("p", "h1", "h2", "h3", "ul", "ol", "table", "blockquote"))  # an empty line
# id, class, name or type of the boxes in which mail programs put what they quote (Outlook,
# Outlook mobile, Yahoo, Proton, NetEase Mail Master, 163 web mail, QQ, Zoho, Apple, Lark).
QUOTE_BOX = re.compile(
    r"(?:x_)*(?:divRplyFwdMsg|appendonsend|stopSpelling|mail-editor-reference-message-container"
    r"|yahoo_quoted\w{0,20}|protonmail_quote|ntes-mailmaster-quote|isReplyContent|replyContent"
    r"|zmail_extra|moz-cite-prefix|OLK_SRC_BODY_SECTION|qqmail_quote|lark-mail-quote\S{0,40})",
    re.IGNORECASE,
)
# The boxes in which they put a signature: id, class, name, or an element or attribute so called.
SIGNATURE_BOX = re.compile(
    r"(?:x_)*(?:(?:gmail|moz|ms-outlook-mobile|outlook|apple-?mail|yahoo|protonmail|zoho|zmail|xmail|xm"
    r"|foxmail|qqmail|lark-?mail|ntes-[a-z]{2,12}|e?mail|div)[-_]?)?signature(?:[-_]?(?:block|box|container))?",
    re.IGNORECASE,
)
MAX_SIGNATURES = 20
SPACES = re.compile(r"[ \t\r\n\f]+")
TRAILING = re.compile(r"(?<=\S)[ \t]+\n")
GAPS = re.compile(r"\n{3,}")


def html_to_text(html: str, *, mark_quotes: bool = False) -> str:
    """Return the visible text of `html`; blockquotes become `> ` lines, list items `- `.

    With `mark_quotes`, a line holding `QUOTE_MARK` stands where a mail program's own quote
    container begins. Input over 2 M characters is cut; so is text over 500 000.
    """
    writer = _Writer(mark_quotes=mark_quotes)
    writer.write(read_tokens(html))
    return writer.text()


def signature_boxes(html: str) -> list[str]:
    """Return the text of each box that a mail program calls a signature, at most 20."""
    boxes: list[list[Token]] = []
    depth = 0
    for token in read_tokens(html):
        change = {"start": 1, "end": -1}.get(token.kind, 0)
        if depth:
            boxes[-1].append(token)
            depth += change
        elif token.kind == "start" and _is_signature(token):
            if len(boxes) == MAX_SIGNATURES:
                break
            boxes.append([token])
            depth = 1
    writers = [_Writer(mark_quotes=False) for _ in boxes]
    for writer, box in zip(writers, boxes, strict=True):
        writer.write(box)
    return [writer.text() for writer in writers]


class _Writer:
    def __init__(self, *, mark_quotes: bool) -> None:
        self.mark_quotes = mark_quotes
        self.out: list[str] = []
        self.breaks = 2  # line breaks that are already at the end of the output
        self.quotes = 0
        self.verbatim = 0
        self.size = 0

    def text(self) -> str:
        joined = clean("".join(self.out)).replace("\xa0", " ")
        return GAPS.sub("\n\n", TRAILING.sub("\n", joined)).strip("\n").rstrip()[:MAX_TEXT]

    def write(self, tokens: Iterable[Token]) -> None:
        for token in tokens:
            if self.size > MAX_TEXT:
                return
            if token.kind == "text":
                self._text(resolved(token.text))
            elif token.kind == "end":
                self._end(token.name)
            else:
                self._start(token)

    def _start(self, token: Token) -> None:
        name = token.name
        if self.mark_quotes and _is_quote_box(token):
            self._break(1)
            self._put(QUOTE_MARK)
            self._newline()
        if name == "br":
            self._newline()
        elif name == "img":
            self._text(resolved(token.attributes.get("alt", "")))
        elif name in {"td", "th"} and not self.breaks:
            self._put(" ")
        elif name in BLOCKS:
            self._break(2 if name in APART else 1)
        if name == "blockquote":
            self.quotes += 1
        elif name == "pre":
            self.verbatim += 1
        elif name == "li":
            self._put("- ")

    def _end(self, name: str) -> None:
        if name == "blockquote":
            self._break(1)
            self.quotes -= 1
        elif name == "pre":
            self.verbatim -= 1
        if name in BLOCKS:
            self._break(2 if name in APART else 1)

    def _text(self, text: str) -> None:
        if self.verbatim:
            for line in text.splitlines(keepends=True):
                self._put(line.rstrip("\r\n"))
                if line.endswith("\n"):
                    self._newline()
            return
        text = SPACES.sub(" ", text)
        if self.breaks or (self.out and self.out[-1].endswith(" ")):
            text = text.lstrip(" ")
        self._put(text)

    def _break(self, wanted: int) -> None:
        for _ in range(wanted - self.breaks):
            self._newline()

    def _newline(self) -> None:
        if self.breaks and self.quotes:
            self.out.append(">" * min(self.quotes, MAX_QUOTES))
        self.out.append("\n")
        self.size += 1
        self.breaks += 1

    def _put(self, piece: str) -> None:
        if not piece:
            return
        if self.breaks and self.quotes:
            self.out.append(">" * min(self.quotes, MAX_QUOTES) + " ")
        self.out.append(piece)
        self.size += len(piece)
        self.breaks = 0


def _is_quote_box(token: Token) -> bool:
    return _is_called(token, QUOTE_BOX)


def _is_signature(token: Token) -> bool:
    names = (token.name, *token.attributes)
    return any(map(SIGNATURE_BOX.fullmatch, names)) or _is_called(token, SIGNATURE_BOX)


def _is_called(token: Token, pattern: re.Pattern[str]) -> bool:
    return any(
        pattern.fullmatch(word)
        for key in ("id", "class", "name", "type")
        if key in token.attributes
        for word in token.attributes[key].split()[:10]
    )
