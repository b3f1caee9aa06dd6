"""Service levels and calendars for their settings pages."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, QuerySet
from django.utils import timezone

from config.kernel.conditions.errors import ConditionInvalid
from config.kernel.conditions.reading import read_tree
from config.kernel.conditions.sentences import sentence
from config.kernel.conditions.vocabulary import vocabulary
from feedback.enums import Metric, Priority
from feedback.models import BusinessCalendar, CalendarDay, SLAClock, SLAPolicy
from feedback.rules.business_time import NoWorkingTime, Spans, due_at
from feedback.rules.working_hours import spans_in_words
from feedback.selectors.holidays import lacks_year, sources_in_words
from feedback.selectors.sla_policies import calendar_of


def policies_in_order() -> QuerySet[SLAPolicy]:
    """Those in use with what they promise; as many queries for any number."""
    rows = SLAPolicy.objects.filter(archived_at=None).in_order().select_related("calendar")
    return rows.prefetch_related("targets", "escalations")


def running_clocks() -> dict[int, int]:
    """Policy → how many promises that it made wait to be kept."""
    live = SLAClock.objects.live().order_by().values_list("policy")
    return dict(live.annotate(n=Count("pk")))


def never_reached(policies: Sequence[SLAPolicy]) -> set[int]:
    """Keys of those, in their order, that stand behind an active one that fits everything."""
    behind, found = False, set()
    for one in policies:
        if behind:
            found.add(one.pk)
        behind = behind or (one.is_active and one.fits_everything)
    return found


def applies_to_in_words(policy: SLAPolicy) -> tuple[str, str]:
    """What it applies to as a sentence, empty for everything; and why it is not applied, when
    its condition cannot be run any more."""
    if policy.fits_everything:
        return "", ""
    try:
        condition = read_tree(policy.condition, vocabulary("feedback"), allowed=frozenset())
    except ConditionInvalid as invalid:
        return "", str(invalid)
    return sentence(condition), ""


def calendars_in_use() -> QuerySet[BusinessCalendar]:
    """With their windows; `lacks_year` where holidays should be known and are not."""
    rows = BusinessCalendar.objects.active().prefetch_related("windows")
    return rows.annotate(lacks_year=lacks_year(timezone.localdate()))


@dataclass(frozen=True, slots=True)
class Cell:
    """One promised time: `due` is when it would be over if a message arrived now."""

    seconds: int
    business_time: bool
    due: datetime | None


@dataclass(frozen=True, slots=True)
class Line:
    label: str
    cells: list[Cell | None]  # by priority, the highest first


def promise_table(policy: SLAPolicy, now: datetime | None = None) -> list[Line]:
    """Kinds down, priorities across; with `now`, also when each would be due."""
    stored = {(one.metric, one.priority): one for one in policy.targets.all()}
    calendar = calendar_of(policy.calendar) if now is not None else None
    lines = []
    for metric in Metric:
        cells: list[Cell | None] = []
        for priority in sorted(Priority, reverse=True):
            one = stored.get((metric, priority))
            if one is None:
                cells.append(None)
                continue
            due = None
            if now is not None:
                by = calendar if one.business_time else None
                due = _or_none(by, now, one.seconds)
            cells.append(Cell(one.seconds, one.business_time, due))
        if any(cells):
            lines.append(Line(str(metric.label), cells))
    return lines


def _or_none(calendar: object, now: datetime, seconds: int) -> datetime | None:
    try:
        return due_at(calendar, now, seconds)  # type: ignore[arg-type]
    except NoWorkingTime:
        return None


def week_in_words(calendar: BusinessCalendar) -> list[str]:
    """The hours of each weekday, Monday first; empty = not worked."""
    return [spans_in_words(day) for day in week_of(calendar)]


def week_of(calendar: BusinessCalendar) -> list[Spans]:
    week: list[list[tuple[int, int]]] = [[] for _ in range(7)]
    for one in calendar.windows.all():
        week[one.weekday].append((one.starts, one.ends))
    return [tuple(day) for day in week]


def days_of(calendar: BusinessCalendar, since: date) -> list[tuple[CalendarDay, str]]:
    """The special days from `since` on, in order, each with where it is from in words."""
    sources = sources_in_words(calendar)
    days = CalendarDay.objects.filter(calendar=calendar, date__gte=since).order_by("date")
    return [(one, sources.get(one.source, one.source)) for one in days]
