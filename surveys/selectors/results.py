"""What people answered, counted question by question.

Three different numbers stand beside every question: to how many it was shown, how many answered,
and how many of these have an opinion (“don't know” is no part of shares and means). Of several
choices people are counted and not ticks, so that shares may come to more than 100 %.
Significance and comparison live in analytics; here are plain counts.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from math import ceil, inf

from django.db.models import QuerySet

from surveys.enums import DataType
from surveys.models import Answer, Choice, Question, Response, Survey
from surveys.selectors.answer_counts import Counts, count_answers

MOST_STEPS = 24  # a scale has a bar for each step; beyond these, and without ends, up to
MOST_NUMBERS = 12  # different numbers have one each, and more stand together in
GROUPS = 8  # of equal width


@dataclass(frozen=True, slots=True)
class Bar:
    """How many gave one answer. `value` is what a list of responses is filtered by."""

    label: str
    value: str
    count: int
    share: float  # of those with an opinion, 0–100
    is_missing: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """How one choice was ranked."""

    label: str
    value: str
    mean: float  # mean place, 1 = always first
    firsts: int
    count: int  # by how many it was ranked at all
    share: float  # of those who ranked, how many put it first, 0–100


@dataclass(slots=True)
class QuestionResult:
    """One question; of a matrix or another question of several parts `parts` has theirs and the
    numbers of this one are the largest among them."""

    question: Question
    shown: int = 0
    answered: int = 0
    valid: int = 0
    mean: float | None = None
    median: float | None = None
    lowest: float | None = None
    highest: float | None = None
    first_day: date | None = None
    last_day: date | None = None
    bars: list[Bar] = field(default_factory=list)
    places: list[Place] = field(default_factory=list)
    parts: list["QuestionResult"] = field(default_factory=list)
    numbers: dict[float, int] = field(default_factory=dict)  # {number: how many gave it}

    @property
    def kind(self) -> str:
        return str(self.question.data_type)

    @property
    def is_scale(self) -> bool:
        return self.question.data_type == DataType.NUMBER

    @property
    def is_free_number(self) -> bool:
        """A number without the ends of a scale, or with far ones: its range says something."""
        low, high = self.question.minimum, self.question.maximum
        return self.is_scale and (low is None or high is None or high - low > MOST_STEPS)

    @property
    def is_text(self) -> bool:
        return self.question.data_type == DataType.TEXT

    @property
    def is_block(self) -> bool:
        return self.question.data_type == DataType.GROUP

    @property
    def is_matrix(self) -> bool:
        return bool(self.parts) and self.parts[0].kind in {DataType.SINGLE, DataType.MULTI}


def results_of(survey: Survey, responses: QuerySet[Response]) -> list[QuestionResult]:
    """Every question of the survey over `responses` (complete ones, as far as somebody may see
    them), in the order of the latest version; a retired question only where somebody answered
    it; the rows of a matrix inside their question. Nine queries at most, whatever there is."""
    questions = list(survey.questions.prefetch_related("choices"))
    counted = count_answers(survey, responses, questions)
    found: dict[int, QuestionResult] = {}
    results = []
    for question in questions:
        pk = question.pk
        result = QuestionResult(question, shown=counted.shown.get(pk, 0))
        _fill_in(result, counted.counts.get(pk, {}), counted.people.get(pk, (0, 0)))
        result.first_day, result.last_day = counted.days.get(pk, (None, None))
        found[question.pk] = result
        if question.retired_in is not None and not result.answered and not result.is_block:
            continue
        if question.parent_id in found:
            found[question.parent_id].parts.append(result)
        else:
            results.append(result)
    for result in results:
        _sum_up(result)
    return [one for one in results if not one.is_block or one.parts]


def _sum_up(block: QuestionResult) -> None:
    if block.parts:
        block.shown = max(part.shown for part in block.parts)
        block.answered = max(part.answered for part in block.parts)
        block.valid = max(part.valid for part in block.parts)


def _fill_in(result: QuestionResult, counts: Counts, people: tuple[int, int]) -> None:
    match result.question.data_type:
        case DataType.MULTI:
            result.answered, result.valid = people
            _fill_choices(result, counts)
        case DataType.RANK:
            result.answered, result.valid = people
            _fill_places(result, counts)
        case DataType.SINGLE:
            result.answered = result.valid = sum(counts.values())
            _leave_out_missing(result, counts)
            _fill_choices(result, counts)
        case DataType.NUMBER:
            result.answered = result.valid = sum(counts.values())
            _leave_out_missing(result, counts)
            _fill_numbers(result, counts)
        case _:
            result.answered = result.valid = sum(counts.values())


def _taken(counts: Counts) -> dict[int, int]:
    """{choice: how many}, whatever stood beside it."""
    found: dict[int, int] = {}
    for (choice, _number), n in counts.items():
        if choice is not None:
            found[choice] = found.get(choice, 0) + n
    return found


def _leave_out_missing(result: QuestionResult, counts: Counts) -> None:
    taken = _taken(counts)
    missing = (choice for choice in result.question.choices.all() if choice.is_missing)
    result.valid -= sum(taken.get(choice.pk, 0) for choice in missing)


def _fill_choices(result: QuestionResult, counts: Counts) -> None:
    result.bars = list(_choice_bars(result, result.question.choices.all(), _taken(counts)))


def _choice_bars(
    result: QuestionResult, choices: Iterable[Choice], taken: dict[int, int]
) -> Iterable[Bar]:
    for choice in choices:
        count = taken.get(choice.pk, 0)
        if choice.retired_in is None or count:
            base = 0 if choice.is_missing else result.valid
            yield Bar(choice.text, choice.code, count, _share(count, base), choice.is_missing)


def _fill_numbers(result: QuestionResult, counts: Counts) -> None:
    numbers = {number: n for (_choice, number), n in counts.items() if number is not None}
    low, high = result.question.minimum, result.question.maximum
    if low is not None and high is not None and high - low <= MOST_STEPS:
        # Every whole step, and what an older or a stepped scale has between them.
        steps = {float(step) for step in range(int(low), int(high) + 1)}
        scale = sorted(steps | set(numbers), reverse=True)
    else:
        scale = sorted(numbers, reverse=True) if len(numbers) <= MOST_NUMBERS else []
    result.bars = [
        Bar(
            f"{step:g}",
            f"{step:g}",
            numbers.get(step, 0),
            _share(numbers.get(step, 0), result.valid),
        )
        for step in scale
    ] or list(_groups(numbers, result.valid))
    # “Don't know” stands below the numbers.
    result.bars += _choice_bars(result, result.question.choices.all(), _taken(counts))
    result.numbers = numbers
    if numbers:
        total = sum(numbers.values())
        result.mean = sum(number * n for number, n in numbers.items()) / total
        result.median = _median(numbers, total)
        result.lowest, result.highest = min(numbers), max(numbers)


def _groups(numbers: dict[float, int], base: int) -> Iterable[Bar]:
    """Numbers of which there are many, in groups of equal width, the highest first. They lead
    nowhere: a list of responses is filtered by one number."""
    if not numbers:
        return
    low, high = min(numbers), max(numbers)
    width = (high - low) / GROUPS
    if all(number.is_integer() for number in numbers):
        width = ceil((high - low + 1) / GROUPS)
    for at in reversed(range(GROUPS)):
        first = low + at * width
        if first > high:
            continue
        until = inf if at == GROUPS - 1 else first + width
        count = sum(n for number, n in numbers.items() if first <= number < until)
        last = first + width - 1 if isinstance(width, int) else first + width
        yield Bar(f"{first:g}–{min(last, high):g}", "", count, _share(count, base))


def _median(numbers: dict[float, int], total: int) -> float:
    """The middle one; of an even number the mean of the two in the middle."""
    low_at, high_at = (total - 1) // 2, total // 2
    low: float | None = None
    passed = 0
    for number in sorted(numbers):
        passed += numbers[number]
        if low is None and passed > low_at:
            low = number
        if low is not None and passed > high_at:
            return (low + number) / 2
    raise AssertionError("the counts do not add up")


def _fill_places(result: QuestionResult, counts: Counts) -> None:
    for choice in result.question.choices.all():
        mine = {place: n for (pk, place), n in counts.items() if pk == choice.pk and place}
        count = sum(mine.values())
        if count:
            firsts = mine.get(1, 0)
            mean = sum(place * n for place, n in mine.items()) / count
            share = _share(firsts, result.valid)
            result.places.append(Place(choice.text, choice.code, mean, firsts, count, share))
    result.places.sort(key=lambda place: (place.mean, -place.firsts))


def _share(count: int, base: int) -> float:
    return 100 * count / base if base else 0.0


def texts_of(
    responses: QuerySet[Response], results: Iterable[QuestionResult] = ()
) -> QuerySet[Answer]:
    """What people wrote, newest first; without what was never asked by these `results`: texts
    that came with the link or were worked out."""
    unasked = [one.question.pk for one in results if one.is_text and not one.shown]
    return (
        Answer.objects.filter(response__in=responses.order_by(), text__isnull=False, file=None)
        .exclude(text="")
        .exclude(question__in=unasked)
        .select_related("question__parent", "choice", "response__feedback")
        .order_by("-response_id", "question__order")
    )
