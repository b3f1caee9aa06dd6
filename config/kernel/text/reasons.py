"""Why a model says what it says: the words that decided, where they stand in the text."""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import numpy as np

from config.kernel.text.model import Model, Numbers, Part
from config.kernel.text.normalising import normalise_with_places
from config.kernel.text.tokens import (
    NEGATED,
    PIECE,
    TOKEN,
    Analysis,
    grams,
    is_chinese,
    name_of,
    pieces,
)

SHOWN = 5


@dataclass(frozen=True, slots=True)
class Reason:
    """`words` as written; `weight`: how much they moved the score of the label above the mean of
    the others, in units of the score (logits times temperature); `spans`: (start, end) places in
    the text as written."""

    words: str
    weight: float
    spans: tuple[tuple[int, int], ...]


def reasons(model: Model, text: str, label: str, number: int = SHOWN) -> list[Reason]:
    """The words that spoke most for a label, the strongest first.

    Method: what a gram adds to a linear score is its value times its weight; pieces of a word
    count for the word, and what overlaps a stronger reason is not told again. ValueError for a
    label that the model does not know.
    """
    normal, places = normalise_with_places(text)
    counts = Counter(grams(normal, model.analysis))
    each: dict[str, float] = {}
    for part in model.parts:
        for gram, added in _added(model, part, counts, label):
            each[gram] = each.get(gram, 0.0) + added
    tokens = [_Token(match) for match in TOKEN.finditer(normal)]

    def spans(words: str) -> list[tuple[int, int]]:
        return [(places[start], places[end]) for start, end in _standing(words, tokens)]

    return _strongest(text, _totals(model.analysis, each, counts, tokens), spans, number)


class _Token:
    """A token with its place in the normalised text. `letters`: of a run without spaces;
    `word`: as grams name it."""

    __slots__ = ("end", "letters", "start", "token", "word")

    def __init__(self, match: re.Match[str]) -> None:
        self.token = match[0]
        self.start, self.end = match.span()
        self.letters = is_chinese(self.token)
        is_word = not self.letters and self.token[0].isalnum()
        self.word = name_of(self.token) if is_word else ""


def _totals(
    analysis: Analysis,
    each: Mapping[str, float],
    counts: Counter[str],
    tokens: Sequence[_Token],
) -> dict[str, float]:
    """What words add wherever they stand: with their pieces, and with what they add where they
    are denied. `each`: what a gram adds each time."""
    totals: dict[str, float] = {}
    for gram, added in each.items():
        marked = len(gram) > 1
        if marked and gram[0] == PIECE:
            continue  # counts for its word
        words = gram[1:] if marked and gram[0] == NEGATED else gram
        totals[words] = totals.get(words, 0.0) + added * counts[gram]
    if analysis.pieces:
        for (token, word), times in Counter([(one.token, one.word) for one in tokens]).items():
            known = [each[piece] for piece in _pieces(analysis, token, word) if piece in each]
            if known:
                totals[word] = totals.get(word, 0.0) + times * sum(known)
    return totals


def _pieces(analysis: Analysis, token: str, word: str) -> list[str]:
    return pieces(token, *analysis.pieces) if word and analysis.pieces else []


def _standing(words: str, tokens: Sequence[_Token]) -> list[tuple[int, int]]:
    """Where letters, a word, two words or a mark stand: beginnings and ends."""
    if is_chinese(words):
        again = re.compile(f"(?={re.escape(words)})")  # 哈哈 stands twice in 哈哈哈
        return [
            (one.start + found.start(), one.start + found.start() + len(words))
            for one in tokens
            if one.letters
            for found in again.finditer(one.token)
        ]
    first, parted, second = words.partition(" ")
    if not parted:
        return [(one.start, one.end) for one in tokens if words in (one.word, one.token)]
    return [
        (one.start, after.end)
        for one, after in pairwise(tokens)
        if one.word == first and after.word == second
    ]


def _says_something(gram: str) -> bool:
    """Whether letters are in it, a sign that is more than punctuation, or marks that feel."""
    return (
        gram[0].isalnum()
        or not gram.strip("!?~")
        or any(map(str.isalnum, gram))
        or max(gram) > "\u2000"
    )


@lru_cache(maxsize=4)
def _rows(part: Part) -> dict[str, int]:
    """Where each gram stands that can be a reason; kept, for looking through them all would take
    longer than all else. Of few models: one that was replaced would stay in memory as long as its
    place here."""
    return {term: row for row, term in enumerate(part.terms) if _says_something(term)}


def _added(
    model: Model, part: Part, counts: Counter[str], label: str
) -> Iterator[tuple[str, float]]:
    """What each gram of a text adds to the score of a label each time it is said, beyond what it
    adds to others."""
    places = _rows(part)
    known = [*filter(places.__contains__, counts)]
    rows = [*map(places.__getitem__, known)]
    times = np.array([*map(counts.__getitem__, known)], float)
    values = (1 + np.log(times)) * part.scale[rows]
    length = float(np.sqrt((values * values).sum())) or 1.0
    added = values / length * _direction(model, part.weights[rows], label)
    return zip(known, (added / times).tolist(), strict=True)


def _direction(model: Model, weights: Numbers, label: str) -> Numbers:
    at = model.labels.index(label)
    if not model.exclusive or len(model.labels) == 1:
        return weights[:, at]
    others = np.delete(weights, at, axis=1).mean(axis=1)
    return np.asarray(weights[:, at] - others, np.float32)


def _strongest(
    text: str,
    totals: dict[str, float],
    spans: Callable[[str], list[tuple[int, int]]],
    number: int,
) -> list[Reason]:
    chosen: list[Reason] = []
    taken: list[tuple[int, int]] = []
    for words in sorted(totals, key=lambda one: (-totals[one], one)):
        if len(chosen) == number or totals[words] <= 0:
            break
        where = spans(words)
        if not where or any(
            start < end_b and start_b < end for start, end in where for start_b, end_b in taken
        ):
            continue
        taken += where
        start, end = where[0]
        chosen.append(Reason(text[start:end], totals[words], tuple(where)))
    return chosen
