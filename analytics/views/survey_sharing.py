"""Results for people who do not work here: a link that reads, and ends by itself."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from accounts.access import SignedInRequest, public, staff_with
from accounts.models import User
from analytics.selectors.survey_figures import figures_of
from analytics.views.survey_cards import card_of
from analytics.views.survey_groups import (
    asked_group,
    filters_in,
    group_of,
    hidden_fields,
    page_address,
)
from analytics.views.survey_results import TEXTS_A_PAGE
from config.kernel.conditions.errors import ConditionInvalid
from feedback.errors import FilterNotKnown
from surveys.models import Survey
from surveys.selectors.results import results_of, texts_of
from surveys.views.chips import chips_of
from surveys.views.tabs import survey_of

SALT = "analytics.shared_results"
DAYS = (7, 30, 90)


@staff_with("surveys.view_survey", "surveys.view_response", "surveys.change_survey")
@require_http_methods(["GET", "POST"])
def share(request: SignedInRequest, slug: UUID) -> HttpResponse:
    """Make a link to the results with the filters that are on."""
    survey = survey_of(slug)
    group = asked_group(request, survey)
    if isinstance(group, HttpResponse):
        return group
    days = request.POST.get("days", "30")
    number = int(days) if days in {str(one) for one in DAYS} else 30
    link = ""
    if request.method == "POST":
        with_texts = bool(request.POST.get("texts"))
        link = settings.SITE_URL + reverse(
            "analytics:shared_results",
            args=[token_for(survey, request.user, group.query, days=number, texts=with_texts)],
        )
    context = {
        "survey": survey,
        "chips": chips_of(request, group.chosen),
        "link": link,
        "days": [(one, one == number) for one in DAYS],
        "texts": bool(request.POST.get("texts")),
        "kept": hidden_fields(group.query),
        "back_url": page_address("analytics:survey_results", survey, group.query),
    }
    return render(request, "analytics/survey/share.html", context)


def token_for(
    survey: Survey, user: User, query: dict[str, list[str]], *, days: int, texts: bool
) -> str:
    """Signed; it shows what `user` may see, for `days` days, and nothing once they left."""
    until = int(timezone.now().timestamp()) + days * 24 * 3600
    told = [str(survey.slug), user.pk, until, int(texts), query]
    return signing.dumps(told, salt=SALT, compress=True)


@public
@never_cache
@require_GET
def shared_results(request: HttpRequest, token: str) -> HttpResponse:
    """Numbers only: no links, no customers; texts where whoever made the link allowed them."""
    try:
        slug, by, until, texts, query = signing.loads(token, salt=SALT)
    except (signing.BadSignature, ValueError, TypeError) as broken:
        raise Http404 from broken
    maker = User.objects.filter(pk=by, is_active=True).first()
    is_over = until < timezone.now().timestamp()
    if is_over or maker is None or not maker.has_perm("surveys.view_response"):
        return render(request, "analytics/survey/shared_over.html", status=410)
    survey = get_object_or_404(Survey, slug=slug)
    try:
        group = group_of(survey, filters_in(query), maker)
    except (FilterNotKnown, ConditionInvalid):  # a team or a way is gone since
        return render(request, "analytics/survey/shared_over.html", status=410)
    results = results_of(survey, group.responses)
    context: dict[str, Any] = {
        "survey": survey,
        "responses": group.responses.count(),
        "chips": [(one["name"], one["value"]) for one in chips_of(request, group.chosen)],
        "cards": [card_of(figures_of(one), lambda _code, _value: "") for one in results],
        "until": datetime.fromtimestamp(until, timezone.get_current_timezone()),
    }
    if texts:
        said = texts_of(group.responses, results).exclude(question__parent__isnull=False)
        context["texts"] = Paginator(said, TEXTS_A_PAGE).get_page(request.GET.get("page"))
    answer = render(request, "analytics/survey/shared.html", context)
    answer["Referrer-Policy"] = "no-referrer"
    return answer
