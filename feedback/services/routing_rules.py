"""Keeping the routing rules: refused when they would do nothing, archived when they were used."""

from collections.abc import Iterable, Mapping, Sequence

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Team, User
from config.kernel.archiving import bring_back
from config.kernel.conditions.condition import always
from config.kernel.conditions.reading import read_tree
from config.kernel.conditions.vocabulary import vocabulary
from feedback.errors import RuleNotUsable, RuleNotYours
from feedback.models import RoutingRule, Skill, Tag, TeamDistribution
from feedback.selectors.routing import target_problem
from feedback.selectors.routing_reach import reach_of
from feedback.services.assignment import may_work_in
from feedback.services.tags import tags_named


@transaction.atomic
def save_rule(
    rule: RoutingRule, *, tags: Iterable[str] | None = None, by: User | None = None
) -> RoutingRule:
    """Store a rule with exactly the tags of these names (None: as they are). A new one comes
    before the one that takes what is left. `by` is who wants it (None: the installation), and
    must have in reach what the rule was and what it becomes. Raises RuleNotYours, RuleNotUsable
    and ConditionInvalid."""
    stored = RoutingRule.objects.with_targets().filter(pk=rule.pk).first() if rule.pk else None
    ensure_yours(by, *([stored] if stored else []), rule)
    ensure_place(by, rule, stored)
    if tags is None:
        tags = [tag.name for tag in rule.add_tags.all()] if rule.pk else []
    wanted = tags_named(tags)
    ensure_rule(rule, wanted)
    rule.condition = read_tree(rule.condition, vocabulary("feedback"), allowed=frozenset()).tree
    if not rule.pk and not rule.order:
        rule.order = (RoutingRule.objects.aggregate(last=Max("order"))["last"] or 0) + 1
    rule.save()
    rule.add_tags.set(wanted)
    return rule


def ensure_yours(by: User | None, *rules: RoutingRule) -> None:
    """That this person may change all of these. Raises RuleNotYours."""
    if by is None:
        return
    reach = reach_of(by)
    for rule in rules:
        if why := reach.why_not(rule):
            raise RuleNotYours(why)


def ensure_place(by: User | None, rule: RoutingRule, stored: RoutingRule | None) -> None:
    """Places change one by one (`move_rule`), else a rule would pass those of other teams
    unseen: with an earlier version of it, with a file of settings. Raises RuleNotYours."""
    if by is None or reach_of(by).is_whole or rule.order == (stored.order if stored else 0):
        return
    raise RuleNotYours(_("This would move the rule past rules of other teams."))


def ensure_rule(rule: RoutingRule, tags: Sequence[Tag]) -> None:
    """That a rule can be reached, does something, and that what it names is there. Raises
    RuleNotUsable."""
    if rule.is_catch_all:
        if rule.condition != always():
            raise RuleNotUsable(_("The last rule takes whatever is left: it has no condition."))
    else:
        if rule.condition == always():
            raise RuleNotUsable(
                _("Without a condition this rule takes everything. The last rule is for that.")
            )
        does = rule.set_team_id or rule.set_assignee_id or rule.to_manager or rule.set_priority
        if not does and not tags:
            raise RuleNotUsable(_("Say what this rule does."))
    if rule.set_assignee_id and rule.to_manager:
        raise RuleNotUsable(_("Name a person or the success manager, not both."))
    if problem := target_problem(rule):
        raise RuleNotUsable(problem)
    person, team = rule.set_assignee, rule.set_team
    if person is not None and team is not None and not may_work_in(person, team):
        raise RuleNotUsable(_("This person may not see the records of that team."))


@transaction.atomic
def move_rule(rule: RoutingRule, *, earlier: bool, by: User | None = None) -> None:
    """One place up or down; the one that takes what is left stays the last. Raises RuleNotUsable,
    and RuleNotYours when `by` may not change it or the rule that it would pass."""
    rows = list(
        RoutingRule.objects.in_order().filter(is_catch_all=False).select_for_update(of=["self"])
    )
    places = {row.pk: place for place, row in enumerate(rows)}
    if rule.pk not in places:
        raise RuleNotUsable(_("This rule has no other place."))
    ensure_yours(by, rule)
    place = places[rule.pk]
    other = place - 1 if earlier else place + 1
    if 0 <= other < len(rows):
        if by is not None and reach_of(by).why_not(rows[other]):
            raise RuleNotYours(_("The rule next to it is not yours: yours cannot pass it."))
        rows[place], rows[other] = rows[other], rows[place]
    for order, row in enumerate(rows, 1):
        if row.order != order:
            row.order = order
            row.save(update_fields=["order"])


@transaction.atomic
def switch_rule(rule: RoutingRule, *, on: bool, by: User | None = None) -> None:
    """Raises RuleNotUsable for the one that takes what is left, and RuleNotYours."""
    _ensure_not_last(rule)
    ensure_yours(by, rule)
    rule.is_active = on
    rule.save(update_fields=["is_active"])


@transaction.atomic
def remove_rule(rule: RoutingRule, *, by: User | None = None) -> bool:
    """True when deleted, False when archived: the stories of records name it. Raises
    RuleNotUsable for the one that takes what is left, and RuleNotYours."""
    _ensure_not_last(rule)
    ensure_yours(by, rule)
    if not rule.hits:
        rule.delete()
        return True
    rule.archived_at = rule.archived_at or timezone.now()
    rule.save(update_fields=["archived_at"])
    return False


def _ensure_not_last(rule: RoutingRule) -> None:
    if rule.is_catch_all:
        raise RuleNotUsable(_("This rule takes what is left: there is always one."))


@transaction.atomic
def bring_back_rule(rule: RoutingRule, *, by: User | None = None) -> None:
    """Raises RuleNotYours."""
    ensure_yours(by, rule)
    bring_back(rule)


@transaction.atomic
def ensure_routing() -> None:
    """The rules that a fresh installation has: key customers, and what is left."""
    if RoutingRule.objects.filter(is_catch_all=True).exists():
        return
    RoutingRule.objects.create(
        name_zh="其余反馈", name_en="Everything else", is_catch_all=True, condition=always()
    )
    RoutingRule.objects.create(
        name_zh="重点客户找客户经理",
        name_en="Key customers to their manager",
        order=1,
        condition=["is", "customer.tier", "key"],
        to_manager=True,
        stop=False,
    )


@transaction.atomic
def save_distribution(
    plan: TeamDistribution, *, skills: Mapping[User, Iterable[str]] | None = None
) -> TeamDistribution:
    """How a team gives out its records; with `skills`, what its members know: exactly the tags
    of these names."""
    plan.save()
    for person, names in (skills or {}).items():
        wanted = {tag.pk for tag in tags_named(names)}
        stored = Skill.objects.filter(user=person)
        stored.exclude(tag__in=wanted).delete()
        have = set(stored.values_list("tag_id", flat=True))
        for tag in sorted(wanted - have):
            Skill.objects.create(user=person, tag_id=tag)
    return plan


def distribution_of(team: Team) -> TeamDistribution:
    """That of a team, new and unsaved when it has none yet."""
    return TeamDistribution.objects.filter(team=team).first() or TeamDistribution(team=team)
