from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy

from feedback.models import Mailbox


class MailboxForm(forms.ModelForm):
    """A mailbox; secrets go in and never come out."""

    new_password = forms.CharField(
        label=capfirst(gettext_lazy("password or authorization code")),
        help_text=gettext_lazy("Empty: the stored one stays. Nobody can read it back."),
        required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    class Meta:
        model = Mailbox
        fields = [
            "address", "name", "team", "language", "is_active", "imap_host", "imap_port",
            "imap_tls", "username", "folder", "quoting",
        ]  # fmt: skip

    def clean_address(self) -> str:
        return str(self.cleaned_data["address"]).strip().lower()
