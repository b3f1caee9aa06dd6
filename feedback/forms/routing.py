"""What people enter about where feedback goes."""

from collections.abc import Iterable
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Team, User
from feedback.enums import Priority
from feedback.forms.record import TagsForm
from feedback.models import RoutingRule, TeamDistribution


def tag_names(text: str) -> list[str]:
    """Names with commas between them, Chinese ones too."""
    return [name.strip() for name in text.replace("，", ",").split(",") if name.strip()]


class TagNamesField(forms.CharField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            required=False, max_length=500, help_text=TagsForm.base_fields["tags"].help_text,
            **kwargs,
        )  # fmt: skip

    def clean(self, value: Any) -> Any:
        return tag_names(super().clean(value))


class RoutingRuleForm(forms.ModelForm):
    """A rule. That which takes what is left has no condition, no place and no switch."""

    tags = TagNamesField(label=_("Add tags"))

    class Meta:
        model = RoutingRule
        fields = [
            "name_zh", "name_en", "condition", "set_team", "set_assignee", "to_manager",
            "set_priority", "stop", "is_active",
        ]  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.is_catch_all:
            for name in ("condition", "stop", "is_active", "to_manager"):
                del self.fields[name]
        else:
            self.fields["condition"].required = True
        teams = cast("forms.ModelChoiceField[Team]", self.fields["set_team"])
        teams.queryset = Team.objects.active()
        teams.empty_label = "–"
        people = cast("forms.ModelChoiceField[User]", self.fields["set_assignee"])
        people.queryset = User.objects.filter(is_active=True).order_by("name", "pk")
        people.empty_label = "–"
        priority = cast("forms.TypedChoiceField", self.fields["set_priority"])
        priority.choices = [("", "–"), *reversed(Priority.choices)]
        if self.instance.pk:
            names = (tag.name for tag in self.instance.add_tags.all())
            self.fields["tags"].initial = ", ".join(names)


class TeamDistributionForm(forms.ModelForm):
    """How a team works, and what each of its members knows."""

    class Meta:
        model = TeamDistribution
        fields = ["mode", "max_open", "by_skill", "backlog_hours", "unassign_after_minutes"]
        widgets = {"mode": forms.RadioSelect}

    def __init__(
        self, *args: Any, members: Iterable[tuple[User, list[str]]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.members = [person for person, _names in members]
        for person, names in members:
            self.fields[f"skills_{person.pk}"] = TagNamesField(
                label=person.name, initial=", ".join(names)
            )
        self.fields["backlog_hours"].widget.attrs["min"] = 1

    @property
    def skill_fields(self) -> list[tuple[User, forms.BoundField]]:
        return [(person, self[f"skills_{person.pk}"]) for person in self.members]

    @property
    def skills(self) -> dict[User, list[str]]:
        """Person → names of tags, as they were entered."""
        return {one: self.cleaned_data[f"skills_{one.pk}"] for one in self.members}
