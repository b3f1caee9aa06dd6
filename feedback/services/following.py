"""Following a record: by one's own wish, or because one has to do with it."""

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from feedback.enums import FollowReason
from feedback.models import Follower
from feedback.services.batch import through


@transaction.atomic
def follow(feedback_id: int, *, by: User) -> Follower:
    """Be told what happens to a record. Following twice is following."""
    follower, is_new = Follower.objects.get_or_create(
        feedback_id=feedback_id, user=by, defaults={"reason": FollowReason.ASKED}
    )
    if not is_new and follower.stopped_at is not None:
        follower.stopped_at, follower.reason = None, FollowReason.ASKED
        follower.save(update_fields=["stopped_at", "reason"])
    return follower


@transaction.atomic
def unfollow(feedback_id: int, *, by: User) -> None:
    """No longer be told, except of mentions; answering does not begin it again."""
    Follower.objects.update_or_create(
        feedback_id=feedback_id,
        user=by,
        defaults={"stopped_at": timezone.now()},
        create_defaults={"stopped_at": timezone.now(), "reason": FollowReason.ASSIGNED},
    )


def follows_now(feedback_id: int, user_ids: Iterable[int], reason: FollowReason) -> None:
    """Inside another service: these people have to do with the record from now on. Who stopped
    following stays away."""
    through(feedback_id).follow(feedback_id, user_ids, reason)
