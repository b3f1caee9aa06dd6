"""What a lead should look at first: few rows of each kind, and how many there are in all."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q, QuerySet
from django.urls import reverse

from accounts.enums import Tier
from accounts.models import User
from analytics.metrics.periods import last_days
from analytics.selectors.choice import Choice
from analytics.selectors.dashboard import Counted, records_of
from analytics.selectors.expressions import rows_where
from analytics.selectors.window import Window, today
from feedback.enums import OPEN_STATES, DueIn
from feedback.models import Feedback, Task
from feedback.models.feedback import FeedbackQuerySet
from feedback.selectors.queue import queue_url
from feedback.selectors.tasks import tasks_visible_to
from feedback.services.followup import UNHAPPY

SHOWN = 3  # rows of each kind
UNHAPPY_DAYS = 30


@dataclass(frozen=True, slots=True)
class Row:
    """One record; `at` is when it is (was) due, or when the customer rated it. The page behind
    `url` knows the list, where that has the same order."""

    feedback: Feedback
    at: datetime
    url: str
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
    late = Q(state__in=OPEN_STATES, reply_due_at__lt=now)
    soon = Q(state__in=OPEN_STATES, reply_due_at__range=(now, now + timedelta(hours=1)))
    angry = _unhappy_key_customers(now)
    counts = records.open().aggregate(late=rows_where(late), soon=rows_where(soon))
    since = last_days(UNHAPPY_DAYS, today(now)).first
    tasks = _open_tasks(user, choice)
    late_url = queue_url(view="overdue", **choice.in_queue)
    soon_url = queue_url(due=DueIn.HOUR, **choice.in_queue)
    angry_url = queue_url(
        tier=Tier.KEY, score=range(1, UNHAPPY + 1), rated_from=since, **choice.in_queue
    )
    concerns = (
        Concern("overdue", Counted(counts["late"], late_url), _due_rows(records, late, late_url)),
        Concern("due_soon", Counted(counts["soon"], soon_url), _due_rows(records, soon, soon_url)),
        Concern(
            "unhappy",
            Counted(records.of_customers().filter(angry).count(), angry_url),
            _rated_rows(records.of_customers().filter(angry)),
        ),
        Concern("task", Counted(tasks.count(), _tasks_url(choice)), _task_rows(tasks)),
    )
    return tuple(one for one in concerns if one.all.count)


def _due_rows(records: FeedbackQuerySet, condition: Q, list_url: str) -> tuple[Row, ...]:
    query = list_url.partition("?")[2]
    return tuple(
        Row(
            one,
            one.reply_due_at,
            f"{one.get_absolute_url()}?{urlencode({'list': query, 'at': at})}",
        )
        for at, one in enumerate(_listed(records.open().filter(condition), "reply_due_at"), 1)
        if one.reply_due_at is not None
    )


def _rated_rows(records: FeedbackQuerySet) -> tuple[Row, ...]:
    return tuple(
        Row(one, one.satisfaction_at, one.get_absolute_url(), one.satisfaction)
        for one in _listed(records, "-satisfaction_at")
        if one.satisfaction_at is not None
    )


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
    tasks = tasks_visible_to(user).filter(done_at=None)
    return tasks.filter(feedback__team=choice.team) if choice.is_narrowed else tasks


def _tasks_url(choice: Choice) -> str:
    """The list of tasks cannot be narrowed to a team."""
    return "" if choice.is_narrowed else f"{reverse('feedback:tasks')}?whose=team"


def _task_rows(tasks: QuerySet[Task]) -> tuple[Row, ...]:
    found = tasks.select_related("feedback__customer").order_by("due_at", "pk")[:SHOWN]
    return tuple(Row(one.feedback, one.due_at, one.feedback.get_absolute_url()) for one in found)
