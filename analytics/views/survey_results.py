"""Results of a survey: who came, what they said with its uncertainty, narrowed and compared."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.access import SignedInRequest, staff_with
from accounts.models import User
from accounts.selectors.personal_data import cover_in_lists
from analytics.selectors.crosstab import closed_questions
from analytics.selectors.drop_off import DropOff, PageReach, drop_off
from analytics.selectors.survey_figures import compare, figures_of
from analytics.selectors.survey_groups import Group, Options, against, filter_options
from analytics.selectors.survey_summary import survey_summary
from analytics.selectors.who_came import Came, who_came
from analytics.views.survey_cards import TOO_FEW, card_of, compared
from analytics.views.survey_files import figures_file
from analytics.views.survey_groups import (
    RESULTS,
    asked_group,
    hidden_fields,
    list_url,
    page_address,
)
from analytics.views.survey_pictures import has_picture, picture_of
from analytics.views.survey_tiles import span_words, tiles_of
from config.kernel.paging import CappedPaginator
from feedback.enums import ExportFormat
from feedback.errors import FilterNotKnown
from surveys.enums import VersionState
from surveys.models import Response, Survey
from surveys.selectors.response_list import narrowed_by_origin
from surveys.selectors.results import QuestionResult, results_of, texts_of
from surveys.views.chips import chips_of
from surveys.views.staff import build_condition, unknown_filter
from surveys.views.tabs import survey_of, survey_tabs

PAGE = "analytics:survey_results"
TEXTS_A_PAGE = 20


@staff_with("surveys.view_survey", "surveys.view_response")
@require_GET
def results(request: SignedInRequest, slug: UUID) -> HttpResponseBase:
    """Who came, then every question: chart, intervals, who was asked; beside another group where
    wanted."""
    survey = survey_of(slug)
    group = asked_group(request, survey)
    if isinstance(group, HttpResponse):
        return group
    try:
        pair = against(survey, group, request.GET.get("compare", ""), request.user)
    except FilterNotKnown as refusal:
        return unknown_filter(request, survey, refusal, RESULTS)
    found = results_of(survey, (pair[0] if pair else group).responses)
    if (format_ := request.GET.get("export", "")) in ExportFormat.values:
        return figures_file((figures_of(one) for one in found), format_=format_)
    if format_ == "svg":
        picture = picture_of(found, request.GET.get("chart", ""))
        if picture is None:
            raise Http404
        return picture
    options = filter_options(survey, group, closed_questions(survey), request.user)
    came = who_came(survey, group.chosen, request.user)
    group.know(came)
    summary = survey_summary(survey, group.chosen, request.user, came, group.times)
    context = page_head(request, survey, group, PAGE) | {
        "options": options,
        "kept": hidden_fields(group.query, *_in_form(options)),
        "all_kept": hidden_fields(group.query),
        "groups": _groups(group, options, request.GET.get("compare", "")),
        "shares": request.user.has_perm("surveys.change_survey"),
        "share_url": page_address(
            "analytics:survey_share", survey, group.query, *_compare(request)
        ),
        "exports": [
            (str(one.label), page_address(PAGE, survey, group.query, ("export", one.value)))
            for one in ExportFormat
        ],
        "tiles": tiles_of(summary, survey, group),
    }
    context |= _live(request, survey, group, context["responses"])
    if pair:
        chosen = next((label for _value, label, on in context["groups"] if on), "")
        context |= side_by_side(survey, pair, chosen or _("Other group"), found)
    else:
        link, read = link_of(survey, group), read_of(survey, group)
        reach = _drop_off(survey, group, came, request.user)
        context |= {
            "drop_off": reach,
            "page_rows": _page_rows(reach),
            "cards": [
                replace(
                    card_of(figures_of(one), link, read),
                    picture_url=_picture_url(survey, group, one),
                )
                for one in found
            ],
            **_texts(request, survey, group, found),
        }
    return render(request, "analytics/survey/results.html", context)


def _live(
    request: SignedInRequest, survey: Survey, group: Group, responses: int
) -> dict[str, Any]:
    """Numbers refresh by themselves only where somebody wants that; else a bar offers what is
    new, and nothing moves under whoever reads."""
    on = request.GET.get("live") == "on"
    more = _compare(request)
    live, seen = ("live", "on"), ("seen", str(responses))
    return {
        "is_live": on,
        "here": page_address(PAGE, survey, group.query, *more, *([live] if on else [])),
        "live_url": page_address(PAGE, survey, group.query, *more, *([] if on else [live])),
        "news_url": page_address(
            "analytics:survey_results_news", survey, group.query, *more, seen
        ),
    }


@staff_with("surveys.view_survey", "surveys.view_response")
@require_GET
def results_news(request: SignedInRequest, slug: UUID) -> HttpResponse:
    """How many responses came since the page was drawn."""
    survey = survey_of(slug)
    group = asked_group(request, survey)
    if isinstance(group, HttpResponse):
        return group
    responses, seen = group.count, request.GET.get("seen", "")
    seen_before = (
        int(seen) if seen.isascii() and seen.isdecimal() and len(seen) < 12 else responses
    )
    context = {"survey": survey, "news": responses - seen_before}
    context |= _live(request, survey, group, min(seen_before, responses))
    return render(request, "analytics/survey/_news.html", context)


def _picture_url(survey: Survey, group: Group, result: QuestionResult) -> str:
    if not has_picture(result):
        return ""
    wanted = ("export", "svg"), ("chart", result.question.code)
    return page_address(PAGE, survey, group.query, *wanted)


def _page_rows(reach: DropOff | None) -> list[tuple[PageReach, str]]:
    pages = reach.pages if reach else ()
    return [(one, span_words(one.time) if one.time is not None else "") for one in pages]


def _texts(request: SignedInRequest, survey: Survey, group: Group, found: Any) -> dict[str, Any]:
    """What people wrote, of one question and with a word where wanted."""
    written = [leaf for leaf in _flat(found) if leaf.is_text and leaf.answered]
    code, words = request.GET.get("texts", ""), request.GET.get("words", "").strip()[:100]
    texts = texts_of(group.responses, found)
    if code in {leaf.question.code for leaf in written}:
        texts = texts.filter(question__code=code)
    if words:
        texts = texts.filter(text__icontains=words)
    # Counted already; the words of “other” come on top.
    known = {leaf.question.code: leaf.answered for leaf in written if leaf.shown}
    known = {code: known[code]} if code in known else known
    paginator = CappedPaginator(texts, TEXTS_A_PAGE, at_least=0 if words else sum(known.values()))
    return {
        "cover": cover_in_lists(request.user),
        "texts": paginator.get_page(request.GET.get("page")),
        "written": [(one.question, one.question.code == code) for one in written],
        "words": words,
        "texts_url": page_address(PAGE, survey, group.query) + "#texts",
    }


@staff_with("surveys.view_response")
@require_GET
def moved(request: SignedInRequest, slug: UUID, page: str = "") -> HttpResponse:
    """Addresses of before: the analysis, and what hung below it."""
    names = {"": "results", "condition": "results_condition", "share": "share"}
    query = request.GET.urlencode()
    there = reverse(f"analytics:survey_{names[page]}", args=[slug])
    return redirect(f"{there}?{query}" if query else there, permanent=True)


@staff_with("surveys.view_response")
@require_http_methods(["GET", "POST"])
def results_condition(request: SignedInRequest, slug: UUID) -> HttpResponse:
    """Put together which responses are counted."""
    return build_condition(request, survey_of(slug), RESULTS)


def page_head(request: SignedInRequest, survey: Survey, group: Group, page: str) -> dict[str, Any]:
    """What stands above every analysis: filters that are on, how many responses are left."""
    return {
        "survey": survey,
        "tabs": survey_tabs(survey, request.user, page),
        "chips": chips_of(request, group.chosen),
        "chosen": group.chosen,
        "all_url": reverse(page, args=[survey.slug]),
        "condition_url": page_address(RESULTS.builder, survey, group.query),
        "responses": group.count,
        "responses_url": list_url(survey, group),
        "sees_all": request.user.has_perm("accounts.view_every_team"),
    }


def link_of(survey: Survey, group: Group) -> Any:
    """The list behind an answer, with the filters that are on."""

    def link(code: str, value: str) -> str:
        if value:
            return list_url(survey, group, ("answer", f"{code}:{value}"))
        return list_url(survey, group, ("question", code))

    return link


def read_of(survey: Survey, group: Group) -> Any:
    """Where the texts of one question stand, with the filters that are on."""

    def read(code: str) -> str:
        here = page_address(PAGE, survey, group.query, ("texts", code))
        return f"{here}#texts"

    return read


def _in_form(options: list[Options]) -> tuple[str, ...]:
    """What the form of the filters has a field for; answers add up and are kept."""
    return ("from", "to", *(one.name for one in options if one.name != "answer"))


def _compare(request: SignedInRequest) -> list[tuple[str, str]]:
    other = request.GET.get("compare", "")
    return [("compare", other)] if other else []


def _groups(group: Group, options: list[Options], current: str) -> list[tuple[str, str, bool]]:
    """(value, label, chosen) of what the group can be compared with."""
    found = []
    if {"from", "to"} <= set(group.chosen.others):
        found.append(("before", _("The same number of days before")))
    for one in options:
        found += [
            (f"{one.name}:{value}", label if one.name == "answer" else f"{one.label}: {label}")
            for value, label, on in one.choices
            if not on
        ]
    return [(value, label, value == current) for value, label in found]


def side_by_side(
    survey: Survey, pair: tuple[Group, Group], name: str, results: Any, *, smallest: int = 0
) -> dict[str, Any]:
    """Both groups, question by question; the rows of a matrix each for itself. Questions to which
    one of the groups has fewer than `smallest` opinions are left out. `name` is the second's."""
    second = {one.question.pk: one for one in _flat(results_of(survey, pair[1].responses))}
    found = []
    for one in _flat(results):
        other = second.get(one.question.pk)
        if other is not None and min(one.valid, other.valid) >= smallest:
            comparison = compare(figures_of(one), figures_of(other))
            if rows := compared(comparison):
                valid = comparison.figures.result.valid, comparison.other.result.valid
                found.append(
                    {"comparison": comparison, "rows": rows, "too_few": min(valid) < TOO_FEW}
                )
    return {
        "comparisons": found,
        "other_name": name,
        "n_before": pair[0].count,
        "n_after": pair[1].count,
    }


def _drop_off(survey: Survey, group: Group, came: Came, user: User) -> DropOff | None:
    """Who did not finish perhaps never gave the answer that is filtered by."""
    version = survey.versions.filter(state=VersionState.PUBLISHED).first()
    if version is None:
        return None
    begun = Response.objects.visible_to(user).filter(survey=survey)
    return drop_off(version, came, narrowed_by_origin(begun, group.chosen))


def _flat(results: Any) -> list[Any]:
    return [leaf for one in results for leaf in (one.parts or [one])]
