"""How often each answer was given, by any responses: from the tallies of very many, and answer
by answer for the rest.

What counts is asked of the responses at this moment; tallies only know who said what. So a
response that is taken out, or comes back, changes no tally, and both ways always agree
(`manage.py check_tallies` and tests compare them).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Count, F, Func, Max, Min, Q, QuerySet, TextField

from surveys.enums import DataType, ResponseStatus
from surveys.models import Answer, Question, Response, Survey
from surveys.models.tally import TOGETHER

SEVERAL = (DataType.MULTI, DataType.RANK)
WORDS = TOGETHER // 64  # of 64 bits in a block
FEW = 5  # blocks; so many responses are counted one by one as a list of numbers

# (choice, number) → how many; a text is (None, None).
Counts = dict[tuple[int | None, float | None], int]


class EachCode(Func):
    """One row for each code in a JSON list."""

    function = "jsonb_array_elements_text"
    output_field = TextField()
    set_returning = True


@dataclass(slots=True)
class AnswerCounts:
    """By question: `counts` of answers, of several choices the `people` (who answered, who has an
    opinion), the first and last of `days`, to how many it was `shown`."""

    counts: dict[int, Counts] = field(default_factory=dict)
    people: dict[int, tuple[int, int]] = field(default_factory=dict)
    days: dict[int, tuple[date, date]] = field(default_factory=dict)
    shown: dict[int, int] = field(default_factory=dict)

    def add_answer(self, question: int, choice: int | None, number: float | None, n: int) -> None:
        counts = self.counts.setdefault(question, {})
        counts[choice, number] = counts.get((choice, number), 0) + n

    def add_people(self, question: int, answered: int, valid: int) -> None:
        before = self.people.get(question, (0, 0))
        self.people[question] = (before[0] + answered, before[1] + valid)

    def add_days(self, question: int, first: date | None, last: date | None) -> None:
        if first is not None and last is not None:
            before = self.days.get(question, (first, last))
            self.days[question] = (min(before[0], first), max(before[1], last))


def count_answers(
    survey: Survey, responses: QuerySet[Response], questions: Sequence[Question]
) -> AnswerCounts:
    """Of all `questions` of the survey over some of its responses. Two queries for what is
    tallied, six at most for the rest."""
    found = AnswerCounts()
    blocks = blocks_of(survey)
    if blocks.number:
        _add_tallied(found, survey, responses, blocks, questions)
    _add_answers(found, blocks.rest_of(responses), questions)
    return found


# --- answer by answer ---------------------------------------------------------------------------


def _add_answers(
    found: AnswerCounts, responses: QuerySet[Response], questions: Sequence[Question]
) -> None:
    types = {question.data_type for question in questions}
    given = Answer.objects.filter(response__in=responses.order_by()).order_by()
    for question, choice, number, n in given.values_list("question", "choice", "number").annotate(
        n=Count("pk")
    ):
        found.add_answer(question, choice, number, n)
    if types & set(SEVERAL):
        several = given.filter(question__data_type__in=SEVERAL).values_list("question")
        for question, answered, valid in several.annotate(
            answered=Count("response", distinct=True),
            valid=Count("response", distinct=True, filter=Q(choice__is_missing=False)),
        ):
            found.add_people(question, answered, valid)
    if DataType.DATE in types:
        dated = given.filter(date__isnull=False).values_list("question")
        for question, first, last in dated.annotate(first=Min("date"), last=Max("date")):
            found.add_days(question, first, last)
    _add_shown(found, responses, questions)


def _add_shown(
    found: AnswerCounts, responses: QuerySet[Response], questions: Iterable[Question]
) -> None:
    ids = {question.code: question.pk for question in questions}
    rows = responses.order_by().annotate(code=EachCode(F("shown"))).values_list("code")
    for code, n in rows.annotate(n=Count("pk")):
        if code in ids:
            found.shown[ids[code]] = found.shown.get(ids[code], 0) + n


# --- from tallies -------------------------------------------------------------------------------


@dataclass(frozen=True)
class Blocks:
    """How many blocks of a survey there are at this moment, and which of them are stale. Whatever
    is tallied later belongs to the rest: nobody is counted twice, or not at all."""

    number: int
    stale: tuple[int, ...]
    survey_id: int = 0

    @cached_property
    def rest(self) -> list[int] | None:
        """The complete responses that are in no fresh block, asked once; None where there are
        very many. As numbers: what is not tallied changes every minute, so the planner has no
        idea how few they are. Each part has an index of its own."""
        complete = Response.objects.filter(
            survey=self.survey_id, status=ResponseStatus.COMPLETE
        ).order_by()
        parts = [
            complete.filter(tally_place__gte=self.number * TOGETHER),
            *(complete.filter(tally_place__range=_range(one)) for one in self.stale[:FEW]),
        ]
        rest = complete.filter(tally_place=None).values_list("pk", flat=True)
        rest = rest.union(*(part.values_list("pk", flat=True) for part in parts), all=True)
        found = list(rest[: FEW * TOGETHER + 1])
        return found if len(found) <= FEW * TOGETHER else None

    def rest_of(self, responses: QuerySet[Response]) -> QuerySet[Response]:
        """Those complete ones that are counted answer by answer."""
        if not self.number:
            return responses
        if self.rest is not None:
            return responses.filter(pk__in=self.rest)
        rest = Q(tally_place=None) | Q(tally_place__gte=self.number * TOGETHER)
        for one in self.stale:
            rest |= Q(tally_place__range=_range(one))
        return responses.filter(rest)


def _range(block: int) -> tuple[int, int]:
    return block * TOGETHER, (block + 1) * TOGETHER - 1


def blocks_of(survey: Survey) -> Blocks:
    rows = list(survey.tally_blocks.order_by("number").values_list("number", "is_fresh"))
    return Blocks(
        number=1 + rows[-1][0] if rows else 0,
        stale=tuple(number for number, is_fresh in rows if not is_fresh),
        survey_id=survey.pk,
    )


def bits_of(name: str, places: str, key: str = "") -> str:
    """CTEs that end with `name`(block_id, bits): who of each block is chosen by the query
    `places` (a place, and with `key` also what they are grouped by). First 64 places at a time
    as a number, then put side by side. An array between has the planner expect few rows."""
    more = f", {key}" if key else ""
    return f"""
    {name}_words AS MATERIALIZED (
        SELECT place >> 6 AS word{more}, bit_or(1::bigint << (63 - (place & 63))) AS bits
        FROM ({places}) AS who(place{more}) GROUP BY place >> 6{more}
    ), {name}_maps AS MATERIALIZED (
        SELECT array_agg(number) AS numbers, array_agg(bits) AS maps
            {f", array_agg({key}) AS keys" if key else ""}
        FROM (
            SELECT word / {WORDS} AS number{more},
                bit_or((bits::bit(64)::bit({TOGETHER})) >> ((word %% {WORDS}) << 6)) AS bits
            FROM {name}_words GROUP BY word / {WORDS}{more}
        ) every
    ), {name} AS (
        SELECT block.id AS block_id, one.bits{more}
        FROM {name}_maps
        CROSS JOIN unnest(numbers, maps{", keys" if key else ""}) AS one(number, bits{more})
        JOIN surveys_tallyblock block ON block.survey_id = %s AND block.number = one.number
        WHERE NOT block.number = ANY(%s::int[])
    )"""  # noqa: S608 - our own names, and a query of Django's


def places_of(
    responses: QuerySet[Response], blocks: Blocks, *more: str
) -> tuple[str, tuple[Any, ...]]:
    """The query of those that are tallied, for `bits_of`."""
    tallied = responses.order_by().filter(
        tally_place__isnull=False, tally_place__lt=blocks.number * TOGETHER
    )
    try:
        return tallied.values_list("tally_place", *more).query.sql_with_params()
    except EmptyResultSet:  # whoever asks for the teams of somebody who has none
        return f"SELECT 0{', 0' * len(more)} WHERE false", ()


_COUNT = """
WITH {chosen}, each AS MATERIALIZED (
    SELECT t.question_id, t.is_shown, t.choice_id, t.number, t.date,
        bit_count(t.bits & chosen.bits) AS n
    FROM chosen JOIN surveys_tally t ON t.block_id = chosen.block_id
)
SELECT CASE WHEN is_shown THEN 'shown' ELSE 'answer' END, question_id, choice_id, number, sum(n),
    0, min(date), max(date)
FROM each WHERE n > 0 GROUP BY is_shown, question_id, choice_id, number
UNION ALL
SELECT 'people', question_id, NULL, NULL, sum(bit_count(answered & chosen.bits)),
    coalesce(sum(bit_count(valid & chosen.bits)), 0), NULL, NULL
FROM chosen JOIN (
    SELECT t.block_id, t.question_id, bit_or(t.bits) AS answered,
        bit_or(t.bits) FILTER (WHERE NOT c.is_missing) AS valid
    FROM surveys_tally t
    JOIN surveys_tallyblock b ON b.id = t.block_id AND b.survey_id = %s
    LEFT JOIN surveys_choice c ON c.id = t.choice_id
    WHERE t.question_id = ANY(%s::bigint[]) AND NOT t.is_shown
    GROUP BY 1, 2
) several ON several.block_id = chosen.block_id
GROUP BY 2
"""


def _add_tallied(
    found: AnswerCounts,
    survey: Survey,
    responses: QuerySet[Response],
    blocks: Blocks,
    questions: Iterable[Question],
) -> None:
    places, params = places_of(responses, blocks)
    several = [one.pk for one in questions if one.data_type in SEVERAL]
    with connection.cursor() as cursor:
        cursor.execute(
            _COUNT.format(chosen=bits_of("chosen", places)),
            [*params, survey.pk, list(blocks.stale), survey.pk, several],
        )
        rows = cursor.fetchall()
    for what, question, choice, number, n, valid, first, last in rows:
        match what:
            case "answer":
                found.add_answer(question, choice, number, int(n))
                found.add_days(question, first, last)
            case "shown":
                found.shown[question] = found.shown.get(question, 0) + int(n)
            case _:
                found.add_people(question, int(n), int(valid))
