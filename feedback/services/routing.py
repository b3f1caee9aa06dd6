"""Where new feedback goes: the routing rules, then the team's own way of giving it out."""

import logging
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from accounts.models import Team, User
from accounts.selectors.availability import who_takes_over
from accounts.selectors.conditions import context_for
from config.kernel.conditions.context import Context
from config.kernel.conditions.evaluation import Facts, evaluate
from feedback.enums import TimelineKind, WhyGiven
from feedback.models import Feedback, RoutingRule
from feedback.rules.routing import Routed, decide
from feedback.selectors.routing import ReadRule, read_rules
from feedback.services.assignment import assign_feedback, may_work_in
from feedback.services.details import add_tags, set_priority
from feedback.services.distribution import Given, next_of_team
from feedback.services.records import lock, tell

_log = logging.getLogger(__name__)


@transaction.atomic
def route_feedback(feedback_id: int) -> None:
    """Send a new record where the rules say, once, and tell why in its story.

    Runs as a job after the record was stored, so that no rule can keep feedback from coming in.
    What a person did meanwhile stays: a record that somebody has already is not given to anybody
    else. A rule that cannot be run is passed over and named in the log.
    """
    feedback = lock(feedback_id)
    if not feedback.is_open or feedback.timeline.filter(kind=TimelineKind.ROUTED).exists():
        return
    now = timezone.now()
    rules = read_rules(list(RoutingRule.objects.active().with_targets()))
    fitting, skipped = _fitting(rules, feedback, context_for(None, now=now))
    routed = decide(
        [one.plain for one in rules],
        fitting,
        has_team=feedback.team_id is not None,
        has_manager=feedback.customer.owner_id is not None,
    )
    by_id = {one.rule.pk: one.rule for one in rules}
    if routed.priority is not None:
        set_priority(feedback_id, by=None, priority=routed.priority)
    if routed.tags:
        names = [
            tag.name
            for rule in routed.rules
            for tag in by_id[rule].add_tags.all()
            if tag.archived_at is None
        ]
        add_tags(feedback_id, by=None, names=names)
    place = _place(lock(feedback_id), routed, by_id, now)
    tell(
        feedback,
        TimelineKind.ROUTED,
        rules=list(routed.rules),
        left=[one for one in routed.rules if by_id[one].is_catch_all],
        team=place.team.pk if place.team else None,
        team_by=place.team_by,
        skipped=skipped,
    )
    if place.given is not None or place.moves:
        why: dict[str, Any] = {"because": place.given.because} if place.given else {}
        person = place.given.person if place.given else None
        assign_feedback(feedback_id, by=None, assignee=person, team=place.team, **why)
    RoutingRule.objects.filter(pk__in=routed.rules).update(hits=F("hits") + 1, last_hit_at=now)


def _fitting(
    rules: list[ReadRule], feedback: Feedback, context: Context
) -> tuple[set[int], list[int]]:
    """The rules whose condition holds, and those that could not be asked."""
    facts = Facts(feedback)
    fitting: set[int] = set()
    skipped: list[int] = []
    for one in rules:
        if one.problem or one.condition is None:
            _log.warning("Routing rule %s is passed over: %s", one.rule.pk, one.problem)
            skipped.append(one.rule.pk)
            continue
        try:
            with transaction.atomic():
                if evaluate(one.condition, facts, context):
                    fitting.add(one.rule.pk)
        except Exception:  # one rule must not keep the others from being asked
            _log.exception("Routing rule %s is passed over", one.rule.pk)
            skipped.append(one.rule.pk)
    return fitting, skipped


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a record goes. `team_by`: rule, hand, category, mailbox, person; "" = nobody said."""

    team: Team | None
    team_by: str
    moves: bool = False
    given: Given | None = None


def _place(
    feedback: Feedback, routed: Routed, rules: dict[int, RoutingRule], now: datetime
) -> _Place:
    team, by = feedback.team, _why_this_team(feedback)
    if feedback.assignee_id is not None:
        return _Place(team, by)
    if routed.team_by is not None and by != "hand":
        team, by = rules[routed.team_by].set_team, "rule"
    elif by in {"", "mailbox"} and (own := _team_of_category(feedback)):
        # Read since it came in: as if it had come with this category.
        team, by = own, "category"
    given = _named(feedback, routed, rules, now)
    if given is not None and team is not None and not may_work_in(given.person, team):
        # Who a rule names, or the customer's manager, gets it in a team where they may work.
        own = Team.objects.active().filter(memberships__user=given.person).order_by("pk").first()
        if own is None or by == "hand":
            given = None
        else:
            team, by = own, "person"
    if given is None and team is not None:
        given = next_of_team(feedback, team.pk, now)
    moved = (team and team.pk) != feedback.team_id
    return _Place(team, by, moved, given)


def _team_of_category(feedback: Feedback) -> Team | None:
    category = feedback.category
    if category is None or category.team is None or category.team.archived_at is not None:
        return None
    return category.team


def _why_this_team(feedback: Feedback) -> str:
    received: Any = feedback.timeline.filter(kind=TimelineKind.RECEIVED).first()
    if received is not None and received.data.get("team_given"):
        return "hand"
    if feedback.team_id is None:
        return ""
    if feedback.category is not None and feedback.category.team_id == feedback.team_id:
        return "category"
    if feedback.mailbox is not None and feedback.mailbox.team_id == feedback.team_id:
        return "mailbox"
    return "hand"


def _named(
    feedback: Feedback, routed: Routed, rules: dict[int, RoutingRule], now: datetime
) -> Given | None:
    """The person a rule names, or whoever stands in for them."""
    if routed.person_by is None:
        return None
    wanted: User | None = rules[routed.person_by].set_assignee
    because = WhyGiven.RULE
    if routed.to_manager:
        wanted, because = feedback.customer.owner, WhyGiven.MANAGER
    person = who_takes_over(wanted, now)
    if person is None:
        return None
    return Given(person, because if person == wanted else WhyGiven.SUBSTITUTE)
