"""Inputs of custom fields, for every form that has them. What they take is read by the same rule
as what programs send (accounts.rules.custom_values)."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Self

from django import forms
from django.forms.utils import ErrorDict
from django.utils import timezone
from django.utils.html import escape
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from accounts.enums import FieldKind
from accounts.rules.custom_values import (
    Definition,
    ValueNotFit,
    codes_in,
    read_value,
)
from accounts.selectors.custom_fields import groups_of
from config.kernel.punctuation import with_aside

PREFIX = "field_"
RADIOS = 5  # so many options are shown at once to customers


class CustomInput(forms.Field):
    """One custom field. Its value is as it is kept; None when nothing is given."""

    def __init__(
        self, about: Definition, *, stored: Any = None, for_customer: bool = False, required: bool
    ) -> None:
        self.about = about
        label = with_aside(about.name, about.unit) if about.unit else about.name
        super().__init__(
            label=label,
            help_text=escape(about.help),  # components/field.html shows help as it is
            required=required,
            widget=_widget(about, stored, for_customer=for_customer, required=required),
            initial=stored,
        )
        self.error_messages["required"] = _("This is needed.")

    def to_python(self, value: Any) -> Any:
        raw = {"yes": True, "no": False}.get(value, value) if self._is_yes_no else value
        try:
            return read_value(self.about, raw)
        except ValueNotFit as misfit:
            raise forms.ValidationError(misfit.message) from misfit

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, bool):
            return "yes" if value else "no"
        if self.about.kind == FieldKind.MOMENT and isinstance(value, str):
            try:
                at = timezone.localtime(datetime.fromisoformat(value))
            except ValueError:  # what was typed
                return value
            return at.strftime("%Y-%m-%dT%H:%M")
        return value

    @property
    def _is_yes_no(self) -> bool:
        return self.about.kind == FieldKind.YES_NO


def _widget(about: Definition, stored: Any, *, for_customer: bool, required: bool) -> forms.Widget:
    plain = {"autocomplete": "off"}
    choices = {
        FieldKind.YES_NO: lambda: [("yes", _("Yes")), ("no", _("No"))],
        FieldKind.CHOICE: lambda: _offered(about, stored),
    }.get(about.kind)
    if choices is not None:
        return _select(choices(), for_customer, required)
    if about.kind == FieldKind.CHOICES:
        return forms.CheckboxSelectMultiple(choices=_offered(about, stored))
    if about.kind == FieldKind.LONG_TEXT:
        return forms.Textarea(plain | {"rows": 3, "maxlength": about.longest})
    if about.is_text:
        more = {"placeholder": about.example} if about.example else {}
        return forms.TextInput(
            plain | more | {"type": _TYPES.get(about.kind, "text"), "maxlength": about.longest}
        )
    attrs = dict(_INPUTS[about.kind])
    if about.kind == FieldKind.DATE:
        ends = {"min": about.minimum, "max": about.maximum}
        attrs |= {name: day for name, day in ends.items() if day}
    return forms.TextInput(attrs)


_TYPES = {FieldKind.EMAIL: "email", FieldKind.PHONE: "tel", FieldKind.URL: "url"}
_INPUTS = {
    FieldKind.INTEGER: {"inputmode": "numeric", "autocomplete": "off"},
    FieldKind.DECIMAL: {"inputmode": "decimal", "autocomplete": "off"},
    FieldKind.DATE: {"type": "date"},
    FieldKind.MOMENT: {"type": "datetime-local"},
}


def _select(choices: list[tuple[str, str]], for_customer: bool, required: bool) -> forms.Widget:
    if for_customer and len(choices) <= RADIOS:
        if not required:
            choices = [*choices, ("", pgettext("an answer", "No answer"))]
        return forms.RadioSelect(choices=choices)
    return forms.Select(choices=[("", "–"), *choices])


def _offered(about: Definition, stored: Any) -> list[tuple[str, str]]:
    """The options in use, and those that are chosen already."""
    chosen = codes_in(stored)
    return [
        (one.code, one.name) for one in about.options if not one.is_archived or one.code in chosen
    ]


def add_inputs(
    form: forms.Form,
    definitions: Iterable[Definition],
    stored: Mapping[str, Any],
    *,
    for_customer: bool = False,
    required_here: Collection[str] = (),
) -> None:
    """Give a form an input for each definition; `values_in` reads them from its cleaned data.
    `required_here`: the codes of those that must be filled in on this form whatever else."""
    for one in definitions:
        always = one.required_for_customer if for_customer else one.required_for_staff
        required = always or one.code in required_here
        form.fields[f"{PREFIX}{one.code}"] = CustomInput(
            one, stored=stored.get(one.code), for_customer=for_customer, required=required
        )


def begin_with_usual(form: Any, definitions: Iterable[Definition]) -> None:
    """Questions that come up while a form is filled in begin with what they are filled in with at
    first, like those that were there when it was opened. Boxes that are not ticked send nothing,
    so for them it cannot be known."""
    usual = {
        name: form.fields[name].prepare_value(one.default)
        for one in definitions
        if one.default is not None
        and one.kind != FieldKind.CHOICES
        and (name := f"{PREFIX}{one.code}") not in form.data
    }
    if usual:
        form.data = form.data.copy()
        for name, value in usual.items():
            form.data[name] = value


def values_in(data: Mapping[str, Any]) -> dict[str, Any]:
    """Code → value, of what the custom inputs of a form were given."""
    return {
        name.removeprefix(PREFIX): value for name, value in data.items() if name.startswith(PREFIX)
    }


def inputs_in_groups(
    form: forms.Form, definitions: Sequence[Definition]
) -> list[tuple[str, list[forms.BoundField]]]:
    """The custom inputs as pages draw them."""
    return [
        (
            name,
            [form[f"{PREFIX}{one.code}"] for one in those if f"{PREFIX}{one.code}" in form.fields],
        )
        for name, those in groups_of(definitions)
    ]


class AsksMore(forms.Form):
    """A form about something new: what more is asked hangs on what is chosen in it."""

    more: Sequence[Definition]

    @property
    def groups(self) -> list[tuple[str, list[forms.BoundField]]]:
        return inputs_in_groups(self, self.more)

    def unchecked(self) -> Self:
        """To be drawn while it is still being filled in: nothing in it is called wrong."""
        begin_with_usual(self, self.more)
        self._errors = ErrorDict()
        self.cleaned_data = {}
        return self
