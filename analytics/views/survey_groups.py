"""The addresses of an analysis: the group that a page asks for, the list behind every number, the
same filters on another page."""

from urllib.parse import urlencode

from django.http import HttpResponse
from django.urls import reverse

from accounts.access import SignedInRequest
from analytics.selectors.survey_groups import Group, Query, group_of
from config.kernel.conditions.errors import ConditionInvalid
from feedback.errors import FilterNotKnown
from surveys.forms.response_condition import ResponseConditionForm
from surveys.models import Survey
from surveys.views.staff import Pages, condition_page, unknown_filter

RESULTS = Pages("analytics:survey_results", "analytics:survey_results_condition")


def asked_group(request: SignedInRequest, survey: Survey) -> Group | HttpResponse:
    """The group of the page's address, or the page that says what is wrong with it."""
    try:
        return group_of(survey, dict(request.GET.lists()), request.user)
    except FilterNotKnown as refusal:
        return unknown_filter(request, survey, refusal, RESULTS)
    except ConditionInvalid:
        form = ResponseConditionForm.of_text(request.GET["condition"])
        return condition_page(request, survey, form, RESULTS, status=400)


def hidden_fields(query: Query, *but: str) -> list[tuple[str, str]]:
    """What a form of its own has to keep."""
    return [(name, one) for name, values in query.items() if name not in but for one in values]


def page_address(name: str, survey: Survey, query: Query, *more: tuple[str, str]) -> str:
    """A page of the survey with the same filters."""
    path = reverse(name, args=[survey.slug])
    pairs = [(name, one) for name, values in query.items() for one in values]
    # A single choice (way, language …) replaces the filter that is on; answers add up.
    single = {name for name, _value in more if name != "answer"}
    single |= {"value"} if "question" in single else set()
    kept = [pair for pair in pairs if pair[0] not in single] + list(more)
    return f"{path}?{urlencode(kept)}" if kept else path


def list_url(survey: Survey, group: Group, *more: tuple[str, str]) -> str:
    """The list of exactly these responses; `more` narrows it."""
    return page_address("surveys:responses", survey, group.query, *more)
