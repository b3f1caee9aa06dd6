"""A second view of texts: vectors of whole sentences, where something that makes them is
installed (analytics.text.encoding). Nothing here needs it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float32]


class Encoder(Protocol):
    """Turns texts, as `essence` gives them, into vectors of length 1 (texts × dimensions).
    `name`: also of its weights, for vectors of others mean something else."""

    @property
    def name(self) -> str: ...

    def encode(self, texts: Sequence[str]) -> Numbers: ...


@dataclass(frozen=True, slots=True, eq=False)
class Semantic:
    """The half of a model that reads vectors. Its score is added to that of the grams:
    vectors · weights + bias; `temperature` and `thresholds` are those of the sum. `encoder`: the
    name of the one whose vectors it was taught with."""

    encoder: str
    weights: Numbers
    bias: Numbers
    temperature: float
    thresholds: Numbers | None = None

    def __post_init__(self) -> None:
        if self.weights.shape[1:] != self.bias.shape:
            raise ValueError("Not every label has its weights.")
        if not self.temperature > 0:
            raise ValueError("A temperature is above zero.")

    def scores(self, vectors: Numbers) -> Numbers:
        return np.asarray(vectors @ self.weights + self.bias, np.float32)
