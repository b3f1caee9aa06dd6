"""Writing a reply template, and trying it on a record."""

from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Team, User
from config.kernel.errors import DomainError
from config.kernel.numbers import row_id
from feedback.enums import Channel, TemplateKind
from feedback.forms.shared_settings import ForWhomForm
from feedback.models import ReplyTemplate
from feedback.services.reply_templates import ensure_readable

ROWS = {"rows": 9}


class ReplyTemplateForm(ForWhomForm):
    channels = forms.MultipleChoiceField(
        label=_("Only on these channels"),
        help_text=_("None chosen: on every channel."),
        choices=Channel.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    class Meta:
        model = ReplyTemplate
        fields = ["name_zh", "name_en", "kind", "shortcut", "body_zh", "body_en", "channels"]
        widgets = {
            "body_zh": forms.Textarea({**ROWS, "lang": "zh-hans"}),
            "body_en": forms.Textarea({**ROWS, "lang": "en"}),
        }
        help_texts = {
            "shortcut": _("Typed behind :: in an answer, for example sorry or 致歉."),
        }

    def clean_body_zh(self) -> str:
        return self._readable("body_zh")

    def clean_body_en(self) -> str:
        return self._readable("body_en")

    def _readable(self, name: str) -> str:
        text = str(self.cleaned_data[name])
        try:
            ensure_readable(text)
        except DomainError as refusal:
            raise forms.ValidationError(str(refusal.message)) from refusal
        return text


class TryForm(forms.Form):
    """The texts as they stand in the form, and the number of the record they are tried on."""

    body_zh = forms.CharField(required=False, strip=False, max_length=50_000)
    body_en = forms.CharField(required=False, strip=False, max_length=50_000)
    number = forms.CharField(label=_("Record number"), required=False, max_length=20)

    def clean_number(self) -> int | None:
        given = self.cleaned_data["number"].strip().lstrip("#")
        if not given:
            return None
        number = row_id(given)
        if number is None:
            raise forms.ValidationError(_("The number of a record, for example 1042."))
        return number


class TemplateFilterForm(forms.Form):
    """What the list of templates is narrowed by; what makes no sense is left out."""

    q = forms.CharField(required=False, max_length=100)
    kind = forms.ChoiceField(
        label=_("Kind"), choices=[("", _("All kinds")), *TemplateKind.choices], required=False
    )
    language = forms.ChoiceField(
        label=_("Language"),
        choices=[
            ("", _("All languages")),
            ("zh", _("With a Chinese text")),
            ("en", _("With an English text")),
        ],
        required=False,
    )
    team = forms.ModelChoiceField(
        Team.objects.none(), label=_("Team"), required=False, empty_label=_("All teams")
    )
    use = forms.ChoiceField(
        label=_("Use"),
        choices=[("", _("In use")), ("mine", _("My own")), ("archived", _("Archived"))],
        required=False,
    )

    def __init__(self, data: Any, *, user: User) -> None:
        super().__init__(data)
        team = cast("forms.ModelChoiceField[Team]", self.fields["team"])
        every = user.has_perm("accounts.view_every_team")
        team.queryset = (
            Team.objects.active()
            if every
            else Team.objects.active().filter(memberships__user=user)
        )

    @property
    def chosen(self) -> dict[str, Any]:
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}
