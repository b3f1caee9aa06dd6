"""The rules about reopening, team by team."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Team, User
from config.kernel.punctuation import clauses
from feedback.enums import OnAnswer, State
from feedback.models import Feedback, ReopenPolicy
from feedback.rules.reopening import USUAL_DAYS, Reopening, begins_follow_up

CHANGE = "feedback.change_reopenpolicy"


def rule_for(feedback: Feedback) -> Reopening:
    """What holds for a record: its team's own rule, else that for everybody else."""
    rows = ReopenPolicy.objects.filter(Q(team=feedback.team_id) | Q(team=None))
    row = rows.order_by(F("team").asc(nulls_last=True)).first()
    if row is None:
        return Reopening()
    return Reopening(OnAnswer(row.on_answer), row.days or 0, row.keeps_assignee)


def is_followed_up(feedback: Feedback, now: datetime) -> bool:
    """Whether the next message of its customer begins a record of its own."""
    state = State(feedback.state)
    if state == State.CLOSED or feedback.is_open:
        return state == State.CLOSED
    return begins_follow_up(state, feedback.resolved_at, rule_for(feedback), now)


@dataclass(frozen=True, slots=True)
class TeamRule:
    """`team` None = everybody else; `row` None = the team goes by that."""

    team: Team | None
    row: ReopenPolicy | None
    words: str
    may_change: bool


def rules_of_teams(user: User) -> Sequence[TeamRule]:
    """The rule for everybody, then each team's. Always three queries."""
    rows = {row.team_id: row for row in ReopenPolicy.objects.all()}
    for_all = rows.get(None)
    may = user.has_perm(CHANGE)
    every = user.has_perm("accounts.view_every_team")
    led = set(user.memberships.filter(is_lead=True).values_list("team", flat=True)) if may else ()
    found = [TeamRule(None, for_all, rule_in_words(for_all), may and every)]
    for team in Team.objects.active():
        row = rows.get(team.pk)
        found.append(
            TeamRule(
                team, row, rule_in_words(row) if row else "", may and (every or team.pk in led)
            )
        )
    return found


def may_set_rule(user: User, team: Team | None) -> bool:
    """Whoever sees every team: all of them; a lead: those they lead."""
    if not user.has_perm(CHANGE):
        return False
    if user.has_perm("accounts.view_every_team"):
        return True
    return team is not None and user.memberships.filter(team=team, is_lead=True).exists()


def rule_in_words(row: ReopenPolicy | None) -> str:
    rule = row or ReopenPolicy(on_answer=OnAnswer.WITHIN, days=USUAL_DAYS)
    parts = [_on_answer(rule)]
    if rule.on_answer != OnAnswer.FOLLOW_UP:
        parts.append(
            _("the same person goes on")
            if rule.keeps_assignee
            else _("it waits for somebody to take it")
        )
    days = rule.close_after_days
    if days is None:
        parts.append(_("nothing is closed by itself"))
    else:
        words = ngettext(
            "closed for good after %(n)d day", "closed for good after %(n)d days", days
        )
        parts.append(words % {"n": days})
    return clauses(parts)


def _on_answer(rule: ReopenPolicy) -> str:
    if rule.on_answer != OnAnswer.WITHIN:
        return str(OnAnswer(rule.on_answer).label)
    days = rule.days or 0
    words = ngettext(
        "opened again within %(n)d day, later a follow-up begins",
        "opened again within %(n)d days, later a follow-up begins",
        days,
    )
    return words % {"n": days}
