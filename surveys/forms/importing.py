import json
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from surveys.importing.assembling import Imported
from surveys.importing.bounded import LARGEST
from surveys.importing.files import ENDINGS, read_file
from surveys.importing.source import FileRefused


class ImportForm(forms.Form):
    """A survey of another program. Cleaned: `imported`, what was read of it."""

    file = forms.FileField(
        label=_("File"),
        error_messages={"required": _("Choose a file.")},
        help_text=_(
            "LimeSurvey (.lss, .lsg, .lsq), XLSForm (.xlsx, .xls, .csv, .md), SurveyJS or ours "
            "(.json), up to 10 MB. You see what can be taken over before anything is made."
        ),
        widget=forms.FileInput(attrs={"accept": ",".join(ENDINGS)}),
    )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if file := cleaned.get("file"):
            try:
                cleaned["imported"] = read_file(file.name, file.read(LARGEST + 1))
            except FileRefused as refusal:
                self.add_error("file", str(refusal.message))
        return cleaned


class ReadSurveyForm(forms.Form):
    """What was read of a file and looked at: the definition as JSON, and what is not in it."""

    definition = forms.CharField(widget=forms.HiddenInput, strip=False)
    note = forms.CharField(
        widget=forms.HiddenInput, strip=False, required=False, max_length=50_000
    )
    name = forms.CharField(widget=forms.HiddenInput, required=False)

    @classmethod
    def of(cls, imported: Imported, note: str, name: str) -> "ReadSurveyForm":
        written = json.dumps(imported.definition, ensure_ascii=False)
        return cls(initial={"definition": written, "note": note, "name": name[:200]})

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        try:
            raw = cleaned.get("definition", "").encode()
            cleaned["imported"] = read_file("definition.json", raw)
        except (FileRefused, UnicodeEncodeError) as refusal:
            self.add_error(None, str(refusal))
        return cleaned
