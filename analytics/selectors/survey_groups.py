"""Which responses an analysis counts: the filters that chose them, another group beside them, and
what they can be narrowed to."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import pgettext

from accounts.enums import ContactKind, Tier
from accounts.models import Organisation, Team, User
from analytics.selectors.survey_summary import is_by_answers
from analytics.selectors.who_came import Came, Times, times_of
from feedback.models import Product
from surveys.enums import DataType, ResponseStatus, VersionState
from surveys.models import Question, Response, Survey, Wave
from surveys.models.response import ResponseQuerySet
from surveys.selectors.response_dimensions import DIMENSIONS
from surveys.selectors.response_list import Chosen, narrowed, read_filters

# What an address of an analysis says beside the filters of its responses.
OWN = frozenset(
    {
        *("compare", "page", "lang", "words", "texts", "live", "seen"),
        *("rows", "columns", "show", "level", "bonferroni", "export", "chart"),
    }
)
MOST_ORGANISATIONS = 100  # beyond these nobody finds one in a list

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
        return (self.times or times_of(self.responses)).n

    @cached_property
    def times(self) -> Times | None:
        """Of these responses, where they were chosen by what was answered: who fits is looked for
        once, for the count and the times. Asked once."""
        return times_of(self.responses) if is_by_answers(self.chosen) else None

    def know(self, came: Came) -> None:
        """Who came was counted already: nobody is counted again where these are the same people.
        By days they are not, since those who left are taken by when they were last seen."""
        if not is_by_answers(self.chosen) and not {"from", "to"} & set(self.chosen.others):
            self.__dict__["count"] = came.count(ResponseStatus.COMPLETE, is_counted=True)


def filters_in(query: Query) -> dict[str, list[str]]:
    """Without what is the page's own, fields of forms that were left empty, and repetitions."""
    filters = {
        name: [one for one in dict.fromkeys(values) if one]
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


def filter_options(
    survey: Survey, group: Group, questions: list[Question], user: User
) -> list[Options]:
    """What the responses can be narrowed to and compared by, beside days and conditions: where
    they come from, who gave them (organisations as far as `user` may see customers, and unless
    there are very many), what was answered. What has no two values is left out. Six queries."""
    collectors = list(survey.collectors.all())
    channels = {one.channel: str(one.get_channel_display()) for one in collectors}
    waves = Wave.objects.filter(collector__in=collectors).order_by("-number")
    numbers = waves.values_list("number", flat=True).distinct()
    choices: dict[str, Iterable[tuple[Any, Any]]] = {
        "collector": [(one.pk, one.name) for one in collectors],
        "channel": sorted(channels.items()),
        "wave": [(one, one) for one in numbers],
        "language": settings.LANGUAGES,
        "version": [(number, number) for number in _versions(survey)],
        "team": _named(Team.objects.filter(archived_at=None)),
        "product": _named(Product.objects.all()),
        "tier": Tier.choices,
        "speaks": settings.LANGUAGES,
        "reached_by": ContactKind.choices,
        "organisation": _organisations(user),
    }
    found = [(name, str(one.label), choices[name]) for name, one in DIMENSIONS.items()]
    found.append(("answer", pgettext("to a question", "Answer"), answers_of(questions)))
    options = [
        Options(name, label, _marked(those, group.query.get(name, ())))
        for name, label, those in found
    ]
    return [one for one in options if len(one.choices) > 1]


def _organisations(user: User) -> list[tuple[int, str]]:
    if not user.has_perm("accounts.view_customer"):
        return []
    found = _named(Organisation.objects.active()[: MOST_ORGANISATIONS + 1])
    return found if len(found) <= MOST_ORGANISATIONS else []


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
