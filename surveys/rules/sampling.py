"""How many answers a survey needs, and how sure the answers it has make us. Pure."""

import math
from dataclasses import dataclass
from statistics import NormalDist

CONFIDENCE = 0.95
WIDEST_SHARE = 0.5  # the share at which a sample says least: what to plan with


@dataclass(frozen=True, slots=True)
class SamplePlan:
    """`answers` that are needed, and `invitations` that bring them at the expected response
    rate; None where the population is too small to bring them. `margin` is what these answers
    give, a share (0..1)."""

    answers: int
    invitations: int | None
    margin: float


def margin_of_error(
    n: int,
    *,
    population: int | None = None,
    share: float = WIDEST_SHARE,
    confidence: float = CONFIDENCE,
    design_effect: float = 1,
) -> float:
    """Half the width of the interval of a share (0..1) from `n` answers.

    Formula: z·√(p(1-p)/n·deff)·√((N-n)/(N-1)) (Cochran 1977, Sampling Techniques, 2.9 and 3.2).
    Example: 1,000 answers give 0.03099, 400 of 2,000 people 0.04384. Raises ValueError without
    answers, or with more answers than people.
    """
    if n < 1 or (population is not None and n > population):
        raise ValueError("There must be answers, and no more than people.")
    error = _z(confidence) * math.sqrt(share * (1 - share) / n * design_effect)
    if population is None or population == 1:
        return 0.0 if population == 1 else error
    return error * math.sqrt((population - n) / (population - 1))


def sample_size(
    margin: float,
    *,
    population: int | None = None,
    share: float = WIDEST_SHARE,
    confidence: float = CONFIDENCE,
) -> int:
    """Fewest answers whose margin of error is not above `margin` (0..1).

    Formula: n₀ = z²p(1-p)/d², for a finite population n₀N/(n₀+N-1) (Cochran 1977, 4.3). Rounded
    up, so that the promise is kept. Raises ValueError for a margin that is none.
    """
    if not 0 < margin < 1:
        raise ValueError("A margin lies strictly between 0 and 1.")
    endless = _z(confidence) ** 2 * share * (1 - share) / margin**2
    if population is None:
        return _up(endless)
    return min(population, _up(endless * population / (endless + population - 1)))


def krejcie_morgan(population: int) -> int:
    """The printed table of Krejcie & Morgan 1970 (95 %, ± 5 points), which rounds to the nearest:
    s = χ²NP(1-P) / (d²(N-1) + χ²P(1-P)) with χ² = 3.841."""
    spread = 3.841 * WIDEST_SHARE**2
    return round(spread * population / (0.05**2 * (population - 1) + spread))


def plan_sample(
    margin: float,
    *,
    response_rate: float,
    population: int | None = None,
    confidence: float = CONFIDENCE,
) -> SamplePlan:
    """What to send for answers within `margin`, when `response_rate` (0..1) of those asked
    answer. Example: ± 4 points among 9,600 people need 565 answers, and 3,767 invitations at
    15 %."""
    answers = sample_size(margin, population=population, confidence=confidence)
    invitations = _up(answers / response_rate) if response_rate > 0 else None
    if invitations is not None and population is not None and invitations > population:
        invitations = None
    reached = margin_of_error(answers, population=population, confidence=confidence)
    return SamplePlan(answers, invitations, reached)


def _z(confidence: float) -> float:
    if not 0 < confidence < 1:
        raise ValueError("Confidence lies strictly between 0 and 1.")
    return NormalDist().inv_cdf((1 + confidence) / 2)


def _up(number: float) -> int:
    # 565.0000000001 is 565 and a rounding error, not 566.
    return math.ceil(number - 1e-9)
