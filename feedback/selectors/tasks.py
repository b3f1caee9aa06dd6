"""What has to be done beside answering, and by whom."""

from django.db.models import Prefetch, Q, QuerySet

from accounts.models import ContactPoint, User
from feedback.models import Feedback, Task

WHOSE = ("mine", "team", "done")
PAGE_SIZE = 25


def tasks_visible_to(user: User) -> QuerySet[Task]:
    """Tasks of the records that a person may see, and their own."""
    visible = Feedback.objects.visible_to(user)
    return Task.objects.filter(Q(feedback__in=visible.values("pk")) | Q(assignee=user))


def tasks_for_list(user: User, whose: str) -> QuerySet[Task]:
    """ "mine": open and given to this person; "team": every open one they may see; "done": the
    finished ones, newest first."""
    tasks = tasks_visible_to(user)
    match whose:
        case "mine":
            tasks = tasks.filter(done_at=None, assignee=user).order_by("due_at", "pk")
        case "team":
            tasks = tasks.filter(done_at=None).order_by("due_at", "pk")
        case _:
            tasks = tasks.exclude(done_at=None).order_by("-done_at", "-pk")
    points = ContactPoint.objects.order_by("kind", "-is_primary", "pk")
    return tasks.select_related(
        "feedback__customer", "feedback__team", "assignee", "done_by"
    ).prefetch_related(Prefetch("feedback__customer__contact_points", queryset=points))


def task_counts(user: User) -> dict[str, int]:
    """How many open tasks are theirs, and how many they may see."""
    tasks = tasks_visible_to(user).filter(done_at=None)
    return {"mine": tasks.filter(assignee=user).count(), "team": tasks.count()}
