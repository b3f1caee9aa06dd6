"""Choosing columns and putting them in order: by mouse, by keyboard, and without a script."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.widgets import Script
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from feedback.selectors.columns import MOST_COLUMNS, OF_RECORDS, Column, Offer


@dataclass(frozen=True, slots=True)
class Moved:
    """A column was moved by a button that sends the form: not finished yet."""

    names: list[str]


class ColumnsWidget(forms.Widget):
    template_name = "feedback/_columns_field.html"
    use_fieldset = True
    user: User | None = None
    everything = False
    offer = OF_RECORDS

    class Media:
        js = [Script("js/desk/columns.js", type="module")]

    def id_for_label(self, id_: str | None) -> str:
        return ""

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return f"{name}-sent" not in data

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        names = data.getlist(name) if hasattr(data, "getlist") else list(data.get(name) or [])
        what, _colon, moved = data.get(f"{name}-move", "").partition(":")
        if not what or moved not in names:
            return names
        at = names.index(moved)
        to = max(0, at - 1) if what == "up" else min(len(names) - 1, at + 1)
        names[at], names[to] = names[to], names[at]
        return Moved(names)

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        context = super().get_context(name, None, attrs)
        names = value.names if isinstance(value, Moved) else list(value or [])
        chosen = self.offer.find(str(one) for one in names)
        others = [one for one in self.offer.offered(self.user) if one not in chosen]
        context["widget"]["columns"] = [
            *(self._shown(one, is_chosen=True) for one in chosen),
            *(self._shown(one, is_chosen=False) for one in others),
        ]
        return context

    def _shown(self, column: Column, *, is_chosen: bool) -> dict[str, Any]:
        return {
            "name": column.name,
            "label": column.label,
            "group": column.group,
            "is_chosen": is_chosen or column.name == self.offer.always,
            "is_always": column.name == self.offer.always,
            "why": self.offer.sorts and column.why_not_sorted(everything=self.everything),
        }


class ColumnsField(forms.Field):
    """Names of columns in their order. `offer_to` says for whom and for which kind of list."""

    widget = ColumnsWidget
    default_error_messages = {
        "open": _("Not saved yet: put the columns in order, then save."),
        "unknown": _("There is no such column."),
        "many": _("At most %(n)d columns fit."),
    }

    def offer_to(self, user: User, *, everything: bool = False, offer: Offer = OF_RECORDS) -> None:
        self.widget.user = user
        self.widget.everything = everything
        self.widget.offer = offer

    def clean(self, value: Any) -> list[str]:
        if isinstance(value, Moved):
            raise ValidationError(self.error_messages["open"], code="open")
        names = list(dict.fromkeys(str(one) for one in value or []))
        known = self.widget.offer.find(names)
        if len(known) != len(names):
            raise ValidationError(self.error_messages["unknown"], code="unknown")
        if len(names) > MOST_COLUMNS:
            raise ValidationError(self.error_messages["many"] % {"n": MOST_COLUMNS}, code="many")
        return names


class ColumnsForm(forms.Form):
    """How one person wants to see one list."""

    columns = ColumnsField(
        label=_("Columns"),
        required=False,
        help_text=_("In the order in which they stand from left to right."),
    )

    def __init__(
        self,
        data: Any = None,
        *,
        user: User,
        names: list[str],
        everything: bool = False,
        offer: Offer = OF_RECORDS,
    ) -> None:
        super().__init__(data, initial={"columns": names})
        field: Any = self.fields["columns"]
        field.offer_to(user, everything=everything, offer=offer)
