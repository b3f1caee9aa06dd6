"""Which words of a text decided how it was read: finds what a reader named, for showing it."""

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a text; `why` names what it decided, "" = nothing."""

    words: str
    why: str = ""


def mark_reasons(text: str, reasons: Mapping[str, Iterable[str]]) -> list[Piece]:
    """`text` in pieces, in order, nothing lost. `reasons`: words by what they decided; of two that
    meet, the kind that is named first wins. Compares as readers do: width, case and compatible
    letters do not matter, and a Latin word is found as a whole word only."""
    plain = _plain(text)
    why = [""] * len(text)
    for kind, words in reasons.items():
        for one in words:
            for start, end in _found(plain, _plain(one.strip())):
                for at in range(start, end):
                    why[at] = why[at] or kind
    pieces: list[Piece] = []
    start = 0
    for at in range(1, len(text) + 1):
        if at == len(text) or why[at] != why[start]:
            pieces.append(Piece(text[start:at], why[start]))
            start = at
    return pieces


def _plain(text: str) -> str:
    """As long as `text`, letter by letter."""
    return "".join(_letter(one) for one in text)


def _letter(letter: str) -> str:
    folded = unicodedata.normalize("NFKC", letter).lower()
    if len(folded) != 1:
        return letter
    return " " if folded.isspace() else folded


def _found(text: str, words: str) -> Iterable[tuple[int, int]]:
    start = text.find(words) if words else -1
    while start != -1:
        end = start + len(words)
        if not (_goes_on(text, start) or _goes_on(text, end)):
            yield start, end
        start = text.find(words, start + 1)


def _goes_on(text: str, at: int) -> bool:
    """Whether a Latin word lies across this place."""
    return 0 < at < len(text) and _is_latin(text[at - 1]) and _is_latin(text[at])


def _is_latin(letter: str) -> bool:
    return letter.isalnum() and ord(letter) < 0x2E80
