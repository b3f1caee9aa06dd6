"""Why a model says what it says: the words that decided, where they stand in the text."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate

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
    # How many letters there are up to each place: looking at every gram anew takes longest.
    letters = [0, *accumulate(letter.isalnum() or ord(letter) > 0x2000 for letter in normal)]
    found = [
        (gram, start, end)
        for gram, start, end in grams_with_places(normal, model.analysis)
        if letters[end] > letters[start] or normal[start:end].strip("!?~") == ""
    ]
    totals: defaultdict[str, float] = defaultdict(float)
    spans: defaultdict[str, set[tuple[int, int]]] = defaultdict(set)
    counts = Counter(gram for gram, _, _ in found)
    for part in model.parts:
        added = _added(model, part, counts, label)
        for gram, start, end in found:
            if gram in added:
                totals[normal[start:end]] += added[gram] / counts[gram]
                spans[normal[start:end]].add((places[start], places[end]))
    return _strongest(text, totals, spans, number)


@lru_cache(maxsize=4)
def _rows(part: Part) -> dict[str, int]:
    """Where each gram stands; kept, for looking through them all would take longer than all
    else. Of few models: one that was replaced would stay in memory as long as its place here."""
    return {term: row for row, term in enumerate(part.terms)}


def _added(model: Model, part: Part, counts: Counter[str], label: str) -> dict[str, float]:
    """What each gram of a text adds to the score of a label, beyond what it adds to others."""
    places = _rows(part)
    known = [gram for gram in counts if gram in places]
    rows = [places[gram] for gram in known]
    times = np.array([counts[gram] for gram in known], float)
    values = (1 + np.log(times)) * part.scale[rows]
    length = float(np.sqrt((values * values).sum())) or 1.0
    added = values / length * _direction(model, part.weights[rows], label)
    return dict(zip(known, added.tolist(), strict=True))


def _direction(model: Model, weights: Numbers, label: str) -> Numbers:
    at = model.labels.index(label)
    if not model.exclusive or len(model.labels) == 1:
        return weights[:, at]
    others = np.delete(weights, at, axis=1).mean(axis=1)
    return np.asarray(weights[:, at] - others, np.float32)


def _strongest(
    text: str,
    totals: dict[str, float],
    spans: dict[str, set[tuple[int, int]]],
    number: int,
) -> list[Reason]:
    chosen: list[Reason] = []
    taken: list[tuple[int, int]] = []
    for words in sorted(totals, key=lambda one: (-totals[one], one)):
        if len(chosen) == number or totals[words] <= 0:
            break
        where = sorted(spans[words])
        if any(
            start < end_b and start_b < end for start, end in where for start_b, end_b in taken
        ):
            continue
        taken += where
        start, end = where[0]
        chosen.append(Reason(text[start:end], totals[words], tuple(where)))
    return chosen


def _overlap(one: tuple[int, int], other: tuple[int, int]) -> bool:
    return one[0] < other[1] and other[0] < one[1]
