from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from config.kernel.punctuation import listed
from surveys.enums import RewardKind
from surveys.models import Reward
from surveys.rules.letters import OF_WINNERS, unknown_in
from surveys.rules.text_files import decoded

LARGEST_LIST = 20 * 1024 * 1024


class RewardForm(forms.ModelForm):
    class Meta:
        model = Reward
        fields = [
            "kind", "name_zh", "name_en", "note_zh", "note_en", "points", "winners", "draws_on",
            "value", "budget", "is_active",
        ]  # fmt: skip
        widgets = {
            "kind": forms.RadioSelect,
            "draws_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "note_zh": forms.Textarea(attrs={"rows": 2}),
            "note_en": forms.Textarea(attrs={"rows": 2}),
        }
        help_texts = {
            "points": _("Only for points: how many one response brings."),
            "winners": _("Only for a lottery."),
            "draws_on": _("Only for a lottery; empty: once the survey is closed."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Radios without the line “---------”: one of the kinds it is.
        cast("forms.ChoiceField", self.fields["kind"]).choices = RewardKind.choices

    def clean(self) -> dict[str, Any]:
        super().clean()
        given = self.cleaned_data
        if given.get("kind") == RewardKind.LOTTERY and given.get("budget") is not None:
            cost = (given.get("value") or 0) * (given.get("winners") or 0)
            if cost > given["budget"]:
                self.add_error("budget", _("The prizes cost more than that."))
        return given


class WinnersForm(forms.Form):
    """The letter to the winners, in both languages."""

    subject_zh = forms.CharField(label=_("Subject (Chinese)"), max_length=200)
    subject_en = forms.CharField(label=_("Subject (English)"), max_length=200)
    body_zh = forms.CharField(
        label=_("Text (Chinese)"), max_length=5000, widget=forms.Textarea({"rows": 8})
    )
    body_en = forms.CharField(
        label=_("Text (English)"), max_length=5000, widget=forms.Textarea({"rows": 8})
    )

    def clean(self) -> dict[str, Any]:
        super().clean()
        for name, text in list(self.cleaned_data.items()):
            if unknown := unknown_in(str(text), OF_WINNERS):
                sentence = _("There is no variable %(names)s.") % {"names": listed(unknown)}
                self.add_error(name, sentence)
        return self.cleaned_data


class CouponForm(forms.Form):
    """Codes as text, one in each line, or as a file whose first column they are."""

    codes = forms.CharField(
        label=_("Codes"),
        required=False,
        help_text=_("One in each line."),
        widget=forms.Textarea(attrs={"rows": 6, "spellcheck": "false"}),
    )
    file = forms.FileField(
        label=_("File"), required=False, help_text=_("CSV or text; the first column is taken.")
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file is not None and file.size > LARGEST_LIST:
            raise forms.ValidationError(_("This file is larger than 20 MB."))
        return file

    def clean(self) -> dict[str, Any]:
        super().clean()
        given = self.cleaned_data
        if not self.errors and not self.lines():
            raise forms.ValidationError(_("There is no code in it."))
        return given

    def lines(self) -> list[str]:
        """Every code, those of the text first."""
        given = self.cleaned_data
        lines = str(given.get("codes") or "").splitlines()
        file = given.get("file")
        if file is not None:
            file.seek(0)
            lines += decoded(file.read()).splitlines()
        codes = (line.replace(";", ",").replace("\t", ",").split(",")[0] for line in lines)
        return [code.strip().strip('"').strip() for code in codes if code.strip()]
