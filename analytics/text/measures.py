"""How right a model is and how well it knows it: figures from probabilities and true labels.

All take probabilities (texts × labels) and the place of the true label of each text, and give
plain numbers that JSON knows. Shares are 0..1.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

BINS = 10
ACCURACIES = (0.90, 0.95, 0.98)
SHOWN_PAIRS = 10
STEPS = 20  # of the curve

Probabilities = NDArray[np.floating[Any]]
Places = NDArray[np.intp]


def accuracy(probabilities: Probabilities, truth: Places) -> float:
    """Share of texts whose likeliest label is the true one. 0 without texts."""
    return float((probabilities.argmax(axis=1) == truth).mean()) if len(truth) else 0.0


def confusion(probabilities: Probabilities, truth: Places) -> NDArray[np.intp]:
    """Numbers of texts: true label (row) × likeliest label (column)."""
    labels = probabilities.shape[1]
    both = truth * labels + probabilities.argmax(axis=1)
    return np.bincount(both, minlength=labels * labels).reshape(labels, labels)


def per_label(table: NDArray[np.intp], labels: Sequence[str]) -> dict[str, dict[str, float]]:
    """Of each label: `n` texts, `recall` (of those that are, how many were found), `precision`
    (of those found, how many are) and `f1` = 2·p·r / (p + r); 0 where nothing can be divided."""
    right = table.diagonal()
    found: dict[str, dict[str, float]] = {}
    for at, label in enumerate(labels):
        n, said = int(table[at].sum()), int(table[:, at].sum())
        recall, precision = right[at] / n if n else 0.0, right[at] / said if said else 0.0
        both = precision + recall
        found[label] = {
            "n": n,
            "recall": float(recall),
            "precision": float(precision),
            "f1": float(2 * precision * recall / both) if both else 0.0,
        }
    return found


def macro_f1(table: NDArray[np.intp]) -> float:
    """Mean F1 of the labels that occur or were said: rare labels count as much as common ones."""
    names = [str(at) for at in range(len(table))]
    rows = per_label(table, names)
    seen = [
        rows[name]["f1"] for at, name in enumerate(names) if table[at].any() or table[:, at].any()
    ]
    return float(np.mean(seen)) if seen else 0.0


def confused(table: NDArray[np.intp], labels: Sequence[str]) -> list[dict[str, Any]]:
    """The pairs of labels that are taken for each other most: `true`, `said`, `n` texts."""
    wrong = table.copy()
    np.fill_diagonal(wrong, 0)
    order = np.argsort(-wrong, axis=None, kind="stable")[:SHOWN_PAIRS]
    pairs = [divmod(int(at), len(labels)) for at in order]
    return [
        {"true": labels[row], "said": labels[column], "n": int(wrong[row, column])}
        for row, column in pairs
        if wrong[row, column]
    ]


def reliability(probabilities: Probabilities, truth: Places) -> list[dict[str, float]]:
    """The reliability diagram: for each tenth of confidence in which texts are, their number `n`,
    their mean `confidence` and their `accuracy`."""
    confidence = probabilities.max(axis=1)
    right = probabilities.argmax(axis=1) == truth
    bins = np.minimum((confidence * BINS).astype(int), BINS - 1)
    return [
        {
            "n": int((bins == one).sum()),
            "confidence": float(confidence[bins == one].mean()),
            "accuracy": float(right[bins == one].mean()),
        }
        for one in range(BINS)
        if (bins == one).any()
    ]


def calibration_error(probabilities: Probabilities, truth: Places) -> float:
    """Expected calibration error over ten bins (Naeini et al. 2015): Σ n/N · |accuracy -
    confidence|; 0.04 means that “80 % sure” is right in 76 to 84 percent."""
    bins = reliability(probabilities, truth)
    n = sum(one["n"] for one in bins) or 1
    return sum(one["n"] * abs(one["accuracy"] - one["confidence"]) for one in bins) / n


def coverage(
    probabilities: Probabilities, truth: Places, wanted: Sequence[float] = ACCURACIES
) -> dict[str, dict[str, float | None]]:
    """What share of texts can be labelled without a look, when so many of them shall be right,
    by percent ("95"): `coverage` and the least confidence, `threshold` (None where no threshold
    does)."""
    confidence = probabilities.max(axis=1)
    order = np.argsort(-confidence, kind="stable")
    right = (probabilities.argmax(axis=1) == truth)[order]
    running = np.cumsum(right) / np.arange(1, len(order) + 1) if len(order) else np.zeros(0)
    found: dict[str, dict[str, float | None]] = {}
    for share in wanted:
        reached = np.flatnonzero(running >= share)
        name = f"{share * 100:g}"
        if not len(reached):
            found[name] = {"coverage": 0.0, "threshold": None}
            continue
        last = int(reached[-1])
        found[name] = {
            "coverage": (last + 1) / len(order),
            "threshold": float(confidence[order[last]]),
        }
    return found


def curve(probabilities: Probabilities, truth: Places) -> list[dict[str, float]]:
    """What is gained and lost by every twentieth of texts that goes without a look, the surest
    first: `coverage`, the `threshold` of confidence that gives it, and the `accuracy` of what is
    above it."""
    confidence = probabilities.max(axis=1)
    order = np.argsort(-confidence, kind="stable")
    right = (probabilities.argmax(axis=1) == truth)[order]
    ends = sorted({round(len(order) * step / STEPS) for step in range(1, STEPS + 1)} - {0})
    return [
        {
            "coverage": end / len(order),
            "threshold": float(confidence[order[end - 1]]),
            "accuracy": float(right[:end].mean()),
        }
        for end in ends
    ]


def threshold_for(steps: Sequence[Mapping[str, float]], wanted: float) -> float | None:
    """The least confidence above which so many are right, by the steps of `curve`, between two
    steps in proportion; None where not even the surest are."""
    reached = [at for at, step in enumerate(steps) if step["accuracy"] >= wanted]
    if not reached:
        return None
    last = steps[reached[-1]]
    if reached[-1] + 1 == len(steps):
        return last["threshold"]
    after = steps[reached[-1] + 1]
    part = (last["accuracy"] - wanted) / ((last["accuracy"] - after["accuracy"]) or 1)
    return last["threshold"] - part * (last["threshold"] - after["threshold"])


def figures(probabilities: Probabilities, truth: Places, labels: Sequence[str]) -> dict[str, Any]:
    """All of the above in one dictionary."""
    table = confusion(probabilities, truth)
    return {
        "n": len(truth),
        "accuracy": accuracy(probabilities, truth),
        "macro_f1": macro_f1(table),
        "per_label": per_label(table, labels),
        "confused": confused(table, labels),
        "ece": calibration_error(probabilities, truth),
        "reliability": reliability(probabilities, truth),
        "coverage": coverage(probabilities, truth),
        "curve": curve(probabilities, truth),
    }


def of_drawn(
    probabilities: Probabilities, truth: Places, whole: Mapping[str, Any]
) -> dict[str, Any]:
    """Of texts that were drawn at random from everything, where the others came since they were
    doubtful: `n`, the `accuracy`, and, with each threshold of `whole` (figures of all, by percent
    asked for), the `coverage`, which is the share that would be decided alone, and the `accuracy`
    of those (None without any)."""
    confidence = probabilities.max(axis=1)
    right = probabilities.argmax(axis=1) == truth
    alone: dict[str, dict[str, float | None]] = {}
    for name, row in whole["coverage"].items():
        if row["threshold"] is not None:
            sure = confidence >= row["threshold"]
            share = float(right[sure].mean()) if sure.any() else None
            alone[name] = {"coverage": float(sure.mean()), "accuracy": share}
    return {"n": len(truth), "accuracy": accuracy(probabilities, truth), "alone": alone}


def figures_of_several(
    probabilities: Probabilities,
    truth: NDArray[np.bool_],
    thresholds: NDArray[np.floating[Any]],
    labels: Sequence[str],
) -> dict[str, Any]:
    """Where a text may have several labels: `micro_f1` over all decisions, `macro_f1` over
    labels, `accuracy` = share of texts with exactly the true labels, figures of each label."""
    said = probabilities >= thresholds
    both = (said & truth).sum(axis=0)
    rows: dict[str, dict[str, float]] = {}
    for at, label in enumerate(labels):
        n, times = int(truth[:, at].sum()), int(said[:, at].sum())
        rows[label] = {
            "n": n,
            "recall": float(both[at] / n) if n else 0.0,
            "precision": float(both[at] / times) if times else 0.0,
            "f1": float(2 * both[at] / (n + times)) if n + times else 0.0,
        }
    whole = int(truth.sum()) + int(said.sum())
    seen = [row["f1"] for row in rows.values() if row["n"]]
    return {
        "n": len(truth),
        "accuracy": float((said == truth).all(axis=1).mean()) if len(truth) else 0.0,
        "micro_f1": float(2 * both.sum() / whole) if whole else 0.0,
        "macro_f1": float(np.mean(seen)) if seen else 0.0,
        "per_label": rows,
        "ece": _error_of_decisions(probabilities, truth),
    }


def _error_of_decisions(probabilities: Probabilities, truth: NDArray[np.bool_]) -> float:
    """The calibration error of every single yes or no."""
    of_yes = probabilities.reshape(-1, 1)
    both = np.concatenate([1 - of_yes, of_yes], axis=1)
    return calibration_error(both, truth.reshape(-1).astype(np.intp))
