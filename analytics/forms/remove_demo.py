from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import User

NAME_OF_THE_COMPANY = "cheyu"  # demo.company.MAILBOX_NAME, however it is typed


class RemoveDemoForm(forms.Form):
    """The last word before the demo goes. `needs_account`: nobody real could get in afterwards,
    so that an account is asked for in the same go."""

    confirmation = forms.CharField(
        label=_("Type the name of the demo company to confirm"),
        help_text=_("It is called Cheyu."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    name = forms.CharField(label=pgettext_lazy("of an admin", "Your name"), max_length=120)
    email = forms.EmailField(
        label=_("Your e-mail"), widget=forms.EmailInput(attrs={"autocomplete": "username"})
    )
    password = forms.CharField(
        label=_("A password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, data: Any = None, *, needs_account: bool) -> None:
        super().__init__(data)
        if not needs_account:
            for field in ("name", "email", "password"):
                del self.fields[field]
        else:
            self.order_fields(["name", "email", "password", "confirmation"])

    def clean_confirmation(self) -> str:
        typed: str = self.cleaned_data["confirmation"]
        if typed.strip().casefold() != NAME_OF_THE_COMPANY:
            raise forms.ValidationError(_("Please type Cheyu."))
        return typed

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"].strip().lower()
        if User.objects.filter(email__iexact=email).exists():
            raise forms.ValidationError(_("Somebody with this address works here already."))
        return email

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("password"):
            person = User(email=data.get("email", ""), name=data.get("name", ""))
            try:
                validate_password(data["password"], person)
            except forms.ValidationError as weak:
                self.add_error("password", weak)
        return data
