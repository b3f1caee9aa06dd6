"""Routing rules as they stand: which can be run, and what is wrong with the others."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from config.kernel.conditions.condition import Condition
from config.kernel.conditions.errors import ConditionInvalid
from config.kernel.conditions.reading import read_trees
from config.kernel.conditions.sentences import sentence
from config.kernel.conditions.vocabulary import vocabulary
from feedback.enums import Priority
from feedback.models import RoutingRule
from feedback.rules.routing import Rule


@dataclass(frozen=True, slots=True)
class ReadRule:
    """A rule with its condition; `problem` says why it cannot be run (then `condition` may be
    None), and such a rule is passed over."""

    rule: RoutingRule
    condition: Condition | None
    problem: str = ""

    @property
    def sentence(self) -> str:
        if self.rule.is_catch_all:
            return _("Whatever no other rule took")
        return sentence(self.condition) if self.condition is not None else ""

    @property
    def plain(self) -> Rule:
        rule = self.rule
        return Rule(
            id=rule.pk,
            team=rule.set_team_id,
            assignee=rule.set_assignee_id,
            to_manager=rule.to_manager,
            priority=rule.set_priority,
            tags=tuple(tag.pk for tag in rule.add_tags.all()),
            stop=rule.stop,
            is_catch_all=rule.is_catch_all,
        )

    @property
    def actions(self) -> list[str]:
        """What it does, in words."""
        rule, said = self.rule, []
        if rule.set_team is not None:
            said.append(_("to the team %(team)s") % {"team": rule.set_team})
        if rule.set_assignee is not None:
            said.append(_("to %(person)s") % {"person": rule.set_assignee})
        if rule.to_manager:
            said.append(_("to the customer's success manager"))
        if rule.set_priority is not None:
            words = str(Priority(rule.set_priority).label)
            said.append(_("priority %(priority)s") % {"priority": words})
        said += [_("tag “%(tag)s”") % {"tag": tag} for tag in rule.add_tags.all()]
        return said


def read_rules(rules: Sequence[RoutingRule]) -> list[ReadRule]:
    """With their conditions, in as many queries for many as for one."""
    conditions = read_trees(
        [rule.condition for rule in rules], vocabulary("feedback"), allowed=frozenset()
    )
    return [_read(rule, condition) for rule, condition in zip(rules, conditions, strict=True)]


def _read(rule: RoutingRule, condition: Condition | ConditionInvalid) -> ReadRule:
    if isinstance(condition, ConditionInvalid):
        return ReadRule(rule, None, " ".join(str(one.message) for one in condition.problems))
    return ReadRule(rule, condition, target_problem(rule))


def target_problem(rule: RoutingRule) -> str:
    """Why a rule cannot do what it says; "" when it can."""
    team, person = rule.set_team, rule.set_assignee
    if team is not None and team.archived_at is not None:
        return _("The team “%(team)s” is archived.") % {"team": team}
    if person is not None and not person.is_active:
        return _("%(person)s no longer works here.") % {"person": person}
    return ""


def routing_rules() -> list[ReadRule]:
    """All that are not archived, in their order."""
    return read_rules(list(RoutingRule.objects.in_order().with_targets()))
