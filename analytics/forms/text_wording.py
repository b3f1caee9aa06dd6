"""The words of the company, with a sentence to try them."""

from django import forms
from django.utils.translation import gettext_lazy as _

from analytics.models import TextWording


class TextWordingForm(forms.ModelForm):
    sentence = forms.CharField(
        label=_("Try it with a sentence"),
        required=False,
        max_length=1000,
        help_text=_("Shows how it is cut and what counts. It is not stored."),
    )

    class Meta:
        model = TextWording
        fields = ["stop_words", "synonyms", "own_words"]
        widgets = {name: forms.Textarea({"rows": 6}) for name in fields}
