"""Responses as a table, row by row: one column for each place that ever held an answer.

Columns are the union of all versions and those that were taken out stay, so that a file of today
and one of next year fit together. Rows are read in bundles: memory does not grow with them.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from itertools import islice
from typing import Any

from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from accounts.selectors.personal_data import NOTHING_COVERED, Cover
from surveys.enums import DataType, ResponseStatus
from surveys.models import Answer, Choice, Question, Response, Survey
from surveys.models.response import ResponseQuerySet
from surveys.selectors.asked import dictionary_of
from surveys.selectors.unfinished import read_draft

BUNDLE = 1000
_CHOOSING = frozenset({DataType.SINGLE, DataType.MULTI, DataType.RANK})


class Several(StrEnum):
    """How several choices of one question stand in a table."""

    COLUMNS = "columns"  # one column each: 1 or 0; of a ranking its place
    JOINED = "joined"  # codes in one cell
    BOTH = "both"


@dataclass(frozen=True, slots=True)
class Column:
    """`holds` is what a cell is: text, number, day, moment, code (of a choice), tick, place."""

    name: str
    label: str
    holds: str
    question: Question | None = None
    choice: Choice | None = None
    is_other: bool = False  # the words of “other”


@dataclass(frozen=True, slots=True)
class Table:
    columns: tuple[Column, ...]
    with_labels: bool
    choices: dict[int, Choice] = field(default_factory=dict)
    cover: Cover = NOTHING_COVERED  # what is covered in what people wrote


Row = list[Any]
_FACTS = {
    "response": "text", "version": "number", "status": "text", "started": "moment",
    "completed": "moment", "seconds": "number", "language": "text", "collector": "text",
    "channel": "text", "feedback": "number", "weight": "number", "flags": "text",
    "points": "number", "decision": "text",
}  # fmt: skip


def table_of(
    survey: Survey,
    *,
    several: Several,
    with_labels: bool,
    with_customers: bool,
    cover: Cover = NOTHING_COVERED,
) -> Table:
    """The columns of a survey: what is known of each response, then its answers in the order of
    the questions. Customers' names only for whoever may see customers; `cover` says what personal
    data is covered in what people wrote."""
    labels = {
        "response": _("Response"), "version": _("Version"), "status": _("Status"),
        "started": _("Begun"), "completed": _("Completed"), "seconds": _("Seconds spent"),
        "language": _("Language"), "collector": _("Way"), "channel": _("Channel"),
        "feedback": _("Feedback"), "weight": _("Weight"), "customer": _("Customer"),
        "flags": _("Flags"), "points": pgettext("of quality", "Points"),
        "decision": _("Decision"),
    }  # fmt: skip
    facts = _FACTS | ({"customer": "text"} if with_customers else {})
    columns = [Column(f"_{name}", labels[name], holds) for name, holds in facts.items()]
    choices: dict[int, Choice] = {}
    questions = survey.questions.exclude(data_type=DataType.GROUP)
    for question in (
        questions.select_related("parent").prefetch_related("choices").order_by("order", "pk")
    ):
        choices |= {choice.pk: choice for choice in question.choices.all()}
        columns += _columns_of(question, several)
    return Table(tuple(columns), with_labels, choices, cover)


def _columns_of(question: Question, several: Several) -> Iterator[Column]:
    parent = question.parent.text if question.parent else ""
    label = f"{parent} – {question.text}" if parent else question.text
    choices = list(question.choices.all())
    is_many = question.data_type in {DataType.MULTI, DataType.RANK}
    if not is_many or several != Several.COLUMNS:
        yield Column(question.code, label, _holds(question), question)
    if is_many and several != Several.JOINED:
        holds = "place" if question.data_type == DataType.RANK else "tick"
        for choice in choices:
            name = f"{question.code}_{choice.code}"
            yield Column(name, f"{label} – {choice.text}", holds, question, choice)
    for choice in choices:
        if choice.is_other:
            name = f"{question.code}_{choice.code}_text"
            yield Column(name, f"{label} – {choice.text}", "text", question, choice, True)


def _holds(question: Question) -> str:
    if question.data_type in _CHOOSING:
        return "code" if question.data_type == DataType.SINGLE else "text"
    return {DataType.NUMBER: "number", DataType.DATE: "day"}.get(
        DataType(question.data_type), "text"
    )


def rows_of(table: Table, responses: ResponseQuerySet) -> Iterator[Row]:
    """The cells of each response, oldest first."""
    for facts, answers in _bundles(table, responses):
        yield [_cell(table, column, facts, answers) for column in table.columns]


Answers = dict[int, list[dict[str, Any]]]


def _bundles(
    table: Table, responses: ResponseQuerySet
) -> Iterator[tuple[dict[str, Any], Answers]]:
    found = (
        responses.order_by("pk")
        .values(
            "pk", "key", "status", "started_at", "completed_at", "active_ms", "language", "weight",
            number=F("version__number"), way=F("collector__name"),
            channel=F("collector__channel"), record=F("feedback__number"),
            person=F("customer__name"), flags=F("quality__flags"), points=F("quality__score"),
            verdict=F("quality__verdict"),
        )
        .iterator(chunk_size=BUNDLE)
    )  # fmt: skip
    while bundle := list(islice(found, BUNDLE)):
        by_response: dict[int, Answers] = {one["pk"]: {} for one in bundle}
        drafts = [one["pk"] for one in bundle if one["status"] == ResponseStatus.DRAFT]
        by_response |= _typed_in(drafts)
        answers = Answer.objects.filter(response__in=list(by_response)).order_by("number", "pk")
        for answer in answers.values(
            "response_id", "question_id", "choice_id", "number", "text", "date"
        ):
            mine = by_response[answer["response_id"]]
            mine.setdefault(answer["question_id"], []).append(dict(answer))
        for one in bundle:
            yield dict(one), by_response[one["pk"]]


def _typed_in(drafts: Sequence[int]) -> dict[int, Answers]:
    """What drafts (by id) hold: nothing of it is stored as answers yet."""
    found: dict[int, Answers] = {}
    rows = Response.objects.filter(pk__in=drafts) if drafts else Response.objects.none()
    for draft in rows.select_related("version", "customer__organisation"):
        dictionary = dictionary_of(draft.version)
        mine = found.setdefault(draft.pk, {})
        for value in read_draft(draft):
            question = dictionary.questions.get(value.leaf)
            if question is None:
                continue
            choice = dictionary.choices.get((question, value.choice)) if value.choice else None
            row = {
                "choice_id": choice,
                "number": value.number,
                "text": value.text,
                "date": date.fromisoformat(value.date) if value.date else None,
            }
            mine.setdefault(question, []).append(row)
    return found


def _cell(table: Table, column: Column, facts: dict[str, Any], answers: Answers) -> Any:
    if column.question is None:
        return _fact(column.name, facts)
    given = answers.get(column.question.pk, [])
    if not given:
        return None
    if column.choice is not None:
        return table.cover.value(_of_choice(column, given))
    chosen = [table.choices[one["choice_id"]] for one in given if one["choice_id"]]
    if chosen:
        words = [one.text if table.with_labels else one.code for one in chosen]
        return (", " if table.with_labels else " ").join(words)
    first = given[0]
    if column.holds == "number":
        return _whole(first["number"])
    return first["date"] if column.holds == "day" else table.cover.value(first["text"])


def _of_choice(column: Column, given: Sequence[dict[str, Any]]) -> Any:
    assert column.choice is not None  # noqa: S101 - for the types
    mine = next((one for one in given if one["choice_id"] == column.choice.pk), None)
    if column.is_other:
        return mine["text"] if mine else None
    if column.holds == "place":
        return _whole(mine["number"]) if mine else None
    return int(mine is not None)


def _whole(number: float | None) -> float | int | None:
    return int(number) if number is not None and number.is_integer() else number


def _fact(name: str, facts: dict[str, Any]) -> Any:
    match name:
        case "_response":
            return str(facts["key"])
        case "_seconds":
            return round(facts["active_ms"] / 1000)
        case "_started" | "_completed":
            return facts[f"{name[1:]}_at"]
        case "_flags":
            return " ".join(facts["flags"] or ()) or None
        case "_weight":
            return _whole(facts["weight"])
    return facts[
        {
            "_version": "number", "_status": "status", "_language": "language",
            "_collector": "way", "_channel": "channel", "_feedback": "record",
            "_customer": "person", "_points": "points", "_decision": "verdict",
        }[name]
    ]  # fmt: skip
