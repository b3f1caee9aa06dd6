"""Who is told about a record, who may be, and who is there just now."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.models import User
from accounts.selectors.people import holds
from config.kernel.kept import settings_stamp
from feedback.enums import MAILED_UNLESS_CHOSEN, MailWhen
from feedback.models import Feedback, Follower, Notification, NotificationChoice, Presence

READ = "feedback.view_feedback"
MENTIONABLE_AT_MOST = 200


def may_see(user: User, feedback: Feedback) -> bool:
    """Whether a person would find the record if they looked for it."""
    return (
        user.is_active
        and user.has_perm(READ)
        and Feedback.objects.visible_to(user).filter(pk=feedback.pk).exists()
    )


def people_who_may_see(feedback: Feedback) -> QuerySet[User]:
    """Active people who may read this record, by name: `may_see` as one query."""
    people = User.objects.filter(is_active=True)
    people = people.filter(holds("view_feedback"))
    if feedback.team_id is not None:
        of_team = Q(memberships__team=feedback.team_id) | Q(pk=feedback.assignee_id)
        people = people.filter(of_team | holds("view_every_team"))
    return people.distinct().order_by("name", "pk")


def handle_of(person: User, people: Iterable[User]) -> str:
    """What is written behind the @: the name, or the address where two share the name."""
    same = [one for one in people if one.name.casefold() == person.name.casefold()]
    return person.name if person.name and len(same) == 1 else person.email


def told_about(feedback: Feedback) -> list[int]:
    """Ids of those who follow the record or one that was merged into it; the assignee does,
    unless they stopped."""
    group = Feedback.objects.merged_with(feedback)
    rows = Follower.objects.filter(feedback__in=group.values("pk").order_by())
    follow: set[int] = set()
    stopped: set[int] = set()
    for user_id, stopped_at in rows.values_list("user", "stopped_at"):
        (follow if stopped_at is None else stopped).add(user_id)
    if feedback.assignee_id is not None and feedback.assignee_id not in stopped:
        follow.add(feedback.assignee_id)
    return sorted(follow)


def followers_of(feedback: Feedback) -> list[User]:
    return list(
        User.objects.filter(pk__in=told_about(feedback), is_active=True).order_by("name", "pk")
    )


def notifications_for_list(user: User, *, only_unread: bool) -> QuerySet[Notification]:
    rows = Notification.objects.of(user).select_related("feedback__customer", "actor", "message")
    rows = rows.annotate(settings_stamp=settings_stamp())
    return (rows.filter(read_at=None) if only_unread else rows).order_by("-pk")


def unread_count(user: User, *, at_most: int = 100) -> int:
    """How many wait; it stops counting at `at_most`."""
    return Notification.objects.of(user).filter(read_at=None).order_by()[:at_most].count()


def choices_of(users: Iterable[Any]) -> dict[tuple[int, str], NotificationChoice]:
    """(user id, kind) → what they chose, where they chose."""
    rows = NotificationChoice.objects.filter(user__in=users)
    return {(one.user_id, one.kind): one for one in rows}


def usual_mail(kind: str) -> MailWhen:
    """Of a person who never chose."""
    return MailWhen.SOON if kind in MAILED_UNLESS_CHOSEN else MailWhen.NEVER


@dataclass(frozen=True, slots=True)
class Present:
    name: str
    initials: str
    is_writing: bool


def others_here(feedback: Feedback, user: User, now: datetime | None = None) -> list[Present]:
    """Who else has the record open; those who write come first."""
    rows = (
        Presence.objects.here(now or timezone.now())
        .filter(feedback=feedback)
        .exclude(user=user)
        .select_related("user")
        .order_by("-is_writing", "user__name", "pk")
    )
    return [Present(str(one.user), one.user.initials, one.is_writing) for one in rows]


def who_is_where(
    feedback_ids: Sequence[int], user: User, now: datetime | None = None
) -> dict[int, list[Present]]:
    """The same for many records, of those that `user` may see, in one query."""
    rows = (
        Presence.objects.here(now or timezone.now())
        .filter(feedback__in=Feedback.objects.visible_to(user).filter(pk__in=feedback_ids))
        .exclude(user=user)
        .select_related("user")
        .order_by("-is_writing", "user__name", "pk")
    )
    here: dict[int, list[Present]] = {}
    for one in rows:
        present = Present(str(one.user), one.user.initials, one.is_writing)
        here.setdefault(one.feedback_id, []).append(present)
    return here
