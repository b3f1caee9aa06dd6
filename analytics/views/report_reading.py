"""A report as it is read: what is being written, what was issued, and their files."""

from collections.abc import Mapping
from typing import Any

from django.core.files.base import ContentFile
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import override
from django.views.decorators.http import require_GET

from accounts.access import SignedInRequest, staff_with
from accounts.models import User
from analytics.distribution.report_docx import TYPE as DOCX_TYPE
from analytics.distribution.report_docx import can_make_docx, report_as_docx
from analytics.distribution.report_pages import parts_for_page, report_as_html, report_as_pdf
from analytics.enums import PartKind, ReportState
from analytics.forms.reports import CommentForm
from analytics.models import Report, ReportComment, ReportVersion
from analytics.models.report import APPROVE, READ, WRITE
from analytics.rules.report.document import Document, blanks_of
from analytics.selectors.reports import draft_of, newest_version
from analytics.services.report_files import keep_pdf
from config.kernel.pdf import NoPdf

SHOWN = 30  # lines of the history


@staff_with(READ)
@require_GET
def report_page(request: SignedInRequest, pk: int) -> HttpResponse:
    """For those who write it the draft, or the newest version once it is issued; for readers
    always the newest version."""
    report = get_object_or_404(Report.objects.visible_to(request.user).for_list(), pk=pk)
    version = newest_version(report)
    works_on_it = request.user.has_perm(WRITE) or request.user.has_perm(APPROVE)
    if version is not None and (report.state == ReportState.ISSUED or not works_on_it):
        return _read(request, report, version)
    document = draft_of(report)
    context = _shown(document) | {
        "report": report,
        "blanks": blanks_of(document),
        "comments": _comments(report),
        "comment_form": CommentForm(),
    }
    return render(request, "analytics/report/report.html", context | _beside(report, request.user))


@staff_with(READ)
@require_GET
def version_page(request: SignedInRequest, pk: int, number: int) -> HttpResponse:
    return _read(request, *_version(request.user, pk, number))


def _read(request: SignedInRequest, report: Report, version: ReportVersion) -> HttpResponse:
    context = _shown(version.document) | {"report": report, "issued": version}
    return render(request, "analytics/report/report.html", context | _beside(report, request.user))


def _shown(document: Document) -> dict[str, Any]:
    parts = parts_for_page(document)
    return {
        "document": document,
        "cover": next((one for one in parts if one["kind"] == PartKind.COVER), None),
        "parts": [one for one in parts if one["number"]],
    }


def _beside(report: Report, user: User) -> dict[str, Any]:
    may = {"may_write": user.has_perm(WRITE), "may_approve": user.has_perm(APPROVE)}
    found: dict[str, Any] = {
        **may,
        "can_make_docx": can_make_docx(),
        "versions": list(report.versions.select_related("issued_by")),
    }
    if may["may_write"] or may["may_approve"]:
        lines = report.entries.select_related("actor")[:SHOWN]
        titles = {one.value: str(one.label) for one in PartKind}
        found["history"] = [(one, titles.get(one.about.get("part", ""), "")) for one in lines]
    return found


def _comments(report: Report) -> Mapping[str, list[ReportComment]]:
    rows = ReportComment.objects.filter(part__report=report).select_related(
        "part", "author", "resolved_by"
    )
    found: dict[str, list[ReportComment]] = {one.value: [] for one in PartKind}
    for one in rows:
        found[one.part.kind].append(one)
    return found


def _version(user: User, pk: int, number: int) -> tuple[Report, ReportVersion]:
    report = get_object_or_404(Report.objects.visible_to(user).for_list(), pk=pk)
    rows = report.versions.select_related("issued_by")
    return report, get_object_or_404(rows, number=number)


@staff_with(WRITE)
@require_GET
def draft_pdf(request: SignedInRequest, pk: int) -> HttpResponse:
    report = get_object_or_404(Report.objects.visible_to(request.user), pk=pk)
    return pdf_answer(draft_of(report), f"report-{report.pk}-draft")


@staff_with(READ)
@require_GET
def version_pdf(request: SignedInRequest, pk: int, number: int) -> HttpResponse:
    _report, version = _version(request.user, pk, number)
    return version_file(version)


@staff_with(WRITE)
@require_GET
def draft_docx(request: SignedInRequest, pk: int) -> HttpResponse:
    report = get_object_or_404(Report.objects.visible_to(request.user), pk=pk)
    return _docx(draft_of(report), f"report-{report.pk}-draft")


@staff_with(READ)
@require_GET
def version_docx(request: SignedInRequest, pk: int, number: int) -> HttpResponse:
    report, version = _version(request.user, pk, number)
    return _docx(version.document, f"report-{report.pk}-{version.number}")


def _docx(document: Document, name: str) -> HttpResponse:
    if not can_make_docx():  # nobody is led here then
        raise Http404
    response = HttpResponse(report_as_docx(document), content_type=DOCX_TYPE)
    response["Content-Disposition"] = f'attachment; filename="{name}.docx"'
    return response


def version_file(version: ReportVersion) -> HttpResponse:
    """The file that the worker made; where it has not yet, it is made now and kept."""
    name = f"report-{version.report_id}-{version.number}"
    if version.file:
        with version.file.open("rb") as file:
            return as_file(file.read(), name)
    try:
        made = report_as_pdf(version.document)
    except NoPdf:
        return HttpResponse(report_as_html(version.document))
    keep_pdf(version.pk, ContentFile(made))
    return as_file(made, name)


def pdf_answer(document: Document, name: str) -> HttpResponse:
    """A PDF; where this server cannot make any, the same for the printer of the browser."""
    with override(document["language"]):
        try:
            return as_file(report_as_pdf(document), name)
        except NoPdf:
            return HttpResponse(report_as_html(document))


def as_file(file: bytes, name: str) -> HttpResponse:
    response = HttpResponse(file, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    return response
