"""How bad a problem is, proposed from the records that show it; a person decides."""

from collections.abc import Iterable
from dataclasses import dataclass

from analytics.metrics.priority import LEVELS


@dataclass(frozen=True, slots=True)
class Shown:
    """So many records of this priority (feedback.enums.Priority, 1..4); `is_bad`: treated as
    negative feedback, or read as negative."""

    count: int
    priority: int
    is_bad: bool = False


def proposed_severity(shown: Iterable[Shown]) -> int | None:
    """1..5, that of the worse quarter of the records (their upper quartile); None without any.

    A record counts 1 (low) to 4 (urgent) by its priority, and one more where it is bad: a problem
    is as bad as a good part of those who have it find it, whatever the milder ones say.
    """
    levels = sorted(
        level for one in shown for level in [min(LEVELS, one.priority + one.is_bad)] * one.count
    )
    if not levels:
        return None
    return levels[min(len(levels) - 1, (3 * len(levels)) // 4)]
