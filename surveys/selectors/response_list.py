"""The list of responses behind every number: which ones, as the address says."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, QuerySet

from feedback.errors import FilterNotKnown
from surveys.enums import DataType
from surveys.models import Answer, Collector, Question, Response, Survey
from surveys.models.response import ResponseQuerySet
from surveys.selectors.answers import with_answers

KNOWN = frozenset({"question", "value", "collector", "page", "lang"})


@dataclass(frozen=True, slots=True)
class Chosen:
    """What the list is narrowed by."""

    question: Question | None = None
    value: str = ""
    value_label: str = ""
    collector: Collector | None = None


def read_filters(survey: Survey, query: Mapping[str, Sequence[str]]) -> Chosen:
    """Raises FilterNotKnown with the field's name for anything that does not exist."""
    for name in query:
        if name not in KNOWN:
            raise FilterNotKnown(name)
    code, value = _last(query, "question"), _last(query, "value")
    question, label = _question(survey, code, value) if code else (None, "")
    if value and question is None:
        raise FilterNotKnown("question")
    return Chosen(question, value, label, _collector(survey, _last(query, "collector")))


def _last(query: Mapping[str, Sequence[str]], name: str) -> str:
    given = query.get(name)
    return given[-1] if given else ""


def _question(survey: Survey, code: str, value: str) -> tuple[Question, str]:
    question = survey.questions.filter(code=code).first()
    if question is None:
        raise FilterNotKnown("question", code)
    if not value:
        return question, ""
    if question.data_type == DataType.NUMBER:
        try:
            return question, f"{float(value):g}"
        except ValueError:
            raise FilterNotKnown("value", value) from None
    choice = question.choices.filter(code=value).first()
    if choice is None:
        raise FilterNotKnown("value", value)
    return question, choice.text


def _collector(survey: Survey, number: str) -> Collector | None:
    if not number:
        return None
    found = survey.collectors.filter(pk=number).first() if number.isdecimal() else None
    if found is None:
        raise FilterNotKnown("collector", number)
    return found


def listed_responses(responses: ResponseQuerySet, chosen: Chosen) -> QuerySet[Response]:
    """`responses` narrowed as chosen, newest first, ready for the page."""
    if chosen.collector is not None:
        responses = responses.filter(collector=chosen.collector)
    if chosen.question is not None:
        said = Answer.objects.filter(response=OuterRef("pk"), question=chosen.question)
        if chosen.value and chosen.question.data_type == DataType.NUMBER:
            said = said.filter(number=float(chosen.value))
        elif chosen.value:
            said = said.filter(choice__code=chosen.value)
        responses = responses.filter(Exists(said))
    return with_answers(responses.for_list().order_by("-pk"))
