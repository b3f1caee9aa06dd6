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


# Working seconds of a day in the office hours of a fresh installation.
_WORKING_DAY = 27_000
# How long a customer who was answered waits for the next news, and for the solution.
REPORT_WITHIN = {
    Priority.URGENT: _WORKING_DAY,
    Priority.HIGH: 2 * _WORKING_DAY,
    Priority.NORMAL: 3 * _WORKING_DAY,
    Priority.LOW: 5 * _WORKING_DAY,
}
SOLVED_WITHIN = {
    Priority.URGENT: 3 * _WORKING_DAY,
    Priority.HIGH: 5 * _WORKING_DAY,
    Priority.NORMAL: 10 * _WORKING_DAY,
    Priority.LOW: 15 * _WORKING_DAY,
}
