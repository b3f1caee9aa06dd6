from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy

from config.kernel.fetching.errors import FetchFailed
from config.kernel.fetching.target import read_target
from config.kernel.printable import without_invisible
from feedback.enums import SignInBy
from feedback.models import Mailbox
from feedback.rules.mail_providers import PROVIDERS, Provider

_SECRETS = ("new_password", "new_client_secret", "new_refresh_token")
_NOT_ASCII = gettext_lazy(
    "Mail servers take letters without accents, digits and signs of an English keyboard here. "
    "Type it again, with no Chinese or full-width characters."
)
_PLUS = [
    ("unknown", gettext_lazy("As usual with this provider")),
    ("true", gettext_lazy("Yes")),
    ("false", gettext_lazy("No")),
]
_KEPT = gettext_lazy("Empty: the stored one stays. Nobody can read it back.")


def _secret(label: Any) -> forms.CharField:
    return forms.CharField(
        label=capfirst(label),
        help_text=_KEPT,
        required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )


class MailboxForm(forms.ModelForm):
    """A mailbox; secrets go in and never come out."""

    new_password = _secret(gettext_lazy("password or authorization code"))
    new_client_secret = _secret(gettext_lazy("client secret"))
    new_refresh_token = _secret(gettext_lazy("refresh token"))
    preset = forms.ChoiceField(
        label=gettext_lazy("Provider"),
        choices=[
            ("", gettext_lazy("Another one")),
            *((key, one.name) for key, one in PROVIDERS.items()),
        ],
        required=False,
        help_text=gettext_lazy(
            "Fills in server and user name and, for OAuth 2, token address and scope, where they "
            "are empty."
        ),
    )

    class Meta:
        model = Mailbox
        fields = [
            "address", "name", "team", "language", "is_active", "imap_host", "imap_port",
            "imap_tls", "username", "folder", "quoting", "takes_plus", "trusted_servers",
            "sign_in_by", "token_url", "client_id", "token_scope",
        ]  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["sign_in_by"].required = False
        self.fields["takes_plus"].widget.choices = _PLUS

    def clean_sign_in_by(self) -> str:
        return str(self.cleaned_data["sign_in_by"] or self.instance.sign_in_by)

    def clean_address(self) -> str:
        return str(self.cleaned_data["address"]).strip().lower()

    def clean(self) -> dict[str, Any]:
        super().clean()
        given = self.cleaned_data
        self._clean_what_is_sent(given)
        self._fill_in(PROVIDERS.get(given.get("preset") or ""))
        if given.get("sign_in_by") != SignInBy.OAUTH2:
            return given
        for name in ("token_url", "client_id"):
            if not given.get(name) and name not in self.errors:
                self.add_error(name, gettext_lazy("OAuth 2 needs this."))
        try:
            if given.get("token_url"):
                read_target(given["token_url"])
        except FetchFailed as failed:
            self.add_error("token_url", str(failed.message))
        return given

    def _clean_what_is_sent(self, given: dict[str, Any]) -> None:
        """Copied with an invisible character it would never be accepted."""
        for name in ("imap_host", "username", *_SECRETS):
            if name in given:
                given[name] = without_invisible(given[name] or "")
        signs_in = given.get("sign_in_by") != SignInBy.OAUTH2
        for name in ("username", "new_password") if signs_in else ():
            if not given.get(name, "").isascii():
                self.add_error(name, _NOT_ASCII)
        try:
            given.get("imap_host", "").encode("idna")
        except UnicodeError:
            self.add_error("imap_host", gettext_lazy("No server can have this name."))

    def _fill_in(self, provider: Provider | None) -> None:
        if provider is None:
            return
        given = self.cleaned_data
        usual = {"imap_host": provider.servers[0], "username": given.get("address", "")}
        if given.get("sign_in_by") == SignInBy.OAUTH2:
            usual |= {"token_url": provider.token_url, "token_scope": provider.token_scope}
        for name, value in usual.items():
            given[name] = given.get(name) or value

    def secrets(self) -> dict[str, str]:
        """For `save_mailbox`."""
        return {name: self.cleaned_data[name] for name in _SECRETS}


class SigningKeyForm(forms.Form):
    """The key by which a provider signs; it goes in and never comes out."""

    signing_key = forms.CharField(
        label=gettext_lazy("HTTP webhook signing key of Mailgun"),
        help_text=gettext_lazy("Empty: the stored one is removed. Nobody can read it back."),
        max_length=200,
        required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
