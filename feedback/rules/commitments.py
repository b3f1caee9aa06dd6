"""What a commitment must say, pure."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from feedback.enums import CommitmentKind

LATEST = timedelta(days=2 * 366)
DAY_PASSED, DAY_TOO_FAR = "day_passed", "day_too_far"
NOTHING_SAID, NOTHING_DECIDED, NO_REASON = "nothing_said", "nothing_decided", "no_reason"
NOTHING_OFFERED, NOTHING_TO_SHOW = "nothing_offered", "nothing_to_show"


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody wants to commit us to."""

    kind: CommitmentKind
    staff_text: str
    customer_text: str = ""
    is_visible: bool = False
    due_on: date | None = None
    decision: str = ""
    amount: Decimal | None = None
    goods: str = ""


def what_is_missing(said: Said, *, today: date, known_day: date | None = None) -> str:
    """Why it cannot be made, as a code; "" when it can. `known_day`: the day that it has
    already, which may have passed."""
    day = None if said.due_on == known_day else said.due_on
    is_decision = said.kind == CommitmentKind.DECISION
    is_told = bool(said.customer_text.strip())
    faults = {
        NOTHING_SAID: not said.staff_text.strip(),
        DAY_PASSED: day is not None and day < today,
        DAY_TOO_FAR: day is not None and day > today + LATEST,
        NOTHING_DECIDED: is_decision and not said.decision,
        NO_REASON: is_decision and not is_told,
        NOTHING_OFFERED: said.kind == CommitmentKind.COMPENSATION and said.amount is None,
        NOTHING_TO_SHOW: said.is_visible and not is_told,
    }
    return next((code for code, is_so in faults.items() if is_so), "")


def within(limit: Decimal | None, amount: Decimal | None) -> bool:
    """Whether somebody whose limit this is (None = without limit) may grant the amount."""
    return amount is None or limit is None or amount <= limit
