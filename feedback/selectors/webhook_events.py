"""What webhooks are told about records and tasks: each line of a timeline is one event, or none.

The lines are noted by a trigger (migration webhooks), so nothing that has a timeline entry can
be forgotten.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from django.conf import settings
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import WebhookEvent
from accounts.selectors.webhook_events import EventType, Happening, actor_data
from feedback.enums import Priority, TimelineKind
from feedback.models import Feedback, Message, Task, TimelineEntry

TIMELINE = "timeline"
_FEEDBACK, _TASKS = pgettext_lazy("many records", "Feedback"), _("Tasks")
FEEDBACK_EVENTS = (
    EventType("feedback.created", _("Feedback has arrived"), _FEEDBACK),
    EventType("feedback.message_created", _("There is a new message or note"), _FEEDBACK),
    EventType("feedback.status_changed", _("The status changed"), _FEEDBACK),
    EventType("feedback.assigned", _("It was given to somebody, or to another team"), _FEEDBACK),
    EventType("feedback.updated", _("Something else about it changed"), _FEEDBACK),
    EventType("feedback.merged", _("Records were merged, or parted again"), _FEEDBACK),
    EventType("feedback.rated", _("The customer rated the solution"), _FEEDBACK),
    EventType("feedback.assessed", _("The machine has read it"), _FEEDBACK),
    EventType("feedback.reviewed", _("Somebody said how right that was"), _FEEDBACK),
    EventType("feedback.overdue", _("What was promised did not happen in time"), _FEEDBACK),
    EventType("task.created", _("A task was planned"), _TASKS),
    EventType("task.updated", _("A task was postponed or given to somebody"), _TASKS),
    EventType("task.done", _("A task was done"), _TASKS),
)
_TYPES = {
    TimelineKind.RECEIVED: "feedback.created",
    TimelineKind.MESSAGE_IN: "feedback.message_created",
    TimelineKind.REPLIED: "feedback.message_created",
    TimelineKind.NOTED: "feedback.message_created",
    TimelineKind.STATUS: "feedback.status_changed",
    TimelineKind.REOPENED: "feedback.status_changed",
    TimelineKind.ASSIGNED: "feedback.assigned",
    TimelineKind.RATED: "feedback.rated",
    TimelineKind.MERGED: "feedback.merged",
    TimelineKind.ASSESSED: "feedback.assessed",
    TimelineKind.REVIEWED: "feedback.reviewed",
}
# Of no use to anybody outside.
_UNTOLD = {
    TimelineKind.ACKNOWLEDGED,
    TimelineKind.DELIVERY,
    TimelineKind.SCHEDULED,
    TimelineKind.SURVEY,
}
# Whose `before` and `after` mean something to a program elsewhere: codes, or {"assignee", "team"}.
_BOTH_SIDES = {TimelineKind.STATUS, TimelineKind.REOPENED, TimelineKind.ASSIGNED}
# Details of a timeline entry that are codes and ids, under the names they have there.
_TOLD_DETAILS = (
    "before", "after", "fields", "recalled", "automatic", "undone", "overall", "solved",
    "metric", "due", "reason", "until", "channel", "into", "source", "other", "side",
    "confidence", "applied", "mood", "urgency", "same",
)  # fmt: skip


def read_timeline(events: Sequence[WebhookEvent]) -> dict[int, Happening]:
    entries = (
        TimelineEntry.objects.select_related(
            "actor", "feedback__status", "feedback__category", "feedback__product",
            "feedback__team", "feedback__assignee",
        ).in_bulk({event.object_id for event in events})
    )  # fmt: skip
    messages = Message.objects.in_bulk(_named(entries, "message"))
    tasks = Task.objects.in_bulk(_named(entries, "task"))
    found = {}
    for event in events:
        entry = entries.get(event.object_id)
        kind = type_of(entry) if entry is not None else None
        if entry is None or kind is None:
            continue
        data: dict[str, Any] = {"feedback": feedback_data(entry.feedback)}
        data["change"] = change_data(entry)
        if message := messages.get(entry.data.get("message") or 0):
            data["message"] = message_data(message)
        if task := tasks.get(entry.data.get("task") or 0):
            data["task"] = task_data(task)
        data["actor"] = actor_data(entry.actor)
        about = f"#{entry.feedback.number}"
        found[event.pk] = Happening(kind, entry.at, data, about, entry.feedback)
    return found


def _named(entries: Mapping[int, TimelineEntry], name: str) -> set[int]:
    return {entry.data[name] for entry in entries.values() if entry.data.get(name)}


def change_data(entry: TimelineEntry) -> dict[str, Any]:
    """What changed, in codes and ids."""
    told = {name: entry.data[name] for name in _TOLD_DETAILS if name in entry.data}
    if entry.kind == TimelineKind.PRIORITY:
        told |= {one: Priority(told[one]).name.lower() for one in ("before", "after")}
    elif entry.kind not in _BOTH_SIDES:
        told = {name: told[name] for name in told if name not in {"before", "after"}}
    return {"what": entry.kind, **told}


def type_of(entry: TimelineEntry) -> str | None:
    """The event that a line of the timeline is; None when it is none."""
    kind, data = entry.kind, entry.data
    if kind in _UNTOLD:
        return None
    if kind == TimelineKind.SLA:
        return "feedback.overdue" if data.get("what") == "breached" else None
    if kind == TimelineKind.TASK:
        if data.get("done"):
            return "task.done"
        return "task.updated" if {"until", "assignee"} & set(data) else "task.created"
    if data.get("recalled") or (kind == TimelineKind.MESSAGE_IN and "message" not in data):
        return "feedback.updated"
    return _TYPES.get(TimelineKind(kind), "feedback.updated")


def feedback_data(feedback: Feedback) -> dict[str, Any]:
    """As GET /feedback/NUMBER/ gives it, without words and names of customers: whoever needs
    them asks there, with a token of their own."""
    priority = Priority(feedback.priority)
    return {
        "number": feedback.number,
        "url": settings.SITE_URL + feedback.get_absolute_url(),
        "channel": feedback.channel,
        "language": feedback.language,
        "status": feedback.status.code,
        "state": feedback.state,
        "priority": priority.name.lower(),
        "customer": {"id": feedback.customer_id},
        "category": feedback.category and feedback.category.code,
        "product": feedback.product and feedback.product.code,
        "team": feedback.team
        and {
            "id": feedback.team.pk,
            "name_zh": feedback.team.name_zh,
            "name_en": feedback.team.name_en,
        },
        "assignee": actor_data(feedback.assignee),
        "journey_stage": feedback.journey_stage,
        "received_at": _moment(feedback.received_at),
        "reply_due_at": _moment(feedback.reply_due_at),
        "first_response_at": _moment(feedback.first_response_at),
        "resolved_at": _moment(feedback.resolved_at),
        "closed_at": _moment(feedback.closed_at),
        "reopened_count": feedback.reopened_count,
        "version": feedback.version,
    }


def message_data(message: Message) -> dict[str, Any]:
    return {
        "id": message.pk,
        "direction": message.direction,
        "channel": message.channel,
        "is_automatic": message.is_automatic,
        "is_recalled": message.is_recalled,
        "created_at": _moment(message.created_at),
    }


def task_data(task: Task) -> dict[str, Any]:
    return {
        "id": task.pk,
        "kind": task.kind,
        "reason": task.reason,
        "assignee": task.assignee_id and {"id": task.assignee_id},
        "due_at": _moment(task.due_at),
        "done_at": _moment(task.done_at),
    }


def _moment(at: Any) -> str | None:
    """As the API writes it."""
    return None if at is None else localtime(at).isoformat()
