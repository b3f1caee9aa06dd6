from django import forms
from django.utils.translation import gettext_lazy as _


class OutcomeForm(forms.Form):
    """What came of a call, beside the answers themselves."""

    outcome = forms.CharField(
        label=_("What did you agree on?"),
        required=False,
        max_length=2000,
        help_text=_("For colleagues only. It closes the call-back task."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
