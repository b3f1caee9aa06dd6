"""One question of a draft as a form, made from what its kind declares."""

from collections.abc import Iterator, Mapping
from typing import Any

from django import forms
from django.conf import settings
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from surveys.enums import QuestionRole
from surveys.flow.checks_of_elements import QUESTION_CODE, RESERVED_CODES
from surveys.flow.editing import Raw
from surveys.forms.part_rows import PartRows
from surveys.forms.question_logic import QuestionLogic
from surveys.forms.setting_words import label_of, option_label
from surveys.questions.registry import TYPES

SHUFFLES = {
    "": pgettext_lazy("order", "As it stands here"),
    "choices": _("Shuffled answers"),
    "rows": _("Shuffled rows"),
    "both": _("Shuffled rows and answers"),
}
LONGEST = 2000
_LONG = {"text", "hint", "examples"}


class QuestionForm(forms.Form):
    """`element` is the question as it is in the draft; `parts` its choices, rows and columns as
    they are typed. Wordings are one field for each language: NAME__LANGUAGE."""

    def __init__(
        self,
        data: QueryDict | None,
        *,
        element: Raw,
        languages: list[str],
        known: Mapping[str, frozenset[str]],
        taken: set[str],
        logic: QuestionLogic,
    ) -> None:
        """`logic`: its conditions and checks as they are typed. `known`: what was published of
        this question, by list: {"": codes of itself, "choices": …, "rows": …}. `taken`: codes of
        the other questions, in small letters."""
        super().__init__(data)
        self.element, self.languages = element, languages
        self.kind, self.taken, self.logic = TYPES[element["type"]], taken, logic
        self.code_is_fixed = bool(known.get(""))
        names = ["choices"] if self.kind.has_choices else []
        names += ["rows", "columns"] if self.kind.has_rows else []
        self.parts = {name: self._rows(data, name, known.get(name, frozenset())) for name in names}
        self._add_fields()

    def _rows(self, data: QueryDict | None, name: str, known: frozenset[str]) -> PartRows:
        names, languages = self.logic.names, self.languages
        if data is not None:
            return PartRows.read(name, data, languages, names, known)
        return PartRows.of(name, _rows_of(self.element, name), languages, names, known)

    # --- fields -------------------------------------------------------------------------------

    def _add_fields(self) -> None:
        self._texts("text", _("Question"))
        self._texts("hint", _("Hint under the question"))
        if self.kind.is_asked:
            self._one("required", forms.BooleanField(label=_("Must be answered")))
        for name, form in self.kind.settings.items():
            self._setting(name, form)
        if self.parts:
            allowed = ["", "choices"] if self.kind.has_choices else list(SHUFFLES)
            self._one(
                "shuffle",
                forms.ChoiceField(label=_("Order"), choices=[(n, SHUFFLES[n]) for n in allowed]),
            )
        role = forms.ChoiceField(label=_("What it measures"), choices=QuestionRole.choices)
        role.help_text = _("Figures and reports find it by this, whatever its wording.")
        self._one("role", role, self.kind.usual_role)
        code = forms.CharField(label=pgettext_lazy("of a question", "Code"), max_length=40)
        code.help_text = _("Its name in exports and conditions. Fixed once it is published.")
        code.disabled = self.code_is_fixed
        self._one("code", code)

    def _one(self, name: str, field: forms.Field, usual: Any = None) -> None:
        field.required = False
        field.initial = self.element.get(name, usual)
        self.fields[name] = field

    def _texts(self, name: str, label: Any, *, one_a_line: bool = False) -> None:
        given = self.element.get(name)
        for language in self.languages:
            field = forms.CharField(label=label, required=False, max_length=LONGEST)
            if name in _LONG:
                field.widget = forms.Textarea(attrs={"rows": 2})
            field.widget.attrs |= {"lang": language, "class": "input"}
            field.initial = (
                "\n".join(str(one.get(language, "")) for one in given or ())
                if one_a_line
                else given.get(language, "")
                if isinstance(given, Mapping)
                else ""
            )
            self.fields[f"{name}__{language}"] = field

    def _setting(self, name: str, form: str) -> None:
        label = label_of(self.kind.name, name)
        kind, _colon, words = form.partition(":")
        options = [(one, option_label(one)) for one in words.split(",")]
        match kind:
            case "texts":
                self._texts(name, label)
            case "texts_list":
                self._texts(name, label, one_a_line=True)
            case "flag" | "flag_or_texts":
                self._one(name, forms.BooleanField(label=label))
            case "number" | "count" | "integer":
                lowest = {"number": 1, "count": 0, "integer": None}[kind]
                self._one(name, forms.IntegerField(label=label, min_value=lowest))
            case "decimal":
                self._one(name, forms.FloatField(label=label))
            case "date":
                widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
                self._one(name, forms.DateField(label=label, widget=widget))
            case "one_of":
                usual = options[0][0]
                self._one(name, forms.ChoiceField(label=label, choices=options), usual)
            case "some_of":
                boxes = forms.CheckboxSelectMultiple()
                many = forms.MultipleChoiceField(label=label, choices=options, widget=boxes)
                self._one(name, many)
            case _:
                lines = forms.Textarea(attrs={"rows": 2, "class": "input", "spellcheck": "false"})
                self._one(name, forms.CharField(label=label, widget=lines, max_length=4000))

    # --- what the template draws --------------------------------------------------------------

    def pair(self, name: str) -> list[tuple[str, forms.BoundField]]:
        """(language, field) of one wording."""
        named = dict(settings.LANGUAGES)
        return [(str(named.get(one, one)), self[f"{name}__{one}"]) for one in self.languages]

    @property
    def wording(self) -> list[tuple[str, Any, list[tuple[str, forms.BoundField]]]]:
        return [
            (name, self.fields[f"{name}__{self.languages[0]}"].label, self.pair(name))
            for name in ("text", "hint")
        ]

    @property
    def setting_fields(self) -> Iterator[dict[str, Any]]:
        """Settings of the kind: either a pair of wordings or one field."""
        for name in self.kind.settings:
            if name in self.fields:
                yield {"field": self[name]}
            else:
                label = self.fields[f"{name}__{self.languages[0]}"].label
                yield {"label": label, "pair": self.pair(name)}

    # --- what was typed -----------------------------------------------------------------------

    def clean_code(self) -> str:
        code = str(self.cleaned_data["code"] or self.element["code"]).strip()
        if code == self.element["code"]:
            return code
        if not QUESTION_CODE.fullmatch(code):
            raise forms.ValidationError(
                _("Write a letter, then letters, digits and _ (at most 40).")
            )
        if code.lower() in self.taken or code.lower() in RESERVED_CODES:
            raise forms.ValidationError(_("This code is taken; choose another."))
        return code

    def changed_element(self) -> Raw:
        """The question as typed; what the form does not show stays as it was."""
        given = self.cleaned_data
        element: Raw = dict(self.element) | {
            "code": given["code"],
            "text": self._typed_texts("text"),
        }
        _put(element, "hint", self._hint())
        _put(element, "required", given.get("required") or None)
        for name, value in self.logic.typed().items():
            _put(element, name, value)
        _put(element, "shuffle", given.get("shuffle"))
        role = given["role"] or self.kind.usual_role
        _put(element, "role", None if role == self.kind.usual_role else str(role))
        for name, rows in self.parts.items():
            element[name] = rows.cleaned()
        for name, form in self.kind.settings.items():
            _put(element, name, self._typed_setting(name, form))
        return element

    def _typed_texts(self, name: str) -> dict[str, str]:
        return {one: self.cleaned_data[f"{name}__{one}"].strip() for one in self.languages}

    def _hint(self) -> dict[str, str] | None:
        texts = self._typed_texts("hint")
        return texts if any(texts.values()) else None

    def _typed_setting(self, name: str, form: str) -> Any:
        kind, _colon, words = form.partition(":")
        if kind == "texts":
            texts = self._typed_texts(name)
            return texts if any(texts.values()) else None
        if kind == "texts_list":
            return self._typed_list(name)
        value, before = self.cleaned_data.get(name), self.element.get(name)
        if kind == "flag_or_texts" and value and isinstance(before, Mapping):
            value = before
        elif kind == "date" and value:
            value = value.isoformat()
        elif kind == "decimal" and value is not None and value.is_integer():
            value = int(value)
        elif kind == "one_of" and before is None and value == words.split(",")[0]:
            value = None
        is_nothing = value is None or value in ("", []) or value is False
        return None if is_nothing else value

    def _typed_list(self, name: str) -> list[dict[str, str]] | None:
        lines = {
            one: [line.strip() for line in self.cleaned_data[f"{name}__{one}"].splitlines()]
            for one in self.languages
        }
        count = max((len(found) for found in lines.values()), default=0)
        texts = [
            {one: found[at] if at < len(found) else "" for one, found in lines.items()}
            for at in range(count)
        ]
        return [one for one in texts if any(one.values())] or None


def _put(element: Raw, name: str, value: Any) -> None:
    if value in (None, "", {}) or (name == "checks" and not value):
        element.pop(name, None)
    else:
        element[name] = value


def _rows_of(element: Raw, name: str) -> list[dict[str, Any]]:
    given = element.get(name)
    return [dict(one) for one in given or () if isinstance(one, Mapping)] if given else []
