"""Cross-validation: every text is judged by a model that has not seen it."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analytics.text.fitting import Plane
from config.kernel.text.normalising import normalise

FOLDS = 3
SEED = 17

Rows = NDArray[np.intp]


def folds_of(texts: Sequence[str], truth: NDArray[np.bool_], folds: int = FOLDS) -> Rows:
    """The fold of each text, 0..folds-1: every label is spread over all of them, and texts that
    are equal but for capitals, widths and script are in the same one, or the model would be asked
    what it was told."""
    generator = np.random.default_rng(SEED)
    _, first, group = np.unique(
        [normalise(text) for text in texts], return_index=True, return_inverse=True
    )
    of_group = np.zeros(len(first), np.intp)
    main = truth[first].argmax(axis=1)
    for label in range(truth.shape[1]):
        members = generator.permutation(np.flatnonzero(main == label))
        of_group[members] = (np.arange(len(members)) + generator.integers(folds)) % folds
    return of_group[group]


def scores_out_of_fold(
    matrix: Any,
    truth: NDArray[np.bool_],
    fold: Rows,
    teach: Callable[[Rows], Plane],
) -> NDArray[np.float32]:
    """Scores (texts × labels) of each text by the model of the other folds. `teach` is given the
    rows it may learn from. ValueError where those have fewer than two labels."""
    scores = np.zeros(truth.shape, np.float32)
    for one in np.unique(fold):
        away = np.flatnonzero(fold == one)
        scores[away] = teach(np.flatnonzero(fold != one)).scores(matrix[away])
    return scores
