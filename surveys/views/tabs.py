"""The pages of one survey. Apps above add theirs in AppConfig.ready()."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import User
from surveys.models import Survey


@dataclass(frozen=True, slots=True)
class SurveyPage:
    """A tab: `name` of its address (its only argument is the survey's slug), what it is called,
    and the permission it takes ("" = whoever sees surveys)."""

    name: str
    label: Any
    permission: str = ""


_pages = [
    SurveyPage("surveys:plan", pgettext_lazy("of a survey", "Plan")),
    SurveyPage("surveys:questions", _("Questions"), "surveys.change_survey"),
    SurveyPage(
        "surveys:collectors", pgettext_lazy("of a survey", "Ways"), "surveys.view_collector"
    ),
    SurveyPage("surveys:phone", pgettext_lazy("of a survey", "Phone"), "surveys.add_response"),
    SurveyPage("surveys:papers", pgettext_lazy("of a survey", "Paper"), "surveys.add_response"),
    SurveyPage("surveys:responses", _("Responses"), "surveys.view_response"),
    SurveyPage(
        "surveys:quality", pgettext_lazy("of responses", "Quality"), "surveys.view_response"
    ),
    SurveyPage("surveys:reward", _("Reward"), "surveys.view_reward"),
]

# What those see who enter answers and do not see surveys.
_OF_ENTRY = {"surveys:phone", "surveys:papers", "surveys:responses"}


def register_survey_page(page: SurveyPage, *, after: str = "") -> SurveyPage:
    """Put `page` behind the one whose address is named `after` ("" = before all others); once,
    however often asked."""
    if page not in _pages:
        last = len(_pages) - 1 if after else -1
        place = next((at for at, one in enumerate(_pages) if one.name == after), last)
        _pages.insert(place + 1, page)
    return page


def survey_tabs(survey: Survey, user: User, current: str) -> list[dict[str, Any]]:
    """The pages of one survey, those that `user` may open; `current` is the name of an address,
    of one of surveys without the app."""
    all_of_it = user.has_perm("surveys.view_survey")
    here = current if ":" in current else f"surveys:{current}"
    return [
        {
            "label": page.label,
            "url": reverse(page.name, args=[survey.slug]),
            "current": page.name == here,
        }
        for page in _pages
        if (all_of_it or page.name in _OF_ENTRY)
        and (not page.permission or user.has_perm(page.permission))
    ]


def survey_of(slug: UUID) -> Survey:
    """The survey of a page, with what its head names. Raises Http404."""
    return get_object_or_404(Survey.objects.select_related("team", "owner"), slug=slug)
