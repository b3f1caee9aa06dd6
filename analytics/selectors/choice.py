"""What a dashboard is asked to show: the days, the team. All of it is in the URL."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q

from accounts.models import Team, User
from analytics.metrics.periods import Period, last_days
from feedback.errors import FilterNotKnown
from feedback.selectors.queue_filters import NONE

PRESETS = (7, 30, 90, 365)
USUAL = 30
LONGEST = 3660  # days; a longer range would say nothing in one chart
TOLERATED = {"lang"}


@dataclass(frozen=True, slots=True)
class Choice:
    """`preset` is the number of days up to today, 0 for a range of one's own. `team` None with
    `is_teamless` means the records that no team has, without it all that one may see."""

    period: Period
    preset: int = USUAL
    team: Team | None = None
    is_teamless: bool = False

    @property
    def is_narrowed(self) -> bool:
        """Whether a part of the records is left out."""
        return self.team is not None or self.is_teamless

    @property
    def in_queue(self) -> dict[str, Any]:
        """The same narrowing for `queue_url`."""
        return {"team": self.team} if self.is_narrowed else {}

    @property
    def condition(self) -> Q:
        """The same narrowing for records of feedback."""
        return Q(team=self.team) if self.is_narrowed else Q()

    @property
    def query(self) -> str:
        """As a query string; empty for the usual choice."""
        pairs: list[tuple[str, str]] = []
        if not self.preset:
            pairs += [("from", str(self.period.first)), ("to", str(self.period.last))]
        elif self.preset != USUAL:
            pairs.append(("period", str(self.preset)))
        if self.is_narrowed:
            pairs.append(("team", str(self.team.pk) if self.team else NONE))
        return urlencode(pairs)

    def of_last_days(self, days: int, today: date) -> "Choice":
        return replace(self, period=last_days(days, today), preset=days)

    def of_team(self, team: Team) -> "Choice":
        return replace(self, team=team, is_teamless=False)

    def without_team(self) -> "Choice":
        """Only what no team has."""
        return replace(self, team=None, is_teamless=True)

    def of_all(self) -> "Choice":
        return replace(self, team=None, is_teamless=False)


def teams_of(user: User) -> list[Team]:
    """The teams a dashboard can be narrowed to: one's own, or all that are in use."""
    teams = Team.objects.active()
    if not user.has_perm("accounts.view_every_team"):
        teams = teams.filter(memberships__user=user)
    return list(teams)


def read_choice(
    params: Mapping[str, Sequence[str]], *, teams: Sequence[Team], today: date
) -> Choice:
    """Understand the parameters of a dashboard's URL. Empty values count as not given. Raises
    FilterNotKnown, naming the field, for what does not exist."""
    given: dict[str, str] = {}
    for name, texts in params.items():
        if name not in {"period", "from", "to", "team"} | TOLERATED:
            raise FilterNotKnown(name)
        if text := (texts[-1].strip() if texts else ""):
            given[name] = text
    choice = _period(given, today)
    if "team" not in given:
        return choice
    if given["team"] == NONE:
        return choice.without_team()
    for team in teams:
        if given["team"] == str(team.pk):
            return choice.of_team(team)
    raise FilterNotKnown("team", given["team"][:60])


def _period(given: Mapping[str, str], today: date) -> Choice:
    if "from" in given or "to" in given:
        return Choice(_own_range(given, today), preset=0)
    text = given.get("period", str(USUAL))
    if text not in {str(days) for days in PRESETS}:
        raise FilterNotKnown("period", text[:60])
    return Choice(last_days(int(text), today), preset=int(text))


def _own_range(given: Mapping[str, str], today: date) -> Period:
    """One end may be left out: then it is a month before the other, or today."""
    last = _day("to", given["to"]) if "to" in given else today
    first = _day("from", given["from"]) if "from" in given else last_days(USUAL, last).first
    last = min(last, today) if first <= today else last
    if first > last:
        raise FilterNotKnown("from", given.get("from", ""))
    if (last - first).days >= LONGEST:
        raise FilterNotKnown("from", given["from"])
    return Period(first, last)


def _day(name: str, text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise FilterNotKnown(name, text[:60]) from None
    if not 2000 <= day.year < 2200:
        raise FilterNotKnown(name, text[:60])
    return day
