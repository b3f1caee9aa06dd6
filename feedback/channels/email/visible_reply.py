"""What the person newly wrote, without the mail it answers, signature and disclaimer.

The full text is always kept elsewhere; this is only what a reader sees first. In doubt a line
stays: losing an answer is worse than showing a quotation.
"""

import re
from dataclasses import dataclass, field

from feedback.channels.email.html_text import QUOTE_MARK, html_to_text, signature_boxes
from feedback.channels.email.quote_marks import (
    DATED_START,
    EMAIL,
    FORWARD,
    IN_ONE_LINE,
    MAX_LINE,
    ORIGINAL,
    OWN_MARKER,
    QUOTED,
    YEAR,
    ends_with_verb,
    field_kind,
    is_attribution,
)
from feedback.channels.email.tails import without_tail

MAX_CHARACTERS = 300_000
MAX_LINES = 10_000
ATTRIBUTION_LINES = 4
ASKS = re.compile(r"(?m)[?？]\s*$")  # somebody wrote on inside the box of the signature


def visible_reply(text: str, html: str = "") -> str:
    """Return what was newly written in `text`; the whole text if nothing tells what is old.

    Empty only if all there is, is a quotation that a mail program announced.

    `html` helps where the plain text shows no trace of quoting: mail programs wrap what they
    quote in boxes of their own. Interleaved answers keep the quotations between them.
    """
    whole = text[:MAX_CHARACTERS].strip("\n")
    visible = _new_text(whole)
    if html and _flat(visible) == _flat(whole):
        by_boxes = _new_text(html_to_text(html, mark_quotes=True)).replace(QUOTE_MARK, "")
        if by_boxes.strip() and len(_flat(by_boxes)) < len(_flat(whole)):
            visible = by_boxes
    if not visible.strip() and _is_announced(whole):
        return ""
    return _unsigned(visible.strip(), html) or whole.strip()


def _unsigned(visible: str, html: str) -> str:
    """Take off the signature that the HTML has in a box of its own, if `visible` ends with it."""
    if not visible or "signature" not in html.lower():
        return visible
    for written in signature_boxes(html):
        box = _flat(written)
        if box and _flat(visible).endswith(box) and not ASKS.search(written):
            lines, missing = visible.split("\n"), len(box)
            while missing > 0:
                missing -= len(_flat(lines.pop()))
            above = without_tail(lines)
            if not missing and any(line.strip() for line in above):
                return "\n".join(above).strip()
    return visible


def _is_announced(text: str) -> bool:
    lines = [line.rstrip() for line in text.split("\n")[:MAX_LINES]]
    first = _next_written(lines, 0)
    end = None if first is None else _announcement_end(lines, first)
    return end is not None and _only_quoted(lines, end)


def _flat(text: str) -> str:
    return "".join(text.split())


def _new_text(text: str) -> str:
    lines = [line.rstrip() for line in text.split("\n")[:MAX_LINES]]
    above = _above_own_marker(lines)
    for candidate in (above, lines):
        kept = without_tail(_without_quotations(without_tail(candidate)))
        if any(line.strip() for line in kept):
            return "\n".join(kept)
    return ""


def _above_own_marker(lines: list[str]) -> list[str]:
    """The lines above our "reply above this line", if we find it; else none."""
    for index, line in enumerate(lines):
        if OWN_MARKER.search(line[:MAX_LINE]):
            above = lines[:index]
            # The program's "X wrote:" in front of our mail is not followed by a quotation now.
            return [*above, "> "]
    return []


@dataclass(slots=True)
class _Scan:
    """One walk down the lines. `kept` grows; quotations wait in `pending` for what follows."""

    lines: list[str]
    kept: list[str] = field(default_factory=list)
    pending: list[str] = field(default_factory=list)
    has_text: bool = False

    def keep(self, line: str) -> None:
        """Keep a written line; a quotation between two written passages is context and stays."""
        if line.strip():
            if self.has_text:
                self.kept += self.pending
            self.pending = []
            self.has_text = True
        (self.pending if self.pending else self.kept).append(line)


def _without_quotations(lines: list[str]) -> list[str]:
    scan = _Scan(lines)
    index: int | None = 0
    while index is not None and index < len(lines):
        index = _step(scan, index)
    return scan.kept


def _step(scan: _Scan, index: int) -> int | None:
    """Deal with the line at `index`; return where to go on, or None if the rest is settled."""
    line = scan.lines[index]
    if QUOTED.match(line):
        return _quotation(scan, index)
    if QUOTE_MARK in line[:4]:
        return _announced(scan, index + 1, _after_box(scan.lines, index))
    if line.strip() and FORWARD.fullmatch(line[:MAX_LINE]):
        scan.kept += [*scan.pending, *scan.lines[index:]]
        return None
    if _starts_original(scan.lines, index):
        if not scan.has_text:
            scan.kept = scan.lines
        return None
    if end := _announcement_end(scan.lines, index):
        after = _next_written(scan.lines, end)
        is_quoted = after is not None and bool(QUOTED.match(scan.lines[after]))
        return _announced(scan, end, after if is_quoted else None)
    scan.keep(line)
    return index + 1


def _quotation(scan: _Scan, index: int) -> int | None:
    """`The log says:` directly above a `>` block: the block is what the person shows us."""
    above = scan.lines[index - 1] if index else ""
    is_shown = above.endswith((":", "：")) and not ends_with_verb(above)
    if is_shown and not is_attribution(above) and _only_quoted(scan.lines, index):
        scan.kept += [*scan.pending, *scan.lines[index:]]
        return None
    return _pass_quotation(scan, index, announced=False)


def _only_quoted(lines: list[str], index: int) -> bool:
    """Whether quotations stand from `index` on, and nothing written between or behind them."""
    is_quoted = False
    for offset in range(index, len(lines)):
        if lines[offset].strip():
            is_quoted = bool(QUOTED.match(lines[offset]))
            if not is_quoted:
                break
    return is_quoted


def _announced(scan: _Scan, end: int, quotation: int | None) -> int | None:
    """Go on behind an announced quotation. If it bears no `>`, nothing tells where it ends."""
    if quotation is not None:
        return _pass_quotation(scan, quotation, announced=True)
    return None if scan.has_text else end


def _pass_quotation(scan: _Scan, index: int, *, announced: bool) -> int:
    """Step over a quoted block. One at the top that nobody announced is part of the message."""
    start = index
    while index < len(scan.lines) and (
        QUOTED.match(scan.lines[index]) or not scan.lines[index].strip()
    ):
        index += 1
    block = scan.lines[start:index]
    if not announced and not scan.has_text and _next_written(scan.lines, index) is not None:
        scan.kept += block
    else:
        scan.pending += block
    return index


def _next_written(lines: list[str], index: int) -> int | None:
    for offset in range(index, len(lines)):
        if lines[offset].strip():
            return offset
    return None


def _after_box(lines: list[str], index: int) -> int | None:
    """Where a `>` block begins behind a box mark, if written text follows that block."""
    seen = 0
    for offset in range(index + 1, len(lines)):
        if QUOTED.match(lines[offset]):
            rest = lines[offset:]
            is_answered = any(line.strip() and not QUOTED.match(line) for line in rest)
            return offset if is_answered else None
        seen += bool(lines[offset].strip())
        if seen > ATTRIBUTION_LINES:
            return None
    return None


def _starts_original(lines: list[str], index: int) -> bool:
    """An "original message" rule, or a block of at least three From/Sent/To/Subject lines."""
    line = lines[index][:MAX_LINE]
    if not line.strip():
        return False
    if ORIGINAL.fullmatch(line) or (IN_ONE_LINE.match(line) and YEAR.search(line)):
        return True
    if not field_kind(line):
        return False
    kinds: list[str] = []
    unknown = 0
    for following in lines[index : index + 14]:
        kind = field_kind(following)
        if kind:
            kinds.append(kind)
            unknown = 0
        elif following.strip():
            unknown += 1  # a long list of receivers goes on in the next lines
        if unknown > 2 or kinds.count("sender") > 1:
            break
    return kinds[:6].count("sender") == 1 and len(kinds) >= 3


def _announcement_end(lines: list[str], index: int) -> int | None:
    """Return the index behind what announces a quotation at `index`, or None."""
    if ends_with_verb(lines[index]) and _only_quoted(lines, index + 1):
        return index + 1
    return _attribution_end(lines, index)


def _attribution_end(lines: list[str], index: int) -> int | None:
    """Return the index behind "… wrote:" if it begins at `index` and takes up to four lines."""
    first = lines[index]
    if not first.strip() or len(first) > MAX_LINE:
        return None
    joined = ""
    for count in range(ATTRIBUTION_LINES):
        if index + count >= len(lines) or not lines[index + count].strip():
            return None
        joined = f"{joined} {lines[index + count].strip()}".strip()
        if len(joined) > MAX_LINE:
            return None
        if is_attribution(joined):
            inner = lines[index + 1 : index + count + 1]
            if count and (
                any(DATED_START.match(line[:MAX_LINE]) for line in inner)
                or not _may_open(first, lines, index)
            ):
                return None
            return index + count + 1
    return None


def _may_open(first: str, lines: list[str], index: int) -> bool:
    """A longer announcement opens with a date, or with a name after an empty line."""
    if DATED_START.match(first):
        return True
    above = lines[index - 1].strip() if index else ""
    is_sentence = first.rstrip().endswith((".", "。", "!", "！", "?", "？", ":", "："))
    return not above and (bool(EMAIL.search(first)) or not is_sentence)
