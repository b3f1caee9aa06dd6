"""Who has a record open: told by their page every few seconds, forgotten soon after."""

from datetime import timedelta

from django.utils import timezone

from accounts.models import User
from config.kernel.live import tell_pages
from feedback.models import Presence
from feedback.models.presence import GONE_AFTER

FORGOTTEN_AFTER = timedelta(hours=1)


def be_present(feedback_id: int, *, by: User, is_writing: bool) -> None:
    """The person's page says that it is open. Other pages are told only of a change: somebody
    came, began to write or stopped."""
    now = timezone.now()
    before = Presence.objects.filter(feedback=feedback_id, user=by).first()
    Presence.objects.update_or_create(
        feedback_id=feedback_id, user=by, defaults={"is_writing": is_writing, "seen_at": now}
    )
    was_here = before is not None and before.seen_at > now - GONE_AFTER
    if not was_here or before is None or before.is_writing != is_writing:
        tell_pages("presence", id=feedback_id)


def leave(feedback_id: int, *, by: User) -> None:
    """The page was closed."""
    if Presence.objects.filter(feedback=feedback_id, user=by).delete()[0]:
        tell_pages("presence", id=feedback_id)


def forget_the_absent() -> int:
    """Rows of those who left without a word; how many."""
    return Presence.objects.filter(seen_at__lt=timezone.now() - FORGOTTEN_AFTER).delete()[0]
