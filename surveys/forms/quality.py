"""What staff type about the quality of responses: a decision, and the rules of a survey."""

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from surveys.enums import DataType, QualityFlag, Verdict
from surveys.forms.frame import Entries
from surveys.forms.logic_rows import LogicRows
from surveys.logic.checks import check
from surveys.logic.expression import LogicInvalid
from surveys.logic.reading import parse
from surveys.models import QualityRules, Question, Survey
from surveys.rules.quality import ALWAYS
from surveys.selectors.outline import Names
from surveys.services.deciding import LONGEST_REASON

CANNOT_HOLD = "no"  # prefix of the fields of contradictions


class DecisionForm(forms.Form):
    verdict = forms.ChoiceField(choices=Verdict.choices, required=False)
    reason = forms.CharField(
        label=_("Reason"), required=False, max_length=LONGEST_REASON, strip=True
    )


class ReasonForm(forms.Form):
    """Why answers are corrected."""

    reason = forms.CharField(
        label=_("Why is it corrected?"),
        max_length=LONGEST_REASON,
        strip=True,
        help_text=_("Others read it in the history of the response."),
    )


class QualityRulesForm(forms.ModelForm):
    """Thresholds, what is looked for, and what becomes of what is found."""

    looked_for = forms.MultipleChoiceField(
        label=_("Looked for"),
        choices=[one for one in QualityFlag.choices if one[0] not in ALWAYS],
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Programs that give themselves away are always held back."),
    )
    turned_rows = forms.MultipleChoiceField(
        label=_("Rows that say the opposite of the others"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Whoever answers these like all others has hardly read them."),
    )

    class Meta:
        model = QualityRules
        fields = [
            "policy", "hold_from", "item_seconds", "reading_factor", "median_percent",
            "median_needs", "straight_rows", "text_weight", "like_percent", "turned_rows",
        ]  # fmt: skip
        widgets = {"policy": forms.RadioSelect}
        help_texts = {
            "policy": _("Nothing is ever thrown away; staff decide in both cases."),
            "hold_from": _("Each flag weighs 1 to 5 points; only asked where they are held back."),
        }

    def __init__(self, data: QueryDict | None, *, instance: QualityRules) -> None:
        super().__init__(data, instance=instance)
        off = set(instance.off)
        self.fields["looked_for"].initial = [one for one in QualityFlag.values if one not in off]
        turned: Any = self.fields["turned_rows"]
        turned.choices = rows_of(instance.survey)

    def clean(self) -> dict[str, Any]:
        super().clean()
        wanted = set(self.cleaned_data.get("looked_for") or ())
        self.instance.off = [one for one in QualityFlag.values if one not in wanted | ALWAYS]
        return self.cleaned_data


def rows_of(survey: Survey) -> list[tuple[str, str]]:
    """(code, words) of the rows of matrices that are asked now."""
    rows = Question.objects.filter(
        survey=survey, retired_in=None, data_type=DataType.SINGLE, parent__isnull=False
    )
    return [
        (row.code, f"{row.parent.text if row.parent else ''} – {row.text}")
        for row in rows.select_related("parent").order_by("order", "pk")
    ]


def contradictions_form(
    rules: QualityRules, names: Names, data: QueryDict | None
) -> tuple[Entries, list[str]]:
    """The conditions that cannot hold, each of them to be edited, and those that were typed."""
    given = [{"when": text} for text in rules.contradictions]
    entries = Entries(CANNOT_HOLD, (), names, given, data)
    typed = [logic.text for _number, _values, logic in entries.lines if logic.text]
    return entries, typed


def ensure_they_can_be_asked(entries: Entries, names: Names) -> bool:
    """Whether each condition can be read; what is wrong stands with its own."""
    logics = [logic for _number, _values, logic in entries.lines if logic.text]
    for logic in logics:
        faults = _faults(logic, names)
        if faults:
            logic.faults, logic.is_text = faults, True
    return not any(logic.faults for logic in logics)


def _faults(logic: LogicRows, names: Names) -> list[str]:
    try:
        expression = parse(logic.text, set(names.holds))
    except LogicInvalid as refusal:
        return [problem.message for problem in refusal.problems]
    return [problem.message for problem in check(expression, names.holds)]
