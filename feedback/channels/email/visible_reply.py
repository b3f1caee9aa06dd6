"""What the person newly wrote, without the mail it answers, signature and disclaimer.

The full text is always kept elsewhere; this is only what a reader sees first. In doubt a line
stays: losing an answer is worse than showing a quotation.
"""

from dataclasses import dataclass, field

from feedback.channels.email.html_text import QUOTE_MARK, html_to_text
from feedback.channels.email.quote_marks import (
    DATED_START,
    DISCLAIMER,
    DISCLAIMS,
    EMAIL,
    FORWARD,
    MAX_LINE,
    MOBILE_SIGNATURE,
    ORIGINAL,
    OWN_MARKER,
    QUOTED,
    RULE_ONLY,
    SIGNATURE_RULE,
    field_kind,
    is_attribution,
)

MAX_CHARACTERS = 300_000
MAX_LINES = 10_000
ATTRIBUTION_LINES = 4
SIGNATURE_LINES = 15
MAX_TAILS = 50


def visible_reply(text: str, html: str = "") -> str:
    """Return what was newly written in `text`; with nothing new, the whole text.

    `html` helps where the plain text shows no trace of quoting: mail programs wrap what they
    quote in boxes of their own. Interleaved answers keep the quotations between them.
    """
    whole = text[:MAX_CHARACTERS].strip("\n")
    visible = _new_text(whole)
    if html and _flat(visible) == _flat(whole):
        by_boxes = _new_text(html_to_text(html, mark_quotes=True)).replace(QUOTE_MARK, "")
        if by_boxes.strip() and len(_flat(by_boxes)) < len(_flat(whole)):
            visible = by_boxes
    return visible.strip() or whole.strip()


def _flat(text: str) -> str:
    return "".join(text.split())


def _new_text(text: str) -> str:
    lines = [line.rstrip() for line in text.split("\n")[:MAX_LINES]]
    above = _above_own_marker(lines)
    for candidate in (above, lines):
        kept = _without_tail(_without_quotations(_without_tail(candidate)))
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
        return _pass_quotation(scan, index, announced=False)
    if QUOTE_MARK in line[:4]:
        return _announced(scan, index + 1, _after_box(scan.lines, index))
    if line.strip() and FORWARD.fullmatch(line[:MAX_LINE]):
        scan.kept += [*scan.pending, *scan.lines[index:]]
        return None
    if _starts_original(scan.lines, index):
        if not scan.has_text:
            scan.kept = scan.lines
        return None
    if end := _attribution_end(scan.lines, index):
        after = _next_written(scan.lines, end)
        is_quoted = after is not None and bool(QUOTED.match(scan.lines[after]))
        return _announced(scan, end, after if is_quoted else None)
    scan.keep(line)
    return index + 1


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
    if ORIGINAL.fullmatch(line):
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


def _without_tail(lines: list[str]) -> list[str]:
    """Take off, from the end: rules, phone signatures, `-- ` blocks and disclaimers."""
    for _ in range(MAX_TAILS):
        shorter = _one_tail_less(lines)
        if len(shorter) == len(lines) or not any(line.strip() for line in shorter):
            break
        lines = shorter
    return lines


def _one_tail_less(lines: list[str]) -> list[str]:
    end = len(lines)
    while end and RULE_ONLY.fullmatch(lines[end - 1][:MAX_LINE]):
        end -= 1
    if end and MOBILE_SIGNATURE.fullmatch(lines[end - 1][:MAX_LINE]):
        return lines[: end - 1]
    for start in range(max(1, end - SIGNATURE_LINES), end):
        if SIGNATURE_RULE.fullmatch(lines[start][:20]):
            return lines[:start]
    start = end
    while start and lines[start - 1].strip():
        start -= 1
    if start and DISCLAIMER.match(lines[start]) and DISCLAIMS.search(lines[start][:MAX_LINE]):
        return lines[:start]
    return lines[:end]
