from django import forms
from django.utils.translation import gettext_lazy as _


class SuggestionForm(forms.Form):
    """Two fields and a box."""

    subject = forms.CharField(label=_("What is it about?"), max_length=200)
    text = forms.CharField(
        label=_("What do you suggest?"),
        max_length=20_000,
        help_text=_("Or what customers tell you that nobody has written down yet."),
        widget=forms.Textarea({"rows": 6}),
    )
    is_anonymous = forms.BooleanField(
        label=_("Without my name"),
        required=False,
        help_text=_(
            "It is not stored who you are, so nobody can look it up, and it does not stand among "
            "your suggestions. You get a link instead by which you see what becomes of it; keep "
            "it. How you write may still tell who you are."
        ),
    )
    key = forms.CharField(max_length=40, widget=forms.HiddenInput)


class SuggestionAnswerForm(forms.Form):
    text = forms.CharField(
        label=_("Your answer to the author"),
        max_length=20_000,
        widget=forms.Textarea({"rows": 3}),
    )
