from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Team, User
from feedback.enums import Priority, State
from feedback.models import Status

KEEP = ("", _("Leave as it is"))


class BulkForm(forms.Form):
    """What is to be done with the chosen records: one of its fields is filled."""

    assignee = forms.CharField(label=_("Assignee"), required=False)
    team = forms.ModelChoiceField(Team.objects.active(), label=_("Team"), required=False)
    status = forms.ModelChoiceField(
        Status.objects.active().exclude(state=State.MERGED), label=_("Status"), required=False
    )
    priority = forms.TypedChoiceField(
        label=_("Priority"),
        choices=[KEEP, *reversed(Priority.choices)],
        coerce=int,
        empty_value=None,
        required=False,
    )
    tag = forms.CharField(label=_("Add a tag"), max_length=60, required=False)

    def __init__(self, data: Any = None, *, user: User) -> None:
        super().__init__(data)
        self.user = user
        people = User.objects.filter(is_active=True).order_by("name")
        offered = [KEEP, ("me", _("Me")), ("none", _("Nobody"))]
        self.fields["assignee"] = forms.ChoiceField(
            label=_("Assignee"),
            required=False,
            choices=[*offered, *((str(one.pk), one.name) for one in people)],
        )
        for name in ("team", "status"):
            cast("forms.ModelChoiceField[Any]", self.fields[name]).empty_label = str(KEEP[1])
        self.order_fields(["assignee", "team", "status", "priority", "tag"])

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        filled = [name for name in self.fields if data.get(name) not in {None, ""}]
        if not self.errors and len(filled) != 1:
            raise forms.ValidationError(_("Choose one thing to change."))
        data["action"] = filled[0] if filled else ""
        return data

    def person(self) -> User | None:
        """Who is meant by `assignee`; None = nobody."""
        chosen = self.cleaned_data["assignee"]
        if chosen == "me":
            return self.user
        return None if chosen == "none" else User.objects.get(pk=int(chosen))
