"""Business calendars: weeks, special days, holidays from files. Whatever is saved here is tried
out first; what is open is reckoned anew afterwards."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from config.kernel.archiving import bring_back, remove
from config.kernel.errors import DomainError
from config.kernel.jobs import enqueue
from feedback.enums import DayKind
from feedback.models import BusinessCalendar, CalendarDay, CalendarWindow
from feedback.rules.business_time import Calendar, NoWorkingTime, Spans, due_at
from feedback.rules.chinese_holidays import special_days_of
from feedback.rules.working_hours import HoursNotReadable, in_order
from feedback.selectors.sla_policies import calendar_of, special_days

TRIAL_SECONDS = 8 * 3600
PARTS = (CalendarWindow, CalendarDay)

# Before the name of a file, in CalendarDay.source; and how other sources are called.
FROM_FILE = "file:"
OTHER_SOURCE = re.compile(r"cn-\d+|feed-\d+")


class CalendarNotUsable(DomainError):
    code = "calendar_not_usable"


def ensure_workable(calendar: Calendar) -> None:
    """Raises CalendarNotUsable when eight working hours from now never come."""
    if not any(calendar.week):
        raise CalendarNotUsable(_("No weekday has working hours, so nothing would ever be due."))
    try:
        due_at(calendar, timezone.now(), TRIAL_SECONDS)
    except NoWorkingTime as never:
        raise CalendarNotUsable(
            _("With these days off, eight working hours would never be over.")
        ) from never


@transaction.atomic
def save_calendar(calendar: BusinessCalendar, *, week: Sequence[Spans]) -> BusinessCalendar:
    """Store a calendar with its windows, Monday first. Raises CalendarNotUsable, also for hours
    that overlap."""
    spans = tuple(_checked(day) for day in week)
    days: dict[date, Spans] = {}
    if calendar.pk:
        rows = CalendarDay.objects.in_use().filter(calendar=calendar)
        days = special_days(spans, rows.values("date", "kind", "spans"))
    ensure_workable(Calendar(calendar.time_zone, spans, days))
    known = BusinessCalendar.objects.filter(pk=calendar.pk).first() if calendar.pk else None
    if known is not None and known.is_default and not calendar.is_default:
        raise CalendarNotUsable(_("Make another calendar the default first."))
    if calendar.is_default:
        others = BusinessCalendar.objects.filter(is_default=True).exclude(pk=calendar.pk)
        others.update(is_default=False)
    calendar.save()
    _write_week(calendar, spans)
    _recompute()
    return calendar


def _checked(day: Iterable[Iterable[int]]) -> Spans:
    try:
        return in_order(day)
    except HoursNotReadable as refusal:
        raise CalendarNotUsable(hours_refused(refusal)) from refusal


def hours_refused(refusal: HoursNotReadable) -> str:
    """Why hours cannot be read, as a sentence."""
    return {
        "format": _("Write hours like 09:00-12:00, 13:30-18:00."),
        "order": _("Hours must end after they begin, on the same day (24:00 is midnight)."),
        "overlap": _("These hours overlap."),
        "many": _("These are too many windows for one day."),
    }[refusal.args[0]]


def _write_week(calendar: BusinessCalendar, week: Sequence[Spans]) -> None:
    wanted = {(day, a, b) for day, spans in enumerate(week) for a, b in spans}
    stored = {
        (one.weekday, one.starts, one.ends): one
        for one in CalendarWindow.objects.filter(calendar=calendar)
    }
    for key, row in stored.items():
        if key not in wanted:
            row.delete()
    CalendarWindow.objects.bulk_create(
        CalendarWindow(calendar=calendar, weekday=day, starts=a, ends=b)
        for day, a, b in sorted(wanted - stored.keys())
    )


@transaction.atomic
def remove_calendar(calendar: BusinessCalendar) -> bool:
    """True when deleted, False when archived. Raises CalendarNotUsable for the default and for
    one by which a policy counts."""
    if calendar.is_default:
        raise CalendarNotUsable(_("Make another calendar the default first."))
    if calendar.policies.filter(archived_at=None).exists():
        raise CalendarNotUsable(_("A service level counts by this calendar."))
    return remove(calendar, parts=PARTS)


@transaction.atomic
def bring_back_calendar(calendar: BusinessCalendar) -> None:
    bring_back(calendar)


# --- special days -----------------------------------------------------------------------------
@transaction.atomic
def set_special_day(
    calendar: BusinessCalendar,
    *,
    date: date,
    kind: str,
    spans: Spans = (),
    name_zh: str = "",
    name_en: str = "",
) -> CalendarDay:
    """A person says what a day is; no import changes that any more. Raises CalendarNotUsable."""
    spans = _checked(spans)
    if kind == DayKind.CUSTOM and not spans:
        raise CalendarNotUsable(_("Say which hours are worked, or make it a holiday."))
    day, _new = CalendarDay.objects.update_or_create(
        calendar=calendar,
        date=date,
        defaults={
            "kind": kind,
            "spans": [] if kind == DayKind.HOLIDAY else [list(one) for one in spans],
            "name_zh": name_zh,
            "name_en": name_en,
            "source": "",
            "is_active": True,
        },
    )
    ensure_workable(calendar_of(calendar))
    _recompute()
    return day


@transaction.atomic
def remove_special_day(day: CalendarDay) -> bool:
    """One that a person entered is deleted (True); an imported one is switched off, so that the
    next import does not bring it back (False)."""
    if not day.source:
        day.delete()
        _recompute()
        return True
    switch_special_day(day, on=False)
    return False


@transaction.atomic
def switch_special_day(day: CalendarDay, *, on: bool) -> None:
    """Raises CalendarNotUsable."""
    day.is_active = on
    day.save(update_fields=["is_active"])
    ensure_workable(calendar_of(day.calendar))
    _recompute()


@transaction.atomic
def replace_days(calendar: BusinessCalendar, days: Iterable[Mapping[str, Any]]) -> None:
    """Exactly these special days (columns → values), those that were switched off and those of
    imports too, as an export has them. Raises CalendarNotUsable; then nothing was changed."""
    wanted = {one["date"]: dict(one) for one in days}
    stored = {row.date: row for row in CalendarDay.objects.filter(calendar=calendar)}
    for when, row in stored.items():
        if when not in wanted:
            row.delete()
    changed = False
    for when, fields in wanted.items():
        spans = _checked(tuple(tuple(one) for one in fields["spans"]))
        fields["spans"] = [list(one) for one in spans]
        if fields["kind"] == DayKind.CUSTOM and not spans:
            raise CalendarNotUsable(_("Say which hours are worked, or make it a holiday."))
        row = stored.get(when) or CalendarDay(calendar=calendar)
        if row.pk and all(getattr(row, name) == value for name, value in fields.items()):
            continue
        changed = True
        for name, value in fields.items():
            setattr(row, name, value)
        row.save()
    if changed or stored.keys() - wanted.keys():
        ensure_workable(calendar_of(calendar))
        _recompute()


@dataclass(frozen=True, slots=True)
class Imported:
    added: int
    changed: int
    removed: int
    kept: int  # switched off or entered by a person: left as they are


@transaction.atomic
def import_days(
    calendar: BusinessCalendar,
    days: Iterable[Any],
    *,
    source: str,
    first: date,
    last: date,
) -> Imported:
    """Take over special days (date, kind, name or name_zh and name_en) from `first` to `last`.

    What the same source brought before and no longer has is removed. What a person entered or
    switched off stays as it is, and so does what another source brought first. Raises
    CalendarNotUsable; then nothing was changed.
    """
    source = source.strip()[:80] or "import"
    BusinessCalendar.objects.select_for_update().get(pk=calendar.pk)  # one import at a time
    stored = {one.date: one for one in calendar.days.filter(date__range=(first, last))}
    wanted = {one.date: one for one in days if first <= one.date <= last}
    added = changed = kept = 0
    for when, one in wanted.items():
        row = stored.get(when)
        if row is not None and (row.source != source or not row.is_active):
            kept += 1
            continue
        fields = {"kind": str(one.kind), "spans": [], "source": source, **_names(one)}
        if row is None:
            CalendarDay.objects.create(calendar=calendar, date=when, **fields)
            added += 1
        elif any(getattr(row, name) != value for name, value in fields.items()):
            for name, value in fields.items():
                setattr(row, name, value)
            row.save(update_fields=list(fields))
            changed += 1
    gone = [
        row
        for when, row in stored.items()
        if row.source == source and row.is_active and when not in wanted
    ]
    for row in gone:
        row.delete()
    if added or changed or gone:
        ensure_workable(calendar_of(calendar))
        _recompute()
    return Imported(added, changed, len(gone), kept)


def _names(day: Any) -> dict[str, str]:
    plain = getattr(day, "name", "")
    return {
        "name_zh": getattr(day, "name_zh", plain)[:120],
        "name_en": getattr(day, "name_en", plain)[:120],
    }


@transaction.atomic
def import_file(
    calendar: BusinessCalendar, days: Iterable[Any], *, name: str, first: date, last: date
) -> Imported:
    """`import_days` of a file that somebody gave, by its name: whatever it is called, it is
    neither the built-in holidays nor a subscribed calendar."""
    name = name.strip().removeprefix(FROM_FILE) or "ics"
    source = f"{FROM_FILE}{name}"[:80]
    if not OTHER_SOURCE.fullmatch(name):  # what came from the file before sources said so
        calendar.days.filter(source=name[:80]).update(source=source)
    return import_days(calendar, days, source=source, first=first, last=last)


def import_chinese_holidays(calendar: BusinessCalendar, year: int) -> Imported:
    """The public holidays of mainland China with their working days. Raises KeyError for a year
    that has not been announced, CalendarNotUsable."""
    days = special_days_of(year)
    return import_days(
        calendar,
        days,
        source=f"cn-{year}",
        first=date(year, 1, 1),
        last=date(year, 12, 31),
    )


def _recompute() -> None:
    enqueue("feedback.tasks.recompute_promises")
