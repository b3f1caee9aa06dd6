"""What the routing rules that fit a record come to. Pure."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Rule:
    """What a routing rule does, by ids; None and empty = it leaves that open."""

    id: int
    team: int | None = None
    assignee: int | None = None
    to_manager: bool = False
    priority: int | None = None
    tags: tuple[int, ...] = ()
    stop: bool = True
    is_catch_all: bool = False


@dataclass(frozen=True, slots=True)
class Routed:
    """What is to be done with a record, and the rules that say so in the order in which they
    were asked. `…_by` is the rule that decided it."""

    rules: tuple[int, ...] = ()
    team: int | None = None
    team_by: int | None = None
    assignee: int | None = None
    to_manager: bool = False
    person_by: int | None = None
    priority: int | None = None
    priority_by: int | None = None
    tags: tuple[int, ...] = ()


def decide(
    rules: Iterable[Rule], fitting: Collection[int], *, has_team: bool, has_manager: bool
) -> Routed:
    """Go through `rules` in their order; `fitting` are the ids of those whose condition holds.

    All see the record as it came in. What an earlier rule set stays; tags add up; a rule with
    `stop` is the last. The one that takes what is left is asked only when no other took the
    record, and names a team only for one that has none (`has_team`: from its category, its
    mailbox or a person). Without a success manager (`has_manager`) nobody is named by them.
    """
    routed = Routed()
    for rule in rules:
        if rule.id not in fitting or (rule.is_catch_all and routed.rules):
            continue
        may_move = not (rule.is_catch_all and has_team)
        routed = _add(routed, rule, may_move=may_move, has_manager=has_manager)
        if rule.stop:
            break
    return routed


def _add(routed: Routed, rule: Rule, *, may_move: bool, has_manager: bool) -> Routed:
    routed = replace(routed, rules=(*routed.rules, rule.id))
    if rule.team is not None and routed.team is None and may_move:
        routed = replace(routed, team=rule.team, team_by=rule.id)
    to_manager = rule.to_manager and has_manager
    if (rule.assignee is not None or to_manager) and routed.person_by is None:
        routed = replace(routed, assignee=rule.assignee, to_manager=to_manager, person_by=rule.id)
    if rule.priority is not None and routed.priority is None:
        routed = replace(routed, priority=rule.priority, priority_by=rule.id)
    return replace(routed, tags=tuple(dict.fromkeys((*routed.tags, *rule.tags))))
