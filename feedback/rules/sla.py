"""Which clocks a record has, and when each is due: the whole calculation, pure.

The clocks are worked out from the facts of the record each time anew instead of being advanced
step by step, so that it does not matter in which order things happened, whether two of them
happened in one save, or whether a calendar was changed meanwhile.

- First answer: from the receipt to our first answer. It ends unmet when the matter is settled
  without one; what the customer writes later is a new wait.
- Next answer: from the oldest message that nobody answered. A second message changes nothing.
- Progress report: from our last message (before that, from the first answer on) to the next;
  as long as the record is open.
- A day that was promised for something makes a progress report due by the end of the working
  day before, unless we wrote on that day or later.
- Solution: from the receipt until it is solved. A reopened record goes on where it stopped.

Time in which the record had a status that stops the clock, or was settled, does not count.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

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
    # Of open commitments: the promised day, and when it was promised.
    promises: Sequence[tuple[date, datetime]] = ()


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
    report = _report_due(facts, calendar)
    found = []
    for metric, start, met, stopped in _spans(facts, first_done, is_asked=report is not None):
        target, window = targets.get(metric), None
        if metric == Metric.PROGRESS_UPDATE and report is not None:
            window = report
            target = target or Target(metric, max(60, int((window[1] - start).total_seconds())))
        if target is None:
            continue
        by = calendar if target.business_time else None
        reading = _reading(target, by, start, closed=closed, since=since, met=met, stopped=stopped)
        found.append(reading if window is None else _by_then(reading, window))
    return found


Window = tuple[datetime, datetime]
REPORT_DAYS = 60  # so far back a working day is looked for


def report_window(calendar: Calendar, due_on: date) -> Window | None:
    """The working day before a promised day: from its midnight to when work ends. None when
    nobody worked in the 60 days before."""
    day = due_on
    for _ in range(REPORT_DAYS):
        day -= timedelta(days=1)
        windows = calendar.windows(day)
        if windows:
            return datetime.combine(day, time(), calendar.tz), windows[-1][1]
    return None


def _report_due(facts: Facts, calendar: Calendar) -> Window | None:
    """The first day on which news are due because something is promised for the day after; none
    for those on which, or after which, we wrote, nor for what was promised when it was over."""
    last = facts.last_staff_message_at
    windows = [
        window
        for due_on, promised_at in facts.promises
        if (window := report_window(calendar, due_on)) is not None
        and window[1] > max(promised_at, facts.received_at)
        and (last is None or last < window[0])
    ]
    return min(windows, key=lambda one: one[1], default=None)


def _by_then(reading: Reading, window: Window) -> Reading:
    """The news are due when work ends on that day, if that is earlier."""
    begins, by = window
    if reading.due_at is None or reading.due_at <= by:
        return reading
    return replace(reading, due_at=by, warn_at=max(begins, reading.started_at))


_Span = tuple[Metric, datetime, datetime | None, datetime | None]


def _spans(facts: Facts, first_done: datetime | None, *, is_asked: bool) -> list[_Span]:
    """(metric, from, met, stopped) for every clock that the facts ask for. `is_asked`: news are
    due because of a promised day, also before the first answer."""
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
    elif facts.is_open and is_asked:
        spans.append((Metric.PROGRESS_UPDATE, facts.received_at, None, None))
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
