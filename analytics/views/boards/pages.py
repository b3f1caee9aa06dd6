"""Dashboards: the list of them, one of them, one of its tiles."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from accounts.access import SignedInRequest, staff_with
from accounts.models import Team, User
from analytics.charts.data import Unit
from analytics.charts.figure import figure as drawn
from analytics.charts.picture import Kind
from analytics.charts.wording import write_number
from analytics.models import Dashboard
from analytics.rules.ready_boards import READY
from analytics.selectors.alerts.on_boards import alerts_within
from analytics.selectors.boards.asking import Asking, read_asking
from analytics.selectors.boards.drawing import chart_of
from analytics.selectors.boards.figures import TileFigure
from analytics.selectors.boards.finding import Board, NoSuchBoard, board_of
from analytics.selectors.boards.headline import Moved, headline_of, moved, write_value
from analytics.selectors.choice import teams_of
from analytics.selectors.facts.question import Row
from analytics.selectors.window import today
from analytics.views.boards.choosing import board_choosing
from analytics.views.boards.shown import figures_on, shown_tiles
from feedback.errors import FilterNotKnown

READ = "feedback.view_feedback"
SHARE = "analytics.share_dashboard"
_MOST_ROWS = 200


@dataclass(frozen=True)
class Asked:
    """Who wants to see which dashboard, how, and when."""

    board: Board
    asking: Asking
    teams: list[Team]
    now: datetime


@staff_with(READ)
@require_GET
def boards(request: SignedInRequest) -> HttpResponse:
    """Ready ones beside those that people made."""
    rows = Dashboard.objects.active().visible_to(request.user)
    rows = rows.select_related("owner", "team").in_order()
    mine = [one for one in rows if one.owner_id == request.user.pk]
    context = {
        "ready": list(READY.values()),
        "mine": mine,
        "shared": [one for one in rows if one.owner_id != request.user.pk],
    }
    return render(request, "analytics/boards/list.html", context)


@staff_with(READ)
@require_GET
def board(request: SignedInRequest, board: str) -> HttpResponse:
    return answered(request, board, "analytics/boards/board.html", _whole)


@staff_with(READ)
@require_GET
def board_tiles(request: SignedInRequest, board: str) -> HttpResponse:
    """The tiles alone, asked for again when something happened."""
    return answered(request, board, "analytics/boards/_tiles.html", tiles_on)


@staff_with(READ)
@require_GET
def board_tile(request: SignedInRequest, board: str, tile: str) -> HttpResponse:
    """One figure at full width, with its table."""
    return answered(
        request,
        board,
        "analytics/boards/tile.html",
        lambda asked_by, asked: _one(asked_by, asked, tile),
    )


def answered(
    request: SignedInRequest,
    key: str,
    template: str,
    fill: Callable[[SignedInRequest, Asked], dict[str, Any]],
) -> HttpResponse:
    """A page of a dashboard; 404 where there is none, 400 for filters that do not exist."""
    asked = asked_board(request, key)
    if isinstance(asked, HttpResponse):
        return asked
    context: dict[str, Any] = {"board": asked.board, "asking": asked.asking, "now": asked.now}
    try:
        return render(request, template, context | fill(request, asked))
    except NoSuchBoard as gone:
        raise Http404 from gone


def asked_board(request: SignedInRequest, key: str, *tolerated: str) -> Asked | HttpResponse:
    """What is asked for; or the page that says which filter there is not. Raises Http404."""
    now, teams = timezone.now(), teams_of(request.user)
    try:
        found = board_of(request.user, key)
        params = dict(request.GET.lists())
        asking = read_asking(
            params, found.plan, teams=teams, today=today(now), tolerated=tolerated
        )
    except NoSuchBoard as gone:
        raise Http404 from gone
    except FilterNotKnown as unknown:
        context = {"refusal": unknown, "url": reverse("analytics:board", args=[key])}
        return render(request, "analytics/boards/unknown.html", context, status=400)
    return Asked(found, asking, teams, now)


def as_planned(user: User, key: str) -> Asked:
    """As it begins, without an address. Raises Http404."""
    now, teams = timezone.now(), teams_of(user)
    try:
        found = board_of(user, key)
        asking = read_asking({}, found.plan, teams=teams, today=today(now))
    except (NoSuchBoard, FilterNotKnown) as gone:
        raise Http404 from gone
    return Asked(found, asking, teams, now)


def tiles_on(request: SignedInRequest, asked: Asked) -> dict[str, Any]:
    plans = asked.board.plan.tiles
    figures = figures_on(request.user, plans, asked.asking, asked.now)
    metrics = [one.metric for one in plans]
    alerts = alerts_within(request.user, asked.asking.period, metrics)
    return {"tiles": shown_tiles(figures, asked.asking, alerts)}


def _whole(request: SignedInRequest, asked: Asked) -> dict[str, Any]:
    return {
        **tiles_on(request, asked),
        "choosing": choosing_of(request, asked, asked.board.url),
        "may_share": request.user.has_perm(SHARE),
    }


def choosing_of(request: SignedInRequest, asked: Asked, address: str) -> Any:
    return board_choosing(request.user, asked.asking, address, asked.teams, today(asked.now))


def _one(request: SignedInRequest, asked: Asked, key: str) -> dict[str, Any]:
    plan = asked.board.tile(key)
    (figure,) = figures_on(request.user, [plan], asked.asking, asked.now)
    chart = chart_of(figure)
    address = reverse("analytics:board_tile", args=[asked.board.plan.key, key])
    query = f"?{asked.asking.query}" if asked.asking.query else ""
    return {
        "figure": figure,
        "headline": headline_of(figure),
        "picture": drawn(chart, wide=True) if chart else "",
        "rows": table_rows(figure),
        "choosing": choosing_of(request, asked, address),
        "back": f"{asked.board.url}{query}",
        "exports": [] if chart is None else exports_of(asked.asking, key),
    }


@dataclass(frozen=True, slots=True)
class TableRow:
    """`count` things are in the list at `url`."""

    name: str
    value: str
    n: str
    before: str
    moved: Moved | None
    count: int
    url: str


def table_rows(figure: TileFigure) -> list[TableRow]:
    """Each group beside the period before, and all of them together."""
    if figure.answer is None or not figure.answer.question.by:
        return []
    answer = figure.answer
    return [_row(figure, row, " · ".join(answer.name(row))) for row in answer.groups[:_MOST_ROWS]]


def _row(figure: TileFigure, row: Row, name: str) -> TableRow:
    unit = figure.metric.unit if figure.metric else Unit.COUNT
    before = row.before.value if row.before else None
    return TableRow(
        name=name,
        value=write_value(row.value, unit),
        n="" if unit is Unit.COUNT else write_number(row.n, Unit.COUNT),
        before=write_value(before, unit),
        moved=moved(figure.metric, row) if figure.metric else None,
        count=row.count,
        url=row.url if row.count else "",
    )


def exports_of(asking: Asking, tile: str) -> list[tuple[str, str]]:
    """What each file is called and where it is."""
    query = f"?{asking.query}" if asking.query else ""
    return [
        (
            one.name,
            reverse("analytics:tile_file", args=[asking.plan.key, tile, one.value]) + query,
        )
        for one in (Kind.PNG, Kind.SVG, Kind.CSV, Kind.XLSX)
    ]
