"""From where to where a measure may go, who may take it there, and what has to be so first."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from analytics.enums import MeasureStatus, ProblemStatus

S = MeasureStatus
# Every other step is refused.
_STEPS: dict[MeasureStatus, tuple[MeasureStatus, ...]] = {
    S.PROPOSED: (S.APPROVED, S.REJECTED),
    S.APPROVED: (S.DOING, S.PROPOSED, S.REJECTED),
    S.DOING: (S.DONE, S.APPROVED, S.REJECTED),
    S.DONE: (S.VERIFIED, S.DOING),
    S.VERIFIED: (S.DONE,),
    S.REJECTED: (S.PROPOSED,),
}
# Whoever may only carry out measures may do these; the rest is for those who may approve.
_CARRYING_OUT = {
    (S.APPROVED, S.DOING),
    (S.DOING, S.DONE),
    (S.DONE, S.DOING),
    (S.DOING, S.APPROVED),
}
UNDER_WAY = (S.APPROVED, S.DOING)
CARRIED_OUT = (S.DONE, S.VERIFIED)
OPEN_MEASURES = (S.PROPOSED, *UNDER_WAY)

OPEN_PROBLEMS = (
    ProblemStatus.OPEN,
    ProblemStatus.ANALYSING,
    ProblemStatus.ACTING,
    ProblemStatus.WATCHING,
)

DUE_SOON = timedelta(days=3)
AGAIN = timedelta(days=7)


class Missing(StrEnum):
    """Why a measure cannot go there yet."""

    NO_SUCH_STEP = "no_such_step"
    NOT_YOURS = "not_yours"
    NO_OWNER = "no_owner"
    NO_DUE_DAY = "no_due_day"
    STEPS_LEFT = "steps_left"
    NO_REASON = "no_reason"
    NO_EFFECT = "no_effect"


@dataclass(frozen=True, slots=True)
class Who:
    """What whoever moves a measure may do: `changes` measures of others, `approves` them, is its
    `owner`."""

    changes: bool = False
    approves: bool = False
    is_owner: bool = False


@dataclass(frozen=True, slots=True)
class Facts:
    """What the rules ask of a measure. `reason`: whether somebody says why; `has_effect`: it was
    measured and is better."""

    has_owner: bool = False
    has_due_day: bool = False
    steps_left: int = 0
    reason: bool = False
    has_effect: bool = False


def steps_from(status: MeasureStatus, who: Who) -> tuple[MeasureStatus, ...]:
    """Where this person may take a measure from here, the usual step first."""
    return tuple(to for to in _STEPS[status] if _may(status, to, who))


def _may(status: MeasureStatus, to: MeasureStatus, who: Who) -> bool:
    if who.approves:
        return True
    return (status, to) in _CARRYING_OUT and (who.changes or who.is_owner)


def missing_for(
    status: MeasureStatus, to: MeasureStatus, who: Who, facts: Facts
) -> Missing | None:
    """What stands in the way of this step; None when nothing does.

    Approved is what somebody owns and has a day; carried out, what has no step left; verified,
    what was measured, or else what somebody says; rejected, with a reason. So is what goes back
    from verified.
    """
    faults = {
        Missing.NO_SUCH_STEP: to not in _STEPS[status],
        Missing.NOT_YOURS: not _may(status, to, who),
        Missing.NO_OWNER: to == S.APPROVED and not facts.has_owner,
        Missing.NO_DUE_DAY: to == S.APPROVED and not facts.has_due_day,
        Missing.STEPS_LEFT: (status, to) == (S.DOING, S.DONE) and facts.steps_left > 0,
        Missing.NO_EFFECT: to == S.VERIFIED and not (facts.has_effect or facts.reason),
        Missing.NO_REASON: (to == S.REJECTED or status == S.VERIFIED) and not facts.reason,
    }
    return next((missing for missing, is_so in faults.items() if is_so), None)


def reminds_today(due: date | None, reminded: date | None, today: date) -> bool:
    """Whether the owner of a measure under way is reminded: once within DUE_SOON before its day,
    once when it is over, and then every week. `reminded`: the day of the last time."""
    if due is None or today < due - DUE_SOON:
        return False
    if reminded is None or reminded < due - DUE_SOON:
        return True
    if today <= due:
        return False
    return reminded <= due or today >= reminded + AGAIN
