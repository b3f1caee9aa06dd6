"""A finished model: numbers and what they mean, nothing that runs."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from config.kernel.text.tokens import PLAIN, Analysis
from config.kernel.text.vectors import Encoder, Semantic

Numbers = NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """Grams that are weighed together: TF-IDF values of one text have the length 1 within a part.

    `scale` (grams): inverse document frequency or any other factor of a gram. `weights` (grams ×
    labels): what one unit of a gram says for each label.
    """

    terms: tuple[str, ...]
    scale: Numbers
    weights: Numbers

    def __post_init__(self) -> None:
        if self.scale.shape != (len(self.terms),) or len(self.weights) != len(self.terms):
            raise ValueError("Grams, their scale and their weights are not equally many.")


@dataclass(frozen=True, slots=True, eq=False)
class Model:
    """A linear model over TF-IDF of grams.

    Of a text: score = Σ over parts of (values · weights) + bias, value = (1 + ln count) · scale,
    divided by the length of the part's vector; probability = softmax(score / temperature), or,
    where a text may have several labels (`exclusive` False), the logistic function of each score
    / temperature, with a threshold for each label.

    `semantic`: what vectors of the texts add to the scores, where the encoder it was taught with
    is there; without it the rest is a whole model with a temperature of its own.
    """

    labels: tuple[str, ...]
    parts: tuple[Part, ...]
    bias: Numbers
    analysis: Analysis = PLAIN
    temperature: float = 1.0
    exclusive: bool = True
    thresholds: Numbers | None = None
    facts: dict[str, Any] = field(default_factory=dict)  # anything in JSON: metrics, origin
    semantic: Semantic | None = None

    def __post_init__(self) -> None:
        wide = len(self.labels)
        if self.bias.shape != (wide,) or any(p.weights.shape[1:] != (wide,) for p in self.parts):
            raise ValueError("Not every label has its weights.")
        if not self.temperature > 0:
            raise ValueError("A temperature is above zero.")
        if self.thresholds is not None and self.thresholds.shape != (wide,):
            raise ValueError("Not every label has its threshold.")
        if self.semantic is not None and self.semantic.bias.shape != (wide,):
            raise ValueError("Not every label has its weights for vectors.")

    def read_with(self, encoder: Encoder | None) -> "Model":
        """The model as it is where this encoder is: with its vectors (temperature and thresholds
        of both halves), or by the grams alone."""
        vectors = self.semantic
        if vectors is None:
            return self
        if encoder is None or encoder.name != vectors.encoder:
            return replace(self, semantic=None)
        return replace(self, temperature=vectors.temperature, thresholds=vectors.thresholds)

    def probabilities(self, scores: NDArray[np.floating[Any]]) -> Numbers:
        """Probabilities (texts × labels) of scores (texts × labels)."""
        return probabilities_of(scores, self.temperature, exclusive=self.exclusive)


def probabilities_of(
    scores: NDArray[np.floating[Any]], temperature: float, *, exclusive: bool
) -> Numbers:
    """Probabilities (texts × labels): of each text one label, or any number of them."""
    warm = scores / temperature
    if not exclusive:
        return np.asarray(1 / (1 + np.exp(-np.clip(warm, -50, 50))), np.float32)
    powers = np.exp(warm - warm.max(axis=1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True), np.float32)


def part(terms: Sequence[str], scale: Any, weights: Any) -> Part:
    """A part of any kind of numbers."""
    return Part(
        tuple(terms),
        np.ascontiguousarray(scale, np.float32),
        np.ascontiguousarray(weights, np.float32),
    )
