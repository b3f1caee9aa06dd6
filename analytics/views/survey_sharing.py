"""Results for people who do not work here: links that read, end by themselves and can be
withdrawn."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import SignedInRequest, public, staff_with
from accounts.models import User
from accounts.selectors.personal_data import cover_in_lists
from analytics.forms.share_results import PasswordForm, ShareResultsForm
from analytics.models import SharedResults
from analytics.selectors.survey_figures import figures_of
from analytics.selectors.survey_groups import Group, against, filters_in, group_of
from analytics.services.sharing import (
    knows_password,
    note_opened,
    share_results,
    withdraw_shared_results,
)
from analytics.views.survey_cards import card_of
from analytics.views.survey_groups import asked_group, page_address
from analytics.views.survey_results import TEXTS_A_PAGE, side_by_side
from config.kernel.conditions.errors import ConditionInvalid
from config.kernel.paging import CappedPaginator
from config.kernel.punctuation import labelled
from config.kernel.ratelimit import client_address, within_limit
from feedback.errors import FilterNotKnown
from surveys.models import Survey
from surveys.selectors.results import QuestionResult, results_of, texts_of
from surveys.selectors.strangers import TOGETHER, counted_for_strangers
from surveys.views.chips import chips_of
from surveys.views.tabs import survey_of

# Of fewer people nothing is shown to those who do not work here: they could be told apart.
SMALLEST_GROUP = 5
TRIES_IN_TEN_MINUTES = 10
REMEMBERED_FOR = 12 * 3600  # seconds that a browser keeps having known the password
MAY_SHARE = ("surveys.view_survey", "surveys.view_response", "surveys.change_survey")


@staff_with(*MAY_SHARE)
@require_http_methods(["GET", "POST"])
def share(request: SignedInRequest, slug: UUID) -> HttpResponse:
    """The links there are, and a new one to the results with the filters that are on."""
    survey = survey_of(slug)
    group = asked_group(request, survey)
    if isinstance(group, HttpResponse):
        return group
    compare = request.GET.get("compare", "")
    form = ShareResultsForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        share_results(
            survey.pk, by=request.user, query=group.query, compare=compare, **form.cleaned_data
        )
        messages.success(request, _("The link works from now on."))
        return redirect(request.get_full_path())
    links = SharedResults.objects.filter(survey=survey).for_list()
    context = {
        "survey": survey,
        "chips": chips_of(request, group.chosen),
        "compares": bool(compare),
        "form": form,
        "rows": [_row(one, survey, request.user) for one in links[:100]],
        "smallest": SMALLEST_GROUP,
        "back_url": page_address("analytics:survey_results", survey, group.query),
    }
    return render(
        request, "analytics/survey/share.html", context, status=422 if form.errors else 200
    )


def _row(one: SharedResults, survey: Survey, user: User) -> dict[str, Any]:
    more = [("compare", one.compare)] if one.compare else []
    return {
        "link": one,
        "works": one.works(timezone.now()),
        "may_open": one.is_open_to(user),
        "filters": len(one.query) + bool(one.compare),
        "results_url": page_address("analytics:survey_results", survey, one.query, *more),
    }


@staff_with(*MAY_SHARE)
@require_POST
def withdraw(request: SignedInRequest, slug: UUID, pk: int) -> HttpResponse:
    survey = survey_of(slug)
    shared = get_object_or_404(SharedResults, survey=survey, pk=pk)
    withdraw_shared_results(shared.pk, by=request.user)
    messages.success(request, _("The link no longer works."))
    return redirect("analytics:survey_share", slug=slug)


@public
@never_cache
@require_http_methods(["GET", "POST"])
def shared_results(request: HttpRequest, token: str) -> HttpResponse:
    """Numbers only: no links, no customers; texts where whoever made the link allowed them."""
    rows = SharedResults.objects.select_related("survey", "made_by")
    shared = get_object_or_404(rows, token=token)
    maker = shared.made_by
    if maker is None or not shared.works(timezone.now()):
        return _over(request)
    if shared.password and not _is_remembered(request, shared):
        return _ask_for_password(request, shared)
    try:
        group = group_of(shared.survey, filters_in(shared.query), maker)
        pair = against(shared.survey, group, shared.compare, maker)
    except (FilterNotKnown, ConditionInvalid):  # a team or a way is gone since
        return _over(request)
    note_opened(shared)
    answer = render(request, "analytics/survey/shared.html", _shown(request, shared, group, pair))
    answer["Referrer-Policy"] = "no-referrer"
    return answer


def _shown(
    request: HttpRequest, shared: SharedResults, group: Group, pair: tuple[Group, Group] | None
) -> dict[str, Any]:
    counted, responses = counted_for_strangers(group.responses, group.count)
    context: dict[str, Any] = {
        "survey": shared.survey,
        "responses": responses,
        "chips": [(one["name"], one["value"]) for one in chips_of(request, group.chosen)],
        "until": shared.ends_at,
        "smallest": SMALLEST_GROUP,
        "together": TOGETHER,
    }
    if responses < SMALLEST_GROUP:
        return context | {"is_small": True}
    if pair:
        pair = _for_strangers(pair[0]), _for_strangers(pair[1])
        found = results_of(shared.survey, pair[0].responses)
        name = _name_of(request, pair, shared.compare)
        return context | side_by_side(shared.survey, pair, name, found, smallest=SMALLEST_GROUP)
    found = results_of(shared.survey, counted)
    told = [_told(one) for one in found if not one.is_text]
    if shared.with_texts:
        kept = [one.question.pk for one in told if one]
        kept += [
            one.question.pk for one in found if one.is_text and one.answered >= SMALLEST_GROUP
        ]
        said = texts_of(counted, found).filter(question__in=kept)
        context["cover"] = cover_in_lists(None)
        context["texts"] = CappedPaginator(said, TEXTS_A_PAGE).get_page(request.GET.get("page"))
    context["cards"] = [card_of(figures_of(one), lambda _code, _value: "") for one in told if one]
    context["hidden"] = [
        one.question.text for one, kept in zip(_asked(found), told, strict=True) if kept is None
    ]
    return context


def _for_strangers(group: Group) -> Group:
    counted, _n = counted_for_strangers(group.responses, group.count)
    return replace(group, responses=counted)


def _name_of(request: HttpRequest, pair: tuple[Group, Group], compare: str) -> str:
    """What the second group has been narrowed to that the first was not."""
    if compare == "before":
        return _("The same number of days before")
    first = chips_of(request, pair[0].chosen)
    more = [one for one in chips_of(request, pair[1].chosen) if one not in first]
    return " · ".join(labelled(one["name"], one["value"]) for one in more)


def _asked(found: list[QuestionResult]) -> list[QuestionResult]:
    return [one for one in found if not one.is_text]


def _told(result: QuestionResult) -> QuestionResult | None:
    """Without the rows that too few answered; None where nothing is left to tell."""
    if not result.is_block:
        return result if not result.answered or result.valid >= SMALLEST_GROUP else None
    result.parts = [one for one in result.parts if one.valid >= SMALLEST_GROUP]
    return result if result.parts else None


def _over(request: HttpRequest) -> HttpResponse:
    return render(request, "analytics/survey/shared_over.html", status=410)


def _ask_for_password(request: HttpRequest, shared: SharedResults) -> HttpResponse:
    form = PasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        tries = f"shared-results:{shared.pk}:{client_address(request)}"
        if not within_limit(tries, limit=TRIES_IN_TEN_MINUTES, seconds=600):
            form.add_error("password", _("Too many tries. Wait ten minutes."))
        elif not knows_password(shared, form.cleaned_data["password"]):
            form.add_error("password", _("This is not the password."))
        else:
            answer = redirect(shared)
            answer.set_signed_cookie(
                _cookie(shared),
                shared.password_mark,
                max_age=REMEMBERED_FOR,
                path=shared.get_absolute_url(),
                secure=settings.SESSION_COOKIE_SECURE,
                httponly=True,
                samesite="Lax",
            )
            return answer
    context = {"survey": shared.survey, "form": form}
    status = 422 if form.errors else 200
    return render(request, "analytics/survey/shared_password.html", context, status=status)


def _is_remembered(request: HttpRequest, shared: SharedResults) -> bool:
    mark = request.get_signed_cookie(_cookie(shared), default="")
    return mark == shared.password_mark


def _cookie(shared: SharedResults) -> str:
    return f"shared-{shared.pk}"
