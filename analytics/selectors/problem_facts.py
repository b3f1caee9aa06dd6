"""What the evidence of problems says to somebody: how much of it there is, how many customers it
reaches and how bad it is, counted over what they may see."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from django.core.cache import cache
from django.db.models import Count, F, Max, Min, Q
from django.db.models.functions import Coalesce
from django.utils import timezone

from accounts.models import User
from analytics.metrics.priority import level_of_reach
from analytics.models import Problem, ProblemEvidence
from analytics.rules.severity import Shown, proposed_severity
from feedback.enums import Channel
from feedback.models import Feedback

QUARTER = timedelta(days=91)
NEGATIVE = -33  # a sentiment from -100 to this is a bad one
_KEPT_SECONDS = 600


@dataclass(frozen=True, slots=True)
class ProblemFacts:
    """`evidence`: records and responses that one may see; `customers`: how many people that is in
    the last quarter, out of `everybody` who wrote in it. `severity` and `reach`: the levels 1..5
    that come of it; None without evidence."""

    evidence: int = 0
    customers: int = 0
    everybody: int = 0
    first_at: datetime | None = None
    last_at: datetime | None = None
    severity: int | None = None

    @property
    def reach(self) -> int | None:
        if not self.evidence:
            return None
        return level_of_reach(self.customers, self.everybody)


def facts_of(
    user: User, problems: Iterable[int], *, now: datetime | None = None, answers: bool = True
) -> Mapping[int, ProblemFacts]:
    """Of these problems (ids), in three queries however many they are; of one without evidence
    that `user` may see, nothing. `answers`: responses to surveys count, too."""
    now = now or timezone.now()
    ids = list(problems)
    seen = ProblemEvidence.objects.filter(problem__in=ids).visible_to(user).order_by()
    if not answers:
        seen = seen.filter(response=None)
    someone = Coalesce(F("feedback__customer"), F("response__customer"))
    recent = Q(said_at__gte=now - QUARTER)
    by_customers = recent & (Q(feedback=None) | ~Q(feedback__channel=Channel.STAFF))
    rows = seen.values("problem").annotate(
        count=Count("pk"),
        people=Count(someone, distinct=True, filter=by_customers),
        first=Min("said_at"),
        last=Max("said_at"),
    )
    found = {row["problem"]: row for row in rows}
    if not found:
        return defaultdict(ProblemFacts)
    severities = _severities(user, list(found))
    everybody = _everybody(user, now)
    facts: defaultdict[int, ProblemFacts] = defaultdict(ProblemFacts)
    for pk, row in found.items():
        facts[pk] = ProblemFacts(
            evidence=row["count"],
            customers=row["people"],
            everybody=everybody,
            first_at=row["first"],
            last_at=row["last"],
            severity=severities.get(pk),
        )
    return facts


def _severities(user: User, ids: list[int]) -> dict[int, int | None]:
    told = ProblemEvidence.objects.filter(problem__in=ids, feedback__isnull=False)
    bad = Q(feedback__negative_case__isnull=False) | Q(feedback__sentiment__lte=NEGATIVE)
    rows = (
        told.visible_to(user)
        .order_by()
        .values("problem", "feedback__priority")
        .annotate(count=Count("pk"), bad=Count("pk", filter=bad))
    )
    shown: dict[int, list[Shown]] = defaultdict(list)
    for row in rows:
        priority = row["feedback__priority"]
        shown[row["problem"]] += [
            Shown(row["count"] - row["bad"], priority),
            Shown(row["bad"], priority, is_bad=True),
        ]
    return {pk: proposed_severity(rows) for pk, rows in shown.items()}


def _everybody(user: User, now: datetime) -> int:
    """Customers who wrote within the quarter, of records that `user` may see; counted anew every
    ten minutes."""
    whose = "all" if user.has_perm("accounts.view_every_team") else str(user.pk)
    count = partial(_count_customers, user, now)
    return cache.get_or_set(f"customers_of_quarter:{whose}", count, _KEPT_SECONDS) or 0


def _count_customers(user: User, now: datetime) -> int:
    written = (
        Feedback.objects.visible_to(user).of_customers().filter(received_at__gte=now - QUARTER)
    )
    people: int = written.order_by().aggregate(n=Count("customer", distinct=True))["n"]
    return people


def severity_of(problem: Problem, facts: ProblemFacts) -> int | None:
    """What a person said, else what the evidence says."""
    return facts.severity if problem.severity is None else problem.severity


def reach_of(problem: Problem, facts: ProblemFacts) -> int | None:
    return facts.reach if problem.reach is None else problem.reach
