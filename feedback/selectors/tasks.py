"""What has to be done beside answering, and by whom."""

from datetime import datetime, time, timedelta
from typing import Any

from django.db.models import Count, Prefetch, Q, QuerySet
from django.utils import timezone

from accounts.models import ContactPoint, User
from feedback.models import Feedback, Task

WHOSE = ("mine", "team", "today", "overdue", "done")
SORTS: dict[str, tuple[Any, ...]] = {
    "due": ("due_at", "pk"),
    "priority": ("-priority", "due_at", "pk"),
    "newest": ("-pk",),
}
PAGE_SIZE = 25
MOST_IN_A_FILE = 100_000


def tasks_visible_to(user: User) -> QuerySet[Task]:
    """Tasks of the records that a person may see, and their own."""
    visible = Feedback.objects.visible_to(user)
    return Task.objects.filter(Q(feedback__in=visible.values("pk")) | Q(assignee=user))


def _lists(user: User) -> dict[str, Q]:
    now = timezone.now()
    here = timezone.localtime(now)
    midnight = timezone.make_aware(
        datetime.combine(here.date() + timedelta(days=1), time()), here.tzinfo
    )
    waiting = Q(done_at=None)
    return {
        "mine": waiting & Q(assignee=user),
        "team": waiting,
        "today": waiting & Q(due_at__gte=now, due_at__lt=midnight),
        "overdue": waiting & Q(due_at__lt=now),
        "done": Q(done_at__isnull=False),
    }


def tasks_for_list(user: User, whose: str, *, kind: str = "", sort: str = "") -> QuerySet[Task]:
    """ "mine": open and given to this person; "team": every open one they may see, "today" and
    "overdue" those of it; "done": the finished ones, newest first."""
    tasks = tasks_visible_to(user).filter(_lists(user)[whose])
    if kind:
        tasks = tasks.filter(kind=kind)
    usual = ("-done_at", "-pk") if whose == "done" else SORTS["due"]
    points = ContactPoint.objects.order_by("kind", "-is_primary", "pk")
    return (
        tasks.order_by(*(SORTS[sort] if sort else usual))
        .annotate(steps=Count("items"), steps_done=Count("items", Q(items__done_at__isnull=False)))
        .select_related("feedback__customer", "feedback__team", "assignee", "done_by")
        .prefetch_related(Prefetch("feedback__customer__contact_points", queryset=points))
    )


def task_counts(user: User) -> dict[str, int]:
    """How many open tasks each list has for this person."""
    lists = _lists(user)
    del lists["done"]
    tasks = tasks_visible_to(user).filter(done_at=None)
    return tasks.aggregate(**{name: Count("pk", filter=q) for name, q in lists.items()})
