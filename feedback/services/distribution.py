"""Giving a team's records to its members, by the way the team chose."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.models import Permission
from django.db import transaction
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from accounts.enums import Availability
from accounts.models import User
from feedback.enums import OUR_TURN, Distribution, TimelineKind, WhyGiven
from feedback.models import BusinessCalendar, Feedback, Skill, TeamDistribution
from feedback.rules.business_time import elapsed
from feedback.rules.distribution import Member, who_is_next
from feedback.selectors.sla_policies import calendar_of
from feedback.services.assignment import assign_feedback
from feedback.services.records import lock

AT_ONCE = 200  # records of a team in one run; the next run goes on
IN_VAIN = 20  # records for which nobody was found, one after the other: then there is nobody


@dataclass(frozen=True, slots=True)
class Given:
    """Whom a record goes to, and why."""

    person: User
    because: WhyGiven


def next_of_team(feedback: Feedback, team_id: int, now: datetime) -> Given | None:
    """Whose turn it is in a team, for a record that is locked; None when the team gives its
    records out by hand, the record is too old, or nobody is there who has room."""
    # Locked until the record is theirs: two records at the same moment must not both count
    # the same people as free.
    plan = TeamDistribution.objects.select_for_update().filter(team_id=team_id).first()
    if plan is None or plan.mode == Distribution.MANUAL or _is_backlog(feedback, plan, now):
        return None
    people = {one.pk: one for one in _those_there(feedback, plan, now)}
    chosen = who_is_next(
        plan.mode,
        [
            Member(
                user_id=one.pk,
                open=one.open_number,
                most=plan.max_open if one.max_open is None else one.max_open,
                skills=one.known_tags,
            )
            for one in people.values()
        ],
        after=plan.last_given_to_id,
        by_skill=plan.by_skill,
    )
    if chosen is None:
        return None
    plan.last_given_to_id = chosen.user_id
    plan.save(update_fields=["last_given_to"])
    by_turn = plan.mode == Distribution.ROUND_ROBIN
    return Given(people[chosen.user_id], WhyGiven.TURN if by_turn else WhyGiven.FEWEST)


def _is_backlog(feedback: Feedback, plan: TeamDistribution, now: datetime) -> bool:
    active_at = feedback.last_customer_message_at or feedback.received_at
    return active_at < now - timedelta(hours=plan.backlog_hours)


def _those_there(feedback: Feedback, plan: TeamDistribution, now: datetime) -> QuerySet[Any]:
    """Members who take new work, with how much waits for them and what they know."""
    waiting = Feedback.objects.filter(assignee=OuterRef("pk"), state__in=OUR_TURN).order_by()
    known = Skill.objects.filter(user=OuterRef("pk"), tag__in=feedback.tags.all()).order_by()
    here = Q(availability=Availability.AVAILABLE) | Q(available_again_at__lte=now)
    lost = feedback.timeline.filter(kind=TimelineKind.ASSIGNED, data__because=WhyGiven.IDLE)
    before = [one["before"]["assignee"] for one in lost.values_list("data", flat=True)]
    return (
        User.objects.filter(here, memberships__team=plan.team_id, is_active=True)
        .filter(_may_work())
        .exclude(pk__in=before)
        .annotate(
            open_number=Coalesce(
                Subquery(waiting.values("assignee").annotate(n=Count("pk")).values("n")), 0
            ),
            known_tags=Coalesce(
                Subquery(known.values("user").annotate(n=Count("pk")).values("n")), 0
            ),
        )
    )


def _may_work() -> Q:
    """Who may change records; in the database, because a team has many members."""
    working = Permission.objects.filter(
        content_type__app_label="feedback", codename="change_feedback"
    )
    by_role = working.filter(group__user=OuterRef("pk"))
    return Q(is_superuser=True) | Exists(by_role) | Exists(working.filter(user=OuterRef("pk")))


def distribute_waiting() -> int:
    """Give out what nobody has yet, longest waiting first: somebody came back, has room again,
    or the team has just switched it on. Gives the number of records."""
    plans = TeamDistribution.objects.exclude(mode=Distribution.MANUAL)
    teams = plans.filter(team__archived_at=None).values_list("team_id", "backlog_hours")
    return sum(_distribute_in(team, timedelta(hours=hours)) for team, hours in teams)


def _distribute_in(team_id: int, backlog: timedelta) -> int:
    given, tried = 0, set[int]()
    while given < AT_ONCE and len(tried) < IN_VAIN:
        now = timezone.now()
        with transaction.atomic():
            feedback = _longest_waiting(team_id, now - backlog, tried)
            if feedback is None:
                break
            found = next_of_team(feedback, team_id, now)
            if found is None:
                tried.add(feedback.pk)
                continue
            assign_feedback(
                feedback.pk,
                by=None,
                assignee=found.person,
                team=feedback.team,
                because=found.because,
            )
            given += 1
    return given


def _longest_waiting(team_id: int, since: datetime, but: set[int]) -> Feedback | None:
    active_at = Coalesce("last_customer_message_at", "received_at")
    return (
        Feedback.objects.filter(
            team=team_id, assignee=None, state__in=OUR_TURN, snoozed_until=None
        )
        .annotate(active_at=active_at)
        .filter(active_at__gte=since)
        .exclude(pk__in=but)
        .order_by(F("waiting_since").asc(nulls_last=True), "pk")
        .select_for_update(of=["self"], skip_locked=True)
        .first()
    )


def take_back_idle() -> int:
    """Take records from people who did nothing about them for as long as their team allows, so
    that somebody else gets them. Gives the number of records."""
    plans = TeamDistribution.objects.filter(unassign_after_minutes__isnull=False)
    return sum(_take_back_in(plan) for plan in plans.filter(team__archived_at=None))


def _take_back_in(plan: TeamDistribution) -> int:
    taken, now = 0, timezone.now()
    allowed = timedelta(minutes=plan.unassign_after_minutes or 0)
    records = Feedback.objects.filter(
        team=plan.team_id, assignee__isnull=False, state__in=OUR_TURN, waiting_since__isnull=False
    ).filter(snoozed_until=None)
    for pk in records.filter(waiting_since__lte=now - allowed).values_list("pk", flat=True)[
        :AT_ONCE
    ]:
        with transaction.atomic():
            feedback = lock(pk)
            if not _is_idle(feedback, plan, now):
                continue
            assign_feedback(
                pk,
                by=None,
                assignee=None,
                team=feedback.team,
                because=WhyGiven.IDLE,
                minutes=plan.unassign_after_minutes,
            )
            taken += 1
    return taken


def _is_idle(feedback: Feedback, plan: TeamDistribution, now: datetime) -> bool:
    """Our turn, somebody's, and neither given to them, nor touched by them, nor written to by
    the customer within the team's time."""
    person = feedback.assignee
    if person is None or feedback.team_id != plan.team_id or feedback.state not in OUR_TURN:
        return False
    touched = feedback.timeline.filter(
        Q(actor=person) | Q(kind__in=[TimelineKind.ASSIGNED, TimelineKind.MESSAGE_IN])
    )
    last = touched.order_by("-at").values_list("at", flat=True).first() or feedback.received_at
    since = max(last, feedback.waiting_since or last)
    return worked_since(since, now) >= 60 * (plan.unassign_after_minutes or 0)


def worked_since(since: datetime, now: datetime) -> int:
    """Seconds of working time between two moments, by the calendar that is used when nothing
    else is said; of any time when there is none."""
    usual = BusinessCalendar.objects.active().with_days().filter(is_default=True).first()
    return elapsed(calendar_of(usual) if usual else None, since, now)
