"""Makes scores into probabilities that mean what they say."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

Scores = NDArray[np.floating[Any]]

LOWEST, HIGHEST = 0.01, 20.0
STEPS = 40
# What temperatures are before anything is known: ten models of 0 to 50 labels a category, of four
# collections, had 0.19 to 0.40. WEIGHT = 1 / (2·σ²) with σ = 0.25 of the logarithm.
USUAL, WEIGHT = 0.26, 8.0


def temperature_of(
    scores: Scores, truth: NDArray[np.intp], weights: Scores | None = None
) -> float:
    """The temperature T by which softmax(scores / T) is likeliest to have given the true labels
    (Guo et al. 2017). `scores` (texts × labels) are of models that did not see these texts.

    One number keeps the order of labels and cannot overfit; raw margins of support vector
    machines are wrong by 15 to 80 percent, after it by 1 to 4. A hundred texts say it only
    roughly: then it is drawn to what is usual (the most probable T with a log-normal prior);
    of thousands it is not. `weights`: how much each text counts, 1 in the mean.
    """
    if not len(truth):
        return 1.0
    pull = WEIGHT / len(truth)
    counts = np.ones(len(truth)) if weights is None else weights
    return _least(lambda t: _loss(scores / t, truth, counts) + pull * np.log(t / USUAL) ** 2)


def weights_of_shares(truth: NDArray[np.intp], said: NDArray[np.intp], labels: int) -> Scores:
    """How much each labelled text counts so that labels are as common among them as they are in
    the backlog, by what a model `said` of it: whoever labels twenty texts of each category has
    too many of the rare ones. Source: Lipton et al. 2018 (label shift), without its inverse of
    the confusion, which few texts do not tell; at most threefold and at least a third."""
    there = np.bincount(said, minlength=labels) + 1.0
    here = np.bincount(truth, minlength=labels) + 1.0
    ratio = np.clip((there / there.sum()) / (here / here.sum()), 1 / 3, 3)
    weights = ratio[truth]
    return weights / weights.mean()


def temperature_of_decisions(scores: Scores, truth: NDArray[np.bool_]) -> float:
    """The same for yes-or-no decisions: logistic(scores / T)."""
    if not truth.size:
        return 1.0
    signed = np.where(truth, scores, -scores)
    return _least(lambda t: float(np.logaddexp(0, -signed / t).mean()))


def thresholds_of(probabilities: Scores, truth: NDArray[np.bool_]) -> NDArray[np.float32]:
    """For each label the probability from which saying it gives the best F1, drawn halfway to
    0.5 for labels with few texts, for a threshold fitted to ten texts means little."""
    found = np.full(truth.shape[1], 0.5, np.float32)
    for at in range(truth.shape[1]):
        positive = int(truth[:, at].sum())
        if not positive:
            continue
        order = np.argsort(-probabilities[:, at], kind="stable")
        right = np.cumsum(truth[order, at])
        f1 = 2 * right / (np.arange(1, len(order) + 1) + positive)
        best = int(f1.argmax())
        ranked = probabilities[order, at]
        after = ranked[best + 1] if best + 1 < len(ranked) else 0.0
        trust = positive / (positive + 20)
        found[at] = trust * (ranked[best] + after) / 2 + (1 - trust) * 0.5
    return np.clip(found, 0.02, 0.98)


def _loss(warm: Scores, truth: NDArray[np.intp], counts: Scores) -> float:
    top = warm.max(axis=1, keepdims=True)
    whole = np.log(np.exp(warm - top).sum(axis=1)) + top[:, 0]
    return float((counts * (whole - warm[np.arange(len(truth)), truth])).mean())


def _least(loss: Any) -> float:
    """The temperature of the least loss: golden section on its logarithm (the loss has one
    valley)."""
    low, high = np.log(LOWEST), np.log(HIGHEST)
    ratio = (5**0.5 - 1) / 2
    for _ in range(STEPS):
        left, right = high - ratio * (high - low), low + ratio * (high - low)
        if loss(np.exp(left)) < loss(np.exp(right)):
            high = right
        else:
            low = left
    return float(np.exp((low + high) / 2))
