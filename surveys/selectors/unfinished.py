"""What was begun and not handed in: by whoever still answers, by whoever left, and what was given
up since. None of it is in any figure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any

from django.db.models import Count, Q
from django.utils import timezone

from accounts.models import User
from surveys.enums import ResponseStatus
from surveys.flow.definition import parse, text_in
from surveys.flow.walk import read_answers
from surveys.models import Answer, Choice, Question, Response, Survey, SurveyVersion
from surveys.models.response import ResponseQuerySet
from surveys.questions.base import Value
from surveys.selectors.answers import Said, said_from
from surveys.selectors.asked import definition_of
from surveys.selectors.circumstances import circumstances_of

STILL_HERE = timedelta(minutes=30)  # since the last page came: somebody may be reading
STATES = ("all", "now", "left", "part")


def unfinished(survey: Survey, user: User) -> ResponseQuerySet:
    """Drafts and part responses that `user` may see."""
    mine = Response.objects.visible_to(user).filter(survey=survey, is_test=False)
    return mine.filter(status__in=(ResponseStatus.DRAFT, ResponseStatus.PARTIAL))


def in_state(responses: ResponseQuerySet, state: str) -> ResponseQuerySet:
    return responses.filter(_states()[state])


def _states() -> Mapping[str, Q]:
    here = timezone.now() - STILL_HERE
    draft = Q(status=ResponseStatus.DRAFT)
    return {
        "all": Q(),
        "now": draft & Q(last_seen_at__gte=here),
        "left": draft & Q(last_seen_at__lt=here),
        "part": Q(status=ResponseStatus.PARTIAL),
    }


def counts_of(responses: ResponseQuerySet) -> dict[str, int]:
    """How many are in each state. One query."""
    states = _states()
    return responses.aggregate(**{state: Count("pk", filter=states[state]) for state in STATES})


@dataclass(frozen=True, slots=True)
class Unfinished:
    """One line of the list."""

    response: Response
    state: str
    page: int  # the furthest one, from 1
    pages: int
    title: str
    answers: int
    seconds: int


def rows_of(responses: list[Response], language: str) -> list[Unfinished]:
    """With how far each has come. Two queries for all of them."""
    versions = {
        pk: _titles(definition, language)
        for pk, definition in SurveyVersion.objects.filter(
            pk__in={one.version_id for one in responses}
        ).values_list("pk", "definition")
    }
    stored = dict(
        Answer.objects.filter(response__in=[one.pk for one in responses])
        .order_by()
        .values_list("response")
        .annotate(n=Count("question", distinct=True))
    )
    here = timezone.now() - STILL_HERE
    return [_row(one, versions[one.version_id], stored.get(one.pk, 0), here) for one in responses]


def _titles(definition: Mapping[str, Any], language: str) -> list[str]:
    return [text_in(page.title, language) for page in parse(definition).pages]


def _row(one: Response, titles: list[str], stored: int, here: datetime) -> Unfinished:
    place = min(one.page_no, len(titles) - 1)
    if one.status == ResponseStatus.PARTIAL:
        state = "part"
    else:
        state = "now" if one.last_seen_at >= here else "left"
    return Unfinished(
        response=one,
        state=state,
        page=place + 1,
        pages=len(titles),
        title=titles[place],
        answers=stored or len(one.typed or {}),
        seconds=round(one.active_ms / 1000),
    )


def read_draft(response: Response) -> Iterator[Value]:
    """What somebody has typed so far, as it would be stored; of a response with version and
    customer. Files are not among it."""
    walk = read_answers(
        definition_of(response.version),
        response.typed or {},
        circumstances_of(response.customer, response.language),
    )
    for values in walk.values.values():
        yield from values


def said_in_draft(response: Response) -> list[Said]:
    """The same in words."""
    read = list(read_draft(response))
    codes = [value.leaf for value in read]
    questions = {
        one.code: one
        for one in Question.objects.filter(
            survey=response.survey_id, code__in=codes
        ).select_related("parent")
    }
    choices: dict[tuple[int, str], Choice] = {
        (one.question_id, one.code): one
        for one in Choice.objects.filter(question__in=[one.pk for one in questions.values()])
    }
    rows = [
        Answer(
            question=questions[value.leaf],
            choice=choices.get((questions[value.leaf].pk, value.choice or "")),
            number=value.number,
            text=value.text,
            date=_day(value.date),
        )
        for value in read
        if value.leaf in questions
    ]
    return [said_from(list(group)) for _code, group in groupby(rows, key=lambda a: a.question_id)]


def _day(written: str | None) -> date | None:
    return date.fromisoformat(written) if written else None
