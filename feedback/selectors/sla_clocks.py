"""The clocks of one record as people and programs see them."""

from dataclasses import dataclass
from datetime import datetime

from feedback.enums import Metric
from feedback.models import Feedback, SLAClock


@dataclass(frozen=True, slots=True)
class ClockLine:
    """`state`: running, warned, breached, paused, met, late or stopped."""

    clock: SLAClock
    state: str
    label: str


def clock_lines(feedback: Feedback, now: datetime) -> list[ClockLine]:
    """The newest clock of each kind: first what is due first, then what stands still, then what
    has ended. One query."""
    newest: dict[str, SLAClock] = {}
    for clock in feedback.clocks.select_related("policy").order_by("started_at", "pk"):
        newest[clock.metric] = clock
    lines = [
        ClockLine(clock, clock.state_at(now), str(Metric(clock.metric).label))
        for clock in newest.values()
    ]
    return sorted(lines, key=_urgency)


def _urgency(line: ClockLine) -> tuple[int, float]:
    due = line.clock.due_at
    when = due.timestamp() if due is not None else 0.0
    return (0 if line.clock.is_live and due else 1 if line.clock.is_live else 2, when)
