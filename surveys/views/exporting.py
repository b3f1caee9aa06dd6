"""Responses as files, as far as whoever asks may see them and with the filters of the list."""

import tempfile
from typing import Any
from uuid import UUID

from django.http import FileResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts.access import SignedInRequest, staff_with
from config.kernel.conditions.errors import ConditionInvalid
from config.kernel.spreadsheets import csv_lines
from feedback.errors import FilterNotKnown
from surveys.forms.exporting import ExportForm, ResponseFormat
from surveys.models import Response, Survey
from surveys.models.response import ResponseQuerySet
from surveys.selectors.response_list import narrowed, read_filters
from surveys.selectors.response_table import Several
from surveys.services import response_files
from surveys.views.tabs import survey_of, survey_tabs

_OWN = frozenset({"format", "values", "several"})
_STREAMED = {"csv": "text/csv; charset=utf-8", "json": "application/json"}
_STREAMED["codebook"] = _STREAMED["csv"]


@staff_with("surveys.view_response")
@require_GET
def export(request: SignedInRequest, slug: UUID) -> HttpResponseBase:
    """The page that asks how, and with `format` the file."""
    survey = survey_of(slug)
    filters = {name: request.GET.getlist(name) for name in request.GET if name not in _OWN}
    try:
        chosen = read_filters(survey, filters, request.user)
    except (FilterNotKnown, ConditionInvalid) as refusal:
        known = {
            "refusal": refusal,
            "all_url": reverse("surveys:responses", args=[survey.slug]),
        }
        return render(request, "surveys/filter_unknown.html", known, status=400)
    visible = Response.objects.visible_to(request.user).complete().filter(survey=survey)
    responses = narrowed(visible, chosen)
    form = ExportForm(request.GET if "format" in request.GET else None)
    if form.is_valid():
        return _file(request, survey, responses, form.cleaned_data)
    context = {
        "survey": survey,
        "tabs": survey_tabs(survey, request.user, "responses"),
        "form": form,
        "count": responses.count(),
        "is_narrowed": bool(filters),
        "hidden": [(name, value) for name, values in filters.items() for value in values],
        "back_url": reverse("surveys:responses", args=[survey.slug]),
        "sees_customers": request.user.has_perm(response_files.SEES_CUSTOMERS),
    }
    return render(request, "surveys/export.html", context, status=422 if form.errors else 200)


def _file(
    request: SignedInRequest, survey: Survey, responses: ResponseQuerySet, given: dict[str, Any]
) -> HttpResponseBase:
    """What can be written line by line is sent so; a ZIP is finished first, on the disk."""
    format_ = given["format"]
    response_files.note_export(survey, request.user, format_)
    if format_ == ResponseFormat.CODEBOOK:
        head, rows = response_files.codebook_of(survey, request.user)
        return _streamed(survey, format_, response_files.buffered(csv_lines(head, rows)))
    if format_ == ResponseFormat.SPSS:
        file = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it
        response_files.write_spss(file, survey, request.user, responses)
        return _whole(survey, file, "zip", "application/zip")
    table = response_files.table_for(
        survey,
        request.user,
        several=Several(given["several"]),
        with_labels=given["values"] == "labels",
    )
    if format_ == ResponseFormat.XLSX:
        file = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it
        response_files.write_workbook(file, table, responses, str(survey))
        kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
        return _whole(survey, file, "xlsx", kind)
    lines = (
        response_files.csv_of(table, responses)
        if format_ == ResponseFormat.CSV
        else response_files.json_of(table, responses)
    )
    return _streamed(survey, format_, response_files.buffered(lines))


def _name(survey: Survey, ending: str) -> str:
    return f"{survey.title[:80]} {timezone.localdate().isoformat()}.{ending}"


def _streamed(survey: Survey, format_: str, blocks: Any) -> HttpResponseBase:
    ending = "csv" if format_ == ResponseFormat.CODEBOOK else format_
    name = f"{_('Codebook')} {survey.title}" if format_ == ResponseFormat.CODEBOOK else ""
    response = StreamingHttpResponse(blocks, content_type=_STREAMED[format_])
    shown = f"{name[:80]}.csv" if name else _name(survey, ending)
    response["Content-Disposition"] = content_disposition_header(True, shown) or ""
    return response


def _whole(survey: Survey, file: Any, ending: str, kind: str) -> FileResponse:
    file.seek(0)
    name = _name(survey, ending)
    return FileResponse(file, as_attachment=True, filename=name, content_type=kind)
