"""Net Promoter Score: those who would recommend us minus those who would not."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from analytics.metrics.intervals import CONFIDENCE, Estimate, adjusted_wald, normal_quantile
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

    @property
    def variance(self) -> float:
        """Of one answer, each being 1, 0 or -1: p + d - (p - d)². ZeroDivisionError without
        answers."""
        promoters, detractors = self.promoters / self.n, self.detractors / self.n
        return promoters + detractors - (promoters - detractors) ** 2

    @property
    def standard_error(self) -> float:
        """In points: 100·√(variance / n). ZeroDivisionError without answers."""
        return 100 * math.sqrt(self.variance / self.n)

    def wald(self, confidence: float = CONFIDENCE) -> Estimate | None:
        """The plain interval that other tools print, score ± z·SE; for small or unanimous
        samples it is too short, so `score` has the adjusted one. None without answers."""
        if self.score is None:
            return None
        spread = normal_quantile(confidence) * self.standard_error
        value = self.score.value
        return Estimate(value, value - spread, value + spread, self.n).clipped(-100, 100)


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
