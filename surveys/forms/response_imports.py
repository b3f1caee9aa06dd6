"""A table of answers: which file, and which column is what."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from surveys.importing.responses.tables import ENDINGS, LARGEST
from surveys.importing.responses.targets import FACTS, Part, Target, said_of

MOST_OPTIONS = 12_000  # on one page; above, columns are typed with suggestions
LONGEST_WORDS = 90


class TableForm(forms.Form):
    file = forms.FileField(
        label=_("File"),
        error_messages={"required": _("Choose a file.")},
        help_text=_(
            "CSV or Excel (.xlsx), up to 32 MB; its first row names the columns. You see how it "
            "is understood before anything is stored."
        ),
        widget=forms.FileInput(attrs={"accept": ",".join(ENDINGS)}),
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > LARGEST:
            raise forms.ValidationError(
                _("The file is larger than 32 MB. Split it and import the parts.")
            )
        return file


class ColumnsForm(forms.Form):
    """What each column is; fields column-0, column-1 … Then how the table is read."""

    language = forms.ChoiceField(
        label=_("Language of those who answered"),
        choices=settings.LANGUAGES,
        help_text=_("Where no column says it."),
    )
    month_first = forms.TypedChoiceField(
        label=_("A day such as 03/04/2026 is"),
        choices=[("", _("the 3rd of April")), ("1", _("March 4"))],
        coerce=bool,
        empty_value="",
        required=False,
        widget=forms.RadioSelect,
    )
    is_lenient = forms.TypedChoiceField(
        label=_("What is missing, or breaks a check of the survey"),
        choices=[
            ("1", _("comes in all the same, with a warning")),
            ("", _("keeps the row out")),
        ],
        coerce=bool,
        empty_value="",
        required=False,
        widget=forms.RadioSelect,
        help_text=_("A value that cannot be understood keeps its row out in any case."),
    )
    is_counted = forms.BooleanField(
        label=_("They count in the results"),
        required=False,
        help_text=_("Can be changed later, for all of them together."),
    )

    OPTIONS = ("language", "month_first", "is_lenient", "is_counted")

    def __init__(
        self, *args: Any, head: Sequence[str], targets: Sequence[Target], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        offered = [target for target in targets if target.is_read]
        self.is_typed = len(head) * len(offered) > MOST_OPTIONS
        self.offered = [(one.name, _words_of(one)) for one in offered]
        known = [("", _("– left out –")), *self.offered]
        # Recognised, and passed over: kept as they are.
        passed = [(one.name, one.name) for one in targets
                  if not one.is_read]  # fmt: skip
        for at, cell in enumerate(head):
            self.fields[f"column-{at}"] = forms.ChoiceField(
                label=cell or _("(no name)"),
                required=False,
                choices=[*known, *passed],
                widget=forms.TextInput(
                    {"class": "input", "list": "targets", "autocomplete": "off"}
                )
                if self.is_typed
                else forms.Select({"class": "input"}, choices=_grouped(offered, passed)),
                error_messages={"invalid_choice": _("There is no such question.")},
            )

    def columns(self) -> list[str]:
        names = (name for name in self.fields if name.startswith("column-"))
        return [str(self.cleaned_data[name]) for name in names]

    def options(self) -> dict[str, Any]:
        given = self.cleaned_data
        return {"language": given["language"]} | {
            name: bool(given[name]) for name in self.OPTIONS if name != "language"
        }


def _grouped(offered: Sequence[Target], passed: Sequence[Any]) -> list[Any]:
    facts = [(one.name, FACTS[one.name]) for one in offered if one.part == Part.FACT]
    others = [(one.name, _words_of(one)) for one in offered if one.part != Part.FACT]
    groups = [(_("About the response"), facts), (_("Questions"), others)]
    return [("", _("– left out –")), *groups, (_("Passed over"), list(passed))]


def _words_of(target: Target) -> str:
    if target.part == Part.FACT:
        return str(FACTS[target.name])
    words = said_of(target, get_language() or "en")
    short = words if len(words) <= LONGEST_WORDS else f"{words[:LONGEST_WORDS]}…"
    return f"{short} ({target.name})"
