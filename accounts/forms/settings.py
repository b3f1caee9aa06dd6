from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from config.kernel.portable.file import LARGEST, FileNotUnderstood, read_text
from config.kernel.settings_models import exported_models


class SettingFileForm(forms.Form):
    """A file of settings, or the text of one that was looked at before. Cleaned: `data`, the
    JSON that was read, and `text`."""

    file = forms.FileField(
        label=_("File"),
        error_messages={"required": _("Choose a file.")},
        help_text=_("As the export of this or another installation wrote it."),
        widget=forms.FileInput(attrs={"accept": ".json,application/json"}),
    )
    text = forms.CharField(required=False, strip=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].required = not self.data.get("text")

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        file, text = cleaned.get("file"), cleaned.get("text") or ""
        if file is None and not text:
            return cleaned
        try:
            raw = file.read(LARGEST + 1) if file is not None else text.encode()
            cleaned["data"] = read_text(raw)
            cleaned["text"] = raw.decode("utf-8-sig")
        except FileNotUnderstood as refusal:
            self.add_error("file", str(refusal.message))
        except UnicodeEncodeError:
            self.add_error("file", _("The file is no text in UTF-8."))
        return cleaned


class ExportForm(forms.Form):
    """What a file is to hold; nothing ticked means everything that `kinds` allows. Only drawn:
    the address that it leads to reads its own query."""

    kind = forms.MultipleChoiceField(
        label=_("What to export"), widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, kinds: dict[str, int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["kind"]
        field.choices = [
            (one.name, f"{capfirst(one.label)} ({kinds[one.name]})")
            for one in exported_models(kinds)
        ]
        field.initial = list(kinds)
