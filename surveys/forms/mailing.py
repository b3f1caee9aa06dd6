from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from config.kernel.punctuation import listed
from feedback.models import Mailbox
from surveys.models import Mailing
from surveys.models.mailing import MOST_REMINDERS
from surveys.rules.address_lists import Addressee, AddressList, Fault, read_addresses
from surveys.rules.letters import unknown_in
from surveys.rules.text_files import decoded

LARGEST_LIST = 2 * 1024 * 1024
FAULTS = {
    Fault.NO_ADDRESS: _("There is no address."),
    Fault.NOT_AN_ADDRESS: _("That is no e-mail address."),
    Fault.TWICE: _("This address stands in the list before."),
    Fault.UNKNOWN_LANGUAGE: _("The language is neither zh nor en."),
    Fault.TOO_MANY: _("More than 5,000 people at a time do not fit."),
}
_TEXTS = [
    f"{prefix}{name}_{language}"
    for prefix in ("", "reminder_")
    for name in ("subject", "body")
    for language in ("zh", "en")
]


class MailingForm(forms.ModelForm):
    """Whom an e-mail collector invites, what it says, how often."""

    class Meta:
        model = Mailing
        fields = [
            "audience_of", "audience", "sample_size", "others_too", "at_their_hour", "mailbox",
            "with_question", *_TEXTS, "reminders", "reminder_days", "rhythm", "every",
        ]  # fmt: skip
        widgets = {
            "audience_of": forms.RadioSelect,
            **{name: forms.Textarea(attrs={"rows": 6}) for name in _TEXTS if "body" in name},
        }
        help_texts = {
            "every": _("How many weeks or months lie between two waves."),
            "reminder_days": _("After the invitation, and after each reminder."),
            "reminder_subject_zh": _("Empty: as in the invitation."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        boxes: Any = self.fields["mailbox"]
        boxes.queryset = Mailbox.objects.filter(is_active=True).order_by("address")
        self.fields["reminders"].widget = forms.Select(
            choices=[(n, n) for n in range(MOST_REMINDERS + 1)]
        )

    def clean(self) -> dict[str, Any]:
        super().clean()
        for name in _TEXTS:
            unknown = unknown_in(str(self.cleaned_data.get(name) or ""))
            if unknown:
                sentence = _("There is no variable %(names)s.") % {"names": listed(unknown)}
                self.add_error(name, sentence)
        return self.cleaned_data


class WaveForm(forms.Form):
    """When to send: now, or at a moment; `seen` is how many waves the page showed."""

    seen = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0)

    at = forms.DateTimeField(
        label=_("Begin at"),
        required=False,
        help_text=_("Empty: now."),
        widget=forms.DateTimeInput({"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )

    def clean_at(self) -> datetime | None:
        at = self.cleaned_data["at"]
        if at is not None and at < timezone.now():
            raise forms.ValidationError(_("That moment has passed."))
        return at if isinstance(at, datetime) else None


class AddressListForm(forms.Form):
    """A list of addresses, pasted or as a file; what a file holds is shown as text, so that it
    can be mended on the spot and nothing of it is lost."""

    text = forms.CharField(
        label=_("Addresses"),
        required=False,
        strip=False,
        help_text=_(
            "One person in each line: address, name, language (zh or en). With a first line that "
            "names the columns they may be in any order; other columns become variables like "
            "field.order."
        ),
        widget=forms.Textarea(attrs={"rows": 10, "spellcheck": "false"}),
    )
    file = forms.FileField(label=_("or a file"), required=False, help_text=_("CSV, up to 2 MB."))
    as_customers = forms.BooleanField(
        label=_("Make customers of addresses that nobody has yet"), required=False
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file is not None and file.size > LARGEST_LIST:
            raise forms.ValidationError(_("This file is larger than 2 MB."))
        return file

    def clean(self) -> dict[str, Any]:
        super().clean()
        if not self.errors and not self.whole_text().strip():
            raise forms.ValidationError(_("There is no address in it."))
        return self.cleaned_data

    def whole_text(self) -> str:
        """What was typed, and below it what the file holds."""
        text, file = str(self.cleaned_data.get("text") or ""), self.cleaned_data.get("file")
        if file is None:
            return text
        file.seek(0)
        read = decoded(file.read())
        return f"{text.rstrip()}\n{read}" if text.strip() else read

    def read(self) -> AddressList:
        return read_addresses(self.whole_text())


class OnePersonForm(forms.Form):
    """Somebody who is invited by hand."""

    address = forms.EmailField(label=_("E-mail address"))
    name = forms.CharField(label=_("Name"), required=False, max_length=200)

    def addressee(self) -> Addressee:
        given = self.cleaned_data
        return Addressee(str(given["address"]).strip().lower(), str(given["name"]).strip())
