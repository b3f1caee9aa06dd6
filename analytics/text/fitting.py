"""Finds the weights of a linear model: support vector machines, one label against the rest."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from config.kernel.text.tokens import PLAIN, Analysis

SMOOTHING = 0.1  # of counts in the ratio of naive Bayes
SHARE_OF_BAYES = 0.25  # how far columns are stretched by that ratio
ROUNDS = 2_000
NEVER = -9.0  # score of a label without texts; margins stay within some units of 0
SEED = 17


@dataclass(frozen=True, slots=True)
class Recipe:
    """How a model is taught; cross-validation chooses."""

    analysis: Analysis = PLAIN
    strength: float = 0.5  # C of the support vector machine: 1 / (weight of its penalty)
    balanced: bool = False  # rare labels count as much as common ones
    bayes: bool = False  # grams that tell labels apart count more (NBSVM)
    leaning: bool = False  # on what a model that is there already says

    def __str__(self) -> str:
        cut = f"letters 1-{self.analysis.letters}, words 1-{self.analysis.words}"
        if self.analysis.pieces:
            cut += f", pieces {self.analysis.pieces[0]}-{self.analysis.pieces[1]}"
        words = [cut, f"C {self.strength:g}"]
        words += ["balanced"] if self.balanced else []
        words += ["naive Bayes"] if self.bayes else []
        words += ["leaning on a prior"] if self.leaning else []
        return ", ".join(words)


@dataclass(frozen=True, slots=True, eq=False)
class Plane:
    """score = matrix · weights + bias. `weights`: grams × labels; `bias`: labels."""

    weights: NDArray[np.float32]
    bias: NDArray[np.float32]

    def scores(self, matrix: Any) -> NDArray[np.float32]:
        return np.asarray(matrix @ self.weights + self.bias, np.float32)


def fit(
    matrix: Any,
    truth: NDArray[np.bool_],
    recipe: Recipe,
    *,
    exclusive: bool = True,
    trust: NDArray[np.floating[Any]] | None = None,
) -> Plane:
    """Weights for texts (rows of `matrix`) with labels (`truth`: texts × labels).

    Method: LinearSVC of scikit-learn (squared hinge, L2), one label against the rest, which is
    what short texts are told apart by best; with `bayes` the columns are stretched by how much a
    gram tells a label from the rest (Wang and Manning 2012, interpolated), and the stretch is
    folded into the weights. `trust` 0..1 weighs texts whose label was guessed. ValueError when
    fewer than two labels have texts.
    """
    if (truth.any(axis=0)).sum() < (2 if exclusive else 1):
        raise ValueError("There is nothing to tell apart: fewer than two labels have texts.")
    trust = np.ones(truth.shape[0]) if trust is None else trust
    if recipe.bayes or not exclusive:
        return _one_by_one(matrix, truth, recipe, trust)
    return _together(matrix, truth.argmax(axis=1), truth.shape[1], recipe, trust)


def _together(
    matrix: Any, labels: NDArray[np.intp], number: int, recipe: Recipe, trust: Any
) -> Plane:
    machine = _machine(recipe).fit(matrix, labels, sample_weight=trust)
    weights = np.zeros((matrix.shape[1], number), np.float32)
    bias = np.full(number, NEVER, np.float32)  # a label without texts is never said
    if len(machine.classes_) == 2:
        first, second = machine.classes_
        weights[:, second] = machine.coef_[0] / 2
        weights[:, first] = -machine.coef_[0] / 2
        bias[[first, second]] = -machine.intercept_[0] / 2, machine.intercept_[0] / 2
        return Plane(weights, bias)
    weights[:, machine.classes_] = machine.coef_.T
    bias[machine.classes_] = machine.intercept_
    return Plane(weights, bias)


def _one_by_one(matrix: Any, truth: NDArray[np.bool_], recipe: Recipe, trust: Any) -> Plane:
    from scipy import sparse

    weights = np.zeros((matrix.shape[1], truth.shape[1]), np.float32)
    bias = np.full(truth.shape[1], NEVER, np.float32)
    for at in range(truth.shape[1]):
        positive = truth[:, at]
        if not positive.any():
            continue
        if positive.all():
            bias[at] = 1.0
            continue
        stretch = _stretch(matrix, positive) if recipe.bayes else np.ones(matrix.shape[1])
        machine = _machine(recipe).fit(
            (matrix @ sparse.diags(stretch)).tocsr(), positive, sample_weight=trust
        )
        weights[:, at] = machine.coef_[0] * stretch
        bias[at] = machine.intercept_[0]
    return Plane(weights, bias)


def _machine(recipe: Recipe) -> Any:
    from sklearn.svm import LinearSVC

    return LinearSVC(
        C=recipe.strength,
        class_weight="balanced" if recipe.balanced else None,
        max_iter=ROUNDS,
        random_state=SEED,
    )


def _stretch(matrix: Any, positive: NDArray[np.bool_]) -> NDArray[np.floating[Any]]:
    """1 for a gram that tells nothing more than the mean one, more for one that does."""
    inside = np.asarray(matrix[positive].sum(axis=0)).ravel() + SMOOTHING
    outside = np.asarray(matrix[~positive].sum(axis=0)).ravel() + SMOOTHING
    counts = (inside > 0) & (outside > 0)  # scores of a prior may be below zero
    inside, outside = np.where(counts, inside, 1), np.where(counts, outside, 1)
    ratio = np.abs(np.log((inside / inside.sum()) / (outside / outside.sum())))
    mean = ratio.mean() or 1.0
    return np.asarray(1 - SHARE_OF_BAYES + SHARE_OF_BAYES * ratio / mean)
