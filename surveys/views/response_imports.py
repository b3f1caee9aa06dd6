"""Answers out of a table: uploaded, columns chosen, looked at, imported, taken back."""

import tempfile
from collections.abc import Callable
from itertools import islice
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import SignedInRequest, staff_with
from config.kernel.errors import DomainError
from config.kernel.http import is_htmx, toast
from feedback.enums import ExportFormat
from feedback.services.list_exports import write_table
from surveys.enums import ImportState, VersionState
from surveys.errors import ColumnsInvalid, NothingPublished
from surveys.forms.response_imports import ColumnsForm, TableForm
from surveys.models import ResponseImport
from surveys.services import response_imports as services
from surveys.services.importing_responses import (
    Sheet,
    open_sheet,
    preview,
    targets_for,
)
from surveys.views.tabs import survey_of, survey_tabs

ADD = "surveys.add_responseimport"
A_PAGE = 20
ROWS_LOOKED_AT = 50
SAMPLES = 3
PREVIEWED = 2
PROBLEMS_SHOWN = 50
LONGEST_SAMPLE = 60


@staff_with(ADD)
@require_http_methods(["GET", "POST"])
def imports(request: SignedInRequest, slug: UUID) -> HttpResponse:
    """Those of a survey, and the form for another one."""
    survey = survey_of(slug)
    form = TableForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            one = services.upload_table(survey, by=request.user, name=file.name, raw=file.read())
        except DomainError as refusal:
            form.add_error("file", str(refusal.message))
        else:
            return redirect("surveys:response_import", slug=slug, key=one.key)
    rows = ResponseImport.objects.filter(survey=survey).select_related("by")
    context = {
        "survey": survey,
        "tabs": survey_tabs(survey, request.user, "responses"),
        "form": form,
        "page": Paginator(rows, A_PAGE).get_page(request.GET.get("page")),
        "is_published": survey.versions.exclude(state=VersionState.DRAFT).exists(),
    }
    status = 422 if form.errors else 200
    return render(request, "surveys/response_imports.html", context, status=status)


@staff_with(ADD)
@require_http_methods(["GET", "POST"])
def response_import(request: SignedInRequest, slug: UUID, key: UUID) -> HttpResponse:
    """One table: its columns to choose, what came of it; asks again while it is under way."""
    one = _import_of(slug, key)
    if is_htmx(request) and request.method == "GET":
        answer = render(request, "surveys/_response_import.html", _state(one))
        if not one.is_under_way:
            answer["HX-Refresh"] = "true"
        return answer
    if one.state not in {ImportState.UPLOADED, ImportState.CHECKED}:
        if request.method == "POST":
            return redirect("surveys:response_import", slug=slug, key=key)
        return render(request, "surveys/response_import.html", _state(one))
    return _columns(request, one)


def _columns(request: SignedInRequest, one: ResponseImport) -> HttpResponse:
    try:
        targets = targets_for(one.survey)
        form = ColumnsForm(
            request.POST or None, head=one.head, targets=targets, initial=_initial(one)
        )
        if form.is_valid():
            services.choose_columns(one.pk, columns=form.columns(), options=form.options())
            services.begin(one.pk, ImportState.CHECKING)
            services.work_a_moment(one.pk)
            return redirect("surveys:response_import", slug=one.survey.slug, key=one.key)
        samples, shown = _looked_at(one)
    except NothingPublished as refusal:
        toast(request, str(refusal.message))
        return redirect("surveys:response_imports", slug=one.survey.slug)
    except ColumnsInvalid as refusal:
        form.add_error(None, str(refusal.message))
        samples, shown = _looked_at(one)
    except (DomainError, OSError, ValueError):
        return render(request, "surveys/response_import.html", _state(one) | {"is_gone": True})
    columns = [
        {"field": form[f"column-{at}"], "head": head, "samples": samples[at]}
        for at, head in enumerate(one.head)
    ]
    context = _state(one) | {
        "form": form,
        "columns": columns,
        "shown": shown if one.state == ImportState.CHECKED else [],
        "left_out": sum(not name for name in one.columns),
    }
    status = 422 if form.errors else 200
    return render(request, "surveys/response_import.html", context, status=status)


def _initial(one: ResponseImport) -> dict[str, Any]:
    options = services.OPTIONS | one.options
    given = {name: options[name] for name in ColumnsForm.OPTIONS}
    for name in ("month_first", "is_lenient"):
        given[name] = "1" if given[name] else ""
    return given | {f"column-{at}": name for at, name in enumerate(one.columns)}


def _looked_at(one: ResponseImport) -> tuple[list[list[str]], list[dict[str, Any]]]:
    """A few values of each column, and the first rows as they are understood."""
    sheet: Sheet = open_sheet(one)
    rows = list(islice(sheet.rows(), ROWS_LOOKED_AT))
    samples = []
    for at in range(len(one.head)):
        given = (row.cells[at][:LONGEST_SAMPLE] for row in rows if at < len(row.cells))
        samples.append(list(dict.fromkeys(cell for cell in given if cell))[:SAMPLES])
    return samples, preview(sheet, rows[:PREVIEWED])


def _state(one: ResponseImport) -> dict[str, Any]:
    problems = one.problem_rows(PROBLEMS_SHOWN + 1)
    return {
        "one": one,
        "survey": one.survey,
        "problems": problems[:PROBLEMS_SHOWN],
        "has_more_problems": len(problems) > PROBLEMS_SHOWN,
        "responses": one.responses.count() if one.state == ImportState.DONE else 0,
        "list_url": f"{reverse('surveys:responses', args=[one.survey.slug])}?imported={one.pk}",
    }


@staff_with(ADD)
@require_POST
def change_import(request: SignedInRequest, slug: UUID, key: UUID, what: str) -> HttpResponse:
    """start, undo, count, leave-out (of the results), discard."""
    one = _import_of(slug, key)
    actions: dict[str, Callable[[], None]] = {
        "start": lambda: services.begin(one.pk, ImportState.IMPORTING),
        "undo": lambda: services.begin(one.pk, ImportState.UNDOING, by=request.user),
        "count": lambda: services.count_responses(one.pk, is_counted=True),
        "leave-out": lambda: services.count_responses(one.pk, is_counted=False),
        "discard": lambda: services.discard(one.pk),
    }
    if what not in actions:
        raise Http404
    try:
        actions[what]()
    except DomainError as refusal:
        toast(request, str(refusal.message))
        return redirect("surveys:response_import", slug=slug, key=key)
    if what == "discard":
        toast(request, _("Discarded."))
        return redirect("surveys:response_imports", slug=slug)
    services.work_a_moment(one.pk)
    _tell(request, ResponseImport.objects.get(pk=one.pk))
    return redirect("surveys:response_import", slug=slug, key=key)


def _tell(request: SignedInRequest, one: ResponseImport) -> None:
    if one.state == ImportState.UNDONE:
        toast(request, _("Taken back: the survey is as it was before."))
    elif one.state == ImportState.DONE:
        words = ngettext(
            "%(n)s response was imported.", "%(n)s responses were imported.", one.good
        )
        toast(request, words % {"n": f"{one.good:,}"})


@staff_with(ADD)
@require_GET
def mistakes_file(request: SignedInRequest, slug: UUID, key: UUID) -> HttpResponseBase:
    """The rows that did not come in, as they stood in the file, with what is wrong with them: to
    be mended and imported by themselves."""
    one = _import_of(slug, key)
    wrong: dict[int, list[str]] = {}
    for row, column, _value, sentence, accepted, is_warning in one.problems:
        if not is_warning:
            said = f"{column}: {sentence}" if column else sentence
            wrong.setdefault(row, []).append(f"{said} ({accepted})" if accepted else said)
    try:
        rows = {row.number: row.cells for row in open_sheet(one).rows() if row.number in wrong}
    except (DomainError, OSError, ValueError):
        raise Http404 from None
    file = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it
    width = len(one.head)
    lines = (
        [*(cells + [""] * width)[:width], number, "; ".join(wrong[number])]
        for number, cells in rows.items()
    )
    head = [*one.head, _("Row in the file"), _("What is wrong")]
    write_table(file, head, lines, format_=ExportFormat.CSV, title=_("Rows with mistakes"))
    file.seek(0)
    name = f"{_('Rows with mistakes')} {one.name}".removesuffix(".csv") + ".csv"
    return FileResponse(
        file, as_attachment=True, filename=name, content_type="text/csv; charset=utf-8"
    )


def _import_of(slug: UUID, key: UUID) -> ResponseImport:
    found = ResponseImport.objects.select_related("survey__team", "survey__owner", "by")
    return get_object_or_404(found, survey__slug=slug, key=key)
