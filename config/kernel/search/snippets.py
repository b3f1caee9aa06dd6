"""The piece of a text that shows why it was found."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from config.kernel.search.folding import composed, fold_with_places
from config.kernel.search.queries import Term
from config.kernel.search.tokens import UNSPACED

WIDTH = 120  # letters
BEFORE = 30  # of them in front of the first place
LOOKED_AT = 20_000  # letters of a text


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of text as it was written, not escaped; `found`: it is what was searched for."""

    text: str
    found: bool = False


def snippet(text: str, terms: Sequence[Term], *, width: int = WIDTH) -> list[Part]:
    """About `width` letters of the text around the first place that a term was found at; its
    beginning when none was."""
    text = composed(text[:LOOKED_AT])
    spans = _spans(text, terms)
    start = max(0, spans[0][0] - BEFORE) if spans else 0
    start = 0 if start < BEFORE else start
    end = min(len(text), start + width)
    parts = [Part("… ")] if start else []
    at = start
    for first, last in spans:
        if first < at or first >= end:
            continue
        if first > at:
            parts.append(Part(_line(text[at:first])))
        parts.append(Part(_line(text[first:last]), found=True))
        at = last
    if at < end:
        parts.append(Part(_line(text[at:end])))
    if max(at, end) < len(text):
        parts.append(Part(" …"))
    return parts


def holds(text: str, terms: Sequence[Term]) -> bool:
    """Whether any of the terms can be marked in the text."""
    return bool(_spans(composed(text[:LOOKED_AT]), terms))


def _spans(text: str, terms: Sequence[Term]) -> list[tuple[int, int]]:
    """Where the terms are in the text, each letter once."""
    if not terms:
        return []
    folded, places = fold_with_places(text)
    spans = [
        (places[found.start()], max(places[found.end()], places[found.start()] + 1))
        for found in _pattern(terms).finditer(folded)
    ]
    return [span for n, span in enumerate(spans) if not n or span[0] >= spans[n - 1][1]]


def _pattern(terms: Sequence[Term]) -> re.Pattern[str]:
    return re.compile("|".join(_one(term.text) for term in sorted(terms, key=_longest_first)))


def _longest_first(term: Term) -> int:
    return -len(term.text)


def _one(text: str) -> str:
    """Spaces may be several; a word of letters begins where words begin."""
    pattern = re.escape(text).replace(r"\ ", r"\s+")
    begins = re.match(f"[^\\W\\d_{UNSPACED}]", text)
    return f"(?<![^\\W\\d_{UNSPACED}]){pattern}" if begins else pattern


def _line(text: str) -> str:
    return re.sub(r"\s+", " ", text)
