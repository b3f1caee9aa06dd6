"""Responses that were begun and not handed in: how far people came, and when."""

from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_GET

from accounts.access import SignedInRequest, staff_with
from surveys.selectors.unfinished import STATES, counts_of, in_state, rows_of, unfinished
from surveys.views.tabs import survey_of, survey_tabs

PER_PAGE = 50


@staff_with("surveys.view_response")
@require_GET
def unfinished_responses(request: SignedInRequest, slug: UUID) -> HttpResponse:
    found = survey_of(slug)
    state = request.GET.get("state", STATES[0])
    state = state if state in STATES else STATES[0]
    mine = unfinished(found, request.user)
    listed = in_state(mine, state).select_related("collector").order_by("-last_seen_at", "-pk")
    page = Paginator(listed, PER_PAGE).get_page(request.GET.get("page"))
    url = reverse("surveys:unfinished", args=[found.slug])
    context = {
        "survey": found,
        "tabs": survey_tabs(found, request.user, "responses"),
        "counts": counts_of(mine),
        "states": {one: f"{url}?state={one}" for one in STATES},
        "state": state,
        "page": page,
        "rows": rows_of(list(page), get_language() or found.default_language),
    }
    return render(request, "surveys/unfinished.html", context)
