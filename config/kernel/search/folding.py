"""One form for everything that is searched for or searched in.

Letter by letter, so that a place in the folded text can be traced to the text as written:
full width → half width, capitals → small, traditional → simplified Chinese, invisible signs →
nothing, every kind of space → a space.
"""

import unicodedata

from config.kernel.search.simplified import SIMPLIFIED

REMEMBERED = 100_000  # letters; nobody fills the memory with rare ones
_INVISIBLE = {"Cf", "Me"}


class _Letters(dict[int, str]):
    """What a letter becomes, found out once."""

    def __missing__(self, code: int) -> str:
        folded = _fold_letter(chr(code))
        if len(self) < REMEMBERED:
            self[code] = folded
        return folded


def _fold_letter(letter: str) -> str:
    if letter.isspace() or unicodedata.category(letter) == "Cc":
        return " "
    # Variation selectors are marks that only choose a drawing.
    if unicodedata.category(letter) in _INVISIBLE or "\ufe00" <= letter <= "\ufe0f":
        return ""
    plain = unicodedata.normalize("NFKC", letter).casefold()
    return "".join(SIMPLIFIED.get(one, one) for one in plain)


_LETTERS = _Letters()


def composed(text: str) -> str:
    """The text with each accent in its letter, as it is folded and shown."""
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def fold(text: str) -> str:
    """The form in which texts are compared; runs of spaces are one."""
    return " ".join(composed(text).translate(_LETTERS).split())


def fold_with_places(text: str) -> tuple[str, list[int]]:
    """The folded `composed` text, spaces as they are, and for each of its letters (and its end)
    the place in `text` that it came from."""
    pieces = [_LETTERS[ord(letter)] for letter in text]
    places = [at for at, piece in enumerate(pieces) for _ in piece]
    return "".join(pieces), [*places, len(text)]
