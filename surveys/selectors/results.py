"""What people answered, counted question by question.

Three different numbers stand beside every question: to how many it was shown, how many answered,
and how many of these have an opinion (“don't know” is no part of shares and means).
Significance and comparison live in analytics; here are plain counts.
"""

from dataclasses import dataclass, field

from django.db.models import Count, F, Func, QuerySet, TextField

from surveys.enums import DataType
from surveys.models import Answer, Choice, Question, Response, Survey


class EachCode(Func):
    """One row for each code in a JSON list."""

    function = "jsonb_array_elements_text"
    output_field = TextField()
    set_returning = True


@dataclass(frozen=True, slots=True)
class Bar:
    """How many gave one answer. `value` is what a list of responses is filtered by."""

    label: str
    value: str
    count: int
    share: float  # of those with an opinion, 0–100
    is_missing: bool = False


@dataclass(slots=True)
class QuestionResult:
    question: Question
    shown: int = 0
    answered: int = 0
    valid: int = 0
    mean: float | None = None
    bars: list[Bar] = field(default_factory=list)

    @property
    def is_scale(self) -> bool:
        return self.question.data_type == DataType.NUMBER

    @property
    def is_stars(self) -> bool:
        return self.is_scale and self.question.minimum == 1

    @property
    def is_text(self) -> bool:
        return self.question.data_type == DataType.TEXT


def results_of(survey: Survey, responses: QuerySet[Response]) -> list[QuestionResult]:
    """Every question of the survey over `responses` (complete ones, as far as somebody may see
    them), in the order of the latest version; a retired question only where somebody answered
    it. Five queries, whatever there is."""
    shown = _shown(responses)
    counts = _counts(responses)
    results = []
    for question in survey.questions.prefetch_related("choices"):
        result = QuestionResult(question, shown=shown.get(question.code, 0))
        _fill_in(result, counts.get(question.pk, {}))
        if question.retired_in is None or result.answered:
            results.append(result)
    return results


# (choice, number) → how many; a text is (None, None).
Counts = dict[tuple[int | None, float | None], int]


def _counts(responses: QuerySet[Response]) -> dict[int, Counts]:
    found: dict[int, Counts] = {}
    rows = (
        Answer.objects.filter(response__in=responses.order_by())
        .values_list("question", "choice", "number")
        .annotate(n=Count("pk"))
    )
    for question, choice, number, n in rows:
        found.setdefault(question, {})[choice, number] = n
    return found


def _shown(responses: QuerySet[Response]) -> dict[str, int]:
    rows = (
        responses.order_by()
        .annotate(code=EachCode(F("shown")))
        .values_list("code")
        .annotate(n=Count("pk"))
    )
    return dict(rows)


def _fill_in(result: QuestionResult, counts: Counts) -> None:
    # One row a choice, so a question of several choices needs another count when it comes.
    result.answered = result.valid = sum(counts.values())
    if result.question.data_type == DataType.SINGLE:
        _fill_choices(result, counts)
    elif result.question.data_type == DataType.NUMBER:
        _fill_numbers(result, counts)


def _fill_choices(result: QuestionResult, counts: Counts) -> None:
    choices = list(result.question.choices.all())
    taken = {choice.pk: counts.get((choice.pk, None), 0) for choice in choices}
    result.valid -= sum(taken[choice.pk] for choice in choices if choice.is_missing)
    result.bars = [
        Bar(
            label=choice.text,
            value=choice.code,
            count=taken[choice.pk],
            share=_share(taken[choice.pk], 0 if choice.is_missing else result.valid),
            is_missing=choice.is_missing,
        )
        for choice in choices
        if _is_worth_showing(choice, taken[choice.pk])
    ]


def _is_worth_showing(choice: Choice, count: int) -> bool:
    return choice.retired_in is None or count > 0


def _fill_numbers(result: QuestionResult, counts: Counts) -> None:
    numbers = {number: n for (_choice, number), n in counts.items() if number is not None}
    low, high = result.question.minimum, result.question.maximum
    if low is not None and high is not None:
        scale = [float(step) for step in range(int(high), int(low) - 1, -1)]
    else:
        scale = sorted(numbers, reverse=True)
    result.bars = [
        Bar(
            f"{step:g}",
            f"{step:g}",
            numbers.get(step, 0),
            _share(numbers.get(step, 0), result.valid),
        )
        for step in scale
    ]
    if result.valid:
        result.mean = sum(number * n for number, n in numbers.items()) / result.valid


def _share(count: int, base: int) -> float:
    return 100 * count / base if base else 0.0


def texts_of(responses: QuerySet[Response]) -> QuerySet[Answer]:
    """What people wrote, newest first."""
    return (
        Answer.objects.filter(response__in=responses.order_by(), text__isnull=False)
        .select_related("question", "response__feedback")
        .order_by("-response_id", "question__order")
    )
