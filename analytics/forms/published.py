"""What visitors of the public page write."""

from datetime import timedelta
from typing import Any

from django import forms
from django.core import signing
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.rules.contact import is_email
from config.kernel.tokens import new_secret

SALT = "huiyin.publication"
TOO_QUICK, TOO_OLD = timedelta(seconds=2), timedelta(days=7)
TRAP = "website"  # programs fill it in; people do not see it


def new_stamp() -> str:
    """Signed: when the page was served, and a nonce that makes a second submit the same one."""
    return signing.dumps({"at": timezone.now().timestamp(), "nonce": new_secret(12)}, salt=SALT)


class CommentOnPlanForm(forms.Form):
    """No session and no cookie: a signed stamp says when the page was served."""

    text = forms.CharField(
        label=_("Your comment"),
        max_length=2000,
        widget=forms.Textarea({"rows": 4}),
        help_text=_("It is shown here after somebody has looked at it, without your name."),
        error_messages={"required": _("Write something first.")},
    )
    address = forms.CharField(
        label=_("Your e-mail address"),
        max_length=254,
        required=False,
        help_text=_("Only if you would like an answer. It is never shown."),
        widget=forms.EmailInput({"autocomplete": "email", "inputmode": "email"}),
    )
    stamp = forms.CharField(widget=forms.HiddenInput, required=False)

    data: Any
    nonce = ""

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, initial={"stamp": new_stamp()})

    @property
    def is_trapped(self) -> bool:
        return bool(self.data.get(TRAP))

    def clean_address(self) -> str:
        address: str = self.cleaned_data["address"].strip().lower()
        if address and not is_email(address):
            raise forms.ValidationError(
                _("This does not look like an e-mail address, for example name@example.com.")
            )
        return address

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        try:
            stamp = signing.loads(cleaned.get("stamp", ""), salt=SALT, max_age=TOO_OLD)
        except signing.BadSignature:
            self.data = self.data.copy()
            self.data["stamp"] = new_stamp()
            raise forms.ValidationError(
                _("This page was open for a long time. Nothing is lost: please send it again.")
            ) from None
        quick = timezone.now().timestamp() - stamp["at"] < TOO_QUICK.total_seconds()
        if quick and not self.errors:
            raise forms.ValidationError(
                _("That was very quick. Please check what you wrote and send it again.")
            )
        self.nonce = stamp["nonce"]
        return cleaned
