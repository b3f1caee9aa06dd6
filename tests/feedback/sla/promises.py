"""Service levels for tests: short to write, through the real services."""

from datetime import UTC, datetime
from itertools import count

from django.db.models import F
from django.utils import timezone

from config.kernel.conditions.parsing import parse
from config.kernel.conditions.vocabulary import vocabulary
from feedback.enums import EscalateOn, Metric, Priority
from feedback.models import BusinessCalendar, SLAPolicy, Status
from feedback.services.calendars import save_calendar
from feedback.services.sla_policies import Escalation, Promise, save_policy
from tests.factories import FeedbackFactory

HOUR = 3600
OFFICE = ((9 * 60, 12 * 60), (13 * 60 + 30, 18 * 60))
WEEK = [OFFICE] * 5 + [()] * 2
WEDNESDAY = datetime(2026, 11, 18, 1, 0, tzinfo=UTC)  # 9:00 in Shanghai
number = count(1)


def calendar(**more) -> BusinessCalendar:
    n = next(number)
    row = BusinessCalendar(code=f"calendar-{n}", name_zh="工作时间", name_en=f"Hours {n}")
    return save_calendar(row, week=more.get("week", WEEK))


def promise(metric=Metric.FIRST_RESPONSE, hours=4, *, business=True, priority=None, warn=75):
    """The same time for each priority, or for one."""
    chosen = Priority if priority is None else [priority]
    return [Promise(one, metric, int(hours * HOUR), business, warn) for one in chosen]


def policy(*promises, escalations=(), applies_to=None, **more) -> SLAPolicy:
    """The only active policy; with `applies_to` (text of the condition language) one that is
    tried before those there are."""
    if applies_to is None:
        SLAPolicy.objects.update(is_active=False)
    else:
        SLAPolicy.objects.update(order=F("order") + 1)
        more["condition"] = parse(applies_to, vocabulary("feedback")).tree
    n = next(number)
    row = SLAPolicy(
        code=f"policy-{n}",
        name_zh="承诺",
        name_en=f"Promise {n}",
        calendar=more.get("calendar") or calendar(),
        condition=more.get("condition", ["and"]),
        order=1 if applies_to else 0,
    )
    flat = [one for group in promises for one in group]
    return save_policy(row, promises=flat, escalations=list(escalations))


def on_breach(kind, **more):
    return Escalation(EscalateOn.BREACH, kind, **more)


def on_warning(kind, **more):
    return Escalation(EscalateOn.WARNING, kind, **more)


def status(code) -> Status:
    return Status.objects.get(code=code)


def clock_of(feedback, metric=Metric.FIRST_RESPONSE):
    """The newest clock of that kind."""
    return feedback.clocks.filter(metric=metric).order_by("pk").last()


def received(**more):
    return FeedbackFactory(**more)


def shown(moment):
    return None if moment is None else f"{timezone.localtime(moment):%d %H:%M}"


def live(feedback):
    return {row.metric: shown(row.due_at) for row in feedback.clocks.live()}
