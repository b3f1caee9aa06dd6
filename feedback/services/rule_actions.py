"""The actions that rules may take, each by the service that a person's click calls, too."""

from collections.abc import Hashable, Mapping
from datetime import timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Team, User, WebhookEndpoint
from feedback.enums import (
    Direction,
    NoticeKind,
    Priority,
    RuleEvent,
    State,
    TaskKind,
    TemplateKind,
    TimelineKind,
)
from feedback.errors import AutomationRefused
from feedback.models import Category, Feedback, Message, ReplyTemplate, Status, Tag
from feedback.rules.actions import Acting, Action, Options, Param, Values, register_action
from feedback.services.assignment import assign_feedback, may_work_in
from feedback.services.automatic_reply import send_automatic_reply
from feedback.services.details import add_tags, set_category, set_priority, set_tags
from feedback.services.notifying import notify
from feedback.services.records import lock, save_change, tell
from feedback.services.sla_watch import leads_of
from feedback.services.tasks import plan_task
from feedback.services.webhooks import call_webhook
from feedback.services.workflow import change_status

_NEVER_SET = (State.MERGED, State.SPAM)


# --- what may be chosen -------------------------------------------------------------------------
def _statuses() -> Options:
    rows = Status.objects.filter(archived_at=None).exclude(state__in=_NEVER_SET)
    return [(one.code, str(one)) for one in rows.order_by("order", "pk")]


def _priorities() -> Options:
    return [(int(value), str(label)) for value, label in reversed(Priority.choices)]


def _categories() -> Options:
    rows = Category.objects.filter(archived_at=None).order_by("path")
    return [(one.code, str(one)) for one in rows]


def _teams() -> Options:
    return [(one.pk, str(one)) for one in Team.objects.active().order_by("pk")]


def _people() -> Options:
    rows = User.objects.filter(is_active=True).order_by("name", "pk")
    return [(one.pk, str(one)) for one in rows]


def _tags() -> Options:
    rows = Tag.objects.filter(archived_at=None).order_by("name")
    return [(one.pk, one.name) for one in rows]


def _templates() -> Options:
    # Everybody's and the teams'; the acknowledgement is sent by itself.
    rows = ReplyTemplate.objects.active().exclude(kind=TemplateKind.ACKNOWLEDGE)
    return [(one.pk, str(one)) for one in rows.order_by("kind", "pk")]


def _webhooks() -> Options:
    return [(one.pk, one.name) for one in WebhookEndpoint.objects.active().order_by("name", "pk")]


def _task_kinds() -> Options:
    return [(value, str(label)) for value, label in TaskKind.choices]


# --- what is done -------------------------------------------------------------------------------
def _set_status(feedback_id: int, values: Values, _acting: Acting) -> str:
    change_status(feedback_id, status=Status.objects.get(code=values["status"]), by=None)
    return ""


def _set_priority(feedback_id: int, values: Values, _acting: Acting) -> str:
    set_priority(feedback_id, by=None, priority=values["priority"])
    return ""


def _set_category(feedback_id: int, values: Values, _acting: Acting) -> str:
    category = Category.objects.get(code=values["category"])
    set_category(feedback_id, by=None, category=category)
    return ""


def _assign_team(feedback_id: int, values: Values, _acting: Acting) -> str:
    """Whoever takes care of it keeps it if they may work there."""
    feedback, team = lock(feedback_id), Team.objects.get(pk=values["team"])
    person = feedback.assignee
    keeps = person is not None and may_work_in(person, team)
    assign_feedback(feedback_id, by=None, assignee=person if keeps else None, team=team)
    return ""


def _assign_person(feedback_id: int, values: Values, _acting: Acting) -> str:
    person = User.objects.get(pk=values["person"])
    assign_feedback(feedback_id, by=None, assignee=person, team=lock(feedback_id).team)
    return ""


def _take_away(feedback_id: int, _values: Values, _acting: Acting) -> str:
    assign_feedback(feedback_id, by=None, assignee=None, team=lock(feedback_id).team)
    return ""


def _add_tag(feedback_id: int, values: Values, _acting: Acting) -> str:
    add_tags(feedback_id, by=None, names=[Tag.objects.get(pk=values["tag"]).name])
    return ""


def _remove_tag(feedback_id: int, values: Values, _acting: Acting) -> str:
    left = lock(feedback_id).tags.exclude(pk=values["tag"])
    set_tags(feedback_id, by=None, names=[tag.name for tag in left])
    return ""


def _reply(feedback_id: int, values: Values, acting: Acting) -> str:
    template = ReplyTemplate.objects.active().filter(pk=values["template"]).first()
    if template is None:
        raise AutomationRefused(_("The template is gone."))
    key = f"rule:{acting.rule_id}:{feedback_id}:{acting.key}:{template.pk}"
    return send_automatic_reply(feedback_id, template=template, dedupe_key=key)


def _note(feedback_id: int, values: Values, acting: Acting) -> str:
    add_rule_note(lock(feedback_id), values["text"], name=acting.name)
    return ""


def add_rule_note(feedback: Feedback, text: str, *, name: str, **why: Any) -> Message:
    """A note on a locked record that a program writes; `name` stands where the author does."""
    note = Message.objects.create(
        feedback=feedback,
        direction=Direction.NOTE,
        channel=feedback.channel,
        author_name=name,
        text=text,
    )
    save_change(feedback)
    tell(feedback, TimelineKind.NOTED, message=note.pk, **why)
    return note


def _tell_assignee(feedback_id: int, values: Values, acting: Acting) -> str:
    person = lock(feedback_id).assignee
    people = [person] if person is not None and person.is_active else []
    return _tell(feedback_id, values, acting, people or leads_of(lock(feedback_id)))


def _tell_leads(feedback_id: int, values: Values, acting: Acting) -> str:
    return _tell(feedback_id, values, acting, leads_of(lock(feedback_id)))


def _tell_person(feedback_id: int, values: Values, acting: Acting) -> str:
    person = User.objects.get(pk=values["person"])
    if not Feedback.objects.visible_to(person).filter(pk=feedback_id).exists():
        return _("%(name)s may not see this record.") % {"name": person}
    return _tell(feedback_id, values, acting, [person])


def _tell(feedback_id: int, values: Values, acting: Acting, people: list[User]) -> str:
    """In the list of each, and by mail unless they chose otherwise; the text is a note."""
    if not people:
        return _("There is nobody to tell.")
    feedback = lock(feedback_id)
    text = values.get("text") or ""
    note = add_rule_note(feedback, text, name=acting.name) if text else None
    told = [one.pk for one in people]
    tell(feedback, TimelineKind.AUTOMATED, what="told", people=told)
    notify(feedback, NoticeKind.RULE, by=None, message=note, to=told)
    return ""


def _call_webhook(feedback_id: int, values: Values, acting: Acting) -> str:
    endpoint = WebhookEndpoint.objects.get(pk=values["endpoint"])
    key = f"rule:{acting.rule_id}:{feedback_id}:{acting.key}"
    record = lock(feedback_id)
    call_webhook(endpoint, record, dedupe_key=key, rule=acting.rule_id)
    tell(record, TimelineKind.AUTOMATED, what="called", webhook=endpoint.name)
    return ""


def _create_task(feedback_id: int, values: Values, _acting: Acting) -> str:
    feedback = lock(feedback_id)
    plan_task(
        feedback_id,
        by=None,
        kind=TaskKind(values["kind"]),
        due_at=timezone.now() + timedelta(hours=values["hours"]),
        assignee=feedback.assignee,
        title=values.get("title") or "",
    )
    return ""


# --- what is left behind, for finding loops -----------------------------------------------------
def _sets_status(values: Values) -> Mapping[str, Hashable]:
    status = Status.objects.filter(code=values.get("status")).first()
    return {"status": status.code, "state": status.state} if status else {}


def _sets_priority(values: Values) -> Mapping[str, Hashable]:
    number = values.get("priority")
    return {"priority": Priority(number).name.lower()} if number in Priority.values else {}


NOTED = frozenset({str(RuleEvent.NOTED)})
_TEXT = Param("text", gettext_lazy("Note"), is_long=True)
_MAYBE_TEXT = Param(
    "text", gettext_lazy("Note on the record (if any)"), is_long=True, required=False
)
_TAG = Param("tag", gettext_lazy("Tag"), _tags, rows_of=Tag)
_PERSON = Param("person", gettext_lazy("Person"), _people, rows_of=User)

ACTIONS = (
    Action(
        "set_status",
        gettext_lazy("Set the status"),
        _set_status,
        (Param("status", gettext_lazy("Status"), _statuses),),
        sets=_sets_status,
    ),
    Action(
        "set_priority",
        gettext_lazy("Set the priority"),
        _set_priority,
        (Param("priority", gettext_lazy("Priority"), _priorities),),
        sets=_sets_priority,
    ),
    Action(
        "set_category",
        gettext_lazy("Set the category"),
        _set_category,
        (Param("category", gettext_lazy("Category"), _categories),),
        sets=lambda values: {"category": values["category"]},
    ),
    Action(
        "assign_team",
        gettext_lazy("Give it to a team"),
        _assign_team,
        (Param("team", gettext_lazy("Team"), _teams, rows_of=Team),),
        sets=lambda values: {"team": values["team"]},
    ),
    Action(
        "assign_person",
        gettext_lazy("Give it to a person"),
        _assign_person,
        (_PERSON,),
        sets=lambda values: {"assignee": values["person"]},
    ),
    Action(
        "take_away",
        gettext_lazy("Take it from whoever has it"),
        _take_away,
        sets=lambda _values: {"assignee": None},
    ),
    Action(
        "add_tag",
        gettext_lazy("Add a tag"),
        _add_tag,
        (_TAG,),
        sets=lambda values: {f"tag:{values['tag']}": True},
    ),
    Action(
        "remove_tag",
        gettext_lazy("Remove a tag"),
        _remove_tag,
        (_TAG,),
        sets=lambda values: {f"tag:{values['tag']}": False},
    ),
    Action(
        "reply",
        gettext_lazy("Write to the customer automatically"),
        _reply,
        (Param("template", gettext_lazy("Template"), _templates, rows_of=ReplyTemplate),),
    ),
    Action("add_note", gettext_lazy("Add a note"), _note, (_TEXT,), adds=NOTED),
    Action(
        "tell_assignee",
        gettext_lazy("Tell whoever takes care of it"),
        _tell_assignee,
        (_MAYBE_TEXT,),
    ),
    Action("tell_leads", gettext_lazy("Tell the leads of the team"), _tell_leads, (_MAYBE_TEXT,)),
    Action("tell_person", gettext_lazy("Tell a person"), _tell_person, (_PERSON, _MAYBE_TEXT)),
    Action(
        "call_webhook",
        gettext_lazy("Call a webhook"),
        _call_webhook,
        (Param("endpoint", gettext_lazy("Webhook"), _webhooks, rows_of=WebhookEndpoint),),
    ),
    Action(
        "create_task",
        gettext_lazy("Plan a task"),
        _create_task,
        (
            Param("kind", gettext_lazy("Kind"), _task_kinds),
            Param("hours", gettext_lazy("Due within hours"), is_number=True, most=2000),
            Param("title", gettext_lazy("What is to be done"), required=False, most=120),
        ),
    ),
)


def register_actions() -> None:
    for action in ACTIONS:
        register_action(action)
