"""One line of history for each thing that happens to a problem or a measure."""

from typing import Any

from accounts.models import User
from analytics.enums import ImprovementEvent
from analytics.models import ImprovementEntry, Measure, Problem
from config.kernel.live import tell_pages

LIVE = "improvement"


def tell(
    problem_id: int,
    event: ImprovementEvent,
    *,
    by: User | None,
    measure: Measure | None = None,
    note: str = "",
    **data: Any,
) -> ImprovementEntry:
    """Inside another service. `data` holds codes, ids and numbers, never translated words."""
    entry = ImprovementEntry.objects.create(
        problem_id=problem_id,
        measure=measure,
        event=event,
        actor=by,
        actor_name=by.name if by else "",
        note=note.strip(),
        data=data,
    )
    tell_pages(LIVE, id=problem_id)
    return entry


def lock_problem(pk: int) -> Problem:
    """Raises Problem.DoesNotExist."""
    return Problem.objects.select_for_update(of=["self"]).get(pk=pk)


def lock_measure(pk: int) -> Measure:
    """With its problem. Raises Measure.DoesNotExist."""
    found = Measure.objects.select_for_update(of=["self"]).select_related("problem")
    return found.get(pk=pk)
