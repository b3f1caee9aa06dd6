"""Net Promoter Score: those who would recommend us minus those who would not."""

from collections.abc import Mapping
from dataclasses import dataclass

from analytics.metrics.intervals import CONFIDENCE, Estimate, adjusted_wald
from analytics.metrics.ratings import counts_on_scale

LOWEST, HIGHEST = 0, 10
PASSIVE_FROM, PROMOTER_FROM = 7, 9


@dataclass(frozen=True, slots=True)
class Nps:
    """`score`: -100..100 with adjusted Wald interval, None without answers; the three groups are
    numbers of answers."""

    score: Estimate | None
    promoters: int
    passives: int
    detractors: int

    @property
    def n(self) -> int:
        """Valid answers."""
        return self.promoters + self.passives + self.detractors


def nps(counts: Mapping[int, int], *, confidence: float = CONFIDENCE) -> Nps:
    """NPS from {rating: answers} on the scale 0..10.

    Formula (Reichheld 2003): 100 · (promoters - detractors) / n with promoters 9-10, passives
    7-8, detractors 0-6. Raises ValueError for a rating outside 0..10.
    """
    steps = counts_on_scale(counts, LOWEST, HIGHEST)
    return nps_of_groups(
        promoters=sum(steps[PROMOTER_FROM:]),
        passives=sum(steps[PASSIVE_FROM:PROMOTER_FROM]),
        detractors=sum(steps[:PASSIVE_FROM]),
        confidence=confidence,
    )


def nps_of_groups(
    *, promoters: int, passives: int, detractors: int, confidence: float = CONFIDENCE
) -> Nps:
    """NPS (-100..100) when the three groups are counted already; interval by Rocks 2016
    (see intervals.adjusted_wald)."""
    if min(promoters, passives, detractors) < 0:
        raise ValueError("A group cannot have fewer than no answers.")
    net = adjusted_wald(
        promoters, detractors, promoters + passives + detractors, confidence=confidence
    )
    return Nps(net.scaled(100) if net else None, promoters, passives, detractors)
