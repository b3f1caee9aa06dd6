"""What surveys brought in within a time: answers, satisfaction and recommendation, survey by
survey. Counts are added, shares are never averaged."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count

from accounts.models import User
from analytics.metrics.csat import Csat, csat
from analytics.metrics.nps import Nps, nps
from analytics.metrics.trend import Change, compare_nps
from analytics.selectors.choice import Choice
from analytics.selectors.window import BEFORE, FIRST, Window
from surveys.enums import QuestionRole
from surveys.models import Answer, Response, Survey
from surveys.models.response import ResponseQuerySet
from surveys.selectors.response_list import responses_url

Counts = Counter[int]


@dataclass(frozen=True, slots=True)
class OneSurvey:
    """One survey; `csat` of its question about everything, with n = 0 where it has none."""

    title: str
    responses: int
    url: str
    csat: Csat
    nps: Nps


@dataclass(frozen=True, slots=True)
class Asked:
    """`surveys` by how many answered; `nps` over all of them."""

    responses: int
    responses_before: int
    per_bucket: tuple[int, ...]
    surveys: tuple[OneSurvey, ...]
    nps: Nps
    nps_change: Change | None


def asked_in(user: User, choice: Choice, window: Window) -> Asked:
    """From the complete responses given in the period, two statements."""
    responses = Response.objects.visible_to(user).complete()
    if choice.is_narrowed:
        responses = responses.filter(team=choice.team)
    buckets = choice.period.buckets(choice.period.broad_step)
    bounds = window.parts(buckets)
    rows = list(
        window.grouped(responses, "completed_at", bounds, "survey").annotate(n=Count("pk"))
    )
    inside: Counter[int] = Counter()
    per_bucket = [0] * len(buckets)
    for row in rows:
        if row["bucket"] >= FIRST:
            inside[row["survey"]] += row["n"]
            per_bucket[row["bucket"] - FIRST] += row["n"]
    rated = _rated(responses, window)
    names = {one.pk: one for one in Survey.objects.filter(pk__in=inside)}
    days = {"first": choice.period.first, "last": choice.period.last, **choice.in_queue}
    now = nps(_added(rated[False, pk, QuestionRole.NPS] for pk in inside))
    before = nps(_added(found for key, found in rated.items() if key[0] and _is_nps(key)))
    return Asked(
        responses=sum(inside.values()),
        responses_before=sum(row["n"] for row in rows if row["bucket"] == BEFORE),
        per_bucket=tuple(per_bucket),
        surveys=tuple(
            OneSurvey(
                names[pk].title,
                n,
                responses_url(names[pk].slug, **days),
                csat(rated[False, pk, QuestionRole.OVERALL]),
                nps(rated[False, pk, QuestionRole.NPS]),
            )
            for pk, n in inside.most_common()
        ),
        nps=now,
        nps_change=compare_nps(before, now),
    )


Key = tuple[bool, int, str]  # is it before, survey, role


def _is_nps(key: Key) -> bool:
    return key[2] == QuestionRole.NPS


def _rated(responses: ResponseQuerySet, window: Window) -> dict[Key, Counts]:
    answers = Answer.objects.filter(
        response__in=responses,
        question__role__in=[QuestionRole.OVERALL, QuestionRole.NPS],
        number__isnull=False,
    )
    rows = (
        window.grouped(
            answers,
            "response__completed_at",
            (window.before_start, window.before_end, window.start),
            "question__survey",
            "question__role",
            "number",
        )
        .annotate(n=Count("pk"))
        .order_by()
    )
    found: dict[Key, Counts] = defaultdict(Counter)
    for row in rows:
        if row["bucket"] in {BEFORE, FIRST}:
            key = (row["bucket"] == BEFORE, row["question__survey"], row["question__role"])
            found[key][round(row["number"])] += row["n"]
    return found


def _added(several: Iterable[Counts]) -> Counts:
    return sum(several, Counter())
