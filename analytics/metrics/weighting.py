"""Weights that make a sample look like the people it was drawn from."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

_MOST_ROUNDS = 200
_SETTLED = 1e-9


class CannotWeight(ValueError):
    """The sample has nobody of a group that the margins name, or the margins say nothing."""


@dataclass(frozen=True, slots=True)
class Weighting:
    """`weights` has one for each respondent, mean 1; `has_settled` is false when the margins
    contradict one another and were met only nearly."""

    weights: tuple[float, ...]
    has_settled: bool


def effective_n(weights: Sequence[float]) -> float:
    """Kish's effective number of answers (Σw)²/Σw² (Kish 1965): 1, 1, 2, 4 give 2.9091; 0
    without answers."""
    squares = math.fsum(weight * weight for weight in weights)
    return math.fsum(weights) ** 2 / squares if squares else 0.0


def design_effect(weights: Sequence[float]) -> float:
    """n / effective n: by how much weighting widens the variance; 1 without answers."""
    effective = effective_n(weights)
    return len(weights) / effective if effective else 1.0


def rake(
    people: Sequence[Mapping[str, str]],
    margins: Mapping[str, Mapping[str, float]],
    *,
    trim: float | None = None,
) -> Weighting:
    """Iterative proportional fitting (Deming & Stephan 1940) of `people`, {variable: group}, to
    `margins`, {variable: {group: share}}; shares may be counts. `trim` bounds the weights to
    1/trim..trim before they are brought to mean 1. Raises CannotWeight."""
    targets = {name: _shares(groups) for name, groups in margins.items()}
    for name, groups in targets.items():
        _ensure_everybody(people, name, groups)
    weights, has_settled = _fit(people, targets)
    if trim is not None:
        weights = [min(max(weight, 1 / trim), trim) for weight in weights]
    mean = math.fsum(weights) / len(weights)
    return Weighting(tuple(weight / mean for weight in weights), has_settled)


def _fit(
    people: Sequence[Mapping[str, str]], targets: Mapping[str, Mapping[str, float]]
) -> tuple[list[float], bool]:
    weights = [1.0] * len(people)
    for _round in range(_MOST_ROUNDS):
        furthest = 0.0
        for name, groups in targets.items():
            sums = dict.fromkeys(groups, 0.0)
            for person, weight in zip(people, weights, strict=True):
                sums[person[name]] += weight
            total = math.fsum(sums.values())
            factors = {group: share * total / sums[group] for group, share in groups.items()}
            furthest = max(furthest, *(abs(factor - 1) for factor in factors.values()))
            weights = [
                weight * factors[person[name]]
                for person, weight in zip(people, weights, strict=True)
            ]
        if furthest < _SETTLED:
            return weights, True
    return weights, False


def _shares(groups: Mapping[str, float]) -> dict[str, float]:
    total = math.fsum(groups.values())
    if total <= 0 or any(share <= 0 for share in groups.values()):
        raise CannotWeight("Every group of a margin needs a share above 0.")
    return {group: share / total for group, share in groups.items()}


def _ensure_everybody(
    people: Sequence[Mapping[str, str]], name: str, groups: Mapping[str, float]
) -> None:
    present = {person[name] for person in people}
    if present != set(groups):
        raise CannotWeight(
            f"“{name}”: the sample and the margin must have the same groups; "
            f"they differ in {', '.join(sorted(present ^ set(groups)))}."
        )
