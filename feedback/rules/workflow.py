"""Which state may follow which. Pure."""

from feedback.enums import State
from feedback.errors import StepNotAllowed

_WORKING = frozenset({State.OPEN, State.WAITING_CUSTOMER, State.WAITING_THIRD})

NEXT_STATES: dict[State, frozenset[State]] = {
    State.NEW: _WORKING | {State.RESOLVED, State.CLOSED, State.SPAM, State.MERGED},
    State.OPEN: _WORKING | {State.RESOLVED, State.CLOSED, State.SPAM, State.MERGED},
    State.WAITING_CUSTOMER: _WORKING | {State.RESOLVED, State.CLOSED, State.SPAM, State.MERGED},
    State.WAITING_THIRD: _WORKING | {State.RESOLVED, State.CLOSED, State.SPAM, State.MERGED},
    # Once answered, a record is never new again.
    State.RESOLVED: _WORKING | {State.RESOLVED, State.CLOSED, State.SPAM},
    # Closed is for good: what comes later begins a follow-up record.
    State.CLOSED: frozenset({State.CLOSED}),
    State.MERGED: frozenset({State.OPEN}),
    State.SPAM: frozenset({State.OPEN, State.SPAM}),
}


def can_step(current: State, wanted: State, *, for_good: bool = True) -> bool:
    """With `for_good` off, what is closed may be opened again: few people may do that."""
    if not for_good and current == State.CLOSED and wanted == State.OPEN:
        return True
    return wanted in NEXT_STATES[current]


def ensure_step(current: State, wanted: State, *, for_good: bool = True) -> None:
    """Raises StepNotAllowed."""
    if not can_step(current, wanted, for_good=for_good):
        raise StepNotAllowed(str(current.label), str(wanted.label))
