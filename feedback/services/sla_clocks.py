"""The clocks of a record: brought in line with its facts by every service that changes one.

Nothing else writes SLAClock. The record is locked by the caller, so its clocks need no lock of
their own.
"""

import logging
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from feedback.enums import (
    DONE_STATES,
    OPEN_STATES,
    Channel,
    ClockEventKind,
    Metric,
)
from feedback.models import Feedback, SLAClock, SLAEvent, Status
from feedback.rules.business_time import NoWorkingTime
from feedback.rules.sla import Facts, Reading, Step, elapsed_until, pauses_of, read_clocks
from feedback.selectors.sla_policies import Policy, policy_book
from feedback.services.batch import through
from feedback.services.straight import StatusChange

_log = logging.getLogger(__name__)
# What an answer of ours ends.
_ANSWERED = {Metric.NEXT_RESPONSE, Metric.PROGRESS_UPDATE}


def settle_clocks(
    feedback: Feedback,
    *,
    now: datetime | None = None,
    why: str = "",
    is_new: bool = False,
    quietly: bool = False,
) -> dict[str, Any]:
    """Inside another service, on a locked record: bring its clocks in line with it and put the
    moment that comes first into `reply_due_at`, which the caller stores.

    `why` (priority, team, category, tags, about, policy, promise, customer) is given when the
    facts stayed and what is promised may have changed. The moments that moved are then the
    result, as the caller puts it into its line of the timeline:
    {"moves": [{metric, before, after, why}]}, or {}.
    `is_new`: it was made a moment ago, so there is nothing to look up. `quietly`: what is over
    already is marked so, and nobody is told of it any more.
    """
    now = now or timezone.now()
    desk = through(feedback)
    # What we owe to each other is no promise to a customer.
    policy = None
    if feedback.channel != Channel.STAFF:
        policy = policy_book().policy_for(feedback, now, desk.facts(feedback))
    steps = _steps_of(feedback, [] if is_new else desk.status_changes(feedback), now)
    readings = _readings(feedback, policy, steps)
    stored: Iterable[SLAClock] = [] if is_new else desk.clocks(feedback)
    rows = {(row.metric, row.started_at): row for row in stored}
    was = {row.metric: row.due_at for row in rows.values() if row.is_live}
    wanted = {(reading.metric, reading.started_at): reading for reading in readings}
    ended = [row for key, row in rows.items() if row.is_live and key not in wanted]
    for row in ended:
        _end(row, feedback, policy, steps, now)
    if policy is not None:
        # Those that end first: only one clock per promise may run.
        for reading in sorted(readings, key=lambda one: one.is_live):
            key = (reading.metric, reading.started_at)
            taken = _take_over(
                rows.get(key),
                reading,
                feedback,
                policy,
                now=now,
                quietly=quietly,
                store=not is_new,
            )
            if taken is not None:
                rows[key] = taken
    if is_new:
        SLAClock.objects.bulk_create(rows.values())
    live = [row for row in rows.values() if row.is_live]
    due = min((row.due_at for row in live if row.due_at is not None), default=None)
    feedback.reply_due_at = due
    return _moves(feedback, was, live, why=why, now=now) if why else {}


def _readings(feedback: Feedback, policy: Policy | None, steps: list[Step]) -> list[Reading]:
    if policy is None:
        return []
    facts = Facts(
        received_at=feedback.received_at,
        is_open=feedback.state in OPEN_STATES,
        first_response_at=feedback.first_response_at,
        waiting_since=feedback.waiting_since,
        last_staff_message_at=feedback.last_staff_message_at,
        resolved_at=feedback.resolved_at,
        steps=steps,
        promises=_promises(feedback),
    )
    targets = policy.targets_for(feedback.priority)
    try:
        return read_clocks(facts, targets, policy.calendar)
    except NoWorkingTime:
        # Refused when it is saved; should it happen all the same, an answer must not fail.
        _log.exception("Policy %s cannot be reckoned in working time.", policy.pk)
        any_time = {metric: replace(one, business_time=False) for metric, one in targets.items()}
        return read_clocks(facts, any_time, policy.calendar)


def _promises(feedback: Feedback) -> list[tuple[date, datetime]]:
    """The days for which something is promised; no query where nothing is."""
    if feedback.promised_on is None or feedback.state not in OPEN_STATES:
        return []
    return through(feedback).promises(feedback)


def _steps_of(feedback: Feedback, entries: list[StatusChange], now: datetime) -> list[Step]:
    """When the status stopped the clock and when not. A change that was undone never was."""
    # Of a merge that was taken back, the other record says only that it was (True).
    undone = {data["undone"] for _, _, data in entries if data.get("undone", True) is not True}
    happened = [
        (at, data["after"])
        for pk, at, data in entries
        if pk not in undone and "undone" not in data and "after" in data
    ]
    codes = {code for _, code in happened}
    statuses = through(feedback).statuses(codes)
    steps = [
        Step(at, _pauses(statuses[code]), statuses[code].state in DONE_STATES)
        for at, code in happened
        if code in statuses
    ]
    # Records that were written without a story (bulk imports) begin with how things stand.
    paused, done = _pauses(feedback.status), feedback.state in DONE_STATES
    _, since = pauses_of(steps)
    known_done = any(step.done for step in steps)
    if paused != (since is not None) or (done and not known_done):
        at = feedback.resolved_at if done and feedback.resolved_at else now
        steps.append(Step(at, paused, done))
    return steps


def _pauses(status: Status) -> bool:
    return status.pauses_clock or status.state not in OPEN_STATES


def _take_over(
    row: SLAClock | None,
    reading: Reading,
    feedback: Feedback,
    policy: Policy,
    *,
    now: datetime,
    quietly: bool,
    store: bool,
) -> SLAClock | None:
    """Make the row say what the reading says; what has ended stays as it was promised. Without
    `store` the caller writes the row, which is new and running."""
    if row is None:
        if feedback.state not in OPEN_STATES:
            return None  # what was settled without a clock gets none
        row = SLAClock(feedback=feedback, metric=reading.metric, started_at=reading.started_at)
    elif not row.is_live and not reading.is_live:
        given_up = row.stopped_at is not None
        if given_up or row.met_at == reading.met_at:
            return row
    before = tuple(getattr(row, name) for name in _COMPARED)
    row.policy_id = policy.pk
    row.target_seconds = reading.target.seconds
    row.business_time = reading.target.business_time
    row.paused_at = reading.paused_at
    row.met_at, row.stopped_at = reading.met_at, reading.stopped_at
    row.elapsed_seconds = reading.elapsed_seconds
    if reading.paused_at is None:
        _promise(row, reading, now)
    row.due_at, row.warn_at = reading.due_at, reading.warn_at
    row.check_at = _next_look(row)
    if quietly and row.due_at is not None and row.due_at <= now:
        row.breached_at, row.check_at = row.due_at, None
    if not store:
        return row
    if row.pk is None or before != tuple(getattr(row, name) for name in _COMPARED):
        through(feedback).save_clock(row)
    _note_late_end(row, feedback, now)
    return row


_COMPARED = (
    "policy_id", "target_seconds", "business_time", "warn_at", "due_at", "paused_at", "met_at",
    "stopped_at", "elapsed_seconds", "check_at", "warned_at", "breached_at",
)  # fmt: skip


def _promise(row: SLAClock, reading: Reading, now: datetime) -> None:
    """A moment that lies ahead again is neither warned of nor missed."""
    if reading.is_live and reading.warn_at is not None and reading.warn_at > now:
        row.warned_at = None
    if reading.is_live and reading.due_at is not None and reading.due_at > now:
        row.breached_at = None


def _next_look(row: SLAClock) -> datetime | None:
    if not row.is_live or row.paused_at is not None or row.breached_at is not None:
        return None
    return row.warn_at if row.warned_at is None else row.due_at


def _end(
    row: SLAClock, feedback: Feedback, policy: Policy | None, steps: list[Step], now: datetime
) -> None:
    """The record no longer asks for this clock: it was answered, or nothing is promised now."""
    answered = feedback.last_staff_message_at
    if row.metric in _ANSWERED and answered is not None and answered > row.started_at:
        row.met_at = answered
    else:
        row.stopped_at = now
    end = row.met_at or now
    if policy is not None:
        target = policy.targets_for(feedback.priority).get(Metric(row.metric))
        if target is not None:
            used = elapsed_until(
                replace(target, business_time=row.business_time),
                policy.calendar,
                row.started_at,
                end,
                steps,
            )
            row.elapsed_seconds = used
    row.check_at = None
    through(feedback).save_clock(row)
    _note_late_end(row, feedback, now)


def _note_late_end(row: SLAClock, feedback: Feedback, now: datetime) -> None:
    """It ended after its time before the watch came by: it was missed all the same."""
    end = row.met_at or row.stopped_at
    if end is None or row.due_at is None or row.breached_at is not None or end <= row.due_at:
        return
    row.breached_at = row.due_at
    through(feedback).save_clock(row)
    note_event(row, feedback, ClockEventKind.BREACHED, now=now, found="at_the_end")


def note_event(
    row: SLAClock, feedback: Feedback, kind: ClockEventKind, *, now: datetime, **data: Any
) -> bool:
    """False when the same was noted before."""
    due = row.due_at or now
    event = SLAEvent(clock=row, feedback=feedback, kind=kind, due_at=due, at=now, data=data)
    return through(feedback).note(event)


def _moves(
    feedback: Feedback,
    was: dict[str, datetime | None],
    live: Iterable[SLAClock],
    *,
    why: str,
    now: datetime,
) -> dict[str, Any]:
    moves = []
    for row in live:
        before = was.get(row.metric)
        if before is None or row.due_at is None or before == row.due_at:
            continue
        data = {"before": before.isoformat(), "after": row.due_at.isoformat(), "why": why}
        note_event(row, feedback, ClockEventKind.MOVED, now=now, **data)
        moves.append({"metric": str(row.metric), **data})
    return {"moves": moves} if moves else {}
