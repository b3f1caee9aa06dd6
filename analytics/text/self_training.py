"""Learning from texts that nobody has labelled yet."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from analytics.text.fitting import Plane, Recipe, fit

ROUNDS = 5
FIRST, LAST = 0.1, 1.0  # share of the unlabelled texts that is believed in the first, last round
TRUST = 0.15  # of a guessed label, beside 1 of a given one

Rows = NDArray[np.intp]


def teach(
    matrix: Any,
    truth: NDArray[np.bool_],
    recipe: Recipe,
    *,
    labelled: Rows,
    unlabelled: Rows,
    trust: NDArray[np.floating[Any]],
) -> Plane:
    """A model of the labelled rows that then teaches itself with the unlabelled ones.

    Method: self-training (Yarowsky 1995) in five rounds; each takes, of what it now believes to
    be of one label, the surest share (10 percent first, all in the end; surest: the distance
    between the best and the second label), so that no label swallows the others, and fits anew.
    Helps with up to some 50 labels for each label, then harms: whoever calls this compares by
    cross-validation.
    """
    plane = fit(matrix[labelled], truth[labelled], recipe, trust=trust[labelled])
    hidden = matrix[unlabelled]
    for share in np.linspace(FIRST, LAST, ROUNDS):
        scores = plane.scores(hidden)
        best = scores.argmax(axis=1)
        taken = _surest(scores, best, float(share))
        guessed = np.zeros((len(taken), truth.shape[1]), bool)
        guessed[np.arange(len(taken)), best[taken]] = True
        plane = fit(
            _stacked(matrix[labelled], hidden[taken]),
            np.concatenate([truth[labelled], guessed]),
            recipe,
            trust=np.concatenate([trust[labelled], np.full(len(taken), TRUST)]),
        )
    return plane


def _surest(scores: NDArray[np.float32], best: Rows, share: float) -> Rows:
    ordered = np.sort(scores, axis=1)
    distance = ordered[:, -1] - ordered[:, -2]
    taken = []
    for label in range(scores.shape[1]):
        members = np.flatnonzero(best == label)
        surest = members[np.argsort(-distance[members], kind="stable")]
        taken.append(surest[: int(len(members) * share)])
    return np.concatenate(taken)


def _stacked(above: Any, below: Any) -> Any:
    from scipy import sparse

    return sparse.vstack([above, below]).tocsr()
