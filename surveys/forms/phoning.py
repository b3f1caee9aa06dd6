from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from config.kernel.punctuation import listed
from surveys.enums import CallOutcome
from surveys.models import CallScript
from surveys.rules.call_scripts import VARIABLES
from surveys.rules.letters import unknown_in

# How a call ends that did not bring all answers.
OUTCOMES = [one for one in CallOutcome if one != CallOutcome.ANSWERED]


class EndOfCallForm(forms.Form):
    """What came of a call that did not bring all answers."""

    outcome = forms.ChoiceField(
        label=_("How did the call end?"),
        choices=[(one.value, one.label) for one in OUTCOMES],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose how the call ended.")},
    )
    again_at = forms.DateTimeField(
        label=_("Call again at"),
        required=False,
        widget=forms.DateTimeInput({"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    note = forms.CharField(
        label=_("Note"),
        required=False,
        max_length=500,
        help_text=_("For colleagues who call next."),
    )

    def clean_again_at(self) -> datetime | None:
        at: datetime | None = self.cleaned_data["again_at"]
        if at is not None and at < timezone.now():
            raise forms.ValidationError(_("That moment has passed."))
        return at

    def clean(self) -> dict[str, Any]:
        super().clean()
        given = self.cleaned_data
        if given.get("outcome") != CallOutcome.LATER:
            given["again_at"] = None
        elif given.get("again_at") is None and "again_at" not in self.errors:
            self.add_error("again_at", _("When did you agree to call again?"))
        if "outcome" in given:
            given["outcome"] = CallOutcome(given["outcome"])
        return given


class CallScriptForm(forms.ModelForm):
    """What is said before the first question."""

    class Meta:
        model = CallScript
        fields = ["intro_zh", "intro_en"]
        widgets = {
            "intro_zh": forms.Textarea(attrs={"rows": 5}),
            "intro_en": forms.Textarea(attrs={"rows": 5}),
        }

    def clean(self) -> dict[str, Any]:
        super().clean()
        for name in self.Meta.fields:
            unknown = unknown_in(str(self.cleaned_data.get(name) or ""), VARIABLES)
            if unknown:
                sentence = _("There is no variable %(names)s.") % {"names": listed(unknown)}
                self.add_error(name, sentence)
        return self.cleaned_data
