"""What somebody answered in a survey about a record of feedback, as a filter of the queue:
`customer.answer.12=34` for the choice 34 of the question 12. Of several answers to one question
the last one with an opinion counts."""

from collections.abc import Callable
from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.db.models.lookups import In

from accounts.models import User
from config.kernel.punctuation import labelled
from feedback.selectors.queue_filters import Filter, Value, register_filter_source
from surveys.enums import DataType
from surveys.models import Answer, Question, Response

PREFIX = "customer.answer."
SEES_ANSWERS = "surveys.view_response"
_LONGEST = 18  # digits of a number of a row


def filter_of(question: Question) -> str:
    """How the filter is called."""
    return f"{PREFIX}{question.pk}"


def opinions(question: Question) -> QuerySet[Answer]:
    """Answers that count in results: of complete responses, with an opinion."""
    found = Answer.objects.filter(question=question, response__in=Response.objects.complete())
    if question.data_type == DataType.NUMBER:
        return found.filter(number__isnull=False)
    return found.filter(choice__is_missing=False)


def last_answer(question: Question, way: str, path: str) -> Subquery:
    """The choice or the number that was answered last, null where none was. `way` leads from an
    answer to what a row has at `path`: ("response__feedback", "pk") of records."""
    found = opinions(question).filter(**{way: OuterRef(path)})
    found = found.order_by("-response__completed_at", "-pk")
    return Subquery(found.values(kept_as(question))[:1])


def kept_as(question: Question) -> str:
    return "number" if question.data_type == DataType.NUMBER else "choice"


def answer_text(key: float) -> str:
    return f"{key:g}" if isinstance(key, float) else str(key)


def _source(name: str) -> Filter | None:
    text = name.removeprefix(PREFIX)
    if not (text.isascii() and text.isdecimal() and len(text) <= _LONGEST):
        return None
    kinds = (DataType.SINGLE, DataType.NUMBER)
    question = Question.objects.filter(pk=int(text), data_type__in=kinds).first()
    if question is None:
        return None
    label: Any = question.text or question.code
    return Filter(label, _reader(question), _where(question))


def _reader(question: Question) -> Callable[[str, User], Value]:
    def read(text: str, user: User) -> Value:
        if not user.has_perm(SEES_ANSWERS):
            raise LookupError
        if question.data_type == DataType.NUMBER:
            number = float(text)
            return Value(answer_text(number), number, answer_text(number))
        choice = question.choices.filter(pk=int(text)).first()
        if choice is None:
            raise LookupError
        return Value(text, choice.pk, choice.text)

    return read


def _where(question: Question) -> Callable[[list[Any]], Q]:
    def where(values: list[Any]) -> Q:
        # Those who ever answered so are few; of these the last answer is looked for.
        ever = opinions(question).filter(**{f"{kept_as(question)}__in": values})
        last = In(last_answer(question, "response__feedback", "pk"), values)
        return Q(pk__in=ever.values("response__feedback")) & Q(last)

    return where


def register_answers_of_records() -> None:
    register_filter_source(PREFIX, _source)


def words_of(question: Question) -> str:
    """A question as its survey asks it."""
    return labelled(question.survey.title, question.text)
