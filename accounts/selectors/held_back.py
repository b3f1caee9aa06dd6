"""What keeps mail from leaving: all of it (OutgoingQueue) or automatic mail only (MailStop)."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from accounts.models import MailStop, OutgoingQueue
from accounts.selectors.mail_limits import stop_in_force

# A server that is away for a moment is nobody's business.
TOLD_AFTER = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class HeldBack:
    """`queue`: how it goes with all mail; None before the first one. `stop`: of automatic mail."""

    queue: OutgoingQueue | None
    stop: MailStop | None

    def is_worth_a_word(self, now: datetime | None = None) -> bool:
        """Whether somebody should hear of it who did not ask."""
        if self.stop is not None:
            return True
        if self.queue is None:
            return False
        since = self.queue.failing_since
        in_trouble = since is not None and since <= (now or timezone.now()) - TOLD_AFTER
        return self.queue.held_at is not None or in_trouble


def held_back() -> HeldBack:
    """As it is at the moment; two statements."""
    queue = OutgoingQueue.objects.select_related("held_by").filter(pk=OutgoingQueue.ONLY).first()
    return HeldBack(queue, stop_in_force())
