"""The list of responses behind every number: which ones, as the address says."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from math import isfinite
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse

from accounts.models import User
from accounts.selectors.conditions import where_for
from config.kernel.conditions.condition import Condition
from config.kernel.conditions.parsing import parse
from config.kernel.conditions.vocabulary import vocabulary
from feedback.errors import FilterNotKnown
from feedback.selectors.queue_filters import FILTERS, Value, start_of, texts_of
from surveys.enums import DataType
from surveys.models import Answer, Collector, Question, Response, Survey
from surveys.models.response import ResponseQuerySet
from surveys.selectors.answers import with_answers
from surveys.selectors.conditions import OF_LISTS, RESPONSE

# Read like the queue's: the days of the answer (both belong to the list), whose matter it was.
AS_IN_QUEUE = {"from": "rated_from", "to": "rated_to", "team": "team"}
KNOWN = frozenset(
    {
        *("question", "value", "answer", "collector", "language", "version", "condition"),
        *("wave", "page", "lang", *AS_IN_QUEUE),
    }
)


@dataclass(frozen=True, slots=True)
class Given:
    """One answer that must have been given; written `answer=code:value`, as often as wanted."""

    question: Question
    value: str
    label: str

    @property
    def text(self) -> str:
        return f"{self.question.code}:{self.value}"


@dataclass(frozen=True, slots=True)
class Chosen:
    """What the list is narrowed by."""

    question: Question | None = None
    value: str = ""
    value_label: str = ""
    collector: Collector | None = None
    others: dict[str, Value] = field(default_factory=dict)
    condition: Condition | None = None
    where: Q = field(default_factory=Q)  # the condition, as asked by whoever looks
    given: tuple[Given, ...] = ()
    language: str = ""
    version: int | None = None
    wave: int | None = None  # of invitations


def responses_url(slug: UUID, **filters: Any) -> str:
    """The link to a list, which an analysis counts: `responses_url(survey.slug,
    question="service", first=day, last=day, team=team)`. A team that is None means "no team"."""
    names = {"first": "from", "last": "to"}
    pairs = [(names.get(name, name), text) for name, v in filters.items() for text in texts_of(v)]
    return f"{reverse('surveys:responses', args=[slug])}?{urlencode(pairs)}"


def read_filters(survey: Survey, query: Mapping[str, Sequence[str]], user: User) -> Chosen:
    """Raises FilterNotKnown with the field's name for anything that does not exist, and
    ConditionInvalid for a condition that cannot be run."""
    for name in query:
        if name not in KNOWN:
            raise FilterNotKnown(name)
    code, value = _last(query, "question"), _last(query, "value")
    question, label = _question(survey, code, value) if code else (None, "")
    if value and question is None:
        raise FilterNotKnown("question")
    others = {
        name: _as_in_queue(name, text, user)
        for name in AS_IN_QUEUE
        if (text := _last(query, name))
    }
    collector = _collector(survey, _last(query, "collector"))
    condition = parse(_last(query, "condition"), vocabulary(RESPONSE), allowed=OF_LISTS)
    chosen = Chosen(
        question,
        value,
        label,
        collector,
        others,
        given=tuple(_given(survey, text) for text in query.get("answer", ())),
        language=_language(_last(query, "language")),
        version=_number_of(query, "version"),
        wave=_number_of(query, "wave"),
    )
    if condition.is_always:
        return chosen
    return replace(chosen, condition=condition, where=where_for(condition, user))


def _given(survey: Survey, text: str) -> Given:
    code, _colon, value = text.partition(":")
    if not value:
        raise FilterNotKnown("answer", text[:60])
    question, label = _question(survey, code, value)
    return Given(question, value, label)


def _language(code: str) -> str:
    if code and code not in dict(settings.LANGUAGES):
        raise FilterNotKnown("language", code[:60])
    return code


def _number_of(query: Mapping[str, Sequence[str]], name: str) -> int | None:
    number = _last(query, name)
    if not number:
        return None
    if not number.isascii() or not number.isdecimal() or len(number) > 6:
        raise FilterNotKnown(name, number[:60])
    return int(number)


def _last(query: Mapping[str, Sequence[str]], name: str) -> str:
    given = query.get(name)
    return given[-1] if given else ""


def _as_in_queue(name: str, text: str, user: User) -> Value:
    try:
        return FILTERS[AS_IN_QUEUE[name]].read(text, user)
    except (LookupError, ValueError, OverflowError) as unknown:
        raise FilterNotKnown(name, text[:60]) from unknown


def _question(survey: Survey, code: str, value: str) -> tuple[Question, str]:
    question = survey.questions.filter(code=code).first()
    if question is None:
        raise FilterNotKnown("question", code)
    if not value:
        return question, ""
    if question.data_type == DataType.NUMBER and _number(value) is not None:
        return question, f"{_number(value):g}"
    choice = question.choices.filter(code=value).first()
    if choice is None:
        raise FilterNotKnown("value", value)
    return question, choice.text


def _number(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if isfinite(number) else None


def _collector(survey: Survey, number: str) -> Collector | None:
    if not number:
        return None
    found = survey.collectors.filter(pk=number).first() if number.isdecimal() else None
    if found is None:
        raise FilterNotKnown("collector", number)
    return found


def listed_responses(responses: ResponseQuerySet, chosen: Chosen) -> QuerySet[Response]:
    """`responses` narrowed as chosen, newest first, ready for the page."""
    return with_answers(narrowed(responses, chosen).for_list().order_by("-pk"))


def narrowed(responses: ResponseQuerySet, chosen: Chosen) -> ResponseQuerySet:
    """`responses` as chosen, for counting: the analysis and the list behind it are the same."""
    if chosen.collector is not None:
        responses = responses.filter(collector=chosen.collector)
    if chosen.language:
        responses = responses.filter(language=chosen.language)
    if chosen.version is not None:
        responses = responses.filter(version__number=chosen.version)
    if chosen.wave is not None:
        responses = responses.filter(invitation__wave__number=chosen.wave)
    others = {name: value.meaning for name, value in chosen.others.items()}
    if "from" in others:
        responses = responses.filter(completed_at__gte=start_of(others["from"]))
    if "to" in others:
        end = start_of(others["to"] + timedelta(days=1))
        responses = responses.filter(completed_at__lt=end)
    if "team" in others:
        responses = responses.filter(team=others["team"])
    if chosen.question is not None:
        responses = responses.filter(_said(chosen.question, chosen.value))
    for one in chosen.given:
        responses = responses.filter(_said(one.question, one.value))
    return responses.filter(chosen.where)


def _said(question: Question, value: str) -> Exists:
    said = Answer.objects.filter(response=OuterRef("pk"), question=question)
    number = _number(value) if question.data_type == DataType.NUMBER else None
    if number is not None:
        said = said.filter(number=number)
    elif value:
        said = said.filter(choice__code=value)
    return Exists(said)
