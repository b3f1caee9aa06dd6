"""Readable text out of the HTML of a mail, in linear time.

The browser-grade parser in nh3 first rewrites any tag soup into a small, well-formed subset;
`html.parser` then only meets clean tags and cannot be led into its slow paths.
"""

import re
from html.parser import HTMLParser

import nh3

MAX_HTML = 2_000_000
MAX_TEXT = 500_000
QUOTE_MARK = "\ue0fe"  # private-use character: "here a client's quote container begins"

BLOCKS = frozenset(
    (
        "address", "article", "aside", "blockquote", "body", "center", "dd", "div", "dl", "dt",
        "fieldset", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header",
        "hr", "li", "main", "nav", "ol", "p", "pre", "section", "table", "tbody", "tfoot",
        "thead", "tr", "ul",
    )
)  # fmt: skip
KEPT = BLOCKS | {"br", "td", "th", "img", "a", "span"}
UNREAD = frozenset(("script", "style", "title", "template", "noscript", "textarea", "select"))
# id, class or type of the boxes in which mail programs put what they quote (Outlook, Outlook
# mobile, Yahoo, Proton, NetEase Mail Master, 163 web mail, QQ, Zoho, Apple).
QUOTE_BOX = re.compile(
    r"(?:x_)*(?:divRplyFwdMsg|appendonsend|stopSpelling|mail-editor-reference-message-container"
    r"|yahoo_quoted\w{0,20}|protonmail_quote|ntes-mailmaster-quote|isReplyContent|replyContent"
    r"|zmail_extra|moz-cite-prefix|OLK_SRC_BODY_SECTION|qqmail_quote|lark-mail-quote\S{0,40})",
    re.IGNORECASE,
)
SPACES = re.compile(r"[ \t\r\n\f]+")
TRAILING = re.compile(r"[ \t]+\n")
GAPS = re.compile(r"\n{3,}")
PARAGRAPH = {"p": 2, "h1": 2, "h2": 2, "h3": 2, "ul": 2, "ol": 2, "table": 2, "blockquote": 2}


def html_to_text(html: str, *, mark_quotes: bool = False) -> str:
    """Return the visible text of `html`; blockquotes become `> ` lines, list items `- `.

    With `mark_quotes`, a line holding `QUOTE_MARK` stands where a mail program's own quote
    container begins. Input over 2 M characters is cut.
    """
    tidy = nh3.clean(
        html[:MAX_HTML],
        tags=set(KEPT),
        clean_content_tags=set(UNREAD),
        attributes={"*": {"id", "class", "type", "name"}, "img": {"alt"}},
        link_rel=None,
        strip_comments=True,
    )
    reader = _TextReader(mark_quotes=mark_quotes)
    reader.feed(tidy)
    reader.close()
    return reader.text()


class _TextReader(HTMLParser):
    def __init__(self, *, mark_quotes: bool) -> None:
        super().__init__(convert_charrefs=True)
        self.mark_quotes = mark_quotes
        self.out: list[str] = []
        self.breaks = 2  # line breaks that are already at the end of the output
        self.quotes = 0
        self.verbatim = 0
        self.size = 0

    def text(self) -> str:
        joined = TRAILING.sub("\n", "".join(self.out).replace("\xa0", " "))
        return GAPS.sub("\n\n", joined).strip("\n")[:MAX_TEXT]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self.mark_quotes and any(v and QUOTE_BOX.fullmatch(v) for k, v in attrs if k != "alt"):
            self._break(1)
            self._write(QUOTE_MARK)
            self._newline()
        if tag == "br":
            self._newline()
        elif tag in BLOCKS:
            self._break(PARAGRAPH.get(tag, 1))
        if tag == "blockquote":
            self.quotes = min(self.quotes + 1, 20)
        elif tag == "pre":
            self.verbatim += 1
        elif tag == "li":
            self._write("- ")
        elif tag in {"td", "th"} and not self.breaks:
            self._write(" ")
        elif tag == "img":
            self.handle_data(dict(attrs).get("alt") or "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "blockquote":
            self._break(1)
            self.quotes = max(0, self.quotes - 1)
        if tag == "pre":
            self.verbatim = max(0, self.verbatim - 1)
        if tag in BLOCKS:
            self._break(PARAGRAPH.get(tag, 1))

    def handle_data(self, data: str) -> None:
        if self.verbatim:
            for line in data.splitlines(keepends=True):
                self._write(line.rstrip("\r\n"))
                if line.endswith("\n"):
                    self._newline()
            return
        data = SPACES.sub(" ", data)
        if self.breaks or (self.out and self.out[-1].endswith(" ")):
            data = data.lstrip(" ")
        self._write(data)

    def _break(self, wanted: int) -> None:
        for _ in range(wanted - self.breaks):
            self._newline()

    def _newline(self) -> None:
        if self.breaks and self.quotes:
            self.out.append(">" * self.quotes)
        self.out.append("\n")
        self.breaks += 1

    def _write(self, piece: str) -> None:
        if not piece or self.size > MAX_TEXT:
            return
        if self.breaks and self.quotes:
            self.out.append(">" * self.quotes + " ")
        self.out.append(piece)
        self.size += len(piece)
        self.breaks = 0
