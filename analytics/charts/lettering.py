"""How wide a text will be. Fonts differ, so this is an estimate on the generous side."""

import re
import unicodedata

# Where a line may end: after a word, and between Chinese characters, closing marks staying put.
_PIECE = re.compile("\\s*(?:[^\\s\u2e80-\uffef]+|[\u2e80-\uffef][，。、；：？！）》」』”’…]*)")
_NARROW = frozenset("iljtfr.,:;'|!()[]I ")
_BROAD = frozenset("mwMW@%")
ELLIPSIS = "…"


def text_width(text: str, size: float) -> float:
    """Estimated width in user units of `text` set in `size`."""
    return size * sum(_advance(character) for character in text)


def shorten(text: str, room: float, size: float) -> str:
    """The text, or as much of it as fits into `room` with an ellipsis; at least one letter."""
    if text_width(text, size) <= room:
        return text
    room -= size * _advance(ELLIPSIS)
    kept = 0
    for character in text:
        room -= size * _advance(character)
        if room < 0:
            break
        kept += 1
    return text[: max(kept, 1)].rstrip() + ELLIPSIS


def wrap(text: str, room: float, size: float, most: int) -> list[str]:
    """The text in at most `most` lines of width `room`; what does not fit is left out of the last
    with an ellipsis."""
    lines = [""]
    for piece in _PIECE.findall(text):
        if lines[-1] and text_width((lines[-1] + piece).strip(), size) > room:
            lines.append("")
        lines[-1] += piece
    lines = [*lines[: most - 1], "".join(lines[most - 1 :])]
    return [shorten(line.strip(), room, size) for line in lines if line.strip()]


def _advance(character: str) -> float:
    if unicodedata.combining(character):
        return 0.0
    if unicodedata.east_asian_width(character) in {"W", "F"} or character == ELLIPSIS:
        return 1.0
    if character in _NARROW:
        return 0.33
    if character in _BROAD:
        return 0.9
    return 0.7 if character.isupper() else 0.58
