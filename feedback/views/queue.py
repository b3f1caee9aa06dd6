from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts.access import SignedInRequest, staff_with
from accounts.models import User
from accounts.selectors.personal_data import NOTHING_COVERED, Cover, cover_in_lists
from config.kernel.http import is_htmx
from config.kernel.kept import settings_at
from feedback.errors import FilterNotKnown
from feedback.forms.queue import QueueFilterForm
from feedback.models import Feedback
from feedback.selectors.columns import ALWAYS, Column
from feedback.selectors.kept_views import why_broken
from feedback.selectors.queue import (
    SORTS,
    TOLERATED,
    VIEWS,
    QueuePage,
    QueueState,
    columns_of,
    count_in_words,
    queue_page,
    queue_records,
    queue_url,
    read_query,
    read_queue,
    sorted_by_column,
    view_counts,
)
from feedback.selectors.saved_views import SHARE, may_edit
from feedback.templatetags.columns import Look
from feedback.views.records import CHANGE, READ

NEWS_AT_MOST = 99
WIDE = 8  # so many columns fit a screen; with more the table scrolls sideways


@staff_with(READ)
@require_GET
def queue(request: SignedInRequest) -> HttpResponse:
    """The list of records; everything about it is in the URL."""
    try:
        state = _asked_for(request)
    except FilterNotKnown as unknown:
        return unknown_filter(request, unknown)
    if number := _only_a_number(state):
        record = Feedback.objects.visible_to(request.user).filter(number=number).first()
        if record is not None:
            return redirect(record)
    counts = view_counts(request.user)
    columns = columns_of(state, request.user)
    total = counts.get(state.view) if state.is_plain else None
    page = queue_page(state, request.user, total=total, columns=columns)
    now = timezone.now()
    may_change = request.user.has_perm(CHANGE)
    context = {
        "state": state,
        "page": page,
        "look": Look(
            columns, now, urlencode({"list": state.query}), may_change, _cover(page, request)
        ),
        "heads": [_head(state, column) for column in columns],
        "is_wide": len(columns) > WIDE,
        "tabs": _tabs(state, counts),
        "sorts": [
            {
                "label": SORTS[name][0],
                "url": state.sorted_by(name).url,
                "current": name == state.order,
            }
            for name in VIEWS[state.view].sorts
        ],
        "now": now,
        "may_change": may_change,
        **_of_saved_view(state, request.user),
        **_previous_and_next(state, page),
    }
    if not page.rows:
        context["empty"] = _why_empty(state, request.user)
    return render(request, "feedback/queue.html", context)


def _cover(page: QueuePage, request: SignedInRequest) -> Cover:
    if not page.rows:
        return NOTHING_COVERED
    with settings_at(getattr(page.rows[0], "settings_stamp", None)):
        return cover_in_lists(request.user)


def _asked_for(request: SignedInRequest) -> QueueState:
    """The list of the address; without one, that with which this person wants to begin."""
    params = dict(request.GET.lists())
    start = request.user.list_choices.get("start", "")
    if start and not params.keys() - TOLERATED:
        try:
            return read_query(start, request.user)
        except FilterNotKnown:
            messages.warning(request, _("The list that you begin with is not there any more."))
    return read_queue(params, request.user)


def _head(state: QueueState, column: Column) -> dict[str, Any]:
    url, stands = sorted_by_column(state, column)
    why = column.why_not_sorted(everything=VIEWS[state.view].everything) if not url else ""
    return {
        "label": column.label,
        "url": url,
        "stands": stands,
        "why": why,
        "is_main": column.name == ALWAYS,
    }


def _of_saved_view(state: QueueState, user: User) -> dict[str, Any]:
    if state.kept is None:
        return {}
    shares = user.has_perm(SHARE)
    return {
        "kept": state.kept,
        "problem": why_broken(state.kept),
        "may_edit_view": may_edit(state.kept.record, user, shares=shares),
    }


@staff_with(READ)
@require_GET
def queue_filters(request: SignedInRequest) -> HttpResponse:
    """The form that narrows a list; a page of its own for browsers without scripts."""
    try:
        state = read_queue(dict(request.GET.lists()), request.user)
    except FilterNotKnown as unknown:
        return unknown_filter(request, unknown)
    template = "feedback/_filters.html" if is_htmx(request) else "feedback/filters.html"
    return render(request, template, {"form": QueueFilterForm(state), "state": state})


@staff_with(READ)
@require_GET
def queue_news(request: SignedInRequest) -> HttpResponse:
    """How many records of a list are new or were written to since the page was drawn, and
    today's numbers beside the views."""
    params = dict(request.GET.lists())
    since = _moment(params.pop("since", [""])[-1])
    try:
        state = read_queue(params, request.user)
    except FilterNotKnown as unknown:
        return unknown_filter(request, unknown)
    records = queue_records(state, request.user).filter(
        Q(last_customer_message_at__gt=since) | Q(received_at__gt=since)
    )
    news = records.order_by()[: NEWS_AT_MOST + 1].count()
    context = {
        "state": state,
        "news": news,
        "more": news > NEWS_AT_MOST,
        "since": since,
        "tabs": _tabs(state, view_counts(request.user)),
    }
    return render(request, "feedback/_queue_news.html", context)


def unknown_filter(request: HttpRequest, unknown: FilterNotKnown) -> HttpResponse:
    context = {"refusal": unknown, "action": _("Open the queue"), "action_url": queue_url()}
    return render(request, "layout/unknown_filter.html", context, status=400)


def _tabs(state: QueueState, counts: dict[str, int]) -> list[dict[str, Any]]:
    plain = state.is_plain
    return [
        {
            "name": name,
            "label": view.label,
            "icon": view.icon,
            "url": queue_url(view=name),
            "current": plain and name == state.view,
            "count": count_in_words(counts[name]) if name in counts else None,
            "is_late": name in {"overdue", "promised"} and bool(counts[name]),
        }
        for name, view in VIEWS.items()
    ]


def _previous_and_next(state: QueueState, page: QueuePage) -> dict[str, str]:
    return {
        "previous_url": state.page_url(page.page - 1) if page.page > 1 else "",
        "next_url": state.page_url(page.page + 1) if page.has_more else "",
        "total": count_in_words(page.total),
    }


def _why_empty(state: QueueState, user: Any) -> str:
    """ "filtered", "never" (nothing was ever received here) or "done"."""
    if state.kept is not None and not state.is_edited:
        return "kept"
    if state.chosen:
        return "filtered"
    return "done" if Feedback.objects.visible_to(user).exists() else "never"


def _only_a_number(state: QueueState) -> int | None:
    """What was searched for, when it is the number of a record and nothing else."""
    words = state.words.removeprefix("#")
    only = list(state.chosen) == ["q"]
    return int(words) if only and words.isascii() and words.isdigit() and len(words) < 19 else None


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return timezone.now()
    return moment if timezone.is_aware(moment) else timezone.make_aware(moment)
