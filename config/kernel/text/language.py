"""In which language a text is written, by its letters: Chinese, English or both.

No model: the script alone tells the two languages apart without a mistake, 20 times faster than
packages that guess among a hundred. Every other language that uses Latin letters counts as
English here.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

from config.kernel.text.normalising import head_and_tail, normalise

HAN = "\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U000323af"
OTHER = "\u0370-\u1fff\u3040-\u31bf\uac00-\ud7af"  # Greek to Khmer, kana, hangul
MIXED = 0.2  # share of the smaller language from which a text is mixed
LETTERS_OF_A_WORD = 2.0  # an English word says about as much as two Chinese letters
FEWEST_HAN, FEWEST_LATIN = 2, 3  # letters below which nothing can be said
MOST = 2_000  # letters that are looked at

_HAN = re.compile(f"[{HAN}]+")
_OTHER = re.compile(f"[{OTHER}]+")
# Addresses, numbers and models (iphone15, a4) are no words of a language. Parts of addresses are
# as long as they may be: without an end they would be tried from every letter to every other.
_NOT_WORDS = re.compile(
    r"https?://\S+|www\.\S+|[^\s@]{1,64}@[^\s@.]{1,63}\.\S{1,255}|@\w+|\b[a-z]*\d[a-z\d]*\b",
    re.ASCII,
)
_LATIN = re.compile(r"[a-z\u00df-\u024f]+(?:'[a-z]+)?")


class Language(StrEnum):
    CHINESE = "zh"
    ENGLISH = "en"
    MIXED = "mixed"
    OTHER = "other"
    UNDETERMINED = "und"


@dataclass(frozen=True, slots=True)
class LanguageReading:
    """`zh`, `en` and `other` are shares 0..1 of what is said, together 1 or, where nothing is
    said in letters, 0."""

    language: Language
    zh: float
    en: float
    other: float = 0.0

    @property
    def main(self) -> Language:
        """The language that says more, where a text is mixed."""
        if self.language is not Language.MIXED:
            return self.language
        return Language.CHINESE if self.zh >= self.en else Language.ENGLISH


def language_of(text: str) -> LanguageReading:
    """Reads the script of a text as written.

    Method: Chinese letters count one each, a Latin word two, letters of other scripts one.
    Mixed is what has between 20 and 80 percent Latin; undetermined what has fewer than two
    Chinese and three Latin letters. Of a long text the first and the last 1,000 letters are read.
    """
    return language_of_normal(normalise(head_and_tail(text, MOST)))


def language_of_normal(text: str) -> LanguageReading:
    """`language_of` for a text that is already normalised."""
    text = head_and_tail(text, MOST)
    if text.isascii():
        han = other = 0
    else:
        han = sum(map(len, _HAN.findall(text)))
        other = sum(map(len, _OTHER.findall(text)))
    words = _LATIN.findall(_NOT_WORDS.sub(" ", text))
    latin = sum(map(len, words))
    if han < FEWEST_HAN and latin < FEWEST_LATIN and other < FEWEST_HAN:
        return LanguageReading(Language.UNDETERMINED, 0.0, 0.0)
    said = LETTERS_OF_A_WORD * len(words)
    whole = han + said + other
    zh, en, rest = han / whole, said / whole, other / whole
    return LanguageReading(_named(zh, en, rest), zh, en, rest)


def _named(zh: float, en: float, other: float) -> Language:
    if other > max(zh, en) or other > MIXED:
        return Language.OTHER
    if min(zh, en) >= MIXED:
        return Language.MIXED
    return Language.CHINESE if zh > en else Language.ENGLISH
