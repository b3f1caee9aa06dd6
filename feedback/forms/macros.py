"""Writing a macro: one field for each kind of change; what is left empty is left alone."""

from typing import Any, cast

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Team, User
from feedback.enums import Priority, State, TaskKind
from feedback.forms.shared_settings import ForWhomForm
from feedback.models import Category, Macro, ReplyTemplate, Status
from feedback.rules.changes import (
    ASSIGNEE,
    LONGEST_NOTE,
    LONGEST_REASON,
    ME,
    MOST_HOURS,
    NOBODY,
)

LEAVE = ("", _("Leave as it is"))


class MacroForm(ForWhomForm):
    status = forms.ChoiceField(label=_("Status"), required=False)
    priority = forms.ChoiceField(
        label=_("Priority"),
        choices=[LEAVE, *((one.name.lower(), one.label) for one in reversed(Priority))],
        required=False,
    )
    category = forms.ChoiceField(label=_("Category"), required=False)
    add_tags = forms.CharField(
        label=_("Add tags"),
        required=False,
        max_length=500,
        help_text=_("Several with commas between them."),
    )
    remove_tags = forms.CharField(label=_("Remove tags"), required=False, max_length=500)
    move_to = forms.ChoiceField(label=_("Team"), required=False)
    assignee = forms.ChoiceField(label=_("Assignee"), required=False)
    task_kind = forms.ChoiceField(
        label=_("Task"), choices=[("", _("None")), *TaskKind.choices], required=False
    )
    task_reason = forms.CharField(label=_("Because"), max_length=LONGEST_REASON, required=False)
    task_hours = forms.IntegerField(
        label=_("Due in hours"), min_value=1, max_value=MOST_HOURS, required=False, initial=24
    )
    task_whose = forms.ChoiceField(
        label=_("For whom"),
        choices=[(ASSIGNEE, _("The assignee")), (ME, _("Whoever runs it"))],
        required=False,
    )
    note = forms.CharField(
        label=_("Internal note"),
        required=False,
        max_length=LONGEST_NOTE,
        widget=forms.Textarea({"rows": 3}),
    )

    class Meta:
        model = Macro
        fields = ["name_zh", "name_en", "template", "after"]

    def __init__(self, data: Any = None, *, user: User, instance: Any) -> None:
        super().__init__(data, user=user, instance=instance)
        self._offer("status", Status.objects.active().exclude(state=State.MERGED), "code")
        self._offer("category", Category.objects.active(), "code")
        self._offer("move_to", Team.objects.active(), "pk")
        self._offer("assignee", User.objects.filter(is_active=True).order_by("name"), "pk")
        whom = cast("forms.ChoiceField", self.fields["assignee"])
        named = list(cast("list[Any]", whom.choices))
        whom.choices = [LEAVE, (ME, _("Whoever runs it")), (NOBODY, _("Nobody")), *named[1:]]
        template = cast("forms.ModelChoiceField[ReplyTemplate]", self.fields["template"])
        offered = ReplyTemplate.objects.for_agent(user)
        if instance.template_id:
            rows = ReplyTemplate.objects.filter(
                Q(pk__in=offered.order_by().values("pk")) | Q(pk=instance.template_id)
            )
            offered = rows.in_order()
        template.queryset = offered
        template.empty_label = str(_("No answer"))
        for name, value in _as_fields(instance.changes).items():
            self.fields[name].initial = value

    def _offer(self, name: str, rows: Any, key: str) -> None:
        field = cast("forms.ChoiceField", self.fields[name])
        field.choices = [LEAVE, *((str(getattr(one, key)), str(one)) for one in rows)]

    @property
    def changes(self) -> list[dict[str, Any]]:
        """What was entered, as rules.changes stores it."""
        data = self.cleaned_data
        found: list[dict[str, Any]] = [
            {"do": do, "to": data[do]} for do in ("category", "priority") if data[do]
        ]
        for do in ("add_tags", "remove_tags"):
            names = [name.strip() for name in data[do].replace("，", ",").split(",")]
            if any(names):
                found.append({"do": do, "to": [name for name in names if name]})
        if data["status"]:
            found.append({"do": "status", "to": data["status"]})
        if data["task_kind"]:
            task = {
                "kind": data["task_kind"],
                "reason": data["task_reason"],
                "hours": data["task_hours"] or 24,
                "whose": data["task_whose"] or ASSIGNEE,
            }
            found.append({"do": "task", "to": task})
        if data["note"].strip():
            found.append({"do": "note", "to": data["note"].strip()})
        if data["move_to"]:
            found.append({"do": "team", "to": int(data["move_to"])})
        if whom := data["assignee"]:
            found.append({"do": "assignee", "to": whom if whom in {ME, NOBODY} else int(whom)})
        return found


def _as_fields(changes: list[dict[str, Any]]) -> dict[str, Any]:
    """Of several tasks or notes, which only programs make, the last."""
    fields: dict[str, Any] = {}
    for change in changes:
        do, to = change["do"], change["to"]
        if do == "task":
            fields |= {f"task_{name}": value for name, value in to.items()}
        elif do in {"add_tags", "remove_tags"}:
            fields[do] = ", ".join(to)
        else:
            fields["move_to" if do == "team" else do] = str(to)
    return fields
