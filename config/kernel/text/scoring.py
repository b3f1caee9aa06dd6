"""Reads texts with finished models: numpy only, every text cut once for all models."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from config.kernel.text.model import Model, Numbers, Part
from config.kernel.text.normalising import normalise
from config.kernel.text.tokens import Analysis, Cutter
from config.kernel.text.vectors import Encoder

AT_ONCE = 512  # texts whose numbers are in memory together
SHOWN = 3  # labels that are offered to people
WIDE = 24  # labels up to which the weights of 512 texts fit into the cache


@dataclass(frozen=True, slots=True)
class Guess:
    label: str
    probability: float


@dataclass(frozen=True, slots=True, eq=False)
class Scores:
    """What one model says of some texts. `probabilities`: texts × labels; `known`: of each text
    the share of all grams cut for the models read together that this one knows, 0..1."""

    model: Model
    probabilities: Numbers
    known: Numbers

    @property
    def best(self) -> NDArray[np.intp]:
        """Of each text the place of the likeliest label."""
        return self.probabilities.argmax(axis=1)

    @property
    def labels(self) -> list[str]:
        """Of each text the likeliest label."""
        return [self.model.labels[at] for at in self.best]

    @property
    def confidence(self) -> Numbers:
        """Of each text the probability of the likeliest label."""
        return np.asarray(self.probabilities.max(axis=1), np.float32)

    def top(self, text: int = 0, number: int = SHOWN) -> list[Guess]:
        """The likeliest labels of one text, the likeliest first."""
        row = self.probabilities[text]
        order = np.argsort(-row, kind="stable")[:number]
        return [Guess(self.model.labels[at], float(row[at])) for at in order]

    def chosen(self, text: int = 0) -> list[Guess]:
        """Where a text may have several labels: those that reach their thresholds (0.5 where
        none are set), the likeliest first."""
        limits = self.model.thresholds
        row = self.probabilities[text]
        reached = row >= (0.5 if limits is None else limits)
        return [
            Guess(self.model.labels[at], float(row[at])) for at in np.argsort(-row) if reached[at]
        ]


class _PlacedPart:
    """A part whose grams are found by their numbers in the vocabulary of all models."""

    def __init__(self, part: Part, vocabulary: Mapping[str, int]) -> None:
        self.scale, self.weights = part.scale, part.weights
        self.rows = np.full(len(vocabulary) + 1, -1, np.int32)
        self.rows[[vocabulary[term] for term in part.terms]] = np.arange(len(part.terms))

    def scores(self, counted: "_Counted") -> tuple[Numbers, Numbers]:
        """The scores of the texts, and how many of their grams are known."""
        rows = self.rows[counted.grams]
        known = rows >= 0
        rows, texts, times = rows[known], counted.texts[known], counted.times[known]
        raw = (1 + np.log(times)) * self.scale[rows]
        number = len(counted.lengths)
        length = np.sqrt(np.bincount(texts, raw * raw, minlength=number))
        values = raw / np.where(length > 0, length, 1)[texts]
        sums = _sums(texts, values, self.weights, rows, number)
        return sums, np.asarray(np.bincount(texts, times, minlength=number), np.float32)


@dataclass(frozen=True, slots=True, eq=False)
class _Counted:
    """For every known gram of every text: the place of the text, the number of the gram and how
    often it occurs; and of every text how many grams it has in all."""

    texts: NDArray[np.intp]
    grams: NDArray[np.intp]
    times: NDArray[np.intp]
    lengths: NDArray[np.intp]


class Scorer:
    """Reads texts with several models at once.

    Speed on one core for sentiment and ten categories together (Python 3.11, numpy 2.4): 40,000
    texts of 25 letters a second, 25,000 of 60. With an `encoder`, models that were taught with
    its vectors hear them, too; then it is some hundred texts.
    """

    def __init__(self, models: Mapping[str, Model], encoder: Encoder | None = None) -> None:
        self.models = {name: model.read_with(encoder) for name, model in models.items()}
        heard = any(model.semantic for model in self.models.values())
        self._encoder = encoder if heard else None
        self._vocabulary: dict[str, int] = {}
        analysis: Analysis | None = None
        for model in self.models.values():
            analysis = model.analysis if analysis is None else analysis | model.analysis
            for part in model.parts:
                for term in part.terms:
                    self._vocabulary.setdefault(term, len(self._vocabulary) + 1)
        self._cutter: Cutter[int | None] = Cutter(analysis or Analysis(), self._vocabulary.get)
        self._parts = {
            name: [_PlacedPart(part, self._vocabulary) for part in model.parts]
            for name, model in self.models.items()
        }

    def read(self, texts: Sequence[str]) -> dict[str, Scores]:
        """What each model says of the texts, which are as `essence` gives them."""
        found: dict[str, list[Numbers]] = {name: [] for name in self.models}
        known: dict[str, list[Numbers]] = {name: [] for name in self.models}
        for first in range(0, len(texts), AT_ONCE):
            some = texts[first : first + AT_ONCE]
            counted = self._counted(some)
            vectors = self._encoder.encode(some) if self._encoder else None
            for name, model in self.models.items():
                scores, share = self._scores(name, counted)
                if vectors is not None and model.semantic is not None:
                    scores = scores + model.semantic.scores(vectors)
                found[name].append(model.probabilities(scores))
                known[name].append(share)
        return {
            name: Scores(
                model,
                np.concatenate([np.zeros((0, len(model.labels)), np.float32), *found[name]]),
                np.concatenate([np.zeros(0, np.float32), *known[name]]),
            )
            for name, model in self.models.items()
        }

    def scores(self, name: str, texts: Sequence[str]) -> Numbers:
        """The bare scores of the grams of one model, texts × labels: what another model leans
        on."""
        found = [
            self._scores(name, self._counted(texts[first : first + AT_ONCE]))[0]
            for first in range(0, len(texts), AT_ONCE)
        ]
        return np.concatenate([np.zeros((0, len(self.models[name].labels)), np.float32), *found])

    def _scores(self, name: str, counted: _Counted) -> tuple[Numbers, Numbers]:
        model, number = self.models[name], len(counted.lengths)
        scores = np.tile(model.bias, (number, 1))
        known = np.zeros(number)
        for part in self._parts[name]:
            sums, of_part = part.scores(counted)
            scores += sums
            known += of_part
        return scores, np.asarray(known / np.maximum(counted.lengths, 1), np.float32)

    def _counted(self, texts: Sequence[str]) -> _Counted:
        keys: list[int] = []
        lengths, known = [], []
        for text in texts:
            cut = self._cutter.keys(normalise(text))
            before = len(keys)
            keys.extend(filter(None, cut))  # numbers begin with 1
            lengths.append(len(cut))
            known.append(len(keys) - before)
        wide = len(self._vocabulary) + 1
        both = np.repeat(np.arange(len(texts)), known) * wide
        both, times = np.unique(both + np.fromiter(keys, np.intp, len(keys)), return_counts=True)
        places, grams = np.divmod(both, wide)
        return _Counted(places, grams, times, np.asarray(lengths, np.intp))


def _sums(
    texts: NDArray[np.intp],
    values: NDArray[np.floating],
    weights: Numbers,
    rows: NDArray[np.int32],
    number: int,
) -> Numbers:
    """Σ value · weights[row] of each text; `texts` ascend. Text by text: a product of a row and
    a small table is ten times faster than summing a large one in groups."""
    ends = np.searchsorted(texts, np.arange(number + 1))
    narrow = values.astype(np.float32)
    sums = np.zeros((number, weights.shape[1]), np.float32)
    if weights.shape[1] <= WIDE:  # all tables at once
        table = weights.take(rows, axis=0)
        for at in range(number):
            begin, end = ends[at], ends[at + 1]
            np.dot(narrow[begin:end], table[begin:end], out=sums[at])
        return sums
    for at in range(number):  # one after the other: they would not fit into the cache
        begin, end = ends[at], ends[at + 1]
        np.dot(narrow[begin:end], weights[rows[begin:end]], out=sums[at])
    return sums
