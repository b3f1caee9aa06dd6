"""Several things about one record at once, as a program changes it."""

from typing import Any

from django.db import transaction

from accounts.models import User
from feedback.models import Feedback
from feedback.services.assignment import assign_feedback, may_work_in
from feedback.services.details import set_about, set_category, set_priority, set_tags
from feedback.services.records import lock
from feedback.services.workflow import change_status

ABOUT = ("subject", "product", "order_number", "place", "journey_stage")


@transaction.atomic
def change_feedback(
    feedback_id: int, *, by: User, version: int | None = None, **wanted: Any
) -> Feedback:
    """Only what is named: subject, product, order_number, place, journey_stage, category, tags
    (names), priority, team, assignee, status. All of it or nothing, each told by its own
    service; the status comes last, because what it asks for may be among the rest. Raises what
    they raise, Stale among it."""
    feedback = lock(feedback_id, version=version)
    pk = feedback.pk
    if about := {name: wanted[name] for name in ABOUT if name in wanted}:
        now = {name: getattr(feedback, name) for name in ABOUT}
        set_about(pk, by=by, **(now | about))
    if "category" in wanted:
        set_category(pk, by=by, category=wanted["category"])
    if "tags" in wanted:
        set_tags(pk, by=by, names=wanted["tags"])
    if "priority" in wanted:
        set_priority(pk, by=by, priority=wanted["priority"])
    if "team" in wanted or "assignee" in wanted:
        _give(feedback, wanted, by=by)
    if "status" in wanted:
        change_status(pk, by=by, status=wanted["status"])
    return Feedback.objects.get(pk=pk)


def _give(feedback: Feedback, wanted: dict[str, Any], *, by: User) -> None:
    """Handed to a team without naming a person, it is taken from whoever may not see it there,
    as on the page."""
    team = wanted.get("team", feedback.team)
    assignee = wanted.get("assignee", feedback.assignee)
    if "assignee" not in wanted and assignee is not None and team is not None:
        assignee = assignee if may_work_in(assignee, team) else None
    assign_feedback(feedback.pk, by=by, assignee=assignee, team=team)
