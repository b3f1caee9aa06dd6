"""What is promised now: the active policies with their targets and calendars."""

import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.db.models.functions import JSONObject

from config.kernel.conditions.condition import Condition
from config.kernel.conditions.context import Context
from config.kernel.conditions.errors import ConditionInvalid
from config.kernel.conditions.evaluation import Facts, evaluate
from config.kernel.conditions.reading import read_trees
from config.kernel.conditions.vocabulary import vocabulary
from config.kernel.kept import Kept
from feedback.enums import DayKind, Metric
from feedback.models import (
    BusinessCalendar,
    CalendarDay,
    CalendarWindow,
    Feedback,
    SLAPolicy,
    SLATarget,
)
from feedback.rules.business_time import Calendar, Spans
from feedback.rules.sla import Target

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Policy:
    """A policy as the calculation wants it. `condition` is None where it cannot be run."""

    pk: int
    condition: Condition | None
    calendar: Calendar
    targets: Mapping[int, Mapping[Metric, Target]]  # by priority

    def targets_for(self, priority: int) -> Mapping[Metric, Target]:
        return self.targets.get(priority, {})


@dataclass(frozen=True, slots=True)
class PolicyBook:
    policies: tuple[Policy, ...]

    def policy_for(
        self, feedback: Feedback, now: datetime, facts: Facts | None = None
    ) -> Policy | None:
        """The first whose condition holds; None when nothing is promised. `facts`: the record
        with what is known of it already."""
        facts, context = facts or Facts(feedback), Context(now=now)
        for policy in self.policies:
            if policy.condition is not None and evaluate(policy.condition, facts, context):
                return policy
        return None


_held: ContextVar[PolicyBook | None] = ContextVar("held policy book", default=None)


@contextmanager
def one_policy_book() -> Iterator[None]:
    """Inside, what is promised is read once for however many records are changed. To be entered
    when they are locked, or a policy that is saved meanwhile loses against them."""
    token = _held.set(_read_book())
    try:
        yield
    finally:
        _held.reset(token)


def policy_book() -> PolicyBook:
    return _held.get() or _read_book()


def _read_book() -> PolicyBook:
    rows = _promises()
    conditions = _conditions([row for row, _calendar_of_it, _targets in rows])
    return PolicyBook(
        tuple(
            Policy(row.pk, condition, calendar, targets)
            for (row, calendar, targets), condition in zip(rows, conditions, strict=True)
        )
    )


_Promise = tuple[SLAPolicy, Calendar, Mapping[int, Mapping[Metric, Target]]]


def _read_promises() -> list[_Promise]:
    """Each active policy with its calendar and its targets, in one query."""
    active = SLAPolicy.objects.active().in_order().select_related("calendar")
    targets = SLATarget.objects.filter(policy=OuterRef("pk")).values(
        row=JSONObject(
            priority="priority",
            metric="metric",
            seconds="seconds",
            business_time="business_time",
            warn_at_pct="warn_at_pct",
        )
    )
    found = active.annotate(
        found_targets=ArraySubquery(targets),
        found_windows=ArraySubquery(_windows().filter(calendar=OuterRef("calendar"))),
        found_days=ArraySubquery(_days().filter(calendar=OuterRef("calendar"))),
    )
    return [
        (
            row,
            _calendar(row.calendar.time_zone, row.found_windows, row.found_days),
            _by_priority(row.found_targets),
        )
        for row in found
    ]


# From memory; only what the conditions name (teams, tags …) is looked up each time.
_promises = Kept(
    _read_promises, SLAPolicy, SLATarget, BusinessCalendar, CalendarWindow, CalendarDay
)


def _conditions(rows: Sequence[SLAPolicy]) -> list[Condition | None]:
    """What each applies to; None, and a word in the log, for one that fits its words no more: a
    team or a tag that it names is gone."""
    trees = [row.condition for row in rows]
    read = read_trees(trees, vocabulary("feedback"), allowed=frozenset())
    found: list[Condition | None] = []
    for row, condition in zip(rows, read, strict=True):
        if isinstance(condition, ConditionInvalid):
            _log.warning("Policy %s is not applied: %s", row.pk, condition)
        found.append(None if isinstance(condition, ConditionInvalid) else condition)
    return found


def calendar_of(row: BusinessCalendar) -> Calendar:
    """A calendar as the calculation wants it."""
    windows = [one["row"] for one in _windows().filter(calendar=row)]
    days = [one["row"] for one in _days().filter(calendar=row)]
    return _calendar(row.time_zone, windows, days)


def _windows() -> Any:
    rows = CalendarWindow.objects.order_by("weekday", "starts")
    return rows.values(row=JSONObject(weekday="weekday", starts="starts", ends="ends"))


def _days() -> Any:
    rows = CalendarDay.objects.in_use().order_by("date")
    return rows.values(row=JSONObject(date="date", kind="kind", spans="spans"))


def _by_priority(rows: Iterable[dict[str, Any]]) -> dict[int, dict[Metric, Target]]:
    found: dict[int, dict[Metric, Target]] = {}
    for row in rows:
        metric = Metric(row["metric"])
        found.setdefault(row["priority"], {})[metric] = Target(
            metric, row["seconds"], row["business_time"], row["warn_at_pct"]
        )
    return found


def _calendar(
    zone: str, windows: Iterable[dict[str, Any]], days: Iterable[dict[str, Any]]
) -> Calendar:
    week: list[list[tuple[int, int]]] = [[] for _ in range(7)]
    for one in windows:
        week[one["weekday"]].append((one["starts"], one["ends"]))
    spans = tuple(tuple(day) for day in week)
    return Calendar(zone, spans, special_days(spans, days))


def special_days(week: tuple[Spans, ...], days: Iterable[Mapping[str, Any]]) -> dict[date, Spans]:
    """The hours of days that differ. A working day without hours of its own has those of the
    first weekday that is worked (a Saturday worked instead is a Monday)."""
    usual: Spans = next((day for day in week if day), ())
    found: dict[date, Spans] = {}
    for one in days:
        when = one["date"]
        day = when if isinstance(when, date) else date.fromisoformat(when)
        own = tuple((a, b) for a, b in one["spans"])
        if one["kind"] == DayKind.HOLIDAY:
            found[day] = ()
        elif one["kind"] == DayKind.WORKDAY:
            found[day] = own or usual
        else:
            found[day] = own
    return found
