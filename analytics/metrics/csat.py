"""CSAT: how many of those who answered are satisfied."""

from collections.abc import Mapping
from dataclasses import dataclass

from analytics.metrics.intervals import CONFIDENCE, Estimate, mean_of_counts, wilson
from analytics.metrics.ratings import counts_on_scale

LOWEST, HIGHEST = 1, 5
SATISFIED_FROM = 4


@dataclass(frozen=True, slots=True)
class Csat:
    """`share`: satisfied answers (0..1, Wilson); `mean`: mean rating (1..5, t
    interval clipped to the scale);
    `counts`: answers for the ratings 1 to 5. Both estimates are None without answers."""

    share: Estimate | None
    mean: Estimate | None
    counts: tuple[int, ...]

    @property
    def n(self) -> int:
        """Valid answers; skipped questions are in none of the counts."""
        return sum(self.counts)

    @property
    def satisfied(self) -> int:
        """Answers of 4 or 5."""
        return sum(self.counts[SATISFIED_FROM - LOWEST :])

    @property
    def is_small(self) -> bool:
        """Fewer than 30 answers: show the share as an indication, with its interval."""
        return self.share is None or self.share.is_small


def csat(counts: Mapping[int, int], *, confidence: float = CONFIDENCE) -> Csat:
    """CSAT from {rating: answers} on the scale 1..5.

    Formula: top-2 box, (answers of 4 and 5) / (all valid answers), as a share 0..1 with the
    Wilson interval (see intervals.wilson). Merge periods or groups by adding their counts, never
    by averaging their shares. Raises ValueError for a rating outside 1..5.
    """
    steps = counts_on_scale(counts, LOWEST, HIGHEST)
    satisfied = sum(steps[SATISFIED_FROM - LOWEST :])
    average = mean_of_counts(counts, confidence=confidence)
    return Csat(
        share=wilson(satisfied, sum(steps), confidence=confidence),
        mean=average.clipped(LOWEST, HIGHEST) if average else None,
        counts=steps,
    )
