from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

DAYS = (7, 30, 90, 365)


class ShareResultsForm(forms.Form):
    """For how long, with what, and behind which password."""

    days = forms.TypedChoiceField(label=_("The link works for"), coerce=int, initial=30)
    with_texts = forms.BooleanField(
        label=_("With what people wrote: it may say who they are"), required=False
    )
    password = forms.CharField(
        label=_("Password"),
        required=False,
        min_length=6,
        max_length=100,
        help_text=_("Empty: whoever has the link reads. It is not shown again."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        days: Any = self.fields["days"]
        days.choices = [(n, ngettext("%(n)s day", "%(n)s days", n) % {"n": n}) for n in DAYS]


class ShareReportForm(ShareResultsForm):
    """A report holds what its writers put in, and nothing else."""

    with_texts = None  # type: ignore[assignment]


class PasswordForm(forms.Form):
    password = forms.CharField(
        label=_("Password"),
        max_length=100,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
