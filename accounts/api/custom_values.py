"""Values of custom fields as programs see and send them: an object, code → value."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.enums import FieldSubject
from accounts.rules.custom_values import read_values
from accounts.selectors.custom_fields import field_book

MOST_KEYS = 200


@extend_schema_field(
    {
        "type": "object",
        "additionalProperties": {},
        "maxProperties": MOST_KEYS,
        "description": "Custom fields by their code, see /custom-fields/; null takes one away.",
        "example": {"serial_number": "HY-20261122", "colour": "red"},
    }
)
class CustomValuesField(serializers.Field):
    """Refuses what does not fit, and unknown codes, field by field."""

    default_error_messages = {
        "not_an_object": _("Give an object with the codes of fields and their values."),
    }

    def __init__(self, subject: FieldSubject, **kwargs: Any) -> None:
        self.subject = subject
        super().__init__(**kwargs)

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        if not isinstance(data, dict) or len(data) > MOST_KEYS:
            self.fail("not_an_object")
        stored = self.context.get("stored_values", {})
        read = read_values(field_book().all_of(self.subject), data, stored)
        if read.problems:
            raise serializers.ValidationError(
                {code: [words] for code, words in read.problems.items()}
            )
        return read.values

    def to_representation(self, value: dict[str, Any]) -> dict[str, Any]:
        return value
