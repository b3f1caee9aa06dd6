"""What people answered, in words."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.utils.formats import date_format

from config.kernel.punctuation import labelled, listed, with_aside
from surveys.enums import DataType, QuestionRole
from surveys.flow.definition import Definition
from surveys.models import Answer, Question, Response
from surveys.questions.files import KeptFile
from surveys.questions.registry import type_of


@dataclass(frozen=True, slots=True)
class Said:
    """The answer to one question (one row of a matrix), worded in the language that is active."""

    question: Question
    text: str
    number: float | None = None
    file: str = ""  # where it is stored

    @property
    def title(self) -> str:
        """The question; of a row or part also what it is a part of."""
        parent = self.question.parent
        return labelled(parent.text, self.question.text) if parent else self.question.text

    @property
    def label(self) -> str:
        """What it measures, in a word or two; the question itself where it measures nothing."""
        role = self.question.role
        return self.title if role == QuestionRole.NONE else str(QuestionRole(role).label)

    @property
    def stars(self) -> str:
        """★★★★☆ of a short scale; "" for everything else."""
        highest = self.question.maximum
        if self.number is None or highest is None or self.question.minimum != 1:
            return ""
        return "★" * int(self.number) + "☆" * int(highest - self.number)


def with_answers(responses: QuerySet[Response]) -> QuerySet[Response]:
    """One query more for all of them; then `said_in` asks the database nothing."""
    answers = Answer.objects.select_related("question__parent", "choice").order_by(
        "question__order", "question_id", "number", "choice__order"
    )
    return responses.prefetch_related(Prefetch("answers", queryset=answers))


def said_in(response: Response) -> list[Said]:
    """Every answer of a response that came through `with_answers`."""
    found = []
    for _question, rows in groupby(response.answers.all(), key=lambda one: one.question_id):
        found.append(said_from(list(rows)))
    return found


def said_from(answers: list[Answer]) -> Said:
    """The answer to one question out of its rows, with their questions and choices."""
    return _several(answers) if len(answers) > 1 else _said(answers[0])


def stored_answers(response: Response, definition: Definition) -> dict[str, Any]:
    """{code: raw answer} as the walk reads it, of a response that came through `with_answers`:
    to show or to go on with what is stored."""
    rows: dict[str, list[Answer]] = {}
    for answer in response.answers.all():
        rows.setdefault(answer.question.code, []).append(answer)
    found: dict[str, Any] = {}
    for element in definition.elements():
        for leaf in type_of(element).leaves(element):
            if leaf.code not in rows:
                continue
            raw = _raw(rows[leaf.code], leaf.data_type)
            if leaf.part_of:
                part = leaf.code.removeprefix(f"{element.code}_")
                found.setdefault(element.code, {})[part] = raw
            else:
                found[element.code] = raw
    return found


def _raw(answers: list[Answer], data_type: DataType) -> Any:
    first = answers[0]
    codes = [answer.choice.code for answer in answers if answer.choice]
    words = {a.choice.code: a.text for a in answers if a.choice and a.text}
    if data_type == DataType.RANK:
        return codes
    if data_type == DataType.MULTI:
        return {"choices": codes, "other": words} if words else codes
    if codes:
        return {"choice": codes[0], "other": words} if words else codes[0]
    if first.file:
        return KeptFile(key="", name=first.text or "", path=first.file, size=0)
    if first.number is not None:
        return first.number
    return first.text if first.date is None else first.date.isoformat()


def said_by_role(said: Iterable[Said]) -> dict[str, Said]:
    """{role: answer} of those that measure something."""
    return {one.question.role: one for one in said if one.question.role != QuestionRole.NONE}


def _several(answers: list[Answer]) -> Said:
    """Several choices, or a ranking with the first place first."""
    question = answers[0].question
    if question.data_type == DataType.RANK:
        places = [f"{answer.number:g}. {_choice(answer)}" for answer in answers]
        return Said(question, listed(places))
    return Said(question, listed(_choice(answer) for answer in answers))


def _choice(answer: Answer) -> str:
    chosen = answer.choice.text if answer.choice else ""
    return with_aside(chosen, answer.text) if answer.text else chosen


def _said(answer: Answer) -> Said:
    question = answer.question
    if answer.choice is not None:
        return Said(question, _choice(answer))
    if question.data_type == DataType.NUMBER and answer.number is not None:
        of = f" / {question.maximum:g}" if question.maximum is not None else ""
        return Said(question, f"{answer.number:g}{of}", answer.number)
    if answer.date is not None:
        return Said(question, date_format(answer.date, "DATE_FORMAT"))
    return Said(question, answer.text or "", file=answer.file or "")
