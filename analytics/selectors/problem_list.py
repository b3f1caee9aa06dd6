"""The list of problems: narrowed, put in order, with what somebody may see of each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Q

from accounts.models import Team, User
from analytics.enums import ProblemStatus, ScoreScheme
from analytics.metrics.priority import Zone, zone
from analytics.models import ImprovementScore, Problem
from analytics.rules.measures import OPEN_MEASURES
from analytics.selectors.problem_facts import ProblemFacts, facts_of, reach_of, severity_of
from config.kernel.numbers import row_id
from feedback.errors import FilterNotKnown
from feedback.models import Category

# Whatever is neither solved nor dropped, everything, and what is one's own.
OPEN, ALL, MINE = "unsolved", "all", "mine"
SORTS = ("priority", "rice", "ice", "fmea", "evidence", "newest")
NAMES = ("status", "team", "category", "owner", "sort")
AT_MOST = 2_000  # problems that are put in order at once, the newest


@dataclass(frozen=True, slots=True)
class ProblemChoice:
    """What the address asks for; `given`: its parameters that are not as usual."""

    status: str = OPEN
    team: Team | None = None
    category: Category | None = None
    owner: str = ""
    sort: str = SORTS[0]
    given: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_narrowed(self) -> bool:
        return bool(self.given.keys() - {"sort"})


@dataclass(frozen=True, slots=True)
class ProblemRow:
    """`scores`: the newest of each scheme; `severity` and `reach` 1..5, None where neither a
    person nor the evidence says."""

    problem: Problem
    facts: ProblemFacts
    severity: int | None
    reach: int | None
    scores: Mapping[str, ImprovementScore]
    measures: int

    @property
    def zone(self) -> Zone | None:
        return zone(self.severity, self.reach) if self.severity and self.reach else None

    @property
    def comes_first(self) -> bool:
        """FMEA with a severity of 9 or 10: whatever the order is."""
        fmea = self.scores.get(ScoreScheme.FMEA)
        return fmea is not None and fmea.comes_first


def read_problem_choice(params: Mapping[str, str], user: User) -> ProblemChoice:
    """Understand the parameters of the address. Raises FilterNotKnown, naming the field."""
    given = {name: params.get(name, "").strip()[:40] for name in NAMES}
    given = {name: value for name, value in given.items() if value}
    known: dict[str, Sequence[str]] = {
        "status": (OPEN, ALL, *ProblemStatus.values),
        "owner": (MINE,),
        "sort": SORTS,
    }
    for name, values in known.items():
        if name in given and given[name] not in values:
            raise FilterNotKnown(name, given[name])
    return ProblemChoice(
        status=given.get("status", OPEN),
        team=_row("team", given, teams_to_choose(user)),
        category=_row("category", given, Category.objects.all()),
        owner=given.get("owner", ""),
        sort=given.get("sort", SORTS[0]),
        given=given,
    )


def teams_to_choose(user: User) -> Any:
    """Whose problems somebody can ask for: all teams, or else their own."""
    teams = Team.objects.order_by("pk")
    if user.has_perm("accounts.view_every_team"):
        return teams
    return teams.filter(pk__in=user.memberships.values("team"))


def _row(name: str, given: Mapping[str, str], rows: Any) -> Any:
    if name not in given:
        return None
    found = rows.filter(pk=row_id(given[name]) or 0).first()
    if found is None:
        raise FilterNotKnown(name, given[name])
    return found


def problem_rows(user: User, choice: ProblemChoice, *, answers: bool = True) -> list[ProblemRow]:
    """What comes first, first. FMEA with a severity of 9 or 10 stands above all else."""
    found = Problem.objects.visible_to(user).select_related("category", "team", "owner")
    if choice.status == OPEN:
        found = found.open()
    elif choice.status != ALL:
        found = found.filter(status=choice.status)
    if choice.team is not None:
        found = found.filter(team=choice.team)
    if choice.category is not None:
        found = found.filter(category=choice.category)
    if choice.owner == MINE:
        found = found.filter(owner=user)
    rows = rows_of(user, found.order_by("-pk")[:AT_MOST], answers=answers)
    return sorted(rows, key=lambda row: (not row.comes_first, _place(row, choice.sort)))


def rows_of(user: User, problems: Any, *, answers: bool = True) -> list[ProblemRow]:
    """In five queries however many they are. `answers`: responses to surveys count, too."""
    listed = list(
        problems.annotate(
            open_measures=Count("measures", filter=Q(measures__status__in=OPEN_MEASURES))
        )
    )
    ids = [one.pk for one in listed]
    facts = facts_of(user, ids, answers=answers)
    scores: dict[int, dict[str, ImprovementScore]] = {pk: {} for pk in ids}
    for score in ImprovementScore.objects.filter(problem__in=ids).newest():
        if score.problem_id is not None:
            scores[score.problem_id][score.scheme] = score
    return [
        ProblemRow(
            problem=one,
            facts=facts[one.pk],
            severity=severity_of(one, facts[one.pk]),
            reach=reach_of(one, facts[one.pk]),
            scores=scores[one.pk],
            measures=one.open_measures,
        )
        for one in listed
    ]


def _place(row: ProblemRow, sort: str) -> tuple[float, ...]:
    """Lower comes first; what has no value comes last, the newest before older ones."""
    newest = -row.problem.pk
    if sort == "evidence":
        return (-row.facts.evidence, newest)
    if sort == "newest":
        return (newest,)
    if sort in ScoreScheme.values:
        score = row.scores.get(sort)
        return (score is None, -score.value if score else 0, newest)
    product = (row.severity or 0) * (row.reach or 0)
    return (-product, -row.facts.customers, -row.facts.evidence, newest)
