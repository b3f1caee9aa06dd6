"""What somebody fills in to sign up for an event."""

from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.rules.contact import is_email
from surveys.forms.sheet import Stamp

TOO_QUICK = timedelta(seconds=2)
TOO_OLD = timedelta(days=7)


class SignUpForm(forms.Form):
    """No session and no cookie: a signed stamp says when the page was served."""

    name = forms.CharField(
        label=_("Your name"), max_length=200, widget=forms.TextInput({"autocomplete": "name"})
    )
    address = forms.CharField(
        label=_("Your e-mail address"),
        max_length=254,
        help_text=_("We send you a confirmation with an entry for your calendar."),
        widget=forms.EmailInput({"autocomplete": "email", "inputmode": "email"}),
    )
    remark = forms.CharField(
        label=_("Anything we should know?"),
        max_length=500,
        required=False,
        help_text=_("A question, or what you need to be able to take part."),
        widget=forms.Textarea({"rows": 2}),
    )
    stamp = forms.CharField(widget=forms.HiddenInput, required=False)

    data: Any

    def __init__(self, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, initial={"stamp": new_stamp(), **kwargs.pop("initial", {})})

    def clean_address(self) -> str:
        address: str = self.cleaned_data["address"].strip()
        if not is_email(address):
            raise forms.ValidationError(
                _("This does not look like an e-mail address, for example name@example.com.")
            )
        return address

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        stamp, now = Stamp.read(cleaned.get("stamp", "")), timezone.now()
        if stamp is None or now - stamp.served_at > TOO_OLD:
            self.data = self.data.copy()
            self.data["stamp"] = new_stamp()
            raise forms.ValidationError(
                _("This page was open for a long time. Nothing is lost: please send it again.")
            )
        # Whoever must correct something else anyway need not hear of it.
        if now - stamp.served_at < TOO_QUICK and not self.errors:
            raise forms.ValidationError(
                _("That was very quick. Please check what you wrote and send it again.")
            )
        return cleaned


def new_stamp() -> str:
    return str(Stamp.new(0))
