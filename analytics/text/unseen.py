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
from analytics.text.measures import figures, figures_of_several, of_drawn
from config.kernel.text.model import Numbers, probabilities_of

FEWEST_DRAWN = 30  # texts drawn at random below which they say too little


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
    drawn: Sequence[bool] = (),
) -> Measured:
    """Of scores (texts × labels) and what is true; `weights` of the texts for the temperature;
    `drawn`: which texts were drawn at random, for figures of their own."""
    temperature = warmth(scores, truth, exclusive=exclusive, weights=weights)
    probabilities = probabilities_of(scores, temperature, exclusive=exclusive)
    if exclusive:
        places, some = truth.argmax(axis=1), np.array(drawn, bool)
        found = figures(probabilities, places, names)
        if some.sum() >= FEWEST_DRAWN:
            found["drawn"] = of_drawn(probabilities[some], places[some], found)
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
