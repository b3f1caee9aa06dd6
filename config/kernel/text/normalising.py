"""One form of a text for all that reads it: what looks different and means the same becomes equal.

Letter by letter, so that a place in the normal form can be traced to the text as written.
"""

import unicodedata
from functools import cache
from itertools import chain, repeat

REMEMBERED = 100_000  # letters; nobody fills the memory with rare ones
HEAD, TAIL = 300, 100  # letters of a long text that are read

_HAN = ((0x3400, 0x4DC0), (0x4E00, 0xA000), (0xF900, 0xFB00), (0x20000, 0x2A6E0))
# Cs: half a letter, which no encoding can write.
_INVISIBLE = {"Cf", "Me", "Cs"}
_APOSTROPHES = frozenset("’‘´＇")
_SKIN_TONES = range(0x1F3FB, 0x1F400)
_DRAWINGS = range(0xFE00, 0xFE10)  # variation selectors: only choose a drawing


@cache
def simplified_letters() -> dict[str, str]:
    """Traditional Chinese letters and the simplified ones that mean the same, some 3,600 pairs.

    Source: the dictionaries of OpenCC (Apache-2.0), asked once for each process, letter by
    letter; that is enough for comparing and counting, not for showing simplified texts.
    """
    from opencc import OpenCC  # noqa: PLC0415 - 14 MB that only those pay who need them

    letters = [chr(code) for first, end in _HAN for code in range(first, end)]
    simple = OpenCC("t2s").convert("\n".join(letters)).split("\n")
    return {one: other for one, other in zip(letters, simple, strict=True) if one != other}


class _Letters(dict[int, str]):
    """What a letter becomes, found out once."""

    def __missing__(self, code: int) -> str:
        normal = _normal_letter(chr(code))
        if len(self) < REMEMBERED:
            self[code] = normal
        return normal


def _normal_letter(letter: str) -> str:
    if letter in _APOSTROPHES:
        return "'"
    category = unicodedata.category(letter)
    if letter.isspace() or category == "Cc":
        return "\n" if letter == "\n" else " "
    if category in _INVISIBLE or ord(letter) in _DRAWINGS or ord(letter) in _SKIN_TONES:
        return ""
    simple = simplified_letters()
    return "".join(simple.get(one, one) for one in unicodedata.normalize("NFKC", letter).lower())


_LETTERS = _Letters()


def normalise(text: str) -> str:
    """NFKC (full width to half width), small letters, traditional to simplified Chinese, without
    invisible signs, skin tones and control signs. Lines stay lines.

    1,000 letters take about 30 µs.
    """
    if text.isascii() and text.isprintable():
        return text.lower()
    return unicodedata.normalize("NFC", text).translate(_LETTERS)


def normalise_with_places(text: str) -> tuple[str, list[int]]:
    """`normalise(text)` and, for each of its letters and its end, the place in `text` that it
    came from. Where accents stood apart from their letters, places are those of the composed
    text, cut at the end of the text."""
    if text.isascii() and text.isprintable():
        return text.lower(), list(range(len(text) + 1))
    composed = unicodedata.normalize("NFC", text)
    # In maps: a text has thousands of letters.
    pieces = list(map(_LETTERS.__getitem__, map(ord, composed)))
    places = list(chain.from_iterable(map(repeat, range(len(pieces)), map(len, pieces))))
    if len(composed) > len(text):
        places = [min(at, len(text)) for at in places]
    return "".join(pieces), [*places, len(text)]


def head_and_tail(text: str, letters: int) -> str:
    """A text that is longer without its middle: half of `letters` from its beginning and half from
    its end, a line end between them. Anybody may write 20,000 letters; what they say is told by
    fewer."""
    half = letters // 2
    return text if len(text) <= letters else f"{text[:half]}\n{text[-half:]}"


def head_and_tail_with_places(text: str, places: list[int], letters: int) -> tuple[str, list[int]]:
    """`head_and_tail` of a normal form with its places, as normalise_with_places gives them."""
    if len(text) <= letters:
        return text, places
    half = letters // 2
    kept = [*places[:half], places[half], *places[-half - 1 :]]
    return head_and_tail(text, letters), kept


def essence(text: str, subject: str = "") -> str:
    """What is read of a message: the subject, then its text; of a long one the first 300 and the
    last 100 letters, for what matters is said at its beginning and its end and time grows with
    length."""
    if len(text) > HEAD + TAIL:
        text = f"{text[:HEAD]}\n{text[-TAIL:]}"
    return f"{subject}\n{text}" if subject else text
