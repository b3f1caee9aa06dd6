"""The controls of a dashboard: links to the same page with another period or team."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Team
from analytics.charts.wording import write_span
from analytics.metrics.periods import Period
from analytics.selectors.choice import PRESETS, USUAL, Choice


@dataclass(frozen=True, slots=True)
class Option:
    label: str
    url: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class Chip:
    """What is not as usual, and the page without it."""

    name: str
    words: str
    without_url: str


@dataclass(frozen=True, slots=True)
class Choosing:
    """`carried` are hidden fields for the form of one's own range."""

    periods: list[Option]
    teams: list[Option]
    chips: list[Chip]
    carried: list[tuple[str, str]]
    team: str
    days: str


def choosing(choice: Choice, teams: Sequence[Team], today: date) -> Choosing:
    options = _team_options(choice, teams)
    team = next((one.label for one in options if one.is_current), "")
    days = write_days(choice.period)
    usual = choice.of_last_days(USUAL, today)
    chips = [] if choice.preset else [Chip(_("Period"), days, dashboard_url(usual))]
    carried = []
    if choice.is_narrowed:
        chips.append(Chip(_("Team"), team, dashboard_url(choice.of_all())))
        carried.append(("team", str(choice.team.pk) if choice.team else "none"))
    periods = [
        Option(
            ngettext("%(n)d day", "%(n)d days", preset) % {"n": preset}
            if preset < 365
            else _("12 months"),
            dashboard_url(choice.of_last_days(preset, today)),
            choice.preset == preset,
        )
        for preset in PRESETS
    ]
    return Choosing(periods, options, chips, carried, team, days)


def _team_options(choice: Choice, teams: Sequence[Team]) -> list[Option]:
    return [
        Option(_("All teams"), dashboard_url(choice.of_all()), not choice.is_narrowed),
        *(
            Option(team.name, dashboard_url(choice.of_team(team)), choice.team == team)
            for team in teams
        ),
        Option(_("No team"), dashboard_url(choice.without_team()), choice.is_teamless),
    ]


def dashboard_url(choice: Choice) -> str:
    return reverse("home") + (f"?{choice.query}" if choice.query else "")


def write_days(period: Period) -> str:
    """From the first to the last day."""
    return write_span(period.first, period.last)
