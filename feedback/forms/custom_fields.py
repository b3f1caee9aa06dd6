"""What an admin enters about a custom field."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.enums import FieldKind
from accounts.models import CustomField
from accounts.rules.custom_values import OPTIONS
from config.kernel.conditions.form_field import ConditionFormField

BLANK_ROWS = 4  # for new options, below those that there are


class CustomFieldForm(forms.ModelForm):
    """The options stand in rows `option_0_code`, `option_0_zh` …; an empty row is none."""

    default_text = forms.CharField(
        label=_("Filled in at first"),
        required=False,
        max_length=500,
        help_text=_("For options their code, several with commas; “yes” or “no”."),
    )

    class Meta:
        model = CustomField
        fields = [
            "name_zh", "name_en", "code", "kind", "help_zh", "help_en", "group_zh", "group_en",
            "unit_zh", "unit_en", "decimals", "minimum", "maximum", "max_length", "pattern",
            "example", "is_public", "required_for_staff", "required_for_customer",
            "required_to_resolve", "is_searchable", "filter_often",
        ]  # fmt: skip
        help_texts = {
            "code": _("Small letters, digits and _. It stays for ever: values, conditions and "
                      "templates name the field by it."),
            "minimum": _("A number, or a date like 2026-01-01."),
            "pattern": _("Like [A-Z]{2}-[0-9]{6,8}. Most fields need none."),
            "example": _("Shown in the field, and to whoever wrote it otherwise."),
            "group_zh": _("Fields with the same group stand together."),
            "is_public": _("In the public form."),
        }  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        one = self.instance
        self.fields["decimals"].required = False
        self.fields["shown_when"] = ConditionFormField(
            subject=f"asked_{one.subject}",
            allowed=frozenset(),
            required=False,
            label=_("Asked when"),
            initial=one.shown_when,
        )
        self.fields["default_text"].initial = _default_text(one.default)
        if one.pk:
            del self.fields["code"]
        if one.subject == "customer":
            del self.fields["required_to_resolve"]
        self.stored = list(one.options)
        for number in range(len(self.stored) + BLANK_ROWS):
            self._add_option_row(number)

    def _add_option_row(self, number: int) -> None:
        option = self.stored[number] if number < len(self.stored) else {}
        columns: list[tuple[str, str, Any, int]] = [
            ("code", "code", pgettext_lazy("of an option", "Code"), 40),
            ("zh", "name_zh", _("Name (Chinese)"), 120),
            ("en", "name_en", _("Name (English)"), 120),
        ]
        for column, key, label, longest in columns:
            self.fields[f"option_{number}_{column}"] = forms.CharField(
                label=label, required=False, max_length=longest, initial=option.get(key, "")
            )
        self.fields[f"option_{number}_archived"] = forms.BooleanField(
            label=pgettext_lazy("an option", "archived"),
            required=False,
            initial=bool(option.get("archived")),
        )

    @property
    def option_rows(self) -> Iterator[list[forms.BoundField]]:
        for number in range(len(self.stored) + BLANK_ROWS):
            yield [
                self[f"option_{number}_{column}"] for column in ("code", "zh", "en", "archived")
            ]

    def clean_decimals(self) -> int:
        decimals: int | None = self.cleaned_data["decimals"]
        return 2 if decimals is None else decimals

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        options = []
        for number in range(len(self.stored) + BLANK_ROWS):
            code, zh, en = (
                (data.get(f"option_{number}_{column}") or "").strip()
                for column in ("code", "zh", "en")
            )
            if code or zh or en:
                option = {"code": code, "name_zh": zh or en, "name_en": en or zh}
                if data.get(f"option_{number}_archived"):
                    option["archived"] = True
                options.append(option)
        data["options"] = options
        return data

    def field(self) -> CustomField:
        """The instance with everything that was entered, for the service. Valid forms only."""
        one: CustomField = self.instance
        one.shown_when = self.cleaned_data["shown_when"]
        one.options = self.cleaned_data["options"]
        one.default = _default_raw(one.kind, self.cleaned_data["default_text"])
        return one

    def refuse(self, field: str, message: str) -> None:
        """Put what the service said where it belongs."""
        name = {"default": "default_text", "options": "option_0_code"}.get(field, field)
        self.add_error(name if name in self.fields else None, message)


def _default_text(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(value)
    return "" if value is None else str(value)


def _default_raw(kind: str, text: str) -> Any:
    text = text.strip()
    if not text:
        return None
    if kind == FieldKind.YES_NO:
        return {"yes": True, "no": False}.get(text.lower(), text)
    if kind in OPTIONS and kind == FieldKind.CHOICES:
        return [one.strip() for one in text.replace("，", ",").split(",") if one.strip()]
    return text
