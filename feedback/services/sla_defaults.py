"""What a fresh installation promises: two calendars and one policy, left alone once they exist."""

from django.db import transaction

from feedback.enums import EscalateOn, EscalationKind, Metric, Priority
from feedback.models import (
    BusinessCalendar,
    CalendarWindow,
    SLAEscalation,
    SLAPolicy,
    SLATarget,
)
from feedback.rules.business_time import DAY
from feedback.rules.promise import ANSWER_WITHIN, REPORT_WITHIN, SOLVED_WITHIN

OFFICE_HOURS = ((9 * 60, 12 * 60), (13 * 60 + 30, 18 * 60))


@transaction.atomic
def ensure_service_levels() -> None:
    """Office hours in Shanghai, round the clock, and the promise of the article: urgent and
    important feedback is answered within 24 hours – by the calendar, weekends included. News
    and the solution are promised in working days."""
    if SLAPolicy.objects.exists():
        return
    office = _calendar("office", "工作时间", "Office hours", is_default=True)
    _calendar("always", "全天候", "Round the clock")
    for weekday in range(5):
        _windows(office, weekday, OFFICE_HOURS)
    policy = SLAPolicy.objects.create(
        code="standard",
        name_zh="标准服务承诺",
        name_en="Standard service level",
        calendar=office,
    )
    SLATarget.objects.bulk_create(
        SLATarget(
            policy=policy,
            priority=priority,
            metric=metric,
            seconds=int(ANSWER_WITHIN[priority].total_seconds()),
        )
        for metric in (Metric.FIRST_RESPONSE, Metric.NEXT_RESPONSE)
        for priority in Priority
    )
    SLATarget.objects.bulk_create(
        SLATarget(
            policy=policy,
            priority=priority,
            metric=metric,
            seconds=within[priority],
            business_time=True,
        )
        for metric, within in (
            (Metric.PROGRESS_UPDATE, REPORT_WITHIN),
            (Metric.RESOLUTION, SOLVED_WITHIN),
        )
        for priority in Priority
    )
    for on, kind in (
        (EscalateOn.WARNING, EscalationKind.NOTIFY_ASSIGNEE),
        (EscalateOn.BREACH, EscalationKind.NOTIFY_LEAD),
    ):
        SLAEscalation.objects.create(policy=policy, on=on, kind=kind)


def _calendar(code: str, zh: str, en: str, *, is_default: bool = False) -> BusinessCalendar:
    calendar, is_new = BusinessCalendar.objects.get_or_create(
        code=code,
        defaults={
            "name_zh": zh,
            "name_en": en,
            "is_default": is_default and not BusinessCalendar.objects.filter(is_default=True),
        },
    )
    if is_new and code == "always":
        for weekday in range(7):
            _windows(calendar, weekday, ((0, DAY),))
    return calendar


def _windows(calendar: BusinessCalendar, weekday: int, spans: tuple[tuple[int, int], ...]) -> None:
    for starts, ends in spans:
        CalendarWindow.objects.get_or_create(
            calendar=calendar, weekday=weekday, starts=starts, defaults={"ends": ends}
        )
