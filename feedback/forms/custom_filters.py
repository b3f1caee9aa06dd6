"""Inputs for the filters by custom fields, for the forms that narrow lists. They only draw: what
they send is read by accounts.selectors.custom_filters."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from accounts.enums import FieldKind
from accounts.rules.custom_values import NUMBERS, Definition
from accounts.selectors.custom_fields import field_book
from accounts.selectors.custom_filters import FROM, NONE, SPANS, TO, Place
from feedback.selectors.custom_columns import PLACES

BOXES = 8  # so many options stand beside each other; more of them in a list to choose one from


@dataclass(frozen=True, slots=True)
class Input:
    label: str
    first: forms.BoundField
    to: forms.BoundField | None = None
    is_checks: bool = False


class CustomFilters:
    """`often` are the fields that an admin marked as often used to filter, `others` the rest;
    `many` the names of inputs in which several values can be chosen."""

    def __init__(self, form: forms.Form, places: Iterable[Place] = PLACES) -> None:
        self.form = form
        self.many: list[str] = []
        self._often: list[tuple[Definition, Place]] = []
        self._others: list[tuple[Definition, Place]] = []
        for where in places:
            for about in field_book().of(where.subject):
                (self._often if about.filter_often else self._others).append((about, where))
                self._add(about, where)

    @property
    def often(self) -> list[Input]:
        return [self._input(*one) for one in self._often]

    @property
    def others(self) -> list[Input]:
        return [self._input(*one) for one in self._others]

    @property
    def uses_others(self) -> bool:
        """Whether the list is narrowed by one of those that stand aside."""
        names = tuple(_name(*one) for one in self._others)
        return any(
            value and name.removesuffix(f".{FROM}").removesuffix(f".{TO}") in names
            for name, value in self.form.initial.items()
        )

    def _add(self, about: Definition, where: Place) -> None:
        name, label = _name(about, where), where.label(about)
        if about.kind in SPANS:
            kind = {"inputmode": "decimal"} if about.kind in NUMBERS else {"type": "date"}
            for end, words in ((FROM, pgettext("a day", "from")), (TO, _("until"))):
                self.form.fields[f"{name}.{end}"] = forms.CharField(
                    label=words, required=False, widget=forms.TextInput(kind)
                )
            return
        if about.is_text:
            self.form.fields[name] = forms.CharField(label=label, required=False, max_length=200)
            return
        choices = _choices(about)
        field: Any = forms.ChoiceField
        options: dict[str, Any] = {"choices": [("", _("Any")), *choices]}
        if len(choices) <= BOXES:
            self.many.append(name)
            field = forms.MultipleChoiceField
            options = {"choices": choices, "widget": forms.CheckboxSelectMultiple}
        self.form.fields[name] = field(label=label, required=False, **options)

    def _input(self, about: Definition, where: Place) -> Input:
        name, label = _name(about, where), where.label(about)
        if about.kind in SPANS:
            return Input(label, self.form[f"{name}.{FROM}"], self.form[f"{name}.{TO}"])
        return Input(label, self.form[name], is_checks=name in self.many)


def _name(about: Definition, where: Place) -> str:
    return f"{where.prefix}{about.code}"


def _choices(about: Definition) -> list[tuple[str, str]]:
    none = (NONE, _("nothing entered"))
    if about.kind == FieldKind.YES_NO:
        return [("yes", _("Yes")), ("no", _("No")), none]
    used = [(one.code, one.name) for one in about.options if not one.is_archived]
    return [*used, none]
