from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from surveys.flow.paper import Blank, Form, Printed
from surveys.models import PaperBatch
from surveys.models.paper import MOST_FORMS

PREFIX = "f."  # of the fields of a form on paper


class BatchForm(forms.ModelForm):
    """Forms that are printed together."""

    count = forms.IntegerField(
        label=_("Number of forms"),
        min_value=1,
        max_value=MOST_FORMS,
        initial=50,
        help_text=_("Each gets a number of its own, so that none is entered by mistake twice."),
    )

    class Meta:
        model = PaperBatch
        fields = ["name", "language", "size", "twice_percent"]
        help_texts = {"name": _("For example where they are handed out.")}


class WhichForm(forms.Form):
    """Which sheet is keyed in."""

    serial = forms.CharField(
        label=_("Number on the form"),
        required=False,
        max_length=12,
        help_text=_("Empty: it has none and gets one."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )

    def clean_serial(self) -> int | None:
        given = str(self.cleaned_data["serial"]).strip()
        if not given:
            return None
        if not (given.isascii() and given.isdigit()) or int(given) > 2**31 - 1:
            raise forms.ValidationError(_("The number has digits only."))
        return int(given)


@dataclass(frozen=True, slots=True)
class KeyField:
    """One field of the page on which forms are keyed in."""

    blank: Blank
    typed: str = ""
    error: str = ""

    @property
    def name(self) -> str:
        return f"{PREFIX}{self.blank.name}"

    @property
    def label(self) -> str:
        return " / ".join(self.blank.words)

    @property
    def keys(self) -> list[tuple[str, str]]:
        return [(box.key, " / ".join(box.words)) for box in self.blank.boxes if box.words]

    @property
    def is_long(self) -> bool:
        return self.blank.is_text


@dataclass(frozen=True, slots=True)
class KeyedQuestion:
    """One question of the form, with its fields as they were keyed in."""

    printed: Printed
    fields: list[KeyField]
    is_unexpected: bool = False  # it was answered though it was not to be asked

    @property
    def text(self) -> str:
        return " / ".join(self.printed.text)

    @property
    def only_if(self) -> str:
        return " / ".join(self.printed.only_if)

    @property
    def lines(self) -> bool:
        return self.printed.kind == "lines"


@dataclass(frozen=True, slots=True)
class KeyedForm:
    """All questions of a form in the order of the paper."""

    form: Form
    typed: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)
    unexpected: frozenset[str] = frozenset()

    @property
    def pages(self) -> list[tuple[str, list[KeyedQuestion]]]:
        return [
            (" / ".join(page.title), [self._question(one) for one in page.questions])
            for page in self.form.pages
        ]

    @property
    def wrong(self) -> list[tuple[KeyedQuestion, KeyField]]:
        return [
            (question, one)
            for _title, questions in self.pages
            for question in questions
            for one in question.fields
            if one.error
        ]

    def _question(self, printed: Printed) -> KeyedQuestion:
        return KeyedQuestion(
            printed,
            [
                KeyField(blank, self.typed.get(blank.name, ""), self.errors.get(blank.name, ""))
                for blank in printed.blanks
            ],
            printed.element.code in self.unexpected,
        )


def typed_in(posted: Mapping[str, Sequence[Any]]) -> dict[str, str]:
    """{field: what was keyed in} of a page that was sent."""
    return {
        name.removeprefix(PREFIX): str(values[-1])[:5000].replace("\x00", "")
        for name, values in posted.items()
        if name.startswith(PREFIX) and values
    }
