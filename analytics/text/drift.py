"""Whether what comes in is still like what a model was taught with."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from math import sqrt
from statistics import NormalDist
from typing import Any

import numpy as np

from config.kernel.text.scoring import Scores

SMALLEST_SHARE = 0.001  # stands for no text at all, whose logarithm is not to be had
PSI_MUCH = 0.25
UNKNOWN_MUCH = 0.1  # by which the share of unknown grams may rise
CONFIDENCE_MUCH = 0.05  # by which the mean confidence may fall
FEWEST = 100  # texts below which nothing is said
FEWEST_OF_A_LABEL = 5  # texts that a label should have; rarer ones are counted together
CHANCE = 0.001  # that a difference as large comes about by itself; what is likelier is no sign
OTHERS = ""  # the labels that are counted together


@dataclass(frozen=True, slots=True)
class Profile:
    """What a model says of many texts: their number, the mean share of grams that it does not
    know, its mean confidence, and the share of texts of each label; all 0..1. `unknown_spread`,
    `confidence_spread`: the standard deviations of the two among texts."""

    n: int
    unknown: float
    confidence: float
    shares: dict[str, float]
    unknown_spread: float = 0.0
    confidence_spread: float = 0.0

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> "Profile":
        return cls(**kept)


@dataclass(frozen=True, slots=True)
class Drift:
    """How far `now` is from `then`. `psi`: population stability index of the label shares, below
    0.1 nothing, above 0.25 much. `signs`: names of what has gone too far ("unknown",
    "confidence", "shares"); any of them is a reason to learn anew."""

    then: Profile
    now: Profile
    psi: float
    signs: tuple[str, ...]


def profile(scores: Scores) -> Profile:
    """Of texts that were read by one model alone (its share of unknown grams counts what is cut
    for all models that read together). ZeroDivisionError never: no texts are zeros."""
    number = len(scores.known)
    if not number:
        return Profile(0, 0.0, 0.0, dict.fromkeys(scores.model.labels, 0.0))
    counts = np.bincount(scores.best, minlength=len(scores.model.labels))
    return Profile(
        n=number,
        unknown=float(1 - scores.known.mean()),
        confidence=float(scores.confidence.mean()),
        shares={
            label: float(count / number)
            for label, count in zip(scores.model.labels, counts, strict=True)
        },
        unknown_spread=float(scores.known.std()),
        confidence_spread=float(scores.confidence.std()),
    )


def together(profiles: Iterable[Profile]) -> Profile:
    """Of all texts of several profiles by the same model."""
    parts = [one for one in profiles if one.n]
    number = sum(one.n for one in parts)
    if not number:
        return Profile(0, 0.0, 0.0, {})

    def mean(values: Iterable[float]) -> float:
        weighed = zip(parts, values, strict=True)
        return sum(one.n * value for one, value in weighed) / number

    unknown = mean(one.unknown for one in parts)
    confidence = mean(one.confidence for one in parts)
    labels = {label for one in parts for label in one.shares}
    return Profile(
        n=number,
        unknown=unknown,
        confidence=confidence,
        shares={label: mean(one.shares.get(label, 0.0) for one in parts) for label in labels},
        unknown_spread=sqrt(
            mean(one.unknown_spread**2 + (one.unknown - unknown) ** 2 for one in parts)
        ),
        confidence_spread=sqrt(
            mean(one.confidence_spread**2 + (one.confidence - confidence) ** 2 for one in parts)
        ),
    )


def stability_index(then: Mapping[str, float], now: Mapping[str, float]) -> float:
    """PSI = Σ (now - then) · ln(now / then) over labels; a share of nothing counts as 0.1
    percent."""
    total = 0.0
    for label in {*then, *now}:
        before = max(then.get(label, 0.0), SMALLEST_SHARE)
        after = max(now.get(label, 0.0), SMALLEST_SHARE)
        total += (after - before) * float(np.log(after / before))
    return total


def drift(then: Profile, now: Profile) -> Drift:
    """What has changed since. Nothing is a sign while either has fewer than 100 texts, and
    nothing that one in a thousand comparisons of the same texts would show as well: of few texts
    and many labels the index is large by chance alone."""
    if not min(then.n, now.n):
        return Drift(then, now, 0.0, ())
    before, after = _without_rare(then, now)
    psi = stability_index(before, after)
    if min(then.n, now.n) < FEWEST:
        return Drift(then, now, psi, ())
    rose = now.unknown - then.unknown
    fell = then.confidence - now.confidence
    gone = {
        "unknown": rose
        > max(UNKNOWN_MUCH, _by_chance(then, now, then.unknown_spread, now.unknown_spread)),
        "confidence": fell
        > max(
            CONFIDENCE_MUCH, _by_chance(then, now, then.confidence_spread, now.confidence_spread)
        ),
        "shares": psi > PSI_MUCH and _are_others(then.n, now.n, before, after),
    }
    return Drift(then, now, psi, tuple(name for name, far in gone.items() if far))


def _without_rare(then: Profile, now: Profile) -> tuple[dict[str, float], dict[str, float]]:
    """Labels that would have fewer than five texts in either, were nothing changed, are counted
    together: single texts of theirs would say much."""
    whole, fewest = then.n + now.n, min(then.n, now.n)
    found: tuple[dict[str, float], dict[str, float]] = ({}, {})
    for label in sorted({*then.shares, *now.shares}):
        a, b = then.shares.get(label, 0.0), now.shares.get(label, 0.0)
        common = fewest * (then.n * a + now.n * b) / whole >= FEWEST_OF_A_LABEL
        name = label if common else OTHERS
        for shares, share in zip(found, (a, b), strict=True):
            shares[name] = shares.get(name, 0.0) + share
    return found


def _by_chance(then: Profile, now: Profile, before: float, after: float) -> float:
    """The difference of two means that is hardly ever reached by chance (normal, one side)."""
    return NormalDist().inv_cdf(1 - CHANCE) * sqrt(before**2 / then.n + after**2 / now.n)


def _are_others(n: int, m: int, before: Mapping[str, float], after: Mapping[str, float]) -> bool:
    """Pearson's chi-squared test of two samples, Σ (n·m / (n + m)) · (a - b)² / p over labels,
    against the quantile by Wilson and Hilferty's cube. The index itself would not do: of rare
    labels its logarithms are large by chance."""
    whole, free = n + m, max(len(before) - 1, 1)
    found = 0.0
    for label, share in before.items():
        pooled = (n * share + m * after[label]) / whole
        if pooled:
            found += n * m / whole * (share - after[label]) ** 2 / pooled
    part = 2 / (9 * free)
    cube = (1 - part + NormalDist().inv_cdf(1 - CHANCE) * sqrt(part)) ** 3
    return bool(found > free * cube)
