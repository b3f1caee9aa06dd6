"""How sure a model may be that has nothing but seed words: half of the words ask the other half.

The words of each label are parted in two. A model of one half is asked about the texts of the
backlog that only have words of the other half, which it was told nothing of.
"""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from analytics.text.calibration import temperature_of
from analytics.text.seeds import Seeds, places_by_seeds

FEWEST = 20  # texts below which their temperature means nothing
# What is measured so is too doubtful: the model asked knows half of the words, and a word is not
# always right. Measured on three collections, of cars, shops and airlines: by 1.4, 1.1 and 1.4.
ALL_WORDS = 0.75

Rows = NDArray[np.intp]


def halves(seeds: Seeds) -> list[dict[str, list[str]]]:
    """Every second word of each label, beginning with the first and with the second one."""
    return [{label: list(words)[at::2] for label, words in seeds.items()} for at in (0, 1)]


def temperature_by_seeds(
    texts: Sequence[str],
    names: Sequence[str],
    seeds: Seeds,
    scores_of: Callable[[Seeds, Rows], NDArray[np.float32]],
) -> float | None:
    """The temperature of a model taught with `seeds`; None where too few texts have words of one
    half only. `scores_of` teaches a model with some of the words, given with what they say of
    each text (-1: nothing), and gives its scores of the texts (texts × labels).
    """
    both = halves(seeds)
    said = [places_by_seeds(texts, names, half) for half in both]
    scores, truth = [], []
    for half, told, asked in ((both[0], said[0], said[1]), (both[1], said[1], said[0])):
        alone = (asked >= 0) & (told < 0)
        if len(np.unique(told[told >= 0])) < 2 or not alone.any():
            continue
        scores.append(scores_of(half, told)[alone])
        truth.append(asked[alone])
    if sum(map(len, truth)) < FEWEST:
        return None
    return ALL_WORDS * temperature_of(np.concatenate(scores), np.concatenate(truth))
