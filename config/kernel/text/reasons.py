"""Why a model says what it says: the words that decided, where they stand in the text."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from config.kernel.text.model import Model, Numbers, Part
from config.kernel.text.normalising import normalise_with_places
from config.kernel.text.tokens import grams_with_places

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
    found = list(grams_with_places(normal, model.analysis))
    counts = Counter([gram for gram, _, _ in found])
    each: dict[str, float] = {}
    for part in model.parts:
        for gram, added in _added(model, part, counts, label):
            each[gram] = each.get(gram, 0.0) + added
    totals: dict[str, float] = {}
    starts: defaultdict[str, list[int]] = defaultdict(list)
    for gram, start, end in found:
        if (weight := each.get(gram)) is not None:
            words = normal[start:end]
            totals[words] = totals.get(words, 0.0) + weight
            starts[words].append(start)

    def spans(words: str) -> list[tuple[int, int]]:
        return [(places[at], places[at + len(words)]) for at in sorted({*starts[words]})]

    return _strongest(text, totals, spans, number)


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
    """Where each gram stands; kept, for looking through them all would take longer than all
    else. Of few models: one that was replaced would stay in memory as long as its place here."""
    return {term: row for row, term in enumerate(part.terms)}


def _added(
    model: Model, part: Part, counts: Counter[str], label: str
) -> Iterator[tuple[str, float]]:
    """What each gram of a text adds to the score of a label each time it is said, beyond what it
    adds to others."""
    places = _rows(part)
    known = [gram for gram in counts if gram in places and _says_something(gram)]
    rows = [places[gram] for gram in known]
    times = np.array([counts[gram] for gram in known], float)
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
        if any(
            start < end_b and start_b < end for start, end in where for start_b, end_b in taken
        ):
            continue
        taken += where
        start, end = where[0]
        chosen.append(Reason(text[start:end], totals[words], tuple(where)))
    return chosen
