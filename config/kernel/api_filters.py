"""Filters that the endpoints share."""

from datetime import UTC
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django_filters import rest_framework as filters
from django_filters.fields import IsoDateTimeField
from drf_spectacular.utils import extend_schema_field


class _Moment(IsoDateTimeField):
    def clean(self, value: Any) -> Any:
        moment = super().clean(value)
        try:
            # PostgreSQL knows no offsets beyond 16 hours; Python reads up to 24.
            return moment and moment.astimezone(UTC)
        except OverflowError as broken:
            raise ValidationError(_("This moment cannot be.")) from broken


YES_NO = [("true", "true"), ("false", "false")]


@extend_schema_field({"type": "string", "enum": ["true", "false"]})
class YesNoFilter(filters.ChoiceFilter):
    """A field that is true or false, and nothing that could be taken for it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, choices=YES_NO, **kwargs)

    def filter(self, qs: Any, value: str) -> Any:
        return qs.filter(**{str(self.field_name): value == "true"}) if value else qs


class MomentFilter(filters.IsoDateTimeFilter):
    """An ISO 8601 moment with whatever offset."""

    field_class = _Moment
