"""Looking at the clocks: warn before a promise is broken, record it once when it is, escalate.

Any number of workers may do this at the same moment: each record is locked, whoever does not get
the lock leaves it for the next time, and what was said is not said again.
"""

import logging
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from config.kernel.errors import DomainError
from config.kernel.live import tell_pages
from feedback.enums import (
    ClockEventKind,
    EscalateOn,
    EscalationKind,
    Priority,
    TimelineKind,
)
from feedback.models import Feedback, SLAClock, SLAEscalation, SLAEvent
from feedback.services.assignment import assign_feedback, may_work_in
from feedback.services.details import set_priority
from feedback.services.records import tell
from feedback.services.sla_clocks import note_event, settle_clocks
from feedback.services.sla_notices import tell_people

AT_ONCE = 500  # clocks in one run; the rest is a matter of the next, a few seconds later
_log = logging.getLogger(__name__)


def watch_clocks(*, limit: int = AT_ONCE) -> int:
    """Say what is due to be said about at most `limit` clocks, each in a transaction of its own.
    Gives how many were dealt with; one that fails is left for the next run and stops no other."""
    now = timezone.now()
    due = SLAClock.objects.to_check(now).values_list("pk", "feedback_id")[:limit]
    done = 0
    for clock_id, feedback_id in list(due):
        try:
            done += _look(clock_id, feedback_id, now)
        except Exception:
            _log.exception("Clock %s could not be looked at.", clock_id)
    return done


@transaction.atomic
def _look(clock_id: int, feedback_id: int, now: datetime) -> bool:
    feedback = (
        Feedback.objects.select_for_update(of=["self"], skip_locked=True)
        .select_related("customer", "status", "team", "assignee", "category")
        .filter(pk=feedback_id)
        .first()
    )
    clock = SLAClock.objects.filter(pk=clock_id, check_at__lte=now).first()
    if feedback is None or clock is None or clock.due_at is None:
        return False
    if not feedback.is_open:
        # Nothing settled, merged or thrown away ever escalates.
        settle_clocks(feedback, now=now)
        feedback.save(update_fields=["reply_due_at"])
        return True
    is_over = clock.due_at <= now
    if is_over:
        clock.breached_at, clock.check_at = clock.due_at, None
        kind, on = ClockEventKind.BREACHED, EscalateOn.BREACH
    else:
        clock.warned_at, clock.check_at = now, clock.due_at
        kind, on = ClockEventKind.WARNED, EscalateOn.WARNING
    clock.save(update_fields=["breached_at", "warned_at", "check_at"])
    if note_event(clock, feedback, kind, now=now):
        what, due = "breached" if is_over else "warned", clock.due_at.isoformat()
        tell(feedback, TimelineKind.SLA, what=what, metric=clock.metric, due=due)
        _escalate(feedback, clock, on, now)
    feedback.refresh_from_db(fields=["version"])
    tell_pages("feedback", id=feedback.pk, number=feedback.number, version=feedback.version)
    return True


# --- escalations ------------------------------------------------------------------------------
def _escalate(feedback: Feedback, clock: SLAClock, on: EscalateOn, now: datetime) -> None:
    """Do what the policy says, each action once for a clock, however often its time moves."""
    wanted = SLAEscalation.objects.filter(
        policy=clock.policy_id, on=on, metric__in=["", clock.metric]
    )
    events = SLAEvent.objects.filter(clock=clock, kind=ClockEventKind.ESCALATED)
    before = list(events.values_list("data", flat=True))
    done = {one.get("escalation") for one in before}
    told = {pk for one in before if one.get("on") == on for pk in one.get("told", ())}
    for escalation in wanted.select_related("team"):
        if escalation.pk in done:
            continue
        data: dict[str, object] = {
            "escalation": escalation.pk, "action": escalation.kind, "on": str(on),
        }  # fmt: skip
        try:
            with transaction.atomic():
                data |= _do(escalation, feedback, clock, now, told)
        except DomainError as refusal:
            data["refused"] = refusal.code
        note_event(clock, feedback, ClockEventKind.ESCALATED, now=now, **data)
        if "refused" not in data:
            tell(
                feedback,
                TimelineKind.SLA,
                what="escalated",
                metric=clock.metric,
                action=escalation.kind,
            )


def _do(
    escalation: SLAEscalation,
    feedback: Feedback,
    clock: SLAClock,
    now: datetime,
    told: set[int],
) -> dict[str, object]:
    """`told`: who heard of this moment already; who hears of it now is added."""
    match escalation.kind:
        case EscalationKind.NOTIFY_ASSIGNEE | EscalationKind.NOTIFY_LEAD:
            theirs = escalation.kind == EscalationKind.NOTIFY_ASSIGNEE and _assignee(feedback)
            people = theirs or leads_of(feedback)
            on = EscalateOn(escalation.on)
            found = tell_people(people, feedback, clock, on, now, told=told, to_lead=not theirs)
            told.update(found)
            return {"told": found}
        case EscalationKind.RAISE_PRIORITY:
            higher = min(feedback.priority + 1, Priority.URGENT)
            set_priority(feedback.pk, by=None, priority=higher)
            return {"priority": int(higher)}
        case EscalationKind.MOVE_TEAM:
            team, person = escalation.team, feedback.assignee
            assert team is not None  # noqa: S101 - a constraint says so
            keeps = person is not None and may_work_in(person, team)
            assign_feedback(feedback.pk, by=None, assignee=person if keeps else None, team=team)
            return {"team": team.pk}
    raise ValueError(escalation.kind)


def _assignee(feedback: Feedback) -> list[User]:
    person = feedback.assignee
    return [person] if person is not None and person.is_active else []


def leads_of(feedback: Feedback) -> list[User]:
    """Who leads the team of a record; of one without a team, everybody who leads one."""
    leads = User.objects.filter(is_active=True, memberships__is_lead=True)
    if feedback.team_id is not None:
        leads = leads.filter(memberships__team=feedback.team_id)
    return list(leads.distinct().order_by("pk"))
