"""What people write about problems and measures."""

from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import User
from analytics.enums import CauseKind, ProblemStatus
from analytics.models import Measure, Problem
from analytics.selectors.improvement_people import people_who_may_own
from analytics.selectors.problem_list import teams_to_choose
from feedback.models import Category

LEVELS = {
    1: pgettext_lazy("severity of a problem", "1 – barely noticed"),
    2: pgettext_lazy("severity of a problem", "2 – a nuisance"),
    3: pgettext_lazy("severity of a problem", "3 – in the way"),
    4: pgettext_lazy("severity of a problem", "4 – serious"),
    5: pgettext_lazy("severity of a problem", "5 – critical"),
}
REACH = {
    1: pgettext_lazy("reach of a problem", "1 – fewer than one in a hundred customers"),
    2: pgettext_lazy("reach of a problem", "2 – 1 to 5 %"),
    3: pgettext_lazy("reach of a problem", "3 – 5 to 10 %"),
    4: pgettext_lazy("reach of a problem", "4 – 10 to 25 %"),
    5: pgettext_lazy("reach of a problem", "5 – a quarter or more"),
}


def _level(label: Any, names: dict[int, Any]) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label=label,
        choices=[("", _("As the evidence says")), *names.items()],
        coerce=int,
        empty_value=None,
        required=False,
    )


class ProblemForm(forms.ModelForm):
    category = forms.ModelChoiceField(
        Category.objects.active(), label=_("Category"), required=False, empty_label="–"
    )
    severity = _level(_("Severity"), LEVELS)
    reach = _level(pgettext_lazy("of a problem", "Reach"), REACH)

    class Meta:
        model = Problem
        fields = ["title", "description", "category", "team", "owner", "severity", "reach"]
        widgets = {"description": forms.Textarea({"rows": 4})}

    def offer(self, user: User) -> None:
        """Teams and people that this person can choose; what is chosen already stays."""
        teams = teams_to_choose(user)
        if self.instance.team_id:
            teams = teams | teams.model.objects.filter(pk=self.instance.team_id)
        cast("forms.ModelChoiceField[Any]", self.fields["team"]).queryset = teams.distinct()
        owner = cast("forms.ModelChoiceField[Any]", self.fields["owner"])
        owner.queryset = people_who_may_own()


class ExistingProblemForm(forms.Form):
    """Evidence for a problem that is there already."""

    problem = forms.ModelChoiceField(Problem.objects.none(), label=_("Problem"), empty_label="–")
    quote = forms.CharField(
        label=_("Words that show it"),
        required=False,
        max_length=1000,
        widget=forms.Textarea({"rows": 2}),
    )

    def offer(self, user: User, *, one: bool) -> None:
        """`one`: of a single record words can be quoted."""
        field = cast("forms.ModelChoiceField[Any]", self.fields["problem"])
        field.queryset = Problem.objects.visible_to(user).open().order_by("-pk")
        if not one:
            del self.fields["quote"]


class MoveProblemForm(forms.Form):
    status = forms.ChoiceField(choices=ProblemStatus.choices)
    note = forms.CharField(max_length=4000, required=False)


class NoteForm(forms.Form):
    text = forms.CharField(
        label=_("Note"), max_length=4000, widget=forms.Textarea({"rows": 2}), required=False
    )


class CauseForm(forms.Form):
    text = forms.CharField(max_length=300, required=False)
    kind = forms.ChoiceField(choices=[("", "–"), *CauseKind.choices], required=False)


class MeasureForm(forms.ModelForm):
    class Meta:
        model = Measure
        fields = [
            "kind", "title", "what", "training_note", "owner", "due_on", "in_force_from",
            "budget",
        ]  # fmt: skip
        widgets = {
            "what": forms.Textarea({"rows": 4}),
            "training_note": forms.Textarea({"rows": 3}),
            "due_on": forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
            "in_force_from": forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        }

    def offer(self) -> None:
        owner = cast("forms.ModelChoiceField[Any]", self.fields["owner"])
        owner.queryset = people_who_may_own()


class StepForm(forms.Form):
    text = forms.CharField(label=_("What is to be done"), max_length=200, required=False)
    assignee = forms.ModelChoiceField(
        User.objects.none(), label=_("Assignee"), required=False, empty_label="–"
    )
    due_on = forms.DateField(
        label=_("Due"), required=False, widget=forms.DateInput({"type": "date"})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = cast("forms.ModelChoiceField[Any]", self.fields["assignee"])
        people.queryset = people_who_may_own()
