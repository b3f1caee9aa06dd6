"""What metrics are made of: sums that add up over days and groups. Never a mean, never a share."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeVar

K = TypeVar("K")


class FactName(StrEnum):
    """A stream of things that each happened on a day (analytics.selectors.facts)."""

    RECEIVED = "received"
    ANSWERED = "answered"
    RESOLVED = "resolved"
    RATED = "rated"
    PROMISED = "promised"
    OVERALL = "overall"
    FUNCTIONAL = "functional"
    SERVICE = "service"
    EMOTIONAL = "emotional"
    NPS = "nps"
    CES = "ces"


@dataclass(frozen=True, slots=True)
class Sums:
    """`counts` by name, what is not named is 0; `cells` the durations (see metrics.spread); `at`
    the moment in seconds since 1970 at which something that stands is looked at."""

    counts: Mapping[str, int] = field(default_factory=dict)
    cells: Mapping[int, int] = field(default_factory=dict)
    at: float = 0.0

    def __getitem__(self, name: str) -> int:
        return self.counts.get(name, 0)

    def __add__(self, other: "Sums") -> "Sums":
        return Sums(
            _added(self.counts, other.counts, 1),
            _added(self.cells, other.cells, 1),
            max(self.at, other.at),
        )

    def __sub__(self, other: "Sums") -> "Sums":
        return Sums(
            _added(self.counts, other.counts, -1),
            _added(self.cells, other.cells, -1),
            max(self.at, other.at),
        )

    def steps(self, prefix: str, lowest: int, highest: int) -> dict[int, int]:
        """{rating: answers} of counts that are named `prefix` and the rating."""
        return {step: self[f"{prefix}{step}"] for step in range(lowest, highest + 1)}


def _added(one: Mapping[K, int], other: Mapping[K, int], sign: int) -> dict[K, int]:
    found = dict(one)
    for key, value in other.items():
        found[key] = found.get(key, 0) + sign * value
    return found
