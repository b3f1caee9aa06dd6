"""Rules and teams for the tests of routing."""

from accounts.enums import Role
from config.kernel.conditions.parsing import parse
from config.kernel.conditions.vocabulary import vocabulary
from feedback.models import RoutingRule, TeamDistribution
from feedback.services.routing_rules import save_rule
from tests.conftest import member


def rule(text, *, tags=(), **more):
    """A stored rule with its condition written down."""
    condition = parse(text, vocabulary("feedback")).tree
    names = {"name_zh": "规则", "name_en": more.pop("name", "Rule")}
    return save_rule(RoutingRule(condition=condition, **names, **more), tags=tags)


def catch_all():
    return RoutingRule.objects.get(is_catch_all=True)


def members(team, number):
    """Agents of a team, in the order of their turn."""
    return [member(Role.AGENT, team) for _ in range(number)]


def works(team, mode, **more):
    return TeamDistribution.objects.create(team=team, mode=mode, **more)
