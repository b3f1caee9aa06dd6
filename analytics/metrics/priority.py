"""Which problem or measure comes first: the usual ways to score, with the limits of their inputs.

Each function raises ValueError for inputs outside its scale; a score is a plain number, higher
comes first.
"""

from enum import StrEnum

TOP_SEVERITY = 9  # of 10: comes first whatever its product says
LEVELS = 5
# Intercom's steps of impact on one person: massive, high, medium, low, minimal.
IMPACTS = (3.0, 2.0, 1.0, 0.5, 0.25)
CONFIDENCES = (1.0, 0.8, 0.5)  # high, medium, low


class Zone(StrEnum):
    """Where a cell of the matrix of severity and reach lies."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    CRITICAL = "critical"


def rice(*, reach: float, impact: float, confidence: float, effort: float) -> float:
    """Reach · impact · confidence / effort (McBride 2016, Intercom).

    `reach`: people in a quarter; `impact`: one of IMPACTS; `confidence`: above 0, at most 1;
    `effort`: person-months, above 0.
    """
    if reach < 0:
        raise ValueError("Reach is zero or more people.")
    if impact not in IMPACTS:
        raise ValueError("Impact is one of 3, 2, 1, 0.5 and 0.25.")
    if not 0 < confidence <= 1:
        raise ValueError("Confidence lies above 0 and is at most 1.")
    if effort <= 0:
        raise ValueError("Effort is more than nothing.")
    return reach * impact * confidence / effort


def ice(*, impact: int, confidence: int, ease: int) -> int:
    """Impact · confidence · ease, each 1..10 (Ellis): 1..1,000."""
    _ensure_tens(impact, confidence, ease)
    return impact * confidence * ease


def risk_number(*, severity: int, occurrence: int, detection: int) -> int:
    """FMEA's risk priority number S · O · D, each 1..10, `detection` 10 being what nobody would
    notice: 1..1,000. See `comes_first`: the product alone hides what is rare and severe."""
    _ensure_tens(severity, occurrence, detection)
    return severity * occurrence * detection


def comes_first(severity: int) -> bool:
    """A severity of 9 or 10 is dealt with first, whatever the risk number says."""
    _ensure_tens(severity)
    return severity >= TOP_SEVERITY


def level_of_reach(people: int, everybody: int) -> int:
    """1..5 by the share of customers who met the problem: below 1 %, 5 %, 10 %, 25 %, above.

    1 where nobody did or there is nobody.
    """
    share = people / everybody if everybody else 0.0
    return 1 + sum(share >= border for border in (0.01, 0.05, 0.1, 0.25))


def zone(severity: int, reach: int) -> Zone:
    """The zone of a cell of the 5 by 5 matrix, by severity · reach: from 15 critical, from 8 high,
    from 4 medium; severity 5 is never below high."""
    if not (1 <= severity <= LEVELS and 1 <= reach <= LEVELS):
        raise ValueError("Severity and reach go from 1 to 5.")
    product = severity * reach
    if product >= 15:
        return Zone.CRITICAL
    if product >= 8 or severity == LEVELS:
        return Zone.HIGH
    return Zone.MEDIUM if product >= 4 else Zone.LOW


def _ensure_tens(*values: int) -> None:
    if not all(1 <= value <= 10 for value in values):
        raise ValueError("Each value goes from 1 to 10.")
