"""Dashboards that people make: every write of them and of their tiles."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from accounts.models import Team, User
from analytics.enums import BoardScope, TileChart, TileSize
from analytics.errors import BoardRefused
from analytics.metrics.catalogue.metrics import METRICS
from analytics.models import Dashboard, DashboardTile
from analytics.rules.tiles import MOST_TILES, BoardPlan, TilePlan, charts_for
from analytics.selectors.boards.asking import keys_of
from analytics.selectors.facts.measuring import dimensions_of
from feedback.errors import FilterNotKnown

GONE_AFTER = timedelta(days=30)
MOST_BOARDS = 100  # of one person


@transaction.atomic
def make_board(*, by: User, name: str, plan: BoardPlan | None = None) -> Dashboard:
    """An empty one, or with the tiles of another. Raises BoardRefused."""
    mine = Dashboard.objects.active().filter(owner=by)
    if mine.count() >= MOST_BOARDS:
        raise BoardRefused.too_many_boards(MOST_BOARDS)
    last = mine.aggregate(last=Max("position"))["last"]
    board = Dashboard.objects.create(
        name=_name(name), owner=by, position=0 if last is None else min(last + 1, 30_000)
    )
    if plan is not None:
        board.days, board.compares = plan.days, plan.compares
        board.filters = _as_json(plan.filters)
        board.save(update_fields=["days", "compares", "filters"])
        for position, one in enumerate(plan.tiles):
            _make_tile(board, one, position)
    return board


@transaction.atomic
def save_board(
    board_id: int,
    *,
    by: User,
    name: str,
    scope: str = BoardScope.PERSONAL,
    team: Team | None = None,
    days: int = 30,
    compares: bool = False,
    filters: Mapping[str, Sequence[str]] | None = None,
) -> Dashboard:
    """Its name, for whom it is, and where it begins. Without `filters` these stay. Raises
    BoardRefused."""
    board = _locked(board_id)
    is_shared = scope != BoardScope.PERSONAL
    is_new = (board.scope, board.team_id) != (scope, team.pk if team else None)
    if is_shared and is_new and not by.has_perm("analytics.share_dashboard"):
        raise BoardRefused.not_to_be_shared()
    if scope == BoardScope.TEAM and team is None:
        raise BoardRefused.no_team()
    board.name, board.scope = _name(name), scope
    board.team = team if scope == BoardScope.TEAM else None
    board.days, board.compares = days, compares
    if filters is not None:
        _check_filters(filters)
        board.filters = _as_json(filters)
    board.save()
    return board


@transaction.atomic
def remove_board(board_id: int) -> Dashboard:
    """It can be brought back for a month."""
    board = _locked(board_id)
    board.removed_at = board.removed_at or timezone.now()
    board.save(update_fields=["removed_at"])
    return board


@transaction.atomic
def restore_board(board_id: int) -> Dashboard:
    board = _locked(board_id)
    board.removed_at = None
    board.save(update_fields=["removed_at"])
    return board


@transaction.atomic
def add_tile(board_id: int, plan: TilePlan) -> DashboardTile:
    """At the end. Raises BoardRefused for what makes no sense."""
    board = _locked(board_id)
    tiles = list(board.tiles.active().in_order())
    if len(tiles) >= MOST_TILES:
        raise BoardRefused.too_many_tiles(MOST_TILES)
    check_tile(plan)
    last = board.tiles.aggregate(last=Max("position"))["last"]
    return _make_tile(board, plan, 0 if last is None else min(last + 1, 30_000))


@transaction.atomic
def change_tile(board_id: int, tile_id: int, plan: TilePlan) -> DashboardTile:
    """What it shows; its place stays. Raises BoardRefused, DashboardTile.DoesNotExist."""
    tile = _tile(board_id, tile_id)
    check_tile(plan)
    _fill(tile, plan)
    tile.save()
    return tile


@transaction.atomic
def move_tile(board_id: int, tile_id: int, by: int) -> None:
    """So many places towards the end, or towards the beginning where `by` is negative."""
    moved = _tile(board_id, tile_id)
    tiles = [one for one in moved.dashboard.tiles.active().in_order() if one.pk != moved.pk]
    all_of_them = list(moved.dashboard.tiles.active().in_order())
    at = next(at for at, one in enumerate(all_of_them) if one.pk == moved.pk)
    tiles.insert(max(0, min(at + by, len(tiles))), moved)
    for position, one in enumerate(tiles):
        if one.position != position:
            one.position = position
            one.save(update_fields=["position"])


@transaction.atomic
def resize_tile(board_id: int, tile_id: int, size: str) -> DashboardTile:
    tile = _tile(board_id, tile_id)
    tile.size = TileSize(size)
    tile.save(update_fields=["size"])
    return tile


@transaction.atomic
def remove_tile(board_id: int, tile_id: int) -> DashboardTile:
    """It can be brought back for a month."""
    tile = _tile(board_id, tile_id)
    tile.removed_at = tile.removed_at or timezone.now()
    tile.save(update_fields=["removed_at"])
    return tile


@transaction.atomic
def restore_tile(board_id: int, tile_id: int) -> DashboardTile:
    """Where it was. Raises BoardRefused where there is no room any more."""
    tile = _tile(board_id, tile_id)
    if tile.removed_at and tile.dashboard.tiles.active().count() >= MOST_TILES:
        raise BoardRefused.too_many_tiles(MOST_TILES)
    tile.removed_at = None
    tile.save(update_fields=["removed_at"])
    return tile


def forget_removed() -> int:
    """What was removed a month ago is gone for good; gives how many rows."""
    before = timezone.now() - GONE_AFTER
    tiles, _each = DashboardTile.objects.filter(removed_at__lt=before).delete()
    boards, _each = Dashboard.objects.filter(removed_at__lt=before).delete()
    return tiles + boards


def check_tile(plan: TilePlan) -> None:
    """Raises BoardRefused for a metric, a dimension or a chart that do not go together."""
    metric = METRICS.get(plan.metric)
    if metric is None:
        raise BoardRefused.no_such_metric()
    known = dimensions_of(metric)
    if any(name not in known for name in (*plan.by, *plan.filters)):
        raise BoardRefused.no_such_dimension()
    if len(set(plan.by)) < len(plan.by) or set(plan.by) >= {"category", "branch"}:
        raise BoardRefused.no_such_dimension()
    if plan.chart not in charts_for(metric, len(plan.by)):
        raise BoardRefused.chart_does_not_fit()
    _check_filters(plan.filters)


def _check_filters(filters: Mapping[str, Sequence[str]]) -> None:
    try:
        keys_of({name: tuple(texts) for name, texts in filters.items()})
    except FilterNotKnown as unknown:
        raise BoardRefused(str(unknown.message)) from None


def _locked(board_id: int) -> Dashboard:
    return Dashboard.objects.select_for_update().get(pk=board_id)


def _tile(board_id: int, tile_id: int) -> DashboardTile:
    board = _locked(board_id)
    return DashboardTile.objects.select_related("dashboard").get(dashboard=board, pk=tile_id)


def _make_tile(board: Dashboard, plan: TilePlan, position: int) -> DashboardTile:
    tile = DashboardTile(dashboard=board, position=position)
    _fill(tile, plan)
    tile.save()
    return tile


def _fill(tile: DashboardTile, plan: TilePlan) -> None:
    tile.metric, tile.by = plan.metric, list(plan.by)
    tile.chart, tile.size = TileChart(plan.chart), TileSize(plan.size)
    tile.title, tile.goal = str(plan.title)[:80], plan.goal
    tile.filters = _as_json(plan.filters)


def _as_json(filters: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    return {name: list(texts) for name, texts in filters.items() if texts}


def _name(text: str) -> str:
    name = " ".join(text.split())[:80]
    if not name:
        raise BoardRefused.no_name()
    return name
