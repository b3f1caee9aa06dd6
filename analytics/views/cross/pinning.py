"""A table as a tile of a dashboard."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.access import SignedInRequest, staff_with
from accounts.models import User
from analytics.enums import TileChart, TileSize
from analytics.errors import BoardRefused
from analytics.models import Dashboard
from analytics.rules.tiles import TilePlan
from analytics.selectors.boards.finding import NoSuchBoard, own_board
from analytics.selectors.choice import teams_of
from analytics.selectors.cross.asking import CrossAsking, read_cross
from analytics.selectors.window import today
from analytics.services.boards import add_tile
from feedback.errors import FilterNotKnown

READ = "feedback.view_feedback"


def can_be_pinned(asking: CrossAsking) -> bool:
    """Tiles have two dimensions, of those that all figures of a fact know."""
    return len(asking.by) == 2 and asking.offered.narrowed.issuperset(asking.by)


def boards_for(user: User, asking: CrossAsking) -> list[Dashboard]:
    """Those that it may be put on; one statement."""
    if not can_be_pinned(asking):
        return []
    found = Dashboard.objects.active().visible_to(user).select_related("owner").in_order()
    return [one for one in found if one.may_be_changed_by(user)]


@staff_with(READ)
@require_POST
def pin(request: SignedInRequest) -> HttpResponse:
    """The table of the address at the end of the dashboard `board`."""
    try:
        asking = read_cross(
            dict(request.GET.lists()),
            request.user,
            teams=teams_of(request.user),
            today=today(timezone.now()),
        )
        board = own_board(request.user, request.POST.get("board", ""), to_change=True)
    except (FilterNotKnown, NoSuchBoard) as gone:
        raise Http404 from gone
    back = f"{reverse('analytics:cross')}?{asking.query}"
    if not can_be_pinned(asking):
        messages.error(request, _("Dashboards have no tile for this table."))
        return redirect(back)
    plan = TilePlan(
        "pin",
        asking.metric.key,
        TileChart.HEATMAP,
        asking.by,
        TileSize.WIDE,
        filters=asking.base.texts,
    )
    try:
        add_tile(board.pk, plan)
    except BoardRefused as refusal:
        messages.error(request, str(refusal.message))
        return redirect(back)
    messages.success(request, _("It stands on “%(board)s” now.") % {"board": board.name})
    return redirect(board)
