"""What people answered, in words."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Prefetch, QuerySet

from surveys.enums import DataType, QuestionRole
from surveys.models import Answer, Question, Response


@dataclass(frozen=True, slots=True)
class Said:
    """One answer, worded in the language that is active."""

    question: Question
    text: str
    number: float | None = None

    @property
    def label(self) -> str:
        """What it measures, in a word or two; the question itself where it measures nothing."""
        role = self.question.role
        return self.question.text if role == QuestionRole.NONE else str(QuestionRole(role).label)

    @property
    def stars(self) -> str:
        """★★★★☆ of a short scale; "" for everything else."""
        highest = self.question.maximum
        if self.number is None or highest is None or self.question.minimum != 1:
            return ""
        return "★" * int(self.number) + "☆" * int(highest - self.number)


def with_answers(responses: QuerySet[Response]) -> QuerySet[Response]:
    """Three queries more for all of them; then `said_in` asks the database nothing."""
    answers = Answer.objects.select_related("question", "choice").order_by(
        "question__order", "choice__order"
    )
    return responses.prefetch_related(Prefetch("answers", queryset=answers))


def said_in(response: Response) -> list[Said]:
    """Every answer of a response that came through `with_answers`."""
    return [_said(answer) for answer in response.answers.all()]


def said_by_role(said: Iterable[Said]) -> dict[str, Said]:
    """{role: answer} of those that measure something."""
    return {one.question.role: one for one in said if one.question.role != QuestionRole.NONE}


def _said(answer: Answer) -> Said:
    question = answer.question
    if answer.choice is not None:
        return Said(question, answer.choice.text)
    if question.data_type == DataType.NUMBER and answer.number is not None:
        of = f" / {question.maximum:g}" if question.maximum is not None else ""
        return Said(question, f"{answer.number:g}{of}", answer.number)
    return Said(question, answer.text or (str(answer.date) if answer.date else ""))
