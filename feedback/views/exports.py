"""Lists as files."""

import tempfile
from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.access import SignedInRequest, staff_with
from config.kernel.http import is_htmx
from feedback.enums import ExportFormat, JobState
from feedback.errors import FilterNotKnown
from feedback.models import ListExport
from feedback.selectors.list_rows import MOST
from feedback.selectors.queue import columns_of, queue_records, read_query
from feedback.services.list_exports import order_export, write_list, write_table
from feedback.views.queue import unknown_filter
from feedback.views.records import READ

AT_ONCE = 5_000  # rows that are written while one waits


@staff_with(READ)
@require_POST
def export(request: SignedInRequest) -> HttpResponseBase:
    """The list named by `list` as a file: at once, or on a page that says when it is ready."""
    format_ = request.POST.get("format", "")
    if format_ not in ExportFormat.values:
        raise Http404
    try:
        state = read_query(request.POST.get("list", ""), request.user)
    except FilterNotKnown as unknown:
        return unknown_filter(request, unknown)
    columns = [one.name for one in columns_of(state, request.user)]
    if queue_records(state, request.user).order_by()[: AT_ONCE + 1].count() > AT_ONCE:
        ordered = order_export(
            state,
            by=request.user,
            columns=columns,
            format_=format_,
            language=get_language() or "en",
        )
        return redirect("feedback:list_export", key=ordered.key)
    file = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it
    write_list(file, state, by=request.user, columns=columns, format_=format_)
    return as_download(file, format_, _("Feedback"))


@staff_with(READ)
@require_GET
def list_export(request: SignedInRequest, key: UUID) -> HttpResponse:
    """How far a file is; asks again by itself until it is there."""
    context = {"export": _own(request, key), "most": f"{MOST:,}"}
    name = "feedback/_list_export.html" if is_htmx(request) else "feedback/list_export.html"
    return render(request, name, context)


@staff_with(READ)
@require_GET
def export_file(request: SignedInRequest, key: UUID) -> HttpResponseBase:
    one = _own(request, key)
    if one.state != JobState.DONE or not one.file:
        raise Http404
    return as_download(one.file.open("rb"), one.format, _("Feedback"))


def _own(request: SignedInRequest, key: UUID) -> ListExport:
    return get_object_or_404(ListExport.objects.of(request.user), key=key)


def table_as_file(
    request: HttpRequest, title: str, head: Sequence[Any], rows: Iterable[Sequence[Any]]
) -> HttpResponseBase | None:
    """Any other list as the file that `?export=csv` or `?export=xlsx` asks for; None when the
    page itself is asked for."""
    format_ = request.GET.get("export", "")
    if format_ not in ExportFormat.values:
        return None
    file = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it
    write_table(file, head, rows, format_=format_, title=title)
    return as_download(file, format_, title)


def as_download(file: Any, format_: str, title: str) -> FileResponse:
    """A file that was just written, under a name that says what it is and of which day."""
    file.seek(0)
    name = f"{title} {timezone.localdate().isoformat()}.{format_}"
    kind = ExportFormat(format_)
    charset = "; charset=utf-8" if kind == ExportFormat.CSV else ""
    return FileResponse(
        file,
        as_attachment=True,
        filename=name,
        content_type=f"{kind.media_type}{charset}",
    )
