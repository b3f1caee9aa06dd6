"""Dashboards for people who do not work here: links that read, end by themselves and can be
withdrawn."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import SignedInRequest, public, staff_with
from analytics.forms.boards import LinkForm
from analytics.models import DashboardLink
from analytics.selectors.boards.asking import read_asking
from analytics.selectors.boards.files import told
from analytics.selectors.boards.finding import NoSuchBoard, board_of
from analytics.selectors.boards.strangers import SMALLEST_GROUP, for_strangers
from analytics.selectors.choice import teams_of
from analytics.selectors.window import today
from analytics.services.board_links import share_board, withdraw_board_link
from analytics.services.sharing import note_opened
from analytics.views.boards.pages import READ, SHARE, asked_board
from analytics.views.boards.shown import figures_on, shown_tiles
from feedback.errors import FilterNotKnown

_MOST = 100


@staff_with(READ, SHARE)
@require_http_methods(["GET", "POST"])
def share(request: SignedInRequest, board: str) -> HttpResponse:
    """The links that one made, and a new one to the dashboard as the address has it."""
    asked = asked_board(request, board)
    if isinstance(asked, HttpResponse):
        return asked
    form = LinkForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        days = form.cleaned_data["days"]
        share_board(board, by=request.user, query=asked.asking.query, days=days)
        messages.success(request, _("The link works from now on."))
        return redirect(request.get_full_path())
    links = DashboardLink.objects.filter(board=board, made_by=request.user)
    links = links.select_related("made_by").order_by("-pk")[:_MOST]
    now = timezone.now()
    context = {
        "board": asked.board,
        "form": form,
        "told": told(asked.asking),
        "rows": [(one, one.works(now)) for one in links],
        "smallest": SMALLEST_GROUP,
        "back": f"{asked.board.url}?{asked.asking.query}",
    }
    status = 422 if form.errors else 200
    return render(request, "analytics/boards/share.html", context, status=status)


@staff_with(READ, SHARE)
@require_POST
def withdraw(request: SignedInRequest, board: str, link_id: int) -> HttpResponse:
    link = get_object_or_404(DashboardLink, pk=link_id, board=board, made_by=request.user)
    withdraw_board_link(link.pk)
    messages.success(request, _("The link no longer works."))
    return redirect(reverse("analytics:share_board", args=[board]))


@public
@never_cache
@require_GET
def shared_board(request: HttpRequest, token: str) -> HttpResponse:
    """Numbers and charts only: no links, no names of people."""
    if "\0" in token:
        raise Http404
    links = DashboardLink.objects.select_related("made_by")
    link = get_object_or_404(links, token=token[:60])
    now = timezone.now()
    if not link.works(now):
        return render(request, "analytics/boards/shared_over.html", status=410)
    maker = link.made_by
    try:
        board = board_of(maker, link.board)
        params = dict(QueryDict(link.query).lists())
        asking = read_asking(params, board.plan, teams=teams_of(maker), today=today(now))
    except (NoSuchBoard, FilterNotKnown):  # it or a team is gone since
        return render(request, "analytics/boards/shared_over.html", status=410)
    note_opened(link)
    figures = [for_strangers(one) for one in figures_on(maker, board.plan.tiles, asking, now)]
    context = {
        "board": board,
        "tiles": shown_tiles(figures, asking),
        "told": told(asking),
        "until": link.ends_at,
    }
    answer = render(request, "analytics/boards/shared.html", context)
    answer.headers["Referrer-Policy"] = "no-referrer"
    return answer
