"""Where the sentences and the clauses of a text begin and end, in Chinese and English."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

# Marks that end a sentence, with the quotes and brackets that close after them.
_END = re.compile(r"(?:[。！？!?；;…]|\.{2,}|\.(?=[\s\"'”’）)]|$))+[\"'”’）)\]】」』]*|\n+")
# A full stop after these ends no sentence.
_SHORT = re.compile(
    r"(?:\b(?:mr|mrs|ms|dr|prof|st|no|vs|etc|e\.g|i\.e|a\.m|p\.m|inc|ltd|co|approx|dept)"
    r"|\b[a-z])\.$",
    re.IGNORECASE,
)
_LONGEST_SHORT = 8  # letters of the longest of them, with its stop
_COMMA = re.compile(r"[，、,：:]+|(?:\s[-–]\s|—+)")
_NUMBER = re.compile(r"\d[,:]\d")

_CONTRAST_ZH = "但是|但|不过|可是|然而|只是|就是|却|反而|偏偏|奈何|可惜"
_CONTRAST_EN = "but|however|yet|though|unfortunately|except|still|nevertheless|instead"
_CONCESSION_ZH = "虽然|虽说|虽|尽管|即使|哪怕|固然"
_CONCESSION_EN = "although|even though|though|despite|in spite of|while|even if"
_OPENING = re.compile(
    rf"\s{{0,8}}(?:(?P<concession>{_CONCESSION_ZH}|(?:{_CONCESSION_EN})\b)"
    rf"|(?P<contrast>{_CONTRAST_ZH}|(?:{_CONTRAST_EN})\b))",
    re.IGNORECASE,
)
# In the middle of a clause only words that cannot mean anything else begin a new one.
_INSIDE = re.compile(
    r"但是|不过|可是|然而|(?<=\s)(?:but|however|although|though)(?=\s)", re.IGNORECASE
)


class Link(StrEnum):
    """How a clause stands to the one before or after it."""

    NONE = ""
    CONTRAST = "contrast"  # "but it broke": counts more than what it is set against
    CONCESSION = "concession"  # "although it is cheap": counts less


@dataclass(frozen=True, slots=True)
class Span:
    """From `start` up to, not including, `end`: places in the text as written."""

    start: int
    end: int

    def of(self, text: str) -> str:
        return text[self.start : self.end]


@dataclass(frozen=True, slots=True)
class Clause(Span):
    link: Link = Link.NONE


def sentences(text: str) -> list[Span]:
    """Each sentence with its closing mark and without spaces around it. Line ends, 。！？；… and a
    full stop before a space end one; 3.5, Mr. and e.g. do not."""
    found, start = [], 0
    for end in _END.finditer(text):
        if end[0] == "." and _SHORT.search(
            text, max(start, end.end() - _LONGEST_SHORT), end.end()
        ):
            continue
        found.append((start, end.end()))
        start = end.end()
    found.append((start, len(text)))
    return [span for one in found if (span := _trimmed(text, *one)) is not None]


def clauses(text: str, within: Span | None = None) -> list[Clause]:
    """The clauses of a text or of one sentence: what commas, colons, dashes and words of contrast
    part. Each says whether it is set against another (but, 但是) or gives way (although, 虽然)."""
    found = []
    for sentence in [within] if within else sentences(text):
        for start, end in _pieces(text, sentence):
            span = _trimmed(text, start, end)
            if span is not None and any(letter.isalnum() for letter in span.of(text)):
                found.append(Clause(span.start, span.end, _link(text, span)))
    return found


def _pieces(text: str, sentence: Span) -> Iterator[tuple[int, int]]:
    start = sentence.start
    for mark in _COMMA.finditer(text, sentence.start, sentence.end):
        if _NUMBER.match(text, max(mark.start() - 1, 0)):  # 1,000 and 12:30 are one number
            continue
        yield from _parted(text, start, mark.end())
        start = mark.end()
    yield from _parted(text, start, sentence.end)


def _parted(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    for word in _INSIDE.finditer(text, start, end):
        if text[start : word.start()].strip():
            yield start, word.start()
            start = word.start()
    yield start, end


def _link(text: str, span: Span) -> Link:
    opening = _OPENING.match(text, span.start, span.end)
    if opening is None:
        return Link.NONE
    return Link.CONCESSION if opening["concession"] else Link.CONTRAST


def _trimmed(text: str, start: int, end: int) -> Span | None:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return Span(start, end) if start < end else None
