"""What is promised: policies with their times and escalations. Refused when it makes no sense."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Team
from config.kernel.archiving import bring_back, is_referred_to
from config.kernel.conditions.reading import read_tree
from config.kernel.conditions.vocabulary import vocabulary
from config.kernel.errors import DomainError
from config.kernel.jobs import enqueue
from feedback.enums import EscalateOn, EscalationKind, Metric, Priority
from feedback.models import SLAEscalation, SLAPolicy, SLATarget
from feedback.rules.business_time import Calendar, NoWorkingTime, due_at
from feedback.rules.sla import Target
from feedback.selectors.sla_policies import calendar_of

SHORTEST, LONGEST = 60, 366 * 86400  # seconds
_TRIAL_DAYS, _TRIAL_HOURS = 28, (0, 9, 15)


class PolicyNotUsable(DomainError):
    code = "policy_not_usable"


@dataclass(frozen=True, slots=True)
class Promise:
    """One time of a policy, for one priority."""

    priority: int
    metric: Metric
    seconds: int
    business_time: bool = False
    warn_at_pct: int = 75

    @property
    def target(self) -> Target:
        return Target(self.metric, self.seconds, self.business_time, self.warn_at_pct)


@dataclass(frozen=True, slots=True)
class Escalation:
    on: EscalateOn
    kind: EscalationKind
    metric: str = ""  # empty = whatever was promised
    team: Team | None = None


@transaction.atomic
def save_policy(
    policy: SLAPolicy,
    *,
    promises: Sequence[Promise],
    escalations: Sequence[Escalation] | None = None,
) -> SLAPolicy:
    """Store a policy with exactly these times (and escalations, when they are given); what is
    open is reckoned anew afterwards. Raises PolicyNotUsable, ConditionInvalid."""
    ensure_policy(policy, promises, escalations or ())
    if not policy.pk and not policy.order:
        last = SLAPolicy.objects.in_order().last()
        policy.order = last.order + 1 if last else 1
    policy.save()
    _write_targets(policy, promises)
    if escalations is not None:
        _write_escalations(policy, escalations)
    _recompute()
    return policy


def ensure_policy(
    policy: SLAPolicy, promises: Sequence[Promise], escalations: Sequence[Escalation] = ()
) -> None:
    """Raises PolicyNotUsable, ConditionInvalid, saying why."""
    policy.condition = read_tree(
        policy.condition, vocabulary("feedback"), allowed=frozenset()
    ).tree
    if not promises:
        raise PolicyNotUsable(_("A service level must promise something: give at least one time."))
    for one in promises:
        _ensure_promise(one)
    calendar = calendar_of(policy.calendar)
    if policy.calendar.archived_at is not None:
        raise PolicyNotUsable(_("This calendar is archived."))
    for priority in Priority:
        of_priority = {one.metric: one for one in promises if one.priority == priority}
        _ensure_sense(of_priority, calendar, priority)
    for escalation in escalations:
        if escalation.kind == EscalationKind.MOVE_TEAM and escalation.team is None:
            raise PolicyNotUsable(_("Say to which team the record is given."))


def _ensure_promise(one: Promise) -> None:
    if not SHORTEST <= one.seconds <= LONGEST:
        raise PolicyNotUsable(_("A promised time is between one minute and one year."))
    if not 1 <= one.warn_at_pct <= 99:
        raise PolicyNotUsable(_("A warning comes after 1 to 99 percent of the time."))


def _ensure_sense(promises: dict[Metric, Promise], calendar: Calendar, priority: Priority) -> None:
    """That each time can be reached, and nothing is solved before it is answered."""
    starts = _trial_starts(calendar)
    due = {}
    for metric, one in promises.items():
        by = calendar if one.business_time else None
        try:
            due[metric] = [due_at(by, start, one.seconds) for start in starts]
        except NoWorkingTime as never:
            raise PolicyNotUsable(
                _("The calendar has no working time, so a promised time would never be over.")
            ) from never
    solved = promises.get(Metric.RESOLUTION)
    if solved is None:
        return
    for metric, one in promises.items():
        if metric == Metric.RESOLUTION:
            continue
        if one.business_time == solved.business_time:
            is_late = one.seconds > solved.seconds
        else:
            pairs = zip(due[metric], due[Metric.RESOLUTION], strict=True)
            is_late = any(first > last for first, last in pairs)
        if is_late:
            raise PolicyNotUsable(
                _("%(priority)s: %(promise)s would be due after the solution.")
                % {"priority": priority.label, "promise": metric.label}
            )


def _trial_starts(calendar: Calendar) -> list[datetime]:
    today = timezone.now().astimezone(calendar.tz).replace(minute=0, second=0, microsecond=0)
    return [
        (today + timedelta(days=day)).replace(hour=hour)
        for day in range(_TRIAL_DAYS)
        for hour in _TRIAL_HOURS
    ]


def _write_targets(policy: SLAPolicy, promises: Sequence[Promise]) -> None:
    wanted = {(one.priority, str(one.metric)): one for one in promises}
    stored = {(row.priority, row.metric): row for row in policy.targets.all()}
    for key, row in stored.items():
        if key not in wanted:
            row.delete()
    for key, one in wanted.items():
        fields = asdict(one)
        row = stored.get(key) or SLATarget(policy=policy)
        if any(getattr(row, name) != value for name, value in fields.items()) or not row.pk:
            for name, value in fields.items():
                setattr(row, name, value)
            row.save()


def _write_escalations(policy: SLAPolicy, escalations: Sequence[Escalation]) -> None:
    """Those that stay keep their row: what was done once for a clock is known by it."""
    wanted = {(str(one.on), one.metric, str(one.kind)): one for one in escalations}
    stored = {(row.on, row.metric, row.kind): row for row in policy.escalations.all()}
    for key, row in stored.items():
        if key not in wanted:
            row.delete()
    for key, one in wanted.items():
        row = stored.get(key) or SLAEscalation(policy=policy, on=one.on, metric=one.metric)
        row.kind, row.team = one.kind, one.team
        row.save()


@transaction.atomic
def move_policy(policy: SLAPolicy, *, earlier: bool) -> None:
    """One place up or down in the order in which policies are tried."""
    rows = list(SLAPolicy.objects.select_for_update().filter(archived_at=None).in_order())
    places = {row.pk: place for place, row in enumerate(rows)}
    place = places[policy.pk]
    other = place - 1 if earlier else place + 1
    if 0 <= other < len(rows):
        rows[place], rows[other] = rows[other], rows[place]
    _number(rows)
    _recompute()


def _number(rows: Sequence[SLAPolicy]) -> None:
    for order, row in enumerate(rows, 1):
        if row.order != order:
            row.order = order
            row.save(update_fields=["order"])


@transaction.atomic
def switch_policy(policy: SLAPolicy, *, on: bool) -> None:
    policy.is_active = on
    policy.save(update_fields=["is_active"])
    _recompute()


@transaction.atomic
def remove_policy(policy: SLAPolicy) -> bool:
    """True when deleted, False when archived because clocks were run by it. What is open goes
    by the next policy that fits, or has nothing promised any more."""
    if not is_referred_to(policy, parts=(SLATarget, SLAEscalation)):
        policy.delete()
        return True
    policy.archived_at = timezone.now()
    policy.save(update_fields=["archived_at"])
    _recompute()
    return False


@transaction.atomic
def bring_back_policy(policy: SLAPolicy) -> None:
    """Raises PolicyNotUsable when its calendar is gone."""
    if policy.calendar.archived_at is not None:
        raise PolicyNotUsable(_("This calendar is archived."))
    bring_back(policy)
    _recompute()


def promises_of(policy: SLAPolicy) -> list[Promise]:
    return [
        Promise(row.priority, Metric(row.metric), row.seconds, row.business_time, row.warn_at_pct)
        for row in policy.targets.all()
    ]


def _recompute() -> None:
    enqueue("feedback.tasks.recompute_promises")
