"""The page of a table, and its files."""

import io
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts.access import SignedInRequest, staff_with
from analytics.charts.picture import TYPES, File, Kind, picture
from analytics.charts.wording import write_date
from analytics.selectors.boards.files import told
from analytics.selectors.choice import teams_of
from analytics.selectors.cross.asking import CrossAsking, read_cross
from analytics.selectors.cross.drawing import chart_of, file_head, file_rows, title_of
from analytics.selectors.cross.table import Cross, cross_tables
from analytics.selectors.facts.question import NotAsked
from analytics.selectors.window import today
from analytics.views.cross.controls import controls_of
from analytics.views.cross.pinning import READ, boards_for
from analytics.views.cross.shown import shown
from config.kernel.spreadsheets import csv_lines, write_xlsx
from feedback.errors import FilterNotKnown

ADD_EVIDENCE = "analytics.add_problemevidence"


@staff_with(READ)
@require_GET
def cross_page(request: SignedInRequest) -> HttpResponse:
    """Everything that it shows stands in the address."""
    found = _asked(request)
    if isinstance(found, HttpResponse):
        return found
    address = reverse("analytics:cross")
    query = f"?{found.asking.query}" if found.asking.query else ""
    context: dict[str, Any] = {
        "asking": found.asking,
        "cross": found,
        "title": title_of(found.asking),
        "shown": shown(found, may_add=request.user.has_perm(ADD_EVIDENCE)),
        "controls": controls_of(request.user, found.asking, address),
        "boards": boards_for(request.user, found.asking),
        "exports": [
            (one.name, reverse("analytics:cross_file", args=[one.value]) + query)
            for one in (Kind.CSV, Kind.XLSX, Kind.PNG, Kind.SVG)
        ],
    }
    return render(request, "analytics/cross/page.html", context)


@staff_with(READ)
@require_GET
def cross_file(request: SignedInRequest, kind: str) -> HttpResponse:
    """A line for each cell as CSV or XLSX; the chart (of the layer that the address names by its
    place, at first the first) as PNG or SVG."""
    if kind not in {one.value for one in Kind}:
        raise Http404
    found = _asked(request, "layer")
    if isinstance(found, HttpResponse):
        return found
    if kind in {Kind.CSV, Kind.XLSX}:
        return _sent(_cells(found, Kind(kind)))
    chart = chart_of(found.asking, found.tables[_layer(request, found)])
    if chart is None:
        raise Http404
    footer = " · ".join([*told(found.asking.base), write_date(today(timezone.now()), "full_day")])
    return _sent(picture(chart, Kind(kind), get_language() or "en", footer=footer))


def _cells(found: Cross, kind: Kind) -> File:
    """Formulas are neutralised by those who write it."""
    title, head, rows = _("Cross analysis"), file_head(found), file_rows(found)
    name = f"{title} {today(timezone.now()).isoformat()}.{kind.value}"
    if kind is Kind.CSV:
        return File(name, TYPES[kind], "".join(csv_lines(head, rows)).encode())
    file = io.BytesIO()
    write_xlsx(file, head, rows, title=title)
    return File(name, TYPES[kind], file.getvalue())


def _sent(file: File) -> HttpResponse:
    answer = HttpResponse(file.content, content_type=file.type)
    name = content_disposition_header(as_attachment=True, filename=file.name)
    answer.headers["Content-Disposition"] = name or "attachment"
    return answer


def _layer(request: SignedInRequest, found: Cross) -> int:
    text = request.GET.get("layer", "0")
    if not (text.isascii() and text.isdecimal() and int(text[:3]) < len(found.tables)):
        raise Http404
    return int(text[:3])


def _asked(request: SignedInRequest, *tolerated: str) -> Cross | HttpResponse:
    """What is asked for, counted; or the page that says what there is not."""
    now = timezone.now()
    params = {name: texts for name, texts in request.GET.lists() if name not in tolerated}
    try:
        asking: CrossAsking = read_cross(
            params, request.user, teams=teams_of(request.user), today=today(now)
        )
        return cross_tables(request.user, asking, now)
    except FilterNotKnown as unknown:
        refusal: Any = unknown.message
    except NotAsked as unknown:
        refusal = FilterNotKnown(unknown.name).message
    context = {"message": refusal, "url": reverse("analytics:cross")}
    return render(request, "analytics/cross/unknown.html", context, status=400)
