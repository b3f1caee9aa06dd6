"""What scores of texts that a model has not seen tell: its temperature, thresholds, figures."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analytics.text.calibration import (
    temperature_of,
    temperature_of_decisions,
    thresholds_of,
)
from analytics.text.measures import figures, figures_of_several
from config.kernel.text.model import Numbers, probabilities_of


@dataclass(frozen=True, slots=True, eq=False)
class Measured:
    """`figures`: see analytics.text.measures; `thresholds`: where a text may have several."""

    temperature: float
    thresholds: Numbers | None
    figures: dict[str, Any]


def measured(
    scores: Numbers,
    truth: NDArray[np.bool_],
    names: Sequence[str],
    *,
    exclusive: bool,
    weights: NDArray[np.floating[Any]] | None = None,
) -> Measured:
    """Of scores (texts × labels) and what is true; `weights` of the texts for the temperature."""
    temperature = warmth(scores, truth, exclusive=exclusive, weights=weights)
    probabilities = probabilities_of(scores, temperature, exclusive=exclusive)
    if exclusive:
        found = figures(probabilities, truth.argmax(axis=1), names)
        return Measured(temperature, None, found)
    thresholds = thresholds_of(probabilities, truth)
    found = figures_of_several(probabilities, truth, thresholds, names)
    return Measured(temperature, thresholds, found)


def warmth(
    scores: Numbers,
    truth: NDArray[np.bool_],
    *,
    exclusive: bool,
    weights: NDArray[np.floating[Any]] | None = None,
) -> float:
    """The temperature by which the scores are probabilities."""
    if exclusive:
        return temperature_of(scores, truth.argmax(axis=1), weights)
    return temperature_of_decisions(scores, truth)
