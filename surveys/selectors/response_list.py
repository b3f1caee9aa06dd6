"""The list of responses behind every number: which ones, as the address says."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from math import isfinite
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ObjectDoesNotExist
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.selectors.conditions import where_for
from accounts.selectors.personal_data import tells_covered
from config.kernel.conditions.condition import Condition, words_looked_for
from config.kernel.conditions.parsing import parse
from config.kernel.conditions.vocabulary import vocabulary
from feedback.errors import FilterNotKnown, NumbersCovered
from feedback.selectors.queue_filters import FILTERS, Value, start_of, texts_of
from surveys.enums import DataType
from surveys.models import Collector, Question, Response, ResponseImport, Survey
from surveys.models.response import ResponseQuerySet
from surveys.selectors.answered import Answered
from surveys.selectors.answers import with_answers
from surveys.selectors.conditions import OF_LISTS, QUICK, RESPONSE, remembering
from surveys.selectors.response_dimensions import DIMENSIONS, FILTERED, Within

# Read like the queue's: the days of the answer (both belong to the list), whose matter it was.
AS_IN_QUEUE = {"from": "rated_from", "to": "rated_to", "team": "team"}
KNOWN = frozenset(
    {
        *("question", "value", "answer", "collector", "language", "version", "condition"),
        *("wave", "imported", "page", "lang", *AS_IN_QUEUE, *FILTERED),
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
    within: tuple[Within, ...] = ()
    imported: ResponseImport | bool | None = None  # by which table; False = answered here
    answered: Answered = field(default_factory=Answered, compare=False, repr=False)


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
    if any(tells_covered(user, words) for words in words_looked_for(condition)):
        raise NumbersCovered("condition")
    answered = Answered(survey)
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
        within=tuple(_within(name, text) for name in FILTERED if (text := _last(query, name))),
        imported=_import(survey, _last(query, "imported")),
        answered=answered,
    )
    if condition.is_always:
        return chosen
    where = where_for(condition, user, memo=remembering(answered))
    if not condition.fields <= QUICK:
        where = answered.once(where)
    return replace(chosen, condition=condition, where=where)


def _within(name: str, text: str) -> Within:
    dimension = DIMENSIONS[name]
    try:
        key = dimension.read(text)
    except (LookupError, ValueError, ObjectDoesNotExist) as unknown:
        raise FilterNotKnown(name, text[:60]) from unknown
    return Within(dimension, key, dimension.labels([key]).get(key, text))


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
    code, place = _place(question, value)
    choice = question.choices.filter(code=code).first()
    if choice is None:
        raise FilterNotKnown("value", value)
    if place is None:
        return question, choice.text
    words = _("%(choice)s in place %(place)s")
    return question, words % {"choice": choice.text, "place": place}


def _place(question: Question, value: str) -> tuple[str, int | None]:
    """Of a ranking “cheap@1” is who put it first; without a place who ranked it at all."""
    code, at, place = value.rpartition("@")
    if question.data_type == DataType.RANK and at and place.isdecimal() and place.isascii():
        return code, int(place[:4])
    return value, None


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


def _import(survey: Survey, text: str) -> ResponseImport | bool | None:
    """A table by its number; “no”: answered here, “yes”: any table."""
    if text in {"", "yes", "no"}:
        return {"": None, "yes": True, "no": False}[text]
    known = text.isascii() and text.isdecimal() and len(text) < 19
    found = survey.imports.filter(pk=text).first() if known else None
    if found is None:
        raise FilterNotKnown("imported", text[:60])
    return found


def listed_responses(responses: ResponseQuerySet, chosen: Chosen) -> QuerySet[Response]:
    """`responses` narrowed as chosen, newest first, ready for the page."""
    return with_answers(narrowed(responses, chosen).for_list().order_by("-pk"))


def narrowed(responses: ResponseQuerySet, chosen: Chosen) -> ResponseQuerySet:
    """`responses`, complete ones, as chosen, for counting: the analysis and the list behind it are
    the same."""
    responses = _by_origin(responses, chosen, "completed_at")
    if chosen.question is not None:
        responses = responses.filter(chosen.answered.by(_said(chosen.question, chosen.value)))
    for given in chosen.given:
        responses = responses.filter(chosen.answered.by(_said(given.question, given.value)))
    return responses.filter(chosen.where)


def narrowed_by_origin(responses: ResponseQuerySet, chosen: Chosen) -> ResponseQuerySet:
    """Those that may not have been handed in, and so have no answers to ask for: narrowed by
    where they come from, and by the day they were last seen."""
    return _by_origin(responses, chosen, "last_seen_at")


def _by_origin(responses: ResponseQuerySet, chosen: Chosen, moment: str) -> ResponseQuerySet:
    exact = {
        "collector": chosen.collector,
        "language": chosen.language or None,
        "version__number": chosen.version,
        "invitation__wave__number": chosen.wave,
        "imported__isnull": None if chosen.imported is None else not chosen.imported,
        "imported": chosen.imported if isinstance(chosen.imported, ResponseImport) else None,
    } | {one.dimension.path: one.key for one in chosen.within}
    responses = responses.filter(**{path: key for path, key in exact.items() if key is not None})
    others = {name: value.meaning for name, value in chosen.others.items()}
    if "from" in others:
        responses = responses.filter(**{f"{moment}__gte": start_of(others["from"])})
    if "to" in others:
        end = start_of(others["to"] + timedelta(days=1))
        responses = responses.filter(**{f"{moment}__lt": end})
    if "team" in others:
        responses = responses.filter(team=others["team"])
    return responses


def _said(question: Question, value: str) -> Q:
    """Of answers."""
    number = _number(value) if question.data_type == DataType.NUMBER else None
    if number is not None:
        return Q(question=question, number=number)
    if not value:
        return Q(question=question)
    choice, place = _place(question, value)
    # As numbers: how many gave an answer is known of a choice, not of its code.
    picked = list(question.choices.filter(code=choice).values_list("pk", flat=True))
    said = Q(question=question, choice__in=picked)
    return said & Q(number=place) if place else said
