"""Whether what comes in is still like what a model was taught with."""

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from config.kernel.text.scoring import Scores

SMALLEST_SHARE = 0.001  # stands for no text at all, whose logarithm is not to be had
PSI_SOME, PSI_MUCH = 0.1, 0.25
UNKNOWN_MUCH = 0.1  # by which the share of unknown grams may rise
CONFIDENCE_MUCH = 0.05  # by which the mean confidence may fall
FEWEST = 100  # texts below which nothing is said


@dataclass(frozen=True, slots=True)
class Profile:
    """What a model says of many texts: their number, the mean share of grams that it does not
    know, its mean confidence, and the share of texts of each label; all 0..1."""

    n: int
    unknown: float
    confidence: float
    shares: dict[str, float]

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
    )


def stability_index(then: dict[str, float], now: dict[str, float]) -> float:
    """PSI = Σ (now - then) · ln(now / then) over labels; a share of nothing counts as 0.1
    percent."""
    total = 0.0
    for label in {*then, *now}:
        before = max(then.get(label, 0.0), SMALLEST_SHARE)
        after = max(now.get(label, 0.0), SMALLEST_SHARE)
        total += (after - before) * float(np.log(after / before))
    return total


def drift(then: Profile, now: Profile) -> Drift:
    """What has changed since. Nothing is a sign while either has fewer than 100 texts."""
    psi = stability_index(then.shares, now.shares)
    if min(then.n, now.n) < FEWEST:
        return Drift(then, now, psi, ())
    gone = {
        "unknown": now.unknown - then.unknown > UNKNOWN_MUCH,
        "confidence": then.confidence - now.confidence > CONFIDENCE_MUCH,
        "shares": psi > PSI_MUCH,
    }
    return Drift(then, now, psi, tuple(name for name, far in gone.items() if far))
