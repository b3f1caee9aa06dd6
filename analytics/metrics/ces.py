"""Customer Effort Score 2.0: "the company made it easy for me to handle my issue", 1 to 7."""

from collections.abc import Mapping
from dataclasses import dataclass

from analytics.metrics.intervals import (
    CONFIDENCE,
    Estimate,
    adjusted_wald,
    mean_of_counts,
    wilson,
)
from analytics.metrics.ratings import counts_on_scale

LOWEST, HIGHEST = 1, 7
EASY_FROM = 5


@dataclass(frozen=True, slots=True)
class Ces:
    """`mean`: 1..7, 7 is the least effort (t interval); `easy`: share 0..1 of answers from 5 to 7
    (Wilson); `index`: percent of 6 and 7 minus percent of 1 to 3, -100..100 (adjusted Wald);
    `counts`: answers for the ratings 1 to 7. The three are None without answers."""

    mean: Estimate | None
    easy: Estimate | None
    index: Estimate | None
    counts: tuple[int, ...]

    @property
    def n(self) -> int:
        """Valid answers."""
        return sum(self.counts)


def ces(counts: Mapping[int, int], *, confidence: float = CONFIDENCE) -> Ces:
    """CES 2.0 from {rating: answers} on the agreement scale 1..7.

    Formula: arithmetic mean of the ratings with Student's t interval; beside it the share of
    5-7 ("made it easy") and the index of the two ends. They are different figures: a page says
    which one it shows. The bounds of the mean are clipped to the scale. Raises ValueError for a
    rating outside 1..7.
    """
    steps = counts_on_scale(counts, LOWEST, HIGHEST)
    ends = adjusted_wald(sum(steps[5:]), sum(steps[:3]), sum(steps), confidence=confidence)
    average = mean_of_counts(counts, confidence=confidence)
    return Ces(
        mean=average.clipped(LOWEST, HIGHEST) if average else None,
        easy=wilson(sum(steps[EASY_FROM - LOWEST :]), sum(steps), confidence=confidence),
        index=ends.scaled(100) if ends else None,
        counts=steps,
    )
