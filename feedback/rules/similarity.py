"""How alike two texts are. Pure and without any knowledge of a language, so that it is the same
in Chinese and English."""

import unicodedata

COMPARED = 2000  # characters of each text
PIECE = 3
# From here on two messages of one customer are taken for the same.
NEARLY_EQUAL = 0.6


def likeness(one: str, other: str) -> float:
    """0 … 1: the share of three-letter pieces that the texts have in common among all that they
    have (Jaccard). Case, width, spaces and punctuation do not count. Nothing is like nothing."""
    pieces, others = _pieces(one), _pieces(other)
    if not pieces or not others:
        return 0.0
    return len(pieces & others) / len(pieces | others)


def _pieces(text: str) -> frozenset[str]:
    plain = unicodedata.normalize("NFKC", text[:COMPARED]).casefold()
    letters = "".join(char for char in plain if char.isalnum())
    if not letters:
        return frozenset()
    return frozenset(letters[n : n + PIECE] for n in range(max(1, len(letters) - PIECE + 1)))
