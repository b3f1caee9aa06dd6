"""What somebody wrote, by its letters alone: text that says nothing, and texts that are the same
or nearly the same. Chinese as well as languages with spaces between words.

Nothing here is a proof. Laughter, abbreviations, repeated praise and short answers are what
people write, too, and are left alone where they can be told.
"""

import re
import unicodedata
from hashlib import blake2b
from itertools import pairwise
from struct import unpack

HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U000323af]")
_WORD = re.compile(r"[^\W\d_]+")
_LATIN = re.compile(r"[a-z]+")
_LAUGHTER = re.compile(r"(?:(?=a*h)[ha]+|(?:ha|he|hi|ho|ja|xi|lo|ah)+h?|[哈呵嘿嘻嘎呜]+|k+|w+|z+)")
_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_NEXT = {
    pair for row in _ROWS for a, b in pairwise(row) for pair in ((a, b), (b, a))
}  # keys beside each other
# What the home row of a keyboard becomes in the usual Chinese input methods.
_CHINESE_MASH = re.compile(
    r"阿斯顿发|阿斯蒂芬|啊实打实|阿萨德|萨达是的|撒大声地|撒旦发|按时大大|打撒打撒|大萨达|萨达萨达"
    r"|阿三大苏打|发生的发|斯蒂芬斯|的萨芬|请问企鹅|去问去问"
)
LONGEST_GAP = 6  # the same letter, or the same one to three letters, so often or more
_BANDS, _ROWS_OF_BAND = 5, 3


def plain(text: str) -> str:
    """The letters and digits of a text, folded: width, case, marks and spaces make no
    difference."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(letter for letter in folded if letter.isalnum())


def weight_of(text: str) -> float:
    """How much there is to compare: a Chinese character counts one, any other letter half."""
    letters = plain(text)
    han = len(HAN.findall(letters))
    return han + (len(letters) - han) / 2


def nonsense_in(text: str) -> str:
    """Why a text says nothing: "marks" (no letter and no digit), "repeats" (the same letters over
    and over), "keys" (keys pressed at random); "" when it may say something."""
    letters = plain(text)
    if not letters:
        return "marks" if text.strip() else ""
    if _LAUGHTER.fullmatch(letters):
        return ""
    if _repeats(letters):
        return "repeats"
    words = _WORD.findall(unicodedata.normalize("NFKC", text))
    mashed = sum(len(word) for word in words if _is_mashed(word))
    if mashed >= 4 and mashed >= 0.6 * len(letters):
        return "keys"
    return ""


def _repeats(letters: str) -> bool:
    if len(letters) < LONGEST_GAP or letters.isdigit():
        return False
    for size in (1, 2, 3):
        whole = letters[:size] * (len(letters) // size + 1)
        if len(letters) >= max(LONGEST_GAP, 3 * size) and whole.startswith(letters):
            return True
    return False


def _is_mashed(word: str) -> bool:
    """Keys beside each other, no vowel for six letters, or what Chinese input makes of that."""
    if HAN.search(word):
        return sum(len(one) for one in _CHINESE_MASH.findall(word)) >= 0.5 * len(word)
    lower = word.casefold()
    if not _LATIN.fullmatch(lower) or len(lower) < 4:
        return False
    runs = _in_runs(lower)
    if runs >= 0.75 * len(lower):
        return True
    has_vowel = any(letter in "aeiouy" for letter in lower)
    return len(lower) >= 6 and not has_vowel and not word.isupper()


def _in_runs(word: str) -> int:
    """How many letters stand in runs of four or more neighbouring keys."""
    found, run = 0, 1
    for pair in pairwise(word):
        if pair in _NEXT:
            run += 1
            continue
        found, run = found + (run if run >= 4 else 0), 1
    return found + (run if run >= 4 else 0)


def pieces_of(text: str) -> frozenset[str]:
    """All three letters that follow each other; of a short text the text itself."""
    letters = plain(text)
    if len(letters) < 3:
        return frozenset({letters} if letters else ())
    return frozenset(letters[at : at + 3] for at in range(len(letters) - 2))


def likeness(one: str, other: str) -> float:
    """Share of the pieces that two texts have in common, 0..1 (Jaccard)."""
    mine, theirs = pieces_of(one), pieces_of(other)
    every = mine | theirs
    return len(mine & theirs) / len(every) if every else 0.0


def digest_of(*parts: str) -> int:
    """64 bits, signed, as a database holds them."""
    joined = "\x1f".join(parts).encode()
    return int.from_bytes(blake2b(joined, digest_size=8).digest(), signed=True)


def bands_of(text: str) -> list[int]:
    """Five digests by which an index finds texts that are nearly the same: MinHash (Broder 1997)
    in bands of three. Two texts with 80 percent of their pieces in common share one with a
    probability of 97 percent, two with 30 percent of theirs with one of 13."""
    rows = [unpack(f">{_BANDS * _ROWS_OF_BAND}I", _wide(piece)) for piece in pieces_of(text)]
    least = [min(column) for column in zip(*rows, strict=True)]
    return [
        digest_of(str(at), *map(str, least[at : at + _ROWS_OF_BAND]))
        for at in range(0, len(least), _ROWS_OF_BAND)
    ]


def _wide(piece: str) -> bytes:
    return blake2b(piece.encode(), digest_size=4 * _BANDS * _ROWS_OF_BAND).digest()
