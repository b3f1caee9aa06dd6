"""What is promised now: the active policies with their targets and calendars, in one query."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.db.models.functions import JSONObject

from feedback.enums import DayKind, Metric
from feedback.models import (
    BusinessCalendar,
    CalendarDay,
    CalendarWindow,
    Feedback,
    SLAPolicy,
    SLATarget,
)
from feedback.models.sla_policy import always
from feedback.rules.business_time import Calendar, Spans
from feedback.rules.sla import Target


def condition_holds(condition: Any, feedback: Feedback, now: datetime) -> bool:
    """Whether a policy's condition is true of a record; what everything fits always is.

    THE SEAM: here the condition language is plugged in, as
    `evaluate(read_tree(condition, vocabulary("feedback")), feedback, Context(now=now))`, and a
    condition that became invalid does not hold. Until then nothing else can be stored
    (`services.sla_policies.ensure_policy` refuses it), and nothing else holds.
    """
    return bool(condition == always())


@dataclass(frozen=True, slots=True)
class Policy:
    """A policy as the calculation wants it."""

    pk: int
    condition: Any
    calendar: Calendar
    targets: Mapping[int, Mapping[Metric, Target]]  # by priority

    def targets_for(self, priority: int) -> Mapping[Metric, Target]:
        return self.targets.get(priority, {})


@dataclass(frozen=True, slots=True)
class PolicyBook:
    policies: tuple[Policy, ...]

    def policy_for(self, feedback: Feedback, now: datetime) -> Policy | None:
        """The first whose condition holds; None when nothing is promised."""
        for policy in self.policies:
            if condition_holds(policy.condition, feedback, now):
                return policy
        return None


def policy_book() -> PolicyBook:
    rows = SLAPolicy.objects.active().in_order().select_related("calendar")
    targets = SLATarget.objects.filter(policy=OuterRef("pk")).values(
        row=JSONObject(
            priority="priority",
            metric="metric",
            seconds="seconds",
            business_time="business_time",
            warn_at_pct="warn_at_pct",
        )
    )
    found = rows.annotate(
        found_targets=ArraySubquery(targets),
        found_windows=ArraySubquery(_windows().filter(calendar=OuterRef("calendar"))),
        found_days=ArraySubquery(_days().filter(calendar=OuterRef("calendar"))),
    )
    return PolicyBook(
        tuple(
            Policy(
                row.pk,
                row.condition,
                _calendar(row.calendar.time_zone, row.found_windows, row.found_days),
                _by_priority(row.found_targets),
            )
            for row in found
        )
    )


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
