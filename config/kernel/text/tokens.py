"""The grams that a text is counted by.

"mixed12": a run of Chinese letters gives its letters and its pairs of neighbours, Latin words give
themselves and pairs of neighbours, and every emoji, emoticon and punctuation mark is a token, for
in short feedback those carry feeling. No segmenter is needed, and nothing is lost on words that a
dictionary does not know.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from itertools import islice
from operator import add
from typing import Any, Generic, TypeVar

PIECE = "#"  # begins a gram that is a piece of a Latin word
NEGATED = "¬"  # begins a gram that stands behind a negation
ADDRESS = "<url>"
REMEMBERED = 50_000  # Latin words whose grams are kept
LONGEST_WORD = 40
SCOPE = 4  # Chinese letters or Latin words behind a negation that it turns round

_CJK = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\U00020000-\U000323af"
TOKEN = re.compile(
    # a Chinese run · an address · a Latin word · [爱你] · an emoticon · a mark or an emoji
    rf"[{_CJK}]+"
    r"|https?://\S+|www\.\S+"
    rf"|[^\W_{_CJK}]+(?:'[^\W_{_CJK}]+)?"
    rf"|\[[a-z{_CJK}]{{1,6}}\]"
    r"|[:;=]['-]?[)(dpo/\\|*\]\[]|\^[_.\-o]?\^|t_t|>[_.]<|o[_.]o|-_-|<3"
    r"|!+|\?+|\.+|~+|[^\w\s]|_"
)
_NEGATION_ZH = re.compile(r"[不没无未别勿莫非]")
_ANY_NEGATION = re.compile(r"[不没无未别勿莫非]|n'?t\b|not\b|\b(?:no|ne|ni|wit|hard|bare)")
_NEGATIONS_EN = {
    *("not", "no", "never", "none", "nobody", "nothing", "neither", "nor", "without", "hardly"),
    *("barely", "cannot", "cant", "dont", "doesnt", "didnt", "isnt", "wasnt", "wont", "wouldnt"),
    *("couldnt", "shouldnt", "havent", "hasnt", "hadnt"),
}

Key = TypeVar("Key")


@dataclass(frozen=True, slots=True)
class Analysis:
    """How texts are cut; part of every model, for a model only knows what it was taught."""

    letters: int = 2  # longest run of Chinese letters that is one gram
    words: int = 2  # longest run of Latin words that is one gram
    pieces: tuple[int, int] | None = None  # lengths of pieces of Latin words, edges counted
    negation: bool = False  # what stands behind a negation once more, marked

    def __post_init__(self) -> None:
        if not (1 <= self.letters <= 4 and 1 <= self.words <= 2):
            raise ValueError("Grams are of 1 to 4 letters and of 1 or 2 words.")

    def __or__(self, other: "Analysis") -> "Analysis":
        """Cuts everything that either of the two cuts."""
        lengths = [one.pieces for one in (self, other) if one.pieces]
        return Analysis(
            letters=max(self.letters, other.letters),
            words=max(self.words, other.words),
            pieces=(min(low for low, _ in lengths), max(high for _, high in lengths))
            if lengths
            else None,
            negation=self.negation or other.negation,
        )

    def as_json(self) -> dict[str, Any]:
        return {**asdict(self), "pieces": list(self.pieces) if self.pieces else None}

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> "Analysis":
        """TypeError or ValueError for what no analysis says of itself."""
        pieces = kept.get("pieces")
        return cls(**{**kept, "pieces": tuple(pieces) if pieces else None})


PLAIN = Analysis()


class Cutter(Generic[Key]):
    """Cuts normalised texts and gives a key for each gram.

    `key` is a lookup: `vocabulary.get` when a finished model reads (None for what it does not
    know), a vocabulary that grows when one is trained; so both see exactly the same grams. What a
    Latin word gives is kept, which makes its pieces nearly free.
    """

    def __init__(self, analysis: Analysis, key: Callable[[str], Key]) -> None:
        self.analysis = analysis
        self._key = key
        self._words: dict[str, tuple[str, list[Key]]] = {}

    def keys(self, text: str) -> list[Key]:
        """The key of each gram of a normalised text, as often as it occurs, in no order."""
        keys: list[Key] = []
        key, known, pairs = self._key, self._words, self.analysis.words > 1
        before = ""
        tokens = TOKEN.findall(text)
        for token in tokens:
            if is_chinese(token):
                before = ""
                keys.extend(map(key, token))
                for length in range(2, self.analysis.letters + 1):
                    keys.extend(map(key, runs(token, length)))
            elif token[0].isalnum():
                word, of_word = known.get(token) or self._of_word(token)
                keys.extend(of_word)
                if before and pairs:
                    keys.append(key(f"{before} {word}"))
                before = word
            else:
                before = ""
                keys.append(key(token))
        if self.analysis.negation and _ANY_NEGATION.search(text):
            keys.extend(map(key, negated(tokens)))
        return keys

    def _of_word(self, token: str) -> tuple[str, list[Key]]:
        grams = [name_of(token)]
        if self.analysis.pieces:
            grams += pieces(token, *self.analysis.pieces)
        of_word = grams[0], [self._key(gram) for gram in grams]
        if len(self._words) < REMEMBERED:
            self._words[token] = of_word
        return of_word


def grams(text: str, analysis: Analysis = PLAIN) -> list[str]:
    """The grams of a normalised text, as often as they occur, in no order."""
    return Cutter(analysis, str).keys(text)


def is_chinese(token: str) -> bool:
    """Whether a token is a run of letters that are written without spaces."""
    return "\u3040" <= token[0] < "\ue000" or token[0] >= "\U00020000"


def name_of(token: str) -> str:
    """Every address on the web is one and the same gram; words without end are cut."""
    if token.startswith(("http://", "https://", "www.")):
        return ADDRESS
    return token[:LONGEST_WORD]


def runs(letters: str, length: int) -> Iterator[str]:
    """Every run of so many neighbours."""
    found = iter(letters)
    for later in range(1, length):  # maps, for this is where most of the time goes
        found = map(add, found, islice(letters, later, None))
    return found


def pieces(word: str, shortest: int, longest: int) -> list[str]:
    """Pieces of a Latin word with its edges, by which misspelt and inflected words are known:
    `#⟨pa`, `#pay`, `#aid⟩`. A word that is no longer than a piece gives itself once."""
    if name_of(word) == ADDRESS:
        return []
    edged = f"<{word[:LONGEST_WORD]}>"
    found = []
    for length in range(shortest, longest + 1):
        if length >= len(edged):
            found.append(PIECE + edged)
            break
        found += [PIECE + edged[at : at + length] for at in range(len(edged) - length + 1)]
    return found


def negated(tokens: list[str]) -> list[str]:
    """Marked grams for what the four letters or words behind a negation say, within its clause."""
    found: list[str] = []
    left = 0  # Latin words that the last negation still turns round
    for token in tokens:
        if is_chinese(token):
            left = 0
            for negation in _NEGATION_ZH.finditer(token):
                scope = token[negation.end() : negation.end() + SCOPE]
                found += [NEGATED + letter for letter in scope]
                found += [NEGATED + pair for pair in runs(scope, 2)]
        elif not token[0].isalnum():
            left = 0
        elif token in _NEGATIONS_EN or token.endswith("n't"):
            left = SCOPE
        elif left:
            left -= 1
            found.append(NEGATED + name_of(token))
    return found
