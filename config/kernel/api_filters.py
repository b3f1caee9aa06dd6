"""Filters that the endpoints share."""

from datetime import UTC
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django_filters import rest_framework as filters
from django_filters.fields import IsoDateTimeField


class _Moment(IsoDateTimeField):
    def clean(self, value: Any) -> Any:
        moment = super().clean(value)
        try:
            # PostgreSQL knows no offsets beyond 16 hours; Python reads up to 24.
            return moment and moment.astimezone(UTC)
        except OverflowError as broken:
            raise ValidationError(_("This moment cannot be.")) from broken


class MomentFilter(filters.IsoDateTimeFilter):
    """An ISO 8601 moment with whatever offset."""

    field_class = _Moment
