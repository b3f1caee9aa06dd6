"""How teams give out their records, for people to look at."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Prefetch, QuerySet
from django.utils import timezone

from accounts.models import Membership, Team, User
from feedback.enums import Distribution
from feedback.models import Skill, TeamDistribution


@dataclass(frozen=True, slots=True)
class TeamLine:
    """One team: its way (a label), how many of its people are there, whether one may change it."""

    team: Team
    mode: str
    there: int
    members: int
    may_change: bool


def teams_to_edit(user: User) -> QuerySet[Team]:
    """Those whose distribution this person may change, given the permission to change any."""
    teams = Team.objects.active()
    if user.has_perm("accounts.view_every_team"):
        return teams
    return teams.filter(memberships__user=user)


def team_lines(user: User) -> Sequence[TeamLine]:
    """All teams in use, in a fixed number of queries."""
    now = timezone.now()
    working = Membership.objects.filter(user__is_active=True).select_related("user")
    teams = Team.objects.active().prefetch_related(Prefetch("memberships", working))
    modes = dict(TeamDistribution.objects.values_list("team", "mode"))
    mine = set(teams_to_edit(user).values_list("pk", flat=True))
    return [
        TeamLine(
            team,
            str(Distribution(modes.get(team.pk, Distribution.MANUAL)).label),
            sum(one.user.is_available(now) for one in team.memberships.all()),
            len(team.memberships.all()),
            team.pk in mine,
        )
        for team in teams
    ]


def members_with_skills(team: Team) -> list[tuple[User, list[str]]]:
    """Who works in a team and the names of the tags they know."""
    people = list(User.objects.filter(memberships__team=team, is_active=True).order_by("name"))
    known: dict[int, list[str]] = {one.pk: [] for one in people}
    rows = Skill.objects.filter(user__in=people).order_by("tag__name")
    for person, tag in rows.values_list("user", "tag__name"):
        known[person].append(tag)
    return [(one, known[one.pk]) for one in people]
