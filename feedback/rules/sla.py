"""Which clocks a record has, and when each is due: the whole calculation, pure.

The clocks are worked out from the facts of the record each time anew instead of being advanced
step by step, so that it does not matter in which order things happened, whether two of them
happened in one save, or whether a calendar was changed meanwhile.

- First answer: from the receipt to our first answer. It ends unmet when the matter is settled
  without one; what the customer writes later is a new wait.
- Next answer: from the oldest message that nobody answered. A second message changes nothing.
- Progress report: from our last message (before that, from the first answer on) to the next;
  as long as the record is open.
- Solution: from the receipt until it is solved. A reopened record goes on where it stopped.

Time in which the record had a status that stops the clock, or was settled, does not count.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from feedback.enums import Metric
from feedback.rules.business_time import Calendar, Pause, due_at, elapsed


@dataclass(frozen=True, slots=True)
class Target:
    """`seconds` of working time, or of any time; a warning once `warn_at_pct` of it is used."""

    metric: Metric
    seconds: int
    business_time: bool = False
    warn_at_pct: int = 75


@dataclass(frozen=True, slots=True)
class Step:
    """From `at` on the record had a status that stops the clock (or not), was settled (or not)."""

    at: datetime
    paused: bool
    done: bool


@dataclass(frozen=True, slots=True)
class Facts:
    received_at: datetime
    is_open: bool
    first_response_at: datetime | None = None
    waiting_since: datetime | None = None
    last_staff_message_at: datetime | None = None
    resolved_at: datetime | None = None
    steps: Sequence[Step] = ()  # oldest first; the last one is how things stand


@dataclass(frozen=True, slots=True)
class Reading:
    """One clock as it should be. Live: neither met nor stopped; paused: live without due_at."""

    metric: Metric
    started_at: datetime
    target: Target
    due_at: datetime | None = None
    warn_at: datetime | None = None
    paused_at: datetime | None = None
    met_at: datetime | None = None
    stopped_at: datetime | None = None
    elapsed_seconds: int = 0

    @property
    def is_live(self) -> bool:
        return self.met_at is None and self.stopped_at is None


def pauses_of(steps: Sequence[Step]) -> tuple[list[Pause], datetime | None]:
    """The intervals in which time did not count, and since when it does not count now."""
    closed: list[Pause] = []
    since: datetime | None = None
    for step in steps:
        if step.paused and since is None:
            since = step.at
        elif not step.paused and since is not None:
            closed.append((since, step.at))
            since = None
    return closed, since


def read_clocks(
    facts: Facts, targets: Mapping[Metric, Target], calendar: Calendar
) -> list[Reading]:
    """The clocks that a record has by these facts; one at most for each metric. Raises
    NoWorkingTime when a target cannot be reached in that calendar."""
    closed, since = pauses_of(facts.steps)
    first_done = next((step.at for step in facts.steps if step.done), None)
    found = []
    for metric, start, met, stopped in _spans(facts, first_done):
        target = targets.get(metric)
        if target is None:
            continue
        by = calendar if target.business_time else None
        found.append(
            _reading(target, by, start, closed=closed, since=since, met=met, stopped=stopped)
        )
    return found


_Span = tuple[Metric, datetime, datetime | None, datetime | None]


def _spans(facts: Facts, first_done: datetime | None) -> list[_Span]:
    """(metric, from, met, stopped) for every clock that the facts ask for."""
    spans: list[_Span] = []
    answered, unanswered = facts.first_response_at, facts.first_response_at is None
    stopped = first_done if unanswered else None
    if unanswered and not facts.is_open and stopped is None:
        stopped = facts.steps[-1].at if facts.steps else facts.received_at
    spans.append((Metric.FIRST_RESPONSE, facts.received_at, answered, stopped))
    is_first_wait = unanswered and stopped is None
    if facts.is_open and facts.waiting_since is not None and not is_first_wait:
        spans.append((Metric.NEXT_RESPONSE, facts.waiting_since, None, None))
    last = facts.last_staff_message_at
    if facts.is_open and last is not None and not unanswered:
        spans.append((Metric.PROGRESS_UPDATE, last, None, None))
    ended = None
    if not facts.is_open and facts.resolved_at is None:  # spam, merged
        ended = facts.steps[-1].at if facts.steps else facts.received_at
    spans.append((Metric.RESOLUTION, facts.received_at, facts.resolved_at, ended))
    return spans


def _reading(
    target: Target,
    calendar: Calendar | None,
    start: datetime,
    *,
    closed: Sequence[Pause],
    since: datetime | None,
    met: datetime | None,
    stopped: datetime | None,
) -> Reading:
    end = met or stopped
    if end is None and since is not None:
        since = max(since, start)
        used = elapsed(calendar, start, since, closed)
        return Reading(target.metric, start, target, paused_at=since, elapsed_seconds=used)
    # Of a clock that has ended only the pauses before its end count, the last one up to it.
    pauses = [one for one in closed if end is None or one[0] < end]
    if since is not None and end is not None and since < end:
        pauses.append((since, end))
    return Reading(
        target.metric,
        start,
        target,
        due_at=due_at(calendar, start, target.seconds, pauses),
        warn_at=due_at(calendar, start, warn_after(target), pauses),
        met_at=met,
        stopped_at=None if met else stopped,
        elapsed_seconds=0 if end is None else elapsed(calendar, start, end, pauses),
    )


def warn_after(target: Target) -> int:
    """Seconds; never 0, so that the warning lies inside of the time that is promised."""
    return max(1, target.seconds * target.warn_at_pct // 100)


def elapsed_until(
    target: Target, calendar: Calendar, start: datetime, end: datetime, steps: Sequence[Step]
) -> int:
    """What a clock that ends at `end` has measured."""
    closed, since = pauses_of(steps)
    pauses = closed if since is None else [*closed, (since, max(since, end))]
    return elapsed(calendar if target.business_time else None, start, end, pauses)
