"""The four satisfactions: with everything, with what it does, with how it is served, with how it
feels."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from analytics.metrics.csat import Csat, csat
from analytics.metrics.intervals import CONFIDENCE


class Dimension(StrEnum):
    """What a satisfaction question asks about."""

    OVERALL = "overall"
    FUNCTIONAL = "functional"  # does the product do what is needed, easily
    SERVICE = "service"  # were the people quick, able and friendly
    EMOTIONAL = "emotional"  # do I like to be a customer of this company


@dataclass(frozen=True, slots=True)
class Satisfaction:
    """One CSAT per dimension; a dimension that nobody rated has n = 0 and no share."""

    overall: Csat
    functional: Csat
    service: Csat
    emotional: Csat

    def of(self, dimension: Dimension) -> Csat:
        """The CSAT of one dimension."""
        return {
            Dimension.OVERALL: self.overall,
            Dimension.FUNCTIONAL: self.functional,
            Dimension.SERVICE: self.service,
            Dimension.EMOTIONAL: self.emotional,
        }[dimension]


def satisfaction(
    ratings: Mapping[Dimension, Mapping[int, int]], *, confidence: float = CONFIDENCE
) -> Satisfaction:
    """The four satisfactions from {dimension: {rating 1..5: answers}}.

    Each is the top-2 share of its own question (see csat.csat). Overall is asked, never computed
    from the other three: an average of dimensions would weigh them by our taste and not by the
    customer's. Who skipped a dimension is missing from that dimension only.
    """
    scores = {
        dimension: csat(ratings.get(dimension, {}), confidence=confidence)
        for dimension in Dimension
    }
    return Satisfaction(
        overall=scores[Dimension.OVERALL],
        functional=scores[Dimension.FUNCTIONAL],
        service=scores[Dimension.SERVICE],
        emotional=scores[Dimension.EMOTIONAL],
    )
