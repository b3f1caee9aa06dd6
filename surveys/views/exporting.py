"""Responses as files, as far as whoever asks may see them and with the filters of the list."""

import tempfile
from typing import Any
from uuid import UUID

from django.http import FileResponse, Http404, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.access import SignedInRequest, staff_with
from config.kernel.conditions.errors import ConditionInvalid
from config.kernel.http import is_htmx
from feedback.enums import JobState
from feedback.errors import FilterNotKnown
from surveys.forms.exporting import ExportForm, ResponseFormat
from surveys.models import ResponseExport, Survey
from surveys.models.response import ResponseQuerySet
from surveys.services import response_files
from surveys.services.response_exports import order_export, responses_for
from surveys.services.response_files import KINDS, FileKind
from surveys.views.staff import unknown_choice
from surveys.views.tabs import survey_of, survey_tabs

_OWN = frozenset({"format", "values", "several", "unfinished", "csrfmiddlewaretoken"})
AT_ONCE = 5_000  # responses that are written while one waits


@staff_with("surveys.view_response")
@require_http_methods(["GET", "POST"])
def export(request: SignedInRequest, slug: UUID) -> HttpResponseBase:
    """The page that asks how, and with `format` the file. What is long is ordered (POST) and made
    in the background; line by line it can still be had at once."""
    survey = survey_of(slug)
    data = request.POST if request.method == "POST" else request.GET
    filters = {name: data.getlist(name) for name in data if name not in _OWN}
    try:
        responses = responses_for(
            survey, request.user, filters, with_unfinished=bool(data.get("unfinished"))
        )
    except (FilterNotKnown, ConditionInvalid) as refusal:
        return unknown_choice(request, refusal, reverse("surveys:responses", args=[survey.slug]))
    count = responses.count()
    begun = {"unfinished": "unfinished" in data}
    form = ExportForm(data if "format" in data else None, initial=begun)
    if form.is_valid():
        if request.method == "POST":
            return _order(request, survey, filters, form.cleaned_data)
        if count <= AT_ONCE or KINDS[form.cleaned_data["format"]].is_streamed:
            return _file(request, survey, responses, form.cleaned_data)
    context = {
        "survey": survey,
        "tabs": survey_tabs(survey, request.user, "responses"),
        "form": form,
        "count": count,
        "is_long": count > AT_ONCE,
        "is_narrowed": bool(filters),
        "hidden": [(name, value) for name, values in filters.items() for value in values],
        "back_url": reverse("surveys:responses", args=[survey.slug]),
        "sees_customers": request.user.has_perm(response_files.SEES_CUSTOMERS),
    }
    return render(request, "surveys/export.html", context, status=422 if form.errors else 200)


def _order(
    request: SignedInRequest,
    survey: Survey,
    filters: dict[str, list[str]],
    given: dict[str, Any],
) -> HttpResponse:
    one = order_export(
        survey,
        by=request.user,
        filters=filters,
        options=given,
        language=get_language() or "en",
    )
    return redirect("surveys:ordered_export", slug=survey.slug, key=one.key)


@staff_with("surveys.view_response")
@require_GET
def ordered_export(request: SignedInRequest, slug: UUID, key: UUID) -> HttpResponse:
    """How far a file is; asks again by itself until it is there."""
    one = _own(request, slug, key)
    name = "surveys/_ordered_export.html" if is_htmx(request) else "surveys/ordered_export.html"
    return render(request, name, {"one": one, "survey": one.survey})


@staff_with("surveys.view_response")
@require_GET
def export_file(request: SignedInRequest, slug: UUID, key: UUID) -> HttpResponseBase:
    one = _own(request, slug, key)
    if one.state != JobState.DONE or not one.file:
        raise Http404
    return _whole(one.survey, one.file.open("rb"), KINDS[one.options["format"]])


def _own(request: SignedInRequest, slug: UUID, key: UUID) -> ResponseExport:
    mine = ResponseExport.objects.of(request.user).select_related("survey")
    return get_object_or_404(mine, survey__slug=slug, key=key)


def _file(
    request: SignedInRequest, survey: Survey, responses: ResponseQuerySet, given: dict[str, Any]
) -> HttpResponseBase:
    """What can be written line by line is sent so; a ZIP is finished first, on the disk."""
    format_ = given["format"]
    response_files.note_export(survey, request.user, format_)
    if KINDS[format_].is_streamed:
        return _streamed(
            survey,
            format_,
            response_files.blocks_of(survey, request.user, responses, given),
        )
    file = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it
    response_files.write_file(file, survey, request.user, responses, given)
    return _whole(survey, file, KINDS[format_])


def _name(survey: Survey, ending: str) -> str:
    return f"{survey.title[:80]} {timezone.localdate().isoformat()}.{ending}"


def _streamed(survey: Survey, format_: str, blocks: Any) -> HttpResponseBase:
    kind = KINDS[format_]
    name = f"{_('Codebook')} {survey.title}" if format_ == ResponseFormat.CODEBOOK else ""
    response = StreamingHttpResponse(blocks, content_type=kind.media)
    shown = f"{name[:80]}.csv" if name else _name(survey, kind.ending)
    response["Content-Disposition"] = content_disposition_header(True, shown) or ""
    return response


def _whole(survey: Survey, file: Any, kind: FileKind) -> FileResponse:
    file.seek(0)
    name = _name(survey, kind.ending)
    return FileResponse(file, as_attachment=True, filename=name, content_type=kind.media)
