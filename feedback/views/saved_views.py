"""Views that people keep, and how they want to see a list."""

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import SignedInRequest, staff_with
from config.kernel.errors import DomainError
from config.kernel.http import is_htmx, safe_next, toast
from feedback.enums import ViewScope
from feedback.errors import FilterNotKnown
from feedback.forms.columns import ColumnsForm
from feedback.forms.saved_views import SavedViewForm
from feedback.models import SavedView
from feedback.selectors.kept_views import read_views, why_broken
from feedback.selectors.queue import (
    VIEWS,
    QueueState,
    columns_of,
    queue_url,
    read_query,
)
from feedback.selectors.saved_views import (
    SHARE,
    may_edit,
    sidebar_lines,
    state_of,
    url_of,
    views_to_tend,
)
from feedback.services import saved_views as services
from feedback.views.queue import unknown_filter
from feedback.views.records import READ


@staff_with(READ)
@require_GET
def saved_views(request: SignedInRequest) -> HttpResponse:
    """The views that this person has, to put in order, share, copy and put away."""
    archived = request.GET.get("archived") == "1"
    context = {
        "entries": views_to_tend(request.user, archived=archived),
        "archived": archived,
        "start": request.user.list_choices.get("start", ""),
    }
    return render(request, "feedback/saved_views.html", context)


@staff_with(READ)
@require_GET
def sidebar_views(request: SignedInRequest) -> HttpResponse:
    """The pinned views with their numbers; fetched after the page, so that no page waits."""
    return render(
        request,
        "feedback/_sidebar_views.html",
        {"lines": sidebar_lines(request.user), "now_at": request.GET.get("at", "")[:200]},
    )


@staff_with(READ)
@require_http_methods(["GET", "POST"])
def new_view(request: SignedInRequest) -> HttpResponse:
    """Keep the list named by `list` under a name."""
    given = request.POST if request.method == "POST" else request.GET
    try:
        state = read_query(given.get("list", ""), request.user)
    except FilterNotKnown as unknown:
        return unknown_filter(request, unknown)
    view = SavedView(scope=ViewScope.PERSONAL, owner=request.user)
    if state.kept is not None:
        view.condition = state.kept.record.condition
    return _edit(request, view, state)


@staff_with(READ)
@require_http_methods(["GET", "POST"])
def edit_view(request: SignedInRequest, pk: int) -> HttpResponse:
    view = _visible(request, pk)
    if not may_edit(view, request.user, shares=request.user.has_perm(SHARE)):
        toast(request, _("Only team leads may change a shared view. Copy it instead."))
        return redirect("feedback:saved_views")
    given = request.POST if request.method == "POST" else request.GET
    if "list" in given:
        try:
            state = read_query(given.get("list", ""), request.user)
        except FilterNotKnown as unknown:
            return unknown_filter(request, unknown)
    else:
        state = state_of(read_views([view], request.user)[0])
    return _edit(request, view, state)


def _edit(request: SignedInRequest, view: SavedView, state: QueueState) -> HttpResponse:
    form = SavedViewForm(request.POST or None, instance=view, user=request.user, state=state)
    problem = ""
    if view.pk:
        problem = why_broken(read_views([SavedView.objects.get(pk=view.pk)], request.user)[0])
    if form.is_valid():
        view = form.instance
        view.filters = state.texts
        view.columns, view.sort = form.cleaned_data["columns"], form.cleaned_data["sort"]
        view.team = form.cleaned_data.get("team")
        try:
            saved = services.save_view(view, by=request.user)
        except DomainError as refusal:
            form.add_error(None, str(refusal.message))
        else:
            services.keep_columns(f"saved:{saved.pk}", [], by=request.user)
            toast(request, _("Saved."))
            return redirect(url_of(saved))
    context = {
        "form": form,
        "view": view if view.pk else None,
        "state": state,
        "problem": problem,
    }
    status = 422 if form.errors else 200
    return render(request, "feedback/saved_view_edit.html", context, status=status)


def _visible(request: SignedInRequest, pk: int) -> SavedView:
    return get_object_or_404(SavedView.objects.visible_to(request.user), pk=pk)


@staff_with(READ)
@require_POST
def change_view(request: SignedInRequest, pk: int, what: str) -> HttpResponse:
    """copy, archive, bring-back, pin, unpin, up, down; update: its filters become those of the
    list named by `list`."""
    view, by = _visible(request, pk), request.user
    back = safe_next(request, reverse("feedback:saved_views"))
    actions: dict[str, tuple[Callable[[], Any], str]] = {
        "copy": (lambda: services.copy_view(view, by=by), _("Copied.")),
        "archive": (lambda: services.archive_view(view, by=by), _("Archived.")),
        "bring-back": (lambda: services.bring_back_view(view, by=by), _("Brought back.")),
        "pin": (lambda: services.pin_view(view, by=by, pinned=True), ""),
        "unpin": (lambda: services.pin_view(view, by=by, pinned=False), ""),
        "up": (lambda: services.move_view(view, by=by, earlier=True), ""),
        "down": (lambda: services.move_view(view, by=by, earlier=False), ""),
        "update": (lambda: _update(request, view), _("Saved.")),
    }
    if what not in actions:
        raise Http404
    act, words = actions[what]
    try:
        result = act()
    except FilterNotKnown as unknown:
        return unknown_filter(request, unknown)
    except DomainError as refusal:
        toast(request, str(refusal.message))
        return redirect(back)
    if words:
        toast(request, words)
    if what == "copy":
        return redirect("feedback:edit_view", pk=result.pk)
    return redirect(url_of(view) if what == "update" else back)


def _update(request: SignedInRequest, view: SavedView) -> None:
    state = read_query(request.POST.get("list", ""), request.user)
    view.view, view.filters = state.view, state.texts
    view.sort = state.sort or (view.sort if state.kept else "")
    view.columns = [one.name for one in columns_of(state, request.user)]
    services.save_view(view, by=request.user)


@staff_with(READ)
@require_POST
def start_with(request: SignedInRequest) -> HttpResponse:
    """The queue opens with the list named by `list`, or as usual without one."""
    query = request.POST.get("list", "")[:1000]
    try:
        state = read_query(query, request.user) if query else None
    except FilterNotKnown as unknown:
        return unknown_filter(request, unknown)
    services.begin_with(state.query if state else "", by=request.user)
    words = _("The queue now opens with this list.") if state else _("The queue opens as usual.")
    toast(request, words)
    return redirect(safe_next(request, state.url if state else queue_url()))


@staff_with(READ)
@require_http_methods(["GET", "POST"])
def columns(request: SignedInRequest) -> HttpResponse:
    """Choose the columns of one list and their order; `usual` forgets the choice."""
    given = request.POST if request.method == "POST" else request.GET
    query = given.get("list", "")
    try:
        state = read_query(query, request.user)
    except FilterNotKnown as unknown:
        return unknown_filter(request, unknown)
    plain = state.without_columns()
    if request.method == "POST" and "usual" in request.POST:
        services.keep_columns(state.key, [], by=request.user)
        return redirect(plain.url)
    form = ColumnsForm(
        request.POST if request.method == "POST" else None,
        user=request.user,
        names=[one.name for one in columns_of(state, request.user)],
        everything=VIEWS[state.view].everything,
    )
    if form.is_valid():
        services.keep_columns(state.key, form.cleaned_data["columns"], by=request.user)
        return redirect(plain.url)
    name = "feedback/_columns.html" if is_htmx(request) else "feedback/columns.html"
    status = 422 if form.is_bound else 200
    return render(request, name, {"form": form, "state": state}, status=status)
