"""Satisfaction reports: begun, drafted from the data, reviewed, approved, issued."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import override

from accounts.models import User
from accounts.selectors.people import holds
from analytics.enums import PartKind, ReportState, ReportStep
from analytics.errors import PartHasChanged, ReportNotInState, ReportTellsWho
from analytics.models import Report, ReportEntry, ReportPart, ReportSchedule, ReportVersion
from analytics.rules.report.blocks import checked
from analytics.rules.report.document import without_blanks
from analytics.rules.report.drafting import first_blocks
from analytics.rules.report.material import from_json, in_json
from analytics.rules.report.refreshing import changes_between
from analytics.selectors.report_material import gather
from analytics.selectors.reports import counted, draft_of, personal_data_in
from config.kernel.jobs import enqueue
from feedback.enums import NoticeKind
from feedback.services.notifying import notify_of_page

_MAKE_PDF = "analytics.tasks.make_report_pdf"


@transaction.atomic
def begin_report(
    *,
    title: str,
    language: str,
    first: date,
    last: date,
    by: User,
    filters: Mapping[str, Any] | None = None,
    schedule: ReportSchedule | None = None,
) -> Report:
    """A draft of all eight parts, from what `by` may see of that time. Raises FilterNotKnown."""
    report = Report(
        title=title,
        language=language,
        first=first,
        last=last,
        filters=dict(filters or {}),
        owner=by,
        schedule=schedule,
    )
    _gather(report, timezone.now())
    report.save()
    with override(language):
        blocks = first_blocks()
    ReportPart.objects.bulk_create(
        ReportPart(report=report, kind=kind, blocks=blocks[kind], changed_by=by)
        for kind in PartKind
    )
    step = ReportStep.DRAFTED if schedule else ReportStep.BEGUN
    note(report, step, by=None if schedule else by)
    return report


@transaction.atomic
def change_report(
    report_id: int,
    *,
    title: str,
    language: str,
    first: date,
    last: date,
    filters: Mapping[str, Any],
    by: User,
) -> Report:
    """Another title, time, team or language; the figures are gathered anew. Words that people
    have written stay as they are. Raises ReportNotInState, FilterNotKnown."""
    report = _open(report_id)
    report.title, report.language = title, language
    report.first, report.last, report.filters = first, last, dict(filters)
    _gather(report, timezone.now())
    report.save()
    note(report, ReportStep.SETTINGS, by=by)
    return report


@transaction.atomic
def refresh_figures(report_id: int, *, by: User) -> list[list[str]]:
    """Gather the figures anew, as the owner may see them; gives what changed: [what, before,
    now]. Raises ReportNotInState, FilterNotKnown."""
    report = _open(report_id)
    before = from_json(report.material)
    _gather(report, timezone.now())
    report.save(update_fields=["material", "gathered_at"])
    with override(report.language):
        changes = changes_between(before, from_json(report.material))
    note(report, ReportStep.REFRESHED, by=by, changes=changes)
    return changes


@transaction.atomic
def save_part(
    report_id: int,
    kind: str,
    *,
    blocks: Sequence[Any],
    title: str,
    version: int,
    by: User,
) -> ReportPart:
    """Put `blocks` into the place of what was there when it had this `version`. Raises
    PartHasChanged, BlocksRefused, ReportNotInState."""
    report = _open(report_id)
    part = ReportPart.objects.select_for_update().get(report=report, kind=kind)
    if part.version != version:
        raise PartHasChanged
    new = checked(blocks, from_json(report.material), part.blocks)
    if (new, title.strip()) == (part.blocks, part.title):
        return part
    part.blocks, part.title = new, title.strip()[:120]
    part.version += 1
    part.changed_by, part.changed_at = by, timezone.now()
    part.save()
    _note_edited(part, by)
    return part


@transaction.atomic
def submit_report(report_id: int, *, by: User) -> Report:
    """Ask those who approve reports to look at it. Raises ReportNotInState."""
    report = _to(report_id, ReportState.IN_REVIEW, {ReportState.DRAFT})
    note(report, ReportStep.SUBMITTED, by=by)
    approvers = User.objects.filter(holds("approve_report"), is_active=True).distinct()
    _tell(report, approvers.values_list("pk", flat=True), by=by)
    return report


@transaction.atomic
def take_back(report_id: int, *, by: User) -> Report:
    """It can be written in again; versions that were issued stay. Raises ReportNotInState."""
    report = _to(report_id, ReportState.DRAFT, set(ReportState) - {ReportState.DRAFT})
    note(report, ReportStep.TAKEN_BACK, by=by)
    _tell(report, [report.owner_id] if report.owner_id else [], by=by)
    return report


@transaction.atomic
def approve_report(report_id: int, *, by: User) -> Report:
    """Raises ReportNotInState."""
    report = _to(report_id, ReportState.APPROVED, {ReportState.IN_REVIEW})
    report.approved_by, report.approved_at = by, timezone.now()
    report.save(update_fields=["approved_by", "approved_at"])
    note(report, ReportStep.APPROVED, by=by)
    _tell(report, [report.owner_id] if report.owner_id else [], by=by)
    return report


@transaction.atomic
def issue_report(
    report_id: int, *, by: User | None, has_looked: bool = False, makes_pdf: bool = True
) -> ReportVersion:
    """Freeze it as a new version, which everybody who reads reports can open; its PDF is made in
    the background (without `makes_pdf` when somebody first wants it). `has_looked`: the personal
    data that is found in it is meant to be there. Raises ReportNotInState, ReportTellsWho."""
    report = _to(report_id, ReportState.ISSUED, {ReportState.APPROVED})
    document = without_blanks(draft_of(report))
    told = personal_data_in(document)
    if told and not has_looked:
        raise ReportTellsWho
    number = report.versions.count() + 1
    version = ReportVersion.objects.create(
        report=report,
        number=number,
        document={**document, "number": number, "issued": _written(report, timezone.now())},
        tells=counted(told),
        issued_by=by,
    )
    note(report, ReportStep.ISSUED, by=by, version=number)
    if makes_pdf:
        enqueue(_MAKE_PDF, version_id=version.pk)
    return version


@transaction.atomic
def remove_report(report_id: int) -> bool:
    """For good while it was never issued; False when it was, then it stays."""
    report = Report.objects.select_for_update().get(pk=report_id)
    if report.versions.exists():
        return False
    report.delete()
    return True


def _written(report: Report, at: datetime) -> str:
    with override(report.language):
        return date_format(timezone.localtime(at), "DATE_FORMAT")


def note(report: Report, kind: ReportStep, *, by: User | None, **about: Any) -> ReportEntry:
    """Inside another service: what happened, for the history."""
    return ReportEntry.objects.create(report=report, kind=kind, actor=by, about=about)


def _note_edited(part: ReportPart, by: User) -> None:
    """Saved again and again within minutes it is one line."""
    last = ReportEntry.objects.filter(report=part.report_id).first()
    about = {"part": part.kind}
    is_same = last is not None and last.kind == ReportStep.EDITED and last.actor_id == by.pk
    if last is not None and is_same and last.about == about:
        ReportEntry.objects.filter(pk=last.pk).update(at=timezone.now())
    else:
        note(part.report, ReportStep.EDITED, by=by, **about)


def _gather(report: Report, now: datetime) -> None:
    owner = report.owner
    if owner is None:
        return
    with override(report.language):
        report.material = in_json(gather(owner, report.query, now))
    report.gathered_at = now


def _open(report_id: int) -> Report:
    report = Report.objects.select_for_update(of=["self"]).get(pk=report_id)
    if not report.is_open:
        raise ReportNotInState(report.get_state_display())
    return report


def _to(report_id: int, state: ReportState, allowed: set[ReportState]) -> Report:
    report = Report.objects.select_for_update(of=["self"]).get(pk=report_id)
    if report.state not in allowed:
        raise ReportNotInState(report.get_state_display())
    report.state = state
    report.save(update_fields=["state"])
    return report


def _tell(report: Report, people: Iterable[int], *, by: User | None) -> None:
    notify_of_page(
        people,
        NoticeKind.REPORT,
        by=by,
        page=report.get_absolute_url(),
        title=report.title,
    )
