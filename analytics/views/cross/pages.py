"""The page of a table, and its files."""

from typing import Any

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts.access import SignedInRequest, staff_with
from analytics.charts.picture import Kind, picture
from analytics.charts.wording import write_date
from analytics.selectors.boards.files import told
from analytics.selectors.choice import teams_of
from analytics.selectors.cross.asking import CrossAsking, read_cross
from analytics.selectors.cross.drawing import chart_of, file_head, file_rows, title_of
from analytics.selectors.cross.table import Cross, cross_tables
from analytics.selectors.facts.question import NotAsked
from analytics.selectors.window import today
from analytics.views.cross.controls import controls_of
from analytics.views.cross.shown import shown
from analytics.views.survey_files import table_file
from feedback.errors import FilterNotKnown

READ = "feedback.view_feedback"
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
        "exports": [
            (one.name, reverse("analytics:cross_file", args=[one.value]) + query)
            for one in (Kind.CSV, Kind.XLSX, Kind.PNG, Kind.SVG)
        ],
    }
    return render(request, "analytics/cross/page.html", context)


@staff_with(READ)
@require_GET
def cross_file(request: SignedInRequest, kind: str) -> HttpResponseBase:
    """A line for each cell as CSV or XLSX; the chart (of the layer that the address names by its
    place, at first the first) as PNG or SVG."""
    if kind not in {one.value for one in Kind}:
        raise Http404
    found = _asked(request, "layer")
    if isinstance(found, HttpResponse):
        return found
    title = title_of(found.asking)
    if kind in {Kind.CSV, Kind.XLSX}:
        return table_file(file_head(found), file_rows(found), format_=kind, title=_("Cross-tab"))
    chart = chart_of(found.asking, found.tables[_layer(request, found)])
    if chart is None:
        raise Http404
    footer = " · ".join([*told(found.asking.base), write_date(today(timezone.now()), "full_day")])
    file = picture(chart, Kind(kind), get_language() or "en", footer=footer)
    answer = HttpResponse(file.content, content_type=file.type)
    name = content_disposition_header(as_attachment=True, filename=file.name or title)
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
