"""The business case of a measure as it stands, and what its benefits may be counted by."""

from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone

from accounts.models import User
from analytics.enums import MoneyPeriod
from analytics.metrics.periods import last_days
from analytics.models import Measure
from analytics.rules.business_case import WEEKS, Case, case_of
from analytics.selectors.facts.measuring import measure as measured
from analytics.selectors.facts.question import asked
from analytics.selectors.window import today

WEEKS_COUNTED = 13


@dataclass(frozen=True, slots=True)
class Cases:
    """How many a period there were of late: by the evidence of the problem, and in its category
    (None without one), each over the last WEEKS_COUNTED weeks and what this person may see."""

    by_evidence: float
    in_category: float | None
    category: str = ""
    url: str = ""


def case_of_measure(measure: Measure) -> Case | None:
    """None before anybody has written one."""
    flows = list(measure.cash_flows.all())
    if not flows:
        return None
    return case_of(
        [float(one.cost) for one in flows],
        [float(one.benefit) for one in flows],
        period=MoneyPeriod(measure.money_period),
        yearly_rate=float(measure.yearly_rate) / 100,
    )


def cases_of(user: User, measure: Measure, period: MoneyPeriod) -> Cases:
    since = timezone.now() - timedelta(weeks=WEEKS_COUNTED)
    problem = measure.problem
    shown = problem.evidence.filter(said_at__gte=since).visible_to(user).count()
    factor = WEEKS[period] / WEEKS_COUNTED
    if problem.category is None or not user.has_perm("feedback.view_feedback"):
        return Cases(round(shown * factor, 1), None)
    days = last_days(7 * WEEKS_COUNTED, today(timezone.now()) - timedelta(days=1))
    came = measured(user, asked("volume", days, filters={"category": [problem.category_id]}))
    return Cases(
        round(shown * factor, 1),
        round(came.total.n * factor, 1),
        str(problem.category),
        came.total.url,
    )
