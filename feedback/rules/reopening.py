"""What a customer's message does to a record that was settled. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from feedback.enums import OnAnswer, State

USUAL_DAYS = 30


@dataclass(frozen=True, slots=True)
class Reopening:
    """The rule of a team; `days` counts from the moment at which it was resolved."""

    on_answer: OnAnswer = OnAnswer.WITHIN
    days: int = USUAL_DAYS
    keeps_assignee: bool = True


def begins_follow_up(
    state: State, resolved_at: datetime | None, rule: Reopening, now: datetime
) -> bool:
    """True: a record of its own begins. False: the message belongs to this one, which is opened
    again if it was resolved. What is closed for good is never opened by a message."""
    if state == State.CLOSED:
        return True
    if state != State.RESOLVED:
        return False
    match rule.on_answer:
        case OnAnswer.FOLLOW_UP:
            return True
        case OnAnswer.WITHIN:
            return resolved_at is not None and now > resolved_at + timedelta(days=rule.days)
    return False
