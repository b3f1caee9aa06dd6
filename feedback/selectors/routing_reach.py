"""Which routing rules a person may change: everybody's, or those that give to their own teams."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from accounts.models import Membership, User
from feedback.models import RoutingRule
from feedback.selectors.distribution import teams_to_edit
from feedback.selectors.routing import ReadRule, routing_rules


@dataclass(frozen=True, slots=True)
class Reach:
    """The teams and the people to whom somebody's rules may give; `is_whole`: to anybody."""

    is_whole: bool = False
    teams: frozenset[int] = field(default_factory=frozenset)
    people: frozenset[int] = field(default_factory=frozenset)

    def why_not(self, rule: RoutingRule) -> str:
        """Why this rule may not be changed, or not so; "" when it may."""
        if self.is_whole:
            return ""
        if rule.is_catch_all:
            return _("The last rule is for all teams: an administrator changes it.")
        if rule.to_manager:
            return _(
                "Success managers work in any team: an administrator changes rules that give"
                " to them."
            )
        return self._why_not_there(rule)

    def _why_not_there(self, rule: RoutingRule) -> str:
        if rule.set_team_id and rule.set_team_id not in self.teams:
            words = _("You are not in the team “%(team)s”, so this rule is not yours to change.")
            return words % {"team": rule.set_team}
        if rule.set_assignee_id and rule.set_assignee_id not in self.people:
            words = _("%(person)s is in none of your teams, so this rule is not yours to change.")
            return words % {"person": rule.set_assignee}
        if rule.set_team_id or rule.set_assignee_id:
            return ""
        return _(
            "Without a team or a person this rule is for everybody: name one of your teams or"
            " somebody in them, or ask an administrator."
        )


def reach_of(user: User) -> Reach:
    if user.has_perm("accounts.view_every_team"):
        return Reach(is_whole=True)
    teams = frozenset(teams_to_edit(user).values_list("pk", flat=True))
    people = Membership.objects.filter(team__in=teams).values_list("user_id", flat=True)
    return Reach(teams=teams, people=frozenset(people))


@dataclass(frozen=True, slots=True)
class RuleLine:
    """A rule of the list, and what the person who looks at it may do with it."""

    read: ReadRule
    may_change: bool
    may_go_up: bool
    may_go_down: bool


def rule_lines(user: User, *, edits: bool) -> Sequence[RuleLine]:
    """All rules in their order; `edits`: whether `user` has the permission to change any."""
    rules, reach = routing_rules(), reach_of(user)
    mine = [edits and not reach.why_not(one.rule) for one in rules]
    # The last one keeps its place.
    moves = [own and not one.rule.is_catch_all for own, one in zip(mine, rules, strict=True)]
    return [
        RuleLine(
            one,
            mine[at],
            may_go_up=moves[at] and at > 0 and moves[at - 1],
            may_go_down=moves[at] and at + 1 < len(rules) and moves[at + 1],
        )
        for at, one in enumerate(rules)
    ]
