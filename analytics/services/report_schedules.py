"""Reports that are drafted by themselves, month by month or quarter by quarter."""

import logging
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import override

from accounts.models import User
from analytics.models import Report, ReportSchedule
from analytics.rules.report.times import last_whole, next_beginning
from analytics.rules.report.values import name_of_time
from analytics.selectors.window import today
from analytics.services.reports import begin_report
from config.kernel.punctuation import labelled
from feedback.enums import NoticeKind
from feedback.errors import FilterNotKnown
from feedback.services.notifying import notify_of_page

logger = logging.getLogger(__name__)


@transaction.atomic
def save_schedule(
    schedule_id: int | None,
    *,
    title: str,
    every: str,
    language: str,
    filters: Mapping[str, Any],
    is_active: bool,
    by: User,
) -> ReportSchedule:
    """A new one, which is of `by`, or other words for one there is. The next draft is about the
    time that runs now."""
    schedule = ReportSchedule(owner=by)
    if schedule_id is not None:
        schedule = ReportSchedule.objects.select_for_update(of=["self"]).get(pk=schedule_id)
    schedule.title, schedule.every, schedule.language = title, every, language
    schedule.filters, schedule.is_active = dict(filters), is_active
    schedule.next_on = next_beginning(every, today(timezone.now()))
    schedule.save()
    return schedule


@transaction.atomic
def remove_schedule(schedule_id: int) -> None:
    """The reports that it drafted stay."""
    ReportSchedule.objects.filter(pk=schedule_id).delete()


def draft_due_reports(day: date | None = None) -> list[int]:
    """Draft what is due; each schedule on its own, so that one that cannot be drafted stops no
    other. Safe to run twice: a schedule drafts a time once. Gives the ids of the reports."""
    day = day or today(timezone.now())
    made = []
    for pk in list(ReportSchedule.objects.due(day).values_list("pk", flat=True)):
        try:
            report = _draft(pk, day)
        except FilterNotKnown:  # the team is gone, or its owner has left it
            logger.warning("report schedule %s asks for a team that its owner does not see", pk)
            ReportSchedule.objects.filter(pk=pk).update(is_active=False)
        except IntegrityError:  # somebody else was quicker
            logger.info("report schedule %s has drafted this time already", pk)
        else:
            made += [report.pk] if report else []
    return made


@transaction.atomic
def _draft(schedule_id: int, day: date) -> Report | None:
    rows = ReportSchedule.objects.due(day).select_for_update(of=["self"], skip_locked=True)
    schedule = rows.select_related("owner").filter(pk=schedule_id).first()
    if schedule is None or schedule.owner is None:
        return None
    period = last_whole(schedule.every, day)
    schedule.next_on = next_beginning(schedule.every, day)
    schedule.save(update_fields=["next_on"])
    with override(schedule.language):
        title = labelled(schedule.title, name_of_time(period.first, period.last))
    report = begin_report(
        title=title,
        language=schedule.language,
        first=period.first,
        last=period.last,
        filters=schedule.filters,
        by=schedule.owner,
        schedule=schedule,
    )
    notify_of_page(
        [schedule.owner.pk],
        NoticeKind.REPORT,
        by=None,
        page=report.get_absolute_url(),
        title=report.title,
    )
    return report
