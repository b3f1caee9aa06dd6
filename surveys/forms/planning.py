from collections.abc import Iterator
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import User
from surveys.enums import CollectorChannel, PlanStep
from surveys.models import SurveyPlan
from surveys.services.planning import StepWanted

METHODS = [
    (one.value, one.label)
    for one in CollectorChannel
    if one not in {CollectorChannel.API, CollectorChannel.FOLLOW_UP, CollectorChannel.IMPORT}
]


class PlanForm(forms.ModelForm):
    """A plan with its timetable: three fields for each step."""

    channels = forms.MultipleChoiceField(
        label=_("Methods"),
        choices=METHODS,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    class Meta:
        model = SurveyPlan
        fields = [
            "goal", "audience", "population", "channels", "opens_on", "closes_on",
            "margin", "confidence", "response_rate",
        ]  # fmt: skip
        labels = {
            "opens_on": pgettext_lazy("a day", "From"),
            "closes_on": pgettext_lazy("a day", "To"),
        }
        widgets = {
            "goal": forms.Textarea(attrs={"rows": 3}),
            "opens_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "closes_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        there = {}
        if self.instance.pk is not None:
            there = {one.step: one for one in self.instance.steps.all()}
        people = User.objects.filter(is_active=True).order_by("name", "pk")
        for step in PlanStep:
            one = there.get(step)
            self._add(
                step, "due_on", _date(pgettext_lazy("a step of a plan", "Due"), one and one.due_on)
            )
            self._add(
                step,
                "owner",
                forms.ModelChoiceField(
                    people,
                    label=pgettext_lazy("a step of a plan", "Whose"),
                    required=False,
                    initial=one and one.owner_id,
                ),
            )
            self._add(step, "done_on", _date(_("Done"), one and one.done_on))

    def _add(self, step: PlanStep, name: str, field: forms.Field) -> None:
        self.fields[f"{step}_{name}"] = field

    @property
    def steps(self) -> Iterator[tuple[str, list[BoundField]]]:
        """(name of the step, its three fields)."""
        for step in PlanStep:
            names = ("due_on", "owner", "done_on")
            yield str(step.label), [self[f"{step}_{name}"] for name in names]

    def wanted_steps(self) -> dict[str, StepWanted]:
        given = self.cleaned_data
        return {
            step: StepWanted(
                given[f"{step}_due_on"], given[f"{step}_owner"], given[f"{step}_done_on"]
            )
            for step in PlanStep
        }


def _date(label: Any, initial: Any) -> forms.DateField:
    return forms.DateField(
        label=label,
        required=False,
        initial=initial,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
