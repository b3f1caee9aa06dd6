"""The search page: what was found, why, and how to look for something else."""

from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from accounts.access import SignedInRequest, staff_with
from config.kernel.http import is_htmx
from config.kernel.search.queries import SearchQuery, understand
from feedback.errors import FilterNotKnown
from feedback.forms.queue import QueueFilterForm
from feedback.models import Feedback
from feedback.selectors.queue import Chip, QueueState, count_in_words, read_queue
from feedback.selectors.queue_filters import FILTERS
from feedback.selectors.search import (
    RANKED,
    count_results,
    customers_matching,
    search_results,
)
from feedback.views.customers import READ as READ_CUSTOMERS
from feedback.views.queue import unknown_filter
from feedback.views.records import READ

NEWEST = "newest"


@staff_with(READ)
@require_GET
def search(request: SignedInRequest) -> HttpResponse:
    """Records and customers that hold the words, under the same filters as the queue. What is
    only the number of a record opens it."""
    try:
        state = _state(request)
    except FilterNotKnown as unknown:
        return unknown_filter(request, unknown)
    query = understand(state.words)
    if query.number is not None and list(state.chosen) == ["q"]:
        visible = Feedback.objects.visible_to(request.user)
        record = visible.filter(number=query.number).first()
        if record is not None:
            return redirect(record)
    context = {
        "state": state,
        "query": query,
        "now": timezone.now(),
        "chips": _chips(state),
        "words_url": _url(replace(state, chosen={"q": state.chosen["q"]} if state.words else {})),
    }
    if query.wanted or query.unwanted:
        context |= _found(request, state, query)
    return render(request, "feedback/search.html", context)


@staff_with(READ)
@require_GET
def search_count(request: SignedInRequest) -> HttpResponse:
    """How many were found, for a page that is there already."""
    try:
        state = _state(request)
    except FilterNotKnown as unknown:
        return unknown_filter(request, unknown)
    return HttpResponse(count_in_words(count_results(state, request.user)))


@staff_with(READ)
@require_GET
def search_filters(request: SignedInRequest) -> HttpResponse:
    """The form of the queue that narrows a list, for what was found."""
    try:
        state = _state(request)
    except FilterNotKnown as unknown:
        return unknown_filter(request, unknown)
    context = {
        "form": QueueFilterForm(state),
        "state": state,
        "shown_by": reverse("feedback:search"),
        "cancel_url": _url(state),
    }
    template = "feedback/_filters.html" if is_htmx(request) else "feedback/filters.html"
    return render(request, template, context)


def _state(request: SignedInRequest) -> QueueState:
    return read_queue({"view": ["all"], **dict(request.GET.lists())}, request.user)


def _found(request: SignedInRequest, state: QueueState, query: SearchQuery) -> dict[str, Any]:
    results = search_results(state, query, request.user)
    page = results.page
    sees_customers = request.user.has_perm(READ_CUSTOMERS) and page.page == 1
    return {
        "page": page,
        "hits": results.hits,
        "total": _count_asked_for(state, page.last)
        if results.total is None
        else count_in_words(results.total),
        "uncounted": results.total is None,
        "many": page.total > RANKED,
        "customers": customers_matching(query) if sees_customers else [],
        "in_list": urlencode({"list": state.query}),
        "sorts": [
            {
                "label": _("Best first"),
                "url": _url(state.sorted_by("")),
                "current": state.sort != NEWEST,
            },
            {
                "label": _("Newest first"),
                "url": _url(state.sorted_by(NEWEST)),
                "current": state.sort == NEWEST,
            },
        ],
        "previous_url": _url(state, page.page - 1) if page.page > 1 else "",
        "next_url": _url(state, page.page + 1) if page.has_more else "",
    }


def _count_asked_for(state: QueueState, last: int) -> SafeString:
    """What is certain, until the exact number comes."""
    url = f"{reverse('feedback:search_count')}?{state.query}"
    span = '<span hx-get="{}" hx-trigger="load">{}+</span>'
    return format_html(span, url, f"{max(RANKED, last):,}")


def _chips(state: QueueState) -> list[Chip]:
    """The filters beside the words; taking one away stays on this page."""
    queue_path, own_path = reverse("feedback:queue"), reverse("feedback:search")
    return [
        replace(chip, without_url=chip.without_url.replace(queue_path, own_path, 1))
        for chip in state.chips()
        if chip.label != FILTERS["q"].label
    ]


def _url(state: QueueState, page: int = 1) -> str:
    url = f"{reverse('feedback:search')}?{state.query}"
    # The queue leaves out the order that it has anyway; here it is a choice.
    if state.sort == NEWEST and "sort=" not in state.query:
        url += f"&sort={NEWEST}"
    return f"{url}&page={page}" if page > 1 else url
