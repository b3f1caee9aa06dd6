"""A tile from the catalogue: metric × dimensions × chart, only what makes sense, with a
preview."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import SignedInRequest, staff_with
from accounts.models import Team
from analytics.charts.data import Unit
from analytics.enums import TileChart, TileSize
from analytics.errors import BoardRefused
from analytics.metrics.catalogue.metric import Metric
from analytics.metrics.catalogue.metrics import METRICS
from analytics.metrics.periods import last_days
from analytics.models import DashboardTile
from analytics.rules.tiles import BoardPlan, TilePlan, charts_for
from analytics.selectors.boards.asking import FILTERS, Asking
from analytics.selectors.boards.finding import NoSuchBoard, own_board
from analytics.selectors.choice import Choice, teams_of
from analytics.selectors.facts.dimension import DIMENSIONS
from analytics.selectors.facts.measuring import dimensions_of
from analytics.selectors.window import today
from analytics.services.boards import add_tile, change_tile
from analytics.views.boards.choosing import Menu, menus_of
from analytics.views.boards.pages import READ
from analytics.views.boards.shown import figures_on, shown_tile

_LONGEST_TITLE = 80
Params = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Picked:
    """What is chosen so far, and what may be chosen with it."""

    plan: TilePlan
    metric: Metric
    menus: list[Menu]
    filters: list[Menu]
    goal: str


@staff_with(READ)
@require_http_methods(["GET", "POST"])
def pick_tile(request: SignedInRequest, board: str, tile_id: int | None = None) -> HttpResponse:
    """Chosen step by step, each a POST that changes nothing; “save” puts it on the dashboard."""
    try:
        own = own_board(request.user, board, to_change=True)
    except NoSuchBoard as gone:
        raise Http404 from gone
    tile = _tile_on(own.pk, tile_id) if tile_id is not None else None
    params = dict(request.POST.lists())
    plan = tile.plan if tile is not None and not params else read_plan(params)
    picked = _picked(plan, teams_of(request.user))
    error = ""
    if request.POST.get("do") == "save":
        try:
            if tile is None:
                tile = add_tile(own.pk, picked.plan)
            else:
                change_tile(own.pk, tile.pk, picked.plan)
        except BoardRefused as refusal:
            error = str(refusal.message)
        else:
            messages.success(request, _("Saved."))
            edit = reverse("analytics:edit_board", args=[own.pk])
            return redirect(f"{edit}#tile-{tile.pk}")
    context = {
        "own": own,
        "tile": tile,
        "picked": picked,
        "error": error,
        "preview": _preview(request, picked.plan, own.days),
    }
    status = 422 if error else 200
    return render(request, "analytics/boards/pick.html", context, status=status)


def _tile_on(board_id: int, tile_id: int) -> DashboardTile:
    tile = DashboardTile.objects.active().filter(dashboard=board_id, pk=tile_id).first()
    if tile is None:
        raise Http404
    return tile


def read_plan(params: Params) -> TilePlan:
    """What was chosen; whatever does not exist or does not fit gives way to what does."""
    given = {name: texts[-1].strip() for name, texts in params.items() if texts}
    key = given.get("metric", "")
    metric = METRICS.get(key) or next(iter(METRICS.values()))
    known = dimensions_of(metric)
    wanted = dict.fromkeys(given.get(name, "") for name in ("by", "and"))
    by = tuple(name for name in wanted if name in known)
    if set(by) == {"category", "branch"}:
        by = by[:1]
    charts = charts_for(metric, len(by))
    chart = given.get("chart", "")
    size = given.get("size", "")
    return TilePlan(
        key="preview",
        metric=metric.key,
        chart=TileChart(chart) if chart in charts else charts[0],
        by=by,
        size=TileSize(size) if size in TileSize.values else TileSize.MEDIUM,
        title=given.get("title", "")[:_LONGEST_TITLE],
        goal=_goal(given.get("goal", ""), metric),
        filters={
            name: (given[f"only_{name}"],)
            for name in FILTERS
            if name in known and given.get(f"only_{name}")
        },
    )


def _goal(text: str, metric: Metric) -> float | None:
    """Shares are typed in percent."""
    try:
        value = float(text.replace(",", ".").rstrip("%").strip())
    except ValueError:
        return None
    if not -1e6 < value < 1e6:
        return None
    return value / 100 if metric.unit is Unit.SHARE else value


def _picked(plan: TilePlan, teams: Sequence[Team]) -> Picked:
    metric = METRICS.get(plan.metric)
    if metric is None:  # it was there when the tile was made
        metric = next(iter(METRICS.values()))
        plan = replace(plan, metric=metric.key, by=(), chart=TileChart.NUMBER, filters={})
    known = dimensions_of(metric)
    first, second = (*plan.by, "", "")[:2]
    dimensions = [(name, str(DIMENSIONS[name].label)) for name in known]
    charts = [(one.value, str(one.label)) for one in charts_for(metric, len(plan.by))]
    menus = [
        _menu("metric", _("Metric"), [(m.key, str(m.name)) for m in METRICS.values()], metric.key),
        _menu("by", _("Told apart by"), [("", _("nothing")), *dimensions], first),
    ]
    if first:
        more = [("", _("nothing")), *((n, label) for n, label in dimensions if n != first)]
        menus.append(_menu("and", _("And by"), more, second))
    menus.append(_menu("chart", _("Chart"), charts, plan.chart))
    menus.append(_menu("size", _("Size"), list(TileSize.choices), plan.size))
    filters = [
        replace(menu, name=f"only_{menu.name}")
        for menu in menus_of(plan.filters, teams)
        if menu.name in known
    ]
    goal = plan.goal
    if goal is not None and metric.unit is Unit.SHARE:
        goal = round(goal * 100, 4)
    return Picked(plan, metric, menus, filters, "" if goal is None else f"{goal:g}")


def _menu(name: str, label: str, choices: Sequence[tuple[Any, Any]], chosen: str) -> Menu:
    return Menu(name, label, [(str(v), str(words), v == chosen) for v, words in choices])


def _preview(request: SignedInRequest, plan: TilePlan, days: int) -> Any:
    now = timezone.now()
    choice = Choice(last_days(days, today(now)), preset=days)
    asking = Asking(BoardPlan("preview", "", (plan,), days=days), choice)
    (figure,) = figures_on(request.user, [plan], asking, now)
    return replace(shown_tile(figure, asking), url="")
