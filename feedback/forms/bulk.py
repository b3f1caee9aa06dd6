from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Team, User
from feedback.enums import Priority, State
from feedback.forms.queue import category_choices
from feedback.forms.record import snoozed_until
from feedback.models import Category, Status

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
    snooze = forms.ChoiceField(
        label=_("Snooze"),
        choices=[
            KEEP,
            ("hours", _("In 3 hours")),
            ("tomorrow", _("Tomorrow morning")),
            ("monday", _("Next Monday")),
            ("choose", _("Until this time")),
            ("wake", _("Not any longer")),
        ],
        required=False,
    )
    snooze_until = forms.DateTimeField(
        label=_("Snooze until"),
        required=False,
        widget=forms.DateTimeInput({"type": "datetime-local"}),
    )
    category = forms.ChoiceField(label=_("Category"), required=False)
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
        categories = category_choices(Category.objects.active())
        choices = [KEEP, ("none", _("No category")), *categories]
        cast("forms.ChoiceField", self.fields["category"]).choices = choices
        for name in ("team", "status"):
            cast("forms.ModelChoiceField[Any]", self.fields[name]).empty_label = str(KEEP[1])
        self.order_fields(
            [
                "assignee",
                "team",
                "status",
                "snooze",
                "snooze_until",
                "priority",
                "category",
                "tag",
            ]
        )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        moment = data.pop("snooze_until", None)
        if moment is not None:  # on the page without a script it may be all that is filled
            data["snooze"] = data.get("snooze") or "choose"
        data["until"] = snoozed_until(data.get("snooze", ""), moment)
        if data.get("snooze") == "choose" and data["until"] is None:
            self.add_error("snooze_until", _("Choose a day and a time."))
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

    def kind(self) -> Category | None:
        """Which is meant by `category`; None = none of them."""
        chosen = self.cleaned_data["category"]
        return None if chosen == "none" else Category.objects.get(code=chosen)

    def params(self) -> dict[str, Any]:
        """The value as a job keeps it: by its id."""
        action = self.cleaned_data["action"]
        if action == "assignee":
            person = self.person()
            return {action: person.pk if person else None}
        if action == "category":
            category = self.kind()
            return {action: category.pk if category else None}
        if action == "snooze":
            until = self.cleaned_data["until"]
            return {action: until.isoformat() if until else None}
        value = self.cleaned_data[action]
        return {action: getattr(value, "pk", value)}
