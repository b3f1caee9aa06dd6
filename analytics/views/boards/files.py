"""Tiles as files."""

from django.http import Http404, HttpResponse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET

from accounts.access import SignedInRequest, staff_with
from analytics.charts.picture import Kind
from analytics.selectors.boards.files import file_of
from analytics.selectors.boards.finding import NoSuchBoard
from analytics.views.boards.pages import READ, asked_board
from analytics.views.boards.shown import figures_on


@staff_with(READ)
@require_GET
def tile_file(request: SignedInRequest, board: str, tile: str, kind: str) -> HttpResponse:
    """As PNG, SVG, CSV or XLSX, with the filters of the address."""
    if kind not in {one.value for one in Kind}:
        raise Http404
    asked = asked_board(request, board)
    if isinstance(asked, HttpResponse):
        return asked
    try:
        plan = asked.board.tile(tile)
    except NoSuchBoard as gone:
        raise Http404 from gone
    (figure,) = figures_on(request.user, [plan], asked.asking, asked.now)
    file = file_of(figure, asked.asking, Kind(kind))
    if file is None:
        raise Http404
    answer = HttpResponse(file.content, content_type=file.type)
    disposition = content_disposition_header(as_attachment=True, filename=file.name)
    answer.headers["Content-Disposition"] = disposition or "attachment"
    return answer
