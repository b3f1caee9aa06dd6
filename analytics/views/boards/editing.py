"""Making and changing dashboards; all of it works with buttons alone."""

from collections.abc import Callable
from functools import partial

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import SignedInRequest, staff_with
from analytics.enums import TileSize
from analytics.errors import BoardRefused
from analytics.forms.boards import BoardForm, NewBoardForm
from analytics.metrics.periods import last_days
from analytics.models import Dashboard, DashboardTile
from analytics.rules.tiles import MOST_TILES
from analytics.selectors.boards.asking import Asking
from analytics.selectors.boards.finding import NoSuchBoard, board_of, own_board
from analytics.selectors.choice import Choice, teams_of
from analytics.selectors.window import today
from analytics.services.boards import (
    make_board,
    move_tile,
    remove_board,
    remove_tile,
    resize_tile,
    restore_board,
    restore_tile,
    save_board,
)
from analytics.views.boards.pages import READ, SHARE, asked_board
from analytics.views.boards.shown import figures_on, shown_tiles
from config.kernel.http import toast


@staff_with(READ)
@require_http_methods(["GET", "POST"])
def new_board(request: SignedInRequest) -> HttpResponse:
    form = NewBoardForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            own = make_board(by=request.user, name=form.cleaned_data["name"])
        except BoardRefused as refusal:
            form.add_error("name", str(refusal.message))
        else:
            return redirect("analytics:edit_board", board=own.pk)
    status = 422 if form.errors else 200
    return render(request, "analytics/boards/new.html", {"form": form}, status=status)


@staff_with(READ)
@require_POST
def copy_board(request: SignedInRequest, board: str) -> HttpResponse:
    """The dashboard as one's own, to be changed."""
    try:
        found = board_of(request.user, board)
    except NoSuchBoard as gone:
        raise Http404 from gone
    name = _("%(name)s (copy)") % {"name": found.plan.name}
    try:
        own = make_board(by=request.user, name=name[:80], plan=found.plan)
    except BoardRefused as refusal:
        messages.error(request, str(refusal.message))
        return redirect(found.url)
    messages.success(request, _("Copied. It is yours to change."))
    return redirect("analytics:edit_board", board=own.pk)


@staff_with(READ)
@require_http_methods(["GET", "POST"])
def edit_board(request: SignedInRequest, board: str) -> HttpResponse:
    own = _mine(request, board)
    may_share = request.user.has_perm(SHARE)
    begin = {
        "name": own.name, "scope": own.scope, "team": own.team_id, "days": own.days,
        "compares": own.compares,
    }  # fmt: skip
    form = BoardForm(
        request.POST or None, initial=begin, teams=teams_of(request.user), may_share=may_share
    )
    if request.method == "POST" and form.is_valid():
        # What somebody may not change stays.
        given = {"scope": own.scope, "team": own.team, **form.cleaned_data}
        try:
            save_board(own.pk, by=request.user, **given)
        except BoardRefused as refusal:
            form.add_error(None, str(refusal.message))
        else:
            messages.success(request, _("Saved."))
            return redirect("analytics:edit_board", board=own.pk)
    now = timezone.now()
    found = board_of(request.user, board)
    choice = Choice(last_days(own.days, today(now)), preset=own.days)
    asking = Asking(found.plan, choice)
    figures = figures_on(request.user, found.plan.tiles, asking, now)
    context = {
        "own": own,
        "form": form,
        "tiles": shown_tiles(figures, asking),
        "sizes": TileSize.choices,
        "is_full": len(found.plan.tiles) >= MOST_TILES,
        "most": MOST_TILES,
    }
    status = 422 if form.errors else 200
    return render(request, "analytics/boards/edit.html", context, status=status)


@staff_with(READ)
@require_POST
def begin_board(request: SignedInRequest, board: str) -> HttpResponse:
    """What the address says becomes where the dashboard begins; a range of one's own does not,
    as it would stand still."""
    own = _mine(request, board)
    asked = asked_board(request, board)
    if isinstance(asked, HttpResponse):
        return asked
    asking = asked.asking
    save_board(
        own.pk,
        by=request.user,
        name=own.name,
        scope=own.scope,
        team=own.team,
        days=asking.choice.preset or own.days,
        compares=asking.compares,
        filters=asking.texts,
    )
    messages.success(request, _("Saved. It begins like this from now on."))
    return redirect(own)


@staff_with(READ)
@require_POST
def change_board(request: SignedInRequest, board: str, do: str) -> HttpResponse:
    if do == "remove":
        own = _mine(request, board)
        remove_board(own.pk)
        undo = reverse("analytics:change_board", args=[own.pk, "restore"])
        toast(request, _("%(name)s is removed.") % {"name": own.name}, undo_url=undo)
        return redirect("analytics:boards")
    if do == "restore" and len(board) <= 12 and board.isascii() and board.isdecimal():
        gone = Dashboard.objects.visible_to(request.user).filter(pk=int(board)).first()
        if gone is not None and gone.may_be_changed_by(request.user):
            restore_board(gone.pk)
            return redirect(gone)
    raise Http404


_STEPS: dict[str, Callable[[int, int], object]] = {
    "earlier": lambda board, tile: move_tile(board, tile, -1),
    "later": lambda board, tile: move_tile(board, tile, 1),
    "first": lambda board, tile: move_tile(board, tile, -MOST_TILES),
    "last": lambda board, tile: move_tile(board, tile, MOST_TILES),
    "remove": remove_tile,
    "restore": restore_tile,
    **{size.value: partial(resize_tile, size=size.value) for size in TileSize},
}


@staff_with(READ)
@require_POST
def change_tile(request: SignedInRequest, board: str, tile_id: int, do: str) -> HttpResponse:
    """Moved, sized, removed, brought back."""
    own = _mine(request, board)
    if do not in _STEPS:
        raise Http404
    try:
        _STEPS[do](own.pk, tile_id)
    except DashboardTile.DoesNotExist as gone:
        raise Http404 from gone
    except BoardRefused as refusal:
        messages.error(request, str(refusal.message))
    edit = reverse("analytics:edit_board", args=[own.pk])
    if do == "remove":
        undo = reverse("analytics:change_tile", args=[own.pk, tile_id, "restore"])
        toast(request, _("The tile is removed."), undo_url=undo)
        return redirect(edit)
    return redirect(f"{edit}#tile-{tile_id}")


def _mine(request: SignedInRequest, board: str) -> Dashboard:
    """Raises Http404 for what is not theirs to change."""
    try:
        return own_board(request.user, board, to_change=True)
    except NoSuchBoard as gone:
        raise Http404 from gone
