"""When an answer is due. The first form of the promise: calendar hours by priority."""

from datetime import datetime, timedelta

from feedback.enums import Priority

# Urgent and important within 24 hours (article, 2.2.3).
ANSWER_WITHIN: dict[int, timedelta] = {
    Priority.URGENT: timedelta(hours=24),
    Priority.HIGH: timedelta(hours=24),
    Priority.NORMAL: timedelta(hours=48),
    Priority.LOW: timedelta(hours=72),
}


def answer_due(waiting_since: datetime | None, priority: int) -> datetime | None:
    """The moment by which a customer who waits since `waiting_since` has our answer; None when
    nobody waits."""
    return None if waiting_since is None else waiting_since + ANSWER_WITHIN[priority]
