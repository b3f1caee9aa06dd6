"""What an admin enters about a form for customers."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.enums import FieldSubject
from accounts.models import Team
from accounts.rules.custom_values import Definition
from accounts.selectors.custom_fields import field_book
from feedback.enums import Priority
from feedback.forms.queue import category_choices
from feedback.models import Category, FormDefinition

_ROWS = {"rows": 3}


class FormDefinitionForm(forms.ModelForm):
    """Each custom field that customers see has a row: whether it is asked, whether it must be
    filled in here, and its place."""

    categories = forms.MultipleChoiceField(
        label=_("Categories"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None: all that customers may choose. One: it is always that, and not asked."),
    )
    priorities = forms.TypedMultipleChoiceField(
        label=_("Priority"),
        required=False,
        coerce=int,
        choices=Priority.choices,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None: normal. One: it is always that. Several: customers choose."),
    )

    class Meta:
        model = FormDefinition
        fields = [
            "name_zh", "name_en", "code", "intro_zh", "intro_en", "thanks_zh", "thanks_en",
            "categories", "priorities", "team", "asks_product", "asks_order_number",
            "asks_files", "shows_every_field",
        ]  # fmt: skip
        widgets = {
            name: forms.Textarea(_ROWS)
            for name in ("intro_zh", "intro_en", "thanks_zh", "thanks_en")
        }
        help_texts = {
            "code": _("The end of the address, in small letters: “repair” makes /write/repair/."),
            "team": _("Empty: as the category and the routing rules have it."),
            "intro_zh": _("Stands above the questions. Empty: the usual words."),
            "thanks_zh": _("Stands on the page after sending."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        one = self.instance
        for name in ("name_zh", "name_en"):
            self.fields[name].required = False  # one of them is enough; the service says so
        categories: Any = self.fields["categories"]
        categories.choices = category_choices(Category.objects.active())
        team: Any = self.fields["team"]
        team.queryset = Team.objects.active()
        self.asked = {row["code"]: row for row in one.fields}
        self.offered = _in_order(self.asked)
        for place, about in enumerate(self.offered, 1):
            self._add_row(place, about, is_asked=one.shows_every_field or about.code in self.asked)

    def _add_row(self, place: int, about: Definition, *, is_asked: bool) -> None:
        row = self.asked.get(about.code, {})
        name = f"field_{about.code}"
        self.fields[f"{name}_asked"] = forms.BooleanField(
            label=pgettext_lazy("a question of a form", "asked"), required=False, initial=is_asked
        )
        self.fields[f"{name}_required"] = forms.BooleanField(
            label=_("needed here"), required=False, initial=bool(row.get("required"))
        )
        self.fields[f"{name}_place"] = forms.IntegerField(
            label=pgettext_lazy("in an order", "place"),
            required=False,
            initial=place,
            min_value=0,
            max_value=999,
        )

    @property
    def field_rows(self) -> Iterator[tuple[Definition, list[forms.BoundField]]]:
        for about in self.offered:
            name = f"field_{about.code}"
            yield about, [self[f"{name}_{part}"] for part in ("asked", "required", "place")]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        rows = []
        for at, about in enumerate(self.offered):
            name = f"field_{about.code}"
            if data.get(f"{name}_asked"):
                place = data.get(f"{name}_place")
                row = {"code": about.code, "required": bool(data.get(f"{name}_required"))}
                rows.append((999 if place is None else place, at, row))
        data["fields"] = [row for _place, _at, row in sorted(rows, key=lambda one: one[:2])]
        return data

    def definition(self) -> FormDefinition:
        """The instance with everything that was entered, for the service. Valid forms only."""
        one: FormDefinition = self.instance
        one.fields = self.cleaned_data["fields"]
        return one

    def refuse(self, field: str, message: str) -> None:
        """Put what the service said where it belongs."""
        name = {"fields": "shows_every_field"}.get(field, field)
        self.add_error(name if name in self.fields else None, message)


def _in_order(asked: dict[str, Any]) -> list[Definition]:
    """The fields that customers see: those of the form in its order, then the others."""
    public = {one.code: one for one in field_book().of(FieldSubject.FEEDBACK) if one.is_public}
    first = [public[code] for code in asked if code in public]
    return [*first, *(one for code, one in public.items() if code not in asked)]
