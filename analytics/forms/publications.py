"""What people write for the public page."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from analytics.models import Publication, PublicPage
from analytics.models.publication import PARTS

HINTS = {
    "title": _("In words that a customer would use."),
    "said": _("What people told us, without anything that tells who they are."),
    "did": _("What was done about it, or will be."),
    "result": _("What changed, with the number if there is one; else that it is not known yet."),
}  # fmt: skip


class PublicationForm(forms.ModelForm):
    """One language is enough; readers of the other one get it as it is."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = Publication
        fields = [
            "kind", "year", "quarter",
            *(f"{part}_{end}" for end in ("zh", "en") for part in PARTS),
        ]  # fmt: skip
        widgets = {
            f"{part}_{end}": forms.Textarea({"rows": 4, "lang": language})
            for end, language in (("zh", "zh-Hans"), ("en", "en"))
            for part in PARTS[1:]
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["version"].initial = self.instance.version
        for end in ("zh", "en"):
            for part in PARTS:
                self.fields[f"{part}_{end}"].help_text = HINTS[part]

    @property
    def chinese(self) -> list[forms.BoundField]:
        return [self[f"{part}_zh"] for part in PARTS]

    @property
    def english(self) -> list[forms.BoundField]:
        return [self[f"{part}_en"] for part in PARTS]

    @property
    def words(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self.Meta.fields}


class AllowForm(forms.Form):
    """Why something that was found may stand there."""

    key = forms.CharField(max_length=64, widget=forms.HiddenInput)
    why = forms.CharField(label=_("Why it may stand there"), max_length=500)


class PublicPageForm(forms.ModelForm):
    class Meta:
        model = PublicPage
        fields = [
            "is_on", "title_zh", "title_en", "intro_zh", "intro_en", "takes_votes",
            "takes_comments", "sites",
        ]  # fmt: skip
        widgets = {name: forms.Textarea({"rows": 3}) for name in ("intro_zh", "intro_en", "sites")}

    def refuse(self, refusal: ValidationError) -> None:
        """What the service says of a field."""
        self.add_error(None, refusal)


class QuoteForm(forms.Form):
    """Words of a customer as they stand in a record."""

    feedback = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2**63 - 1)
    text = forms.CharField(
        label=_("Words to be quoted"), max_length=500, widget=forms.Textarea({"rows": 3})
    )
