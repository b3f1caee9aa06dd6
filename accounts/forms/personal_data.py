from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.enums import PersonalDataKind
from accounts.models import PersonalDataRules


class PersonalDataRulesForm(forms.ModelForm):
    in_lists = forms.MultipleChoiceField(
        label=_("Covered in lists, search, files and results"),
        choices=PersonalDataKind.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    in_conversations = forms.MultipleChoiceField(
        label=_("Covered in conversations until somebody shows it"),
        choices=PersonalDataKind.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_("Whoever shows a message is written down."),
    )

    class Meta:
        model = PersonalDataRules
        fields = ["in_lists", "in_conversations", "never", "order_numbers", "own_patterns"]
        widgets = {
            "never": forms.Textarea({"rows": 4}),
            "order_numbers": forms.Textarea({"rows": 4}),
            "own_patterns": forms.Textarea({"rows": 4}),
        }

    def refuse(self, refusal: ValidationError) -> None:
        for name, words in refusal.message_dict.items():
            self.add_error(name if name in self.fields else None, words)


class TryForm(forms.Form):
    """A text to try the rules with; it is not kept."""

    text = forms.CharField(
        label=_("Try it"),
        max_length=4000,
        required=False,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("Nothing of it is kept."),
    )

    prefix = "try"
