"""Which words count on the pages about texts."""

from dataclasses import dataclass

from analytics.models import TextWording
from analytics.rules.wording import kept_whole, wording_of
from analytics.text.keywords import Wording
from config.kernel.text.normalising import normalise
from config.kernel.text.words import Segmenter


def text_wording() -> TextWording:
    """What admins typed, or nothing (not saved)."""
    return TextWording.objects.first() or TextWording()


def wording_in_use() -> Wording:
    there = text_wording()
    return wording_of(there.stop_words, there.synonyms, there.own_words)


@dataclass(frozen=True, slots=True)
class Piece:
    """A word of a text; `counts_as` "" where it does not count."""

    word: str
    counts_as: str


def pieces_of(text: str, typed: TextWording) -> list[Piece]:
    """How a text would be cut and counted with what was typed, in its order."""
    wording = wording_of(typed.stop_words, typed.synonyms, typed.own_words)
    cut = Segmenter(kept_whole(typed.synonyms, typed.own_words)).words(normalise(text))
    return [Piece(word, wording.keyword(word) or "") for word in cut]
