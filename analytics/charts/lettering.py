"""How wide a text will be. Fonts differ, so this is an estimate on the generous side."""

import unicodedata

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
