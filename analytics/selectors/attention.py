"""What a lead should look at first: few rows of each kind, and how many there are in all."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet

from accounts.enums import Tier
from accounts.models import User
from analytics.metrics.periods import last_days
from analytics.selectors.choice import Choice
from analytics.selectors.dashboard import Counted, records_of
from analytics.selectors.expressions import rows_where
from analytics.selectors.window import Window, today
from feedback.enums import OUR_TURN, DueIn
from feedback.models import Feedback, Task
from feedback.models.feedback import FeedbackQuerySet
from feedback.selectors.queue import queue_url
from feedback.services.followup import UNHAPPY

SHOWN = 3  # rows of each kind
UNHAPPY_DAYS = 30


@dataclass(frozen=True, slots=True)
class Row:
    """One record; `at` is when it is (was) due, or when the customer rated it."""

    feedback: Feedback
    at: datetime
    score: int | None = None


@dataclass(frozen=True, slots=True)
class Concern:
    """`kind` is overdue, due_soon, unhappy or task; `all` has no url where no list fits."""

    kind: str
    all: Counted
    rows: tuple[Row, ...]


def concerns_of(user: User, choice: Choice, now: datetime) -> tuple[Concern, ...]:
    """The kinds of which there is something, the most urgent first. Always as many queries."""
    records = records_of(user, choice)
    late = Q(state__in=OUR_TURN, reply_due_at__lt=now)
    soon = Q(state__in=OUR_TURN, reply_due_at__range=(now, now + timedelta(hours=1)))
    angry = _unhappy_key_customers(now)
    counts = records.open().aggregate(late=rows_where(late), soon=rows_where(soon))
    since = last_days(UNHAPPY_DAYS, today(now)).first
    tasks = _open_tasks(user, choice)
    concerns = (
        Concern(
            "overdue",
            Counted(counts["late"], queue_url(view="overdue", **choice.in_queue)),
            _due_rows(records, late),
        ),
        Concern(
            "due_soon",
            Counted(counts["soon"], queue_url(view="open", due=DueIn.HOUR, **choice.in_queue)),
            _due_rows(records, soon),
        ),
        Concern(
            "unhappy",
            Counted(
                records.real().filter(angry).count(),
                queue_url(
                    tier=Tier.KEY,
                    score=list(range(1, UNHAPPY + 1)),
                    rated_from=since,
                    **choice.in_queue,
                ),
            ),
            tuple(
                Row(one, one.satisfaction_at, one.satisfaction)
                for one in _listed(records.real().filter(angry), "-satisfaction_at")
                if one.satisfaction_at is not None
            ),
        ),
        Concern("task", Counted(tasks.count(), ""), _task_rows(tasks)),
    )
    return tuple(one for one in concerns if one.all.count)


def _due_rows(records: FeedbackQuerySet, condition: Q) -> tuple[Row, ...]:
    found = _listed(records.open().filter(condition), "reply_due_at")
    return tuple(Row(one, one.reply_due_at) for one in found if one.reply_due_at is not None)


def _listed(records: QuerySet[Feedback], order: str) -> QuerySet[Feedback]:
    return records.select_related("customer").order_by(order, "-pk")[:SHOWN]


def _unhappy_key_customers(now: datetime) -> Q:
    window = Window(last_days(UNHAPPY_DAYS, today(now)), now)
    rated: dict[str, Any] = {
        "satisfaction__lte": UNHAPPY,
        "satisfaction_at__gte": window.start,
        "customer__tier": Tier.KEY,
    }
    return Q(**rated)


def _open_tasks(user: User, choice: Choice) -> QuerySet[Task]:
    visible = Feedback.objects.visible_to(user)
    tasks = Task.objects.open().filter(Q(feedback__in=visible.values("pk")) | Q(assignee=user))
    return tasks.filter(feedback__team=choice.team) if choice.is_narrowed else tasks


def _task_rows(tasks: QuerySet[Task]) -> tuple[Row, ...]:
    found = tasks.select_related("feedback__customer").order_by("due_at", "pk")[:SHOWN]
    return tuple(Row(one.feedback, one.due_at) for one in found)
