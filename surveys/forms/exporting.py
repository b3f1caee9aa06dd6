from django import forms
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from surveys.selectors.response_table import Several


class ResponseFormat(TextChoices):
    CSV = "csv", _("CSV (for Excel and other programs)")
    XLSX = "xlsx", _("Excel workbook")
    JSON = "json", "JSON"
    SPSS = "spss", _("SPSS: syntax and data")
    CODEBOOK = "codebook", _("Codebook: what each column and value means")


class ExportForm(forms.Form):
    """How responses are written. A program may leave everything out."""

    format = forms.ChoiceField(
        label=_("File"),
        choices=ResponseFormat.choices,
        widget=forms.RadioSelect,
        initial=ResponseFormat.CSV,
    )
    values = forms.ChoiceField(
        label=_("Choices as"),
        choices=[
            ("codes", pgettext_lazy("of choices", "Codes")),
            ("labels", pgettext_lazy("of choices", "Words")),
        ],
        widget=forms.RadioSelect,
        initial="labels",
        help_text=_("Codes stay the same when wording changes; SPSS has its own numbers."),
    )
    several = forms.ChoiceField(
        label=_("Several choices"),
        choices=[
            (Several.COLUMNS, _("One column each, 1 or 0")),
            (Several.JOINED, _("In one cell")),
            (Several.BOTH, _("Both")),
        ],
        widget=forms.RadioSelect,
        initial=Several.COLUMNS,
    )
    unfinished = forms.BooleanField(
        label=_("Also what was begun and not handed in"),
        required=False,
        help_text=_("With “draft” or “partial” in the column of the status; it is in no figure."),
    )
