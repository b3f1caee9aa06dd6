"""What stands around the questions: the settings of a page, the beginning, ends and quotas."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.conf import settings
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from surveys.flow.checks_of_elements import CHOICE_CODE
from surveys.flow.definition import END
from surveys.flow.editing import Raw, new_code
from surveys.forms.logic_rows import LogicRows
from surveys.selectors.outline import Names, destination, wording

GROUPS = ("A", "B", "C", "D", "E")  # of pages that change places with each other
OUTCOMES = (("complete", _("Complete")), ("screened_out", _("Not meant: screened out")))
MOST = 30


class TextsForm(forms.Form):
    """Wordings in each language, none of them required: fields NAME__LANGUAGE."""

    def __init__(
        self,
        data: QueryDict | None,
        *,
        names: Mapping[str, Any],
        given: Mapping[str, Any],
        languages: list[str],
    ) -> None:
        super().__init__(data)
        self.names, self.languages = names, languages
        for name, label in names.items():
            texts = given.get(name)
            for language in languages:
                rows = 1 if name == "title" else 3
                lines = forms.Textarea(attrs={"rows": rows, "lang": language, "class": "input"})
                field = forms.CharField(label=label, required=False, max_length=2000, widget=lines)
                field.initial = texts.get(language, "") if isinstance(texts, Mapping) else ""
                self.fields[f"{name}__{language}"] = field

    @property
    def wording(self) -> list[tuple[str, Any, list[tuple[str, forms.BoundField]]]]:
        named = dict(settings.LANGUAGES)
        return [
            (
                name,
                label,
                [(str(named.get(one, one)), self[f"{name}__{one}"]) for one in self.languages],
            )
            for name, label in self.names.items()
        ]

    def typed(self) -> dict[str, dict[str, str]]:
        """Those that somebody wrote."""
        found = {
            name: {one: self.cleaned_data[f"{name}__{one}"].strip() for one in self.languages}
            for name in self.names
        }
        return {name: texts for name, texts in found.items() if any(texts.values())}


class Entries:
    """Jumps, ends, quotas or checks as typed: a list of {field: value} with a condition each.
    Buttons (`do`) add one and take one out."""

    def __init__(
        self,
        prefix: str,
        fields: tuple[str, ...],
        names: Names,
        given: list[Raw],
        data: QueryDict | None,
    ) -> None:
        self.prefix, self.fields, self.names = prefix, fields, names
        self.lines: list[tuple[int, dict[str, str], LogicRows]] = []
        if data is None:
            filled = [one for one in given if isinstance(one, Mapping)]
            for number, one in enumerate(filled):
                values = {field: _flat(one, field) for field in fields}
                text = str(one.get("when") or "")
                logic = LogicRows.of(f"{prefix}{number}", text, names)
                self.lines.append((number, values, logic))
            return
        for number in range(MOST):
            if f"{prefix}{number}-there" not in data:
                break
            values = {field: data.get(f"{prefix}{number}-{field}", "").strip() for field in fields}
            logic = LogicRows.read(f"{prefix}{number}", data, names)
            self.lines.append((number, values, logic))
        self.do(data.get("do", ""))

    def do(self, button: str) -> None:
        what, _colon, rest = button.partition(":")
        target, _colon, at = rest.partition(":")
        if target != self.prefix:
            return
        lines = [(values, logic) for _n, values, logic in self.lines]
        if what == "entry-add" and len(lines) < MOST:
            lines.append((dict.fromkeys(self.fields, ""), LogicRows("", self.names, "")))
        elif what == "entry-drop" and at.isdecimal() and int(at) < len(lines):
            lines.pop(int(at))
        for number, (_values, logic) in enumerate(lines):
            logic.prefix = f"{self.prefix}{number}"
        self.lines = [(number, *line) for number, line in enumerate(lines)]

    def kept(self, needed: str) -> list[tuple[dict[str, str], str]]:
        """(values, condition) of those where `needed` is filled in."""
        return [(values, logic.text) for _n, values, logic in self.lines if values[needed]]


def _flat(one: Raw, field: str) -> str:
    name, _sep, language = field.partition("__")
    value = one.get(name, "")
    if language:
        return str(value.get(language, "")) if isinstance(value, Mapping) else ""
    return str(value)


def jumps_of(entries: Entries) -> list[Raw]:
    return [
        {"to": values["to"]} | ({"when": when} if when else {})
        for values, when in entries.kept("to")
    ]


def destinations(raw: Raw, page: str) -> list[tuple[str, str]]:
    """Where people can be led from a page: later pages, ends."""
    codes = [one["code"] for one in raw["pages"]]
    later = codes[codes.index(page) + 1 :]
    ends = [f"{END}{one.get('code')}" for one in raw.get("ends") or () if isinstance(one, Mapping)]
    return [(to, destination(raw, to)) for to in (*later, *ends)]


def end_fields(languages: list[str]) -> tuple[str, ...]:
    return ("code", "outcome", "url", *(f"text__{one}" for one in languages))


def ends_of(entries: Entries, languages: list[str]) -> list[Raw]:
    found: list[Raw] = []
    for _number, values, logic in entries.lines:
        texts = {one: values[f"text__{one}"] for one in languages}
        if not any((values["code"], values["url"], *texts.values())):
            continue
        taken = {str(one["code"]).lower() for one in found}
        code = values["code"] if CHOICE_CODE.fullmatch(values["code"]) else ""
        end: Raw = {"code": code or new_code("end", taken)}
        if logic.text:
            end["when"] = logic.text
        if values["outcome"] == "screened_out":
            end["outcome"] = "screened_out"
        if any(texts.values()):
            end["text"] = texts
        if values["url"]:
            end["url"] = values["url"]
        found.append(end)
    return found


def quotas_of(entries: Entries) -> list[Raw]:
    found: list[Raw] = []
    for values, when in entries.kept("limit"):
        taken = {str(one["code"]).lower() for one in found}
        code = values["code"] if CHOICE_CODE.fullmatch(values["code"]) else ""
        limit = int(values["limit"]) if re.fullmatch(r"\d{1,9}", values["limit"]) else 0
        found.append(
            {
                "code": code or new_code("quota", taken),
                "when": when,
                "limit": limit,
                "end": values["end"],
            }
        )
    return found


def end_choices(raw: Raw) -> list[tuple[str, Promise | str]]:
    return [
        (str(one.get("code")), wording(one.get("text")) or str(one.get("code")))
        for one in raw.get("ends") or ()
        if isinstance(one, Mapping)
    ]


@dataclass(frozen=True)
class Mixing:
    """Which pages change places with which: {code of a page: one of GROUPS, "" = none}."""

    raw: Raw
    groups: dict[str, str]

    @classmethod
    def of(cls, raw: Raw, data: QueryDict | None) -> "Mixing":
        codes = [page["code"] for page in raw["pages"]]
        if data is not None:
            typed = {code: data.get(f"mix-{code}", "") for code in codes}
            return cls(raw, {code: one if one in GROUPS else "" for code, one in typed.items()})
        given = raw.get("shuffle_pages")
        lists = [one for one in given if isinstance(one, list)] if isinstance(given, list) else []
        named = {
            code: name for name, one in zip(GROUPS, lists, strict=False) for code in map(str, one)
        }
        return cls(raw, {code: named.get(code, "") for code in codes})

    @property
    def lines(self) -> list[tuple[str, str, str]]:
        """(code, page in words, group)."""
        return [(code, destination(self.raw, code), group) for code, group in self.groups.items()]

    def typed(self) -> list[list[str]]:
        """As the definition has it; a page alone has nobody to change places with."""
        found = [[code for code, one in self.groups.items() if one == name] for name in GROUPS]
        return [codes for codes in found if len(codes) > 1]
