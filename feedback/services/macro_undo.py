"""Taking a macro back as one: everything that it did, or nothing."""

from typing import Any

from django.db import transaction

from accounts.models import Team, User
from feedback.enums import TimelineKind
from feedback.errors import AlreadyDone, Stale
from feedback.models import Category, Feedback, Message, Task, TimelineEntry
from feedback.services.assignment import assign_feedback
from feedback.services.details import set_category, set_priority, set_tags
from feedback.services.records import lock, save_change, tell
from feedback.services.replies import recall_reply
from feedback.services.workflow import put_back


@transaction.atomic
def take_back_macro(feedback_id: int, *, by: User, version: int, did: dict[str, Any]) -> Feedback:
    """`did` is what `run_macro` gave: what the record had before, and the ids of what was made.

    Raises Stale when anybody changed the record since, TooLateToRecall when the answer has left,
    AlreadyDone when the task was done; then everything stays as it is.
    """
    feedback = lock(feedback_id)
    if feedback.version != version:
        raise Stale(feedback.version)
    if did["message"] is not None:
        recall_reply(did["message"], by=by, into_editor=False)
    if did["status"] is not None:
        put_back(lock(feedback_id), TimelineEntry.objects.get(pk=did["status"]), by=by)
    person, team = did["assign"]
    assign_feedback(
        feedback_id,
        by=by,
        assignee=User.objects.filter(pk=person).first(),
        team=Team.objects.filter(pk=team).first(),
    )
    category = Category.objects.filter(pk=did["category"]).first()
    set_category(feedback_id, by=by, category=category)
    set_priority(feedback_id, by=by, priority=did["priority"])
    set_tags(feedback_id, by=by, names=did["tags"])
    _take_back_tasks(did["tasks"])
    Message.objects.filter(pk__in=did["notes"]).update(is_recalled=True)
    feedback = lock(feedback_id)
    save_change(feedback)
    tell(feedback, TimelineKind.MACRO, by=by, undone=True, **did["name"])
    return feedback


def _take_back_tasks(ids: list[int]) -> None:
    tasks = Task.objects.filter(pk__in=ids).select_for_update()
    if any(task.done_at is not None for task in tasks):
        raise AlreadyDone
    tasks.delete()
