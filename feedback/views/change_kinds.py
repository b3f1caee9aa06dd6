"""What can be changed in place on the page of a record, each by one form and one service."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.rules.custom_values import say_value
from accounts.selectors.custom_fields import field_book
from config.kernel.punctuation import listed
from feedback.enums import Priority
from feedback.forms.custom_inputs import values_in
from feedback.forms.custom_values import FieldsForm
from feedback.forms.record import (
    AboutForm,
    AssigneeForm,
    CategoryForm,
    HoldForm,
    PriorityForm,
    ReopenForm,
    SeenForm,
    SnoozeForm,
    StatusForm,
    TagsForm,
    TeamForm,
)
from feedback.models import Feedback
from feedback.services.assignment import assign_feedback, may_work_in
from feedback.services.custom_values import set_custom_values
from feedback.services.details import set_about, set_category, set_priority, set_tags
from feedback.services.holds import hold_record, release_record
from feedback.services.reopening import reopen_closed
from feedback.services.snoozing import put_snooze, snooze_of
from feedback.services.workflow import change_status

ABOUT = ("subject", "product", "order_number", "place", "journey_stage")


Both = tuple[Any, Any, Any]  # label, as it is now, as somebody wants it


@dataclass(frozen=True, slots=True)
class Change:
    """One kind of change. `write` calls the service with the cleaned data; `before` is what
    services.undo needs to give back (`undo` is its name there, "" = cannot be undone);
    `both` words what the record has beside what the person asked for, field by field.
    `permission`: asked for beside the right to change records."""

    label: Promise
    form: type[SeenForm]
    write: Callable[[Feedback, User, dict[str, Any]], Feedback]
    before: Callable[[Feedback], Any]
    undo: str
    both: Callable[[Feedback, dict[str, Any]], list[Both]]
    done: Promise
    permission: str = ""
    # What the form wants to know of the record.
    about: Callable[[Feedback], dict[str, Any]] = field(default=lambda _one: {})


def _assign(feedback: Feedback, user: User, data: dict[str, Any]) -> Feedback:
    return assign_feedback(
        feedback.pk,
        by=user,
        assignee=data["assignee"],
        team=feedback.team,
        version=data["version"],
    )


def _move(feedback: Feedback, user: User, data: dict[str, Any]) -> Feedback:
    team, assignee = data["team"], feedback.assignee
    if team is not None and assignee is not None and not may_work_in(assignee, team):
        assignee = None
    return assign_feedback(
        feedback.pk, by=user, assignee=assignee, team=team, version=data["version"]
    )


def _both_fields(feedback: Feedback, data: dict[str, Any]) -> list[Both]:
    definitions, now = field_book().all_of("feedback"), feedback.custom
    return [
        (about.name, say_value(about, now.get(code)) or "–", say_value(about, wanted) or "–")
        for code, wanted in values_in(data).items()
        if (about := definitions[code]) and now.get(code) != wanted
    ]


def _whose(feedback: Feedback) -> Any:
    return [feedback.assignee_id, feedback.team_id]


def _moment(at: datetime | None) -> str:
    return date_format(timezone.localtime(at), "SHORT_DATETIME_FORMAT") if at else "–"


def tag_names(feedback: Feedback) -> list[str]:
    return sorted(tag.name for tag in feedback.tags.all())


CHANGES: dict[str, Change] = {
    "status": Change(
        label=_("Status"),
        form=StatusForm,
        write=lambda one, user, data: change_status(
            one.pk, by=user, status=data["status"], version=data["version"]
        ),
        before=lambda one: one.status_id,
        undo="status",
        both=lambda one, data: [(_("Status"), one.status, data["status"])],
        done=_("Status changed."),
    ),
    "snooze": Change(
        label=_("Snooze"),
        form=SnoozeForm,
        write=lambda one, user, data: put_snooze(
            one.pk, by=user, until=data["until"], version=data["version"]
        ),
        before=snooze_of,
        undo="snooze",
        both=lambda one, data: [
            (_("Snoozed until"), _moment(one.snoozed_until), _moment(data["until"]))
        ],
        done=_("Snooze changed."),
    ),
    "reopen": Change(
        label=_("Reopen"),
        form=ReopenForm,
        write=lambda one, user, data: reopen_closed(
            one.pk, by=user, reason=data["reason"], version=data["version"]
        ),
        before=lambda one: one.status_id,
        undo="status",
        both=lambda one, data: [(_("Status"), one.status, _("Reopen"))],
        done=_("Reopened."),
        permission="feedback.reopen_closed_feedback",
    ),
    "hold": Change(
        label=_("Legal hold"),
        form=HoldForm,
        write=lambda one, user, data: (
            release_record(one.pk, by=user, version=data["version"])
            if data["release"]
            else hold_record(one.pk, by=user, reason=data["reason"], version=data["version"])
        ),
        before=lambda one: None,
        undo="",
        both=lambda one, data: [(_("Legal hold"), "", data["reason"] or "–")],
        done=_("Legal hold changed."),
        permission="feedback.add_legalhold",
    ),
    "priority": Change(
        label=_("Priority"),
        form=PriorityForm,
        write=lambda one, user, data: set_priority(
            one.pk, by=user, priority=data["priority"], version=data["version"]
        ),
        before=lambda one: one.priority,
        undo="priority",
        both=lambda one, data: [
            (_("Priority"), one.get_priority_display(), Priority(data["priority"]).label)
        ],
        done=_("Priority changed."),
    ),
    "assignee": Change(
        label=_("Assignee"),
        form=AssigneeForm,
        write=_assign,
        before=_whose,
        undo="assign",
        both=lambda one, data: [
            (_("Assignee"), one.assignee or _("nobody"), data["assignee"] or _("nobody"))
        ],
        done=_("Assigned."),
    ),
    "team": Change(
        label=_("Team"),
        form=TeamForm,
        write=_move,
        before=_whose,
        undo="assign",
        both=lambda one, data: [(_("Team"), one.team or "–", data["team"] or "–")],
        done=_("Handed over."),
    ),
    "category": Change(
        label=_("Category"),
        form=CategoryForm,
        write=lambda one, user, data: set_category(
            one.pk, by=user, category=data["category"], version=data["version"]
        ),
        before=lambda one: one.category_id,
        undo="category",
        both=lambda one, data: [(_("Category"), one.category or "–", data["category"] or "–")],
        done=_("Category changed."),
    ),
    "tags": Change(
        label=_("Tags"),
        form=TagsForm,
        write=lambda one, user, data: set_tags(
            one.pk, by=user, names=data["tags"], version=data["version"]
        ),
        before=tag_names,
        undo="tag",
        both=lambda one, data: [
            (_("Tags"), listed(tag_names(one)) or "–", listed(data["tags"]) or "–")
        ],
        done=_("Tags changed."),
    ),
    "about": Change(
        label=_("Details"),
        form=AboutForm,
        write=lambda one, user, data: set_about(
            one.pk,
            by=user,
            version=data["version"],
            **{name: data[name] for name in ABOUT},
        ),
        before=lambda one: None,
        undo="",
        both=lambda one, data: [
            (AboutForm.base_fields[name].label, getattr(one, name) or "–", data[name] or "–")
            for name in ABOUT
            if getattr(one, name) != data[name]
        ],
        done=_("Details changed."),
    ),
    "fields": Change(
        label=_("Fields"),
        form=FieldsForm,
        about=lambda one: {"record": one},
        write=lambda one, user, data: set_custom_values(
            one.pk, by=user, values=values_in(data), version=data["version"]
        ),
        before=lambda one: None,
        undo="",
        both=_both_fields,
        done=_("Fields changed."),
    ),
}
