"""Which responses an analysis counts: the filters of its address, the choices for its forms, the
list behind every number."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from accounts.access import SignedInRequest
from accounts.enums import ContactKind, Tier
from accounts.models import Team, User
from config.kernel.conditions.errors import ConditionInvalid
from feedback.errors import FilterNotKnown
from feedback.models import Product
from surveys.enums import DataType, VersionState
from surveys.forms.response_condition import ResponseConditionForm
from surveys.models import Question, Response, Survey, Wave
from surveys.models.response import ResponseQuerySet
from surveys.selectors.response_dimensions import DIMENSIONS
from surveys.selectors.response_list import Chosen, narrowed, read_filters
from surveys.views.staff import Pages, condition_page, unknown_filter

# What an address of an analysis says beside the filters of its responses.
OWN = frozenset(
    {
        *("compare", "page", "lang", "words", "texts", "live", "seen"),
        *("rows", "columns", "show", "level", "bonferroni", "export"),
    }
)
RESULTS = Pages("analytics:survey_results", "analytics:survey_results_condition")

Query = Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class Group:
    """Responses, and the filters that chose them."""

    responses: ResponseQuerySet
    chosen: Chosen
    query: dict[str, list[str]]

    @cached_property
    def count(self) -> int:
        """How many responses there are, asked once."""
        return self.responses.count()

    def url(self, survey: Survey, *more: tuple[str, str]) -> str:
        """The list of exactly these responses; `more` narrows it."""
        return _address(reverse("surveys:responses", args=[survey.slug]), self.query, more)


def filters_in(query: Query) -> dict[str, list[str]]:
    """Without what is the page's own and without fields of forms that were left empty."""
    filters = {
        name: [one for one in values if one]
        for name, values in query.items()
        if name not in OWN and not name.startswith("csrf")
    }
    return {name: values for name, values in filters.items() if values}


def group_of(survey: Survey, query: Query, user: User) -> Group:
    """Raises FilterNotKnown and ConditionInvalid as `read_filters` does."""
    filters = filters_in(query)
    chosen = read_filters(survey, filters, user)
    seen = Response.objects.visible_to(user).complete().filter(survey=survey)
    return Group(narrowed(seen, chosen), chosen, filters)


def asked_group(request: SignedInRequest, survey: Survey) -> Group | HttpResponse:
    """The group of the page's address, or the page that says what is wrong with it."""
    try:
        return group_of(survey, dict(request.GET.lists()), request.user)
    except FilterNotKnown as refusal:
        return unknown_filter(request, survey, refusal, RESULTS)
    except ConditionInvalid:
        form = ResponseConditionForm.of_text(request.GET["condition"])
        return condition_page(request, survey, form, RESULTS, status=400)


def against(survey: Survey, group: Group, compare: str, user: User) -> tuple[Group, Group] | None:
    """`group` beside another one: {"before"} the same number of days before it, or all filters
    but one the same (any dimension, "language:en" or "tier:key", or "answer:code:value"). Nobody
    is in both: who is in the second is taken out of the first. None for what cannot be compared;
    raises FilterNotKnown for what does not exist."""
    other = {name: list(values) for name, values in group.query.items()}
    name, _sep, value = compare.partition(":")
    if name == "before":
        first, last = (group.chosen.others.get(one) for one in ("from", "to"))
        if first is None or last is None:
            return None
        days = last.meaning - first.meaning + timedelta(days=1)
        other["from"] = [(first.meaning - days).isoformat()]
        other["to"] = [(last.meaning - days).isoformat()]
    elif name in DIMENSIONS and value:
        other[name] = [value]
    elif name == "answer" and value:
        code = value.partition(":")[0]
        kept = [one for one in other.get(name, ()) if one.partition(":")[0] != code]
        other[name] = [*kept, value]
    else:
        return None
    second = group_of(survey, other, user)
    return _apart(group, second), second


def _apart(first: Group, second: Group) -> Group:
    without = first.responses.exclude(pk__in=second.responses.order_by().values("pk"))
    return Group(without, first.chosen, first.query)


@dataclass(frozen=True, slots=True)
class Options:
    """One select: (value, label, chosen)."""

    name: str
    label: str
    choices: list[tuple[str, str, bool]]


def filter_options(survey: Survey, group: Group, questions: list[Question]) -> list[Options]:
    """What the responses can be narrowed to and compared by, beside days and conditions: where
    they come from, who gave them, what was answered. What has no two values is left out. Five
    queries."""
    collectors = list(survey.collectors.all())
    channels = {one.channel: str(one.get_channel_display()) for one in collectors}
    waves = Wave.objects.filter(collector__in=collectors).order_by("-number")
    numbers = waves.values_list("number", flat=True).distinct()
    found: list[tuple[str, str, Iterable[tuple[Any, Any]]]] = [
        ("collector", _("Way"), [(one.pk, one.name) for one in collectors]),
        ("channel", _("Kind of way"), sorted(channels.items())),
        ("wave", pgettext("of invitations", "Wave"), [(one, one) for one in numbers]),
        ("language", _("Language"), settings.LANGUAGES),
        ("version", _("Version"), [(number, number) for number in _versions(survey)]),
        ("team", _("Team"), _named(Team.objects.filter(archived_at=None))),
        ("product", _("Product"), _named(Product.objects.all())),
        ("tier", pgettext("of a customer", "Tier"), Tier.choices),
        ("speaks", _("Language of the customer"), settings.LANGUAGES),
        ("reached_by", _("Likes to be reached by"), ContactKind.choices),
        ("answer", pgettext("to a question", "Answer"), answers_of(questions)),
    ]
    options = [
        Options(name, label, _marked(choices, group.query.get(name, ())))
        for name, label, choices in found
    ]
    return [one for one in options if len(one.choices) > 1]


def _named(rows: Iterable[Any]) -> list[tuple[int, str]]:
    return [(one.pk, str(one)) for one in rows]


def _marked(choices: Iterable[tuple[Any, Any]], on: Sequence[str]) -> list[tuple[str, str, bool]]:
    return [(str(value), str(label), str(value) in on) for value, label in choices]


def _versions(survey: Survey) -> QuerySet[Any, Any]:
    frozen = survey.versions.exclude(state=VersionState.DRAFT)
    return frozen.order_by("-number").values_list("number", flat=True)


def answers_of(questions: list[Question]) -> list[tuple[str, str]]:
    """("code:value", "Question: answer") of all that can be chosen."""
    return [
        (f"{one.code}:{choice.code}", f"{name_of(one)}: {choice.text}")
        for one in questions
        if one.data_type != DataType.NUMBER
        for choice in one.choices.all()
    ]


def name_of(question: Question) -> str:
    """The wording; of a row of a matrix with its question in front."""
    if question.parent is not None:
        return f"{question.parent.text} – {question.text}"
    return question.text


def hidden_fields(query: Query, *but: str) -> list[tuple[str, str]]:
    """What a form of its own has to keep."""
    return [(name, one) for name, values in query.items() if name not in but for one in values]


def _address(path: str, query: Query, more: Sequence[tuple[str, str]] = ()) -> str:
    pairs = [(name, one) for name, values in query.items() for one in values]
    # A single choice (way, language …) replaces the filter that is on; answers add up.
    single = {name for name, _value in more if name != "answer"}
    single |= {"value"} if "question" in single else set()
    kept = [pair for pair in pairs if pair[0] not in single] + list(more)
    return f"{path}?{urlencode(kept)}" if kept else path


def page_address(name: str, survey: Survey, query: Query, *more: tuple[str, str]) -> str:
    """A page of the survey with the same filters."""
    return _address(reverse(name, args=[survey.slug]), query, more)
