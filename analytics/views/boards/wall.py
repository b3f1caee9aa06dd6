"""Dashboards on a wall: full screen, dark, one after the other, without a menu."""

from urllib.parse import urlencode

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from accounts.access import SignedInRequest, staff_with
from analytics.models import Dashboard
from analytics.rules.ready_boards import READY
from analytics.views.boards.pages import READ, as_planned, tiles_on

SECONDS = {"15": 15, "30": 30, "60": 60, "300": 300}
_USUAL = "30"
_MOST = 12


@staff_with(READ)
@require_GET
def wall(request: SignedInRequest) -> HttpResponse:
    """`board` may be there several times; without it one chooses. `at` says which is shown."""
    keys = [key for key in request.GET.getlist("board") if key][:_MOST]
    if not keys or "choose" in request.GET:
        return _choose(request, keys)
    every = request.GET.get("every", _USUAL)
    at = request.GET.get("at", "0")
    if every not in SECONDS or not (at.isascii() and at.isdecimal() and len(at) < 4):
        raise Http404
    place = int(at) % len(keys)
    asked = as_planned(request.user, keys[place])  # filters of one do not fit the next
    pairs = [*(("board", key) for key in keys), ("every", every)]
    here = reverse("analytics:wall")
    context = {
        "board": asked.board,
        "asking": asked.asking,
        **tiles_on(request, asked),
        "seconds": SECONDS[every] if len(keys) > 1 else 0,
        "next_url": f"{here}?{urlencode([*pairs, ('at', str((place + 1) % len(keys)))])}",
        "leave_url": asked.board.url,
        "several": len(keys) > 1,
    }
    return render(request, "analytics/boards/wall.html", context)


def _choose(request: SignedInRequest, keys: list[str]) -> HttpResponse:
    own = Dashboard.objects.active().visible_to(request.user).in_order()
    rows = [
        *((str(one.pk), one.name, str(one.pk) in keys) for one in own),
        *((one.key, one.name, one.key in keys) for one in READY.values()),
    ]
    context = {"rows": rows, "seconds": list(SECONDS), "usual": _USUAL}
    return render(request, "analytics/boards/wall_choose.html", context)
