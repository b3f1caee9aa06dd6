"""What everybody answered, as the thanks show it to one of them: only questions whose author
allows it, only shares, only where enough people answered that nobody is seen in them, and in steps
of so many that nobody is seen in what one more answer changed."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.core.cache import cache
from django.db.models import Count, Q

from surveys.flow.definition import Definition
from surveys.flow.words import Wording
from surveys.models import Answer, Response
from surveys.questions.base import Element
from surveys.questions.registry import type_of
from surveys.questions.scales import Rating
from surveys.selectors.strangers import counted_for_strangers

FEWEST = 10  # people with an opinion; below, a share could be somebody
SECONDS = 300  # so long a busy survey does not count anew

Counts = Mapping[str, tuple[int, Mapping[str, int]]]  # leaf → people, {choice or number: how many}


@dataclass(frozen=True, slots=True)
class SharedBar:
    label: str
    share: int  # percent of those with an opinion
    is_mine: bool


@dataclass(frozen=True, slots=True)
class SharedQuestion:
    text: str
    people: int
    bars: list[SharedBar]


def shared_with(
    response: Response, definition: Definition, words: Wording
) -> list[SharedQuestion]:
    """For one who answered (`response` with its answers). Four queries in five minutes for each
    version of a survey; none for a survey that shares nothing."""
    shared = [one for one in definition.elements() if one.settings.get("shared")]
    shown = [one for one in shared if one.code in response.shown]
    if not shown:
        return []
    counts = _counts(response, [one.code for one in shared])
    mine = {(one.question.code, _code_of(one)) for one in response.answers.all()}
    found = []
    for element in shown:
        people, of = counts.get(element.code, (0, {}))
        if people >= FEWEST:
            bars = [
                SharedBar(label, _percent(of.get(code, 0), people), (element.code, code) in mine)
                for code, label in _options(element, words)
            ]
            found.append(SharedQuestion(words(element.text), people, bars))
    return found


def _code_of(answer: Answer) -> str:
    """By what its bar is known; "" for an answer that has none."""
    if answer.choice is not None:
        return str(answer.choice.code)
    return "" if answer.number is None else f"{answer.number:g}"


def _percent(count: int, people: int) -> int:
    return round(100 * count / people)


def _options(element: Element, words: Wording) -> Iterator[tuple[str, str]]:
    """(code or number, wording) of what has a bar: “don't know” is no opinion."""
    kind = type_of(element)
    if isinstance(kind, Rating):
        for step in reversed(kind.steps(element)):
            yield str(step), str(step)
        return
    for choice in element.choices:
        if not choice.is_missing:
            yield choice.code, words(choice.text)


def _counts(response: Response, codes: list[str]) -> Counts:
    key = f"shared-answers:{response.survey_id}:{response.version_id}"
    found: Counts | None = cache.get(key)
    if found is None:
        found = _counted(response.survey_id, codes)
        cache.set(key, found, SECONDS)
    return found


def _counted(survey_id: int, codes: list[str]) -> Counts:
    complete = Response.objects.filter(survey=survey_id).complete()
    counted, _n = counted_for_strangers(complete, complete.count())
    answers = Answer.objects.filter(
        Q(choice=None) | Q(choice__is_missing=False),
        question__survey=survey_id,
        question__code__in=codes,
        response__in=counted.order_by(),
    ).order_by()
    people = answers.values_list("question__code").annotate(n=Count("response", distinct=True))
    rows = answers.values_list("question__code", "choice__code", "number").annotate(n=Count("pk"))
    of: dict[str, dict[str, int]] = {}
    for question, choice, number, n in rows:
        code = choice if choice is not None else f"{number:g}"
        mine = of.setdefault(question, {})
        mine[code] = mine.get(code, 0) + n
    return {question: (n, of.get(question, {})) for question, n in people}
