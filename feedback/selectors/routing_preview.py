"""What the routing rules would do with the feedback that came last."""

from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from accounts.models import Team, User
from accounts.selectors.conditions import context_for
from config.kernel.conditions.compilation import to_q
from feedback.models import Feedback, RoutingRule
from feedback.rules.routing import decide
from feedback.selectors.routing import ReadRule, read_rules

RECORDS = 100


@dataclass(frozen=True, slots=True)
class Going:
    """One record: the rules that would take it, where it would go and where it is."""

    feedback: Feedback
    rules: Sequence[Any]
    team: Team | None
    person: str
    is_elsewhere: bool


@dataclass(frozen=True, slots=True)
class Preview:
    rows: Sequence[Going]
    taken: dict[int, int]  # rule → how many of them it would take

    @property
    def elsewhere(self) -> int:
        return sum(one.is_elsewhere for one in self.rows)


def preview_of(rules: Sequence[ReadRule], user: User) -> Preview:
    """The last hundred real records that `user` may see, as they are now. Who of a team would
    get a record depends on the day and is not said. One query for each rule."""
    records = list(
        Feedback.objects.visible_to(user)
        .real()
        .select_related("team", "assignee", "category__team", "mailbox__team", "customer__owner")
        .order_by("-pk")[:RECORDS]
    )
    fitting = _fitting(rules, [one.pk for one in records])
    by_id = {one.rule.pk: one.rule for one in rules}
    plain = [one.plain for one in rules if not one.problem]
    rows, taken = [], dict.fromkeys(by_id, 0)
    for feedback in records:
        usual = _usual_team(feedback)
        routed = decide(
            plain,
            fitting[feedback.pk],
            has_team=usual is not None,
            has_manager=feedback.customer.owner_id is not None,
        )
        for pk in routed.rules:
            taken[pk] += 1
        team = by_id[routed.team_by].set_team if routed.team_by is not None else usual
        person = feedback.customer.owner if routed.to_manager else None
        if routed.person_by is not None and person is None:
            person = by_id[routed.person_by].set_assignee
        rows.append(
            Going(
                feedback,
                [by_id[pk] for pk in routed.rules],
                team,
                str(person or ""),
                (team and team.pk) != feedback.team_id,
            )
        )
    return Preview(rows, taken)


def preview_with(changed: RoutingRule, user: User) -> tuple[Preview, list[ReadRule]]:
    """What all active rules would do if this one, which need not be stored, were as it is here;
    and the rules that were asked."""
    rules = RoutingRule.objects.in_order().with_targets().active()
    others = [one for one in rules if one.pk != changed.pk]
    tried = copy(changed)
    tried.pk = changed.pk or 0  # a new one is known by a number, too
    tried.order = changed.order or max((one.order for one in others), default=0) + 1
    tried.is_active = True
    ordered = sorted([*others, tried], key=lambda one: (one.is_catch_all, one.order, one.pk))
    read = read_rules(ordered)
    return preview_of(read, user), read


def _fitting(rules: Sequence[ReadRule], records: Sequence[int]) -> dict[int, set[int]]:
    """record → the rules whose condition holds."""
    context = context_for(None, now=timezone.now())
    found: dict[int, set[int]] = {pk: set() for pk in records}
    for one in rules:
        if one.problem or one.condition is None:
            continue
        fits = Feedback.objects.filter(to_q(one.condition, context), pk__in=records)
        for pk in fits.values_list("pk", flat=True):
            found[pk].add(one.rule.pk)
    return found


def _usual_team(feedback: Feedback) -> Team | None:
    """Where it goes without a rule."""
    if feedback.category is not None and feedback.category.team is not None:
        return feedback.category.team
    return feedback.mailbox.team if feedback.mailbox is not None else None
