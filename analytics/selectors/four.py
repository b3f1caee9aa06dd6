"""The four satisfactions as customers gave them in surveys."""

from collections import Counter
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count

from accounts.models import User
from analytics.metrics.csat import Csat, csat
from analytics.metrics.satisfaction import Dimension
from analytics.selectors.choice import Choice
from analytics.selectors.window import Window
from surveys.enums import QuestionRole
from surveys.models import Answer, Response
from surveys.selectors.response_list import responses_url

ROLES = {
    QuestionRole.OVERALL: Dimension.OVERALL,
    QuestionRole.FUNCTIONAL: Dimension.FUNCTIONAL,
    QuestionRole.SERVICE: Dimension.SERVICE,
    QuestionRole.EMOTIONAL: Dimension.EMOTIONAL,
}


@dataclass(frozen=True, slots=True)
class Rated:
    """The answers to the questions about one dimension; `url` is the list of the responses that
    hold them, empty where they come from more than one question."""

    csat: Csat
    url: str


def four_satisfactions(user: User, choice: Choice, window: Window) -> dict[Dimension, Rated]:
    """From the complete responses given in the period, each of its own question (see
    metrics.satisfaction). The team is the one that had solved the matter."""
    responses = Response.objects.visible_to(user).complete().filter(window.inside("completed_at"))
    if choice.is_narrowed:
        responses = responses.filter(team=choice.team)
    rows = (
        Answer.objects.filter(
            response__in=responses, question__role__in=ROLES, number__isnull=False
        )
        .order_by()
        .values("question__role", "question__survey__slug", "question__code", "number")
        .annotate(n=Count("*"))
    )
    counts: dict[Dimension, Counter[int]] = {one: Counter() for one in Dimension}
    asked: dict[Dimension, set[tuple[UUID, str]]] = {one: set() for one in Dimension}
    for row in rows:
        dimension = ROLES[QuestionRole(row["question__role"])]
        counts[dimension][round(row["number"] or 0)] += row["n"]
        asked[dimension].add((row["question__survey__slug"], row["question__code"]))
    days = {"first": choice.period.first, "last": choice.period.last}
    return {
        one: Rated(csat(counts[one]), _list_of(asked[one], **days, **choice.in_queue))
        for one in Dimension
    }


def _list_of(questions: set[tuple[UUID, str]], **narrowed: Any) -> str:
    if len(questions) != 1:
        return ""
    ((survey, code),) = questions
    return responses_url(survey, question=code, **narrowed)
