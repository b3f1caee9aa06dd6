"""What endpoints of settings have in common: written by the service that the page calls."""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters
from rest_framework import serializers, viewsets

from accounts.access import SignedInApiRequest
from config.kernel.api_fields import StrictInput, YesNoField
from config.kernel.conditions.errors import ConditionInvalid

YES_NO = [("true", "true"), ("false", "false")]


class MoveSerializer(StrictInput):
    earlier = YesNoField(help_text=_("One place up; false: one place down."))


class SwitchedSerializer(StrictInput):
    on = YesNoField()


class ArchivedFilter(filters.FilterSet):
    archived = filters.ChoiceFilter(
        choices=YES_NO, method="as_it_is", label=_("Those put away instead of those in use")
    )

    def as_it_is(self, queryset: Any, name: str, value: str) -> Any:
        """`SettingActions.in_use_or_not` has seen to it."""
        return queryset


class SettingActions(viewsets.GenericViewSet[Any]):
    """Reading takes feedback:read, writing settings:write and the person's own permission."""

    read_scope, write_scope = "feedback:read", "settings:write"
    lookup_value_converter = "int"
    request: SignedInApiRequest

    def given(self, kind: type[serializers.Serializer[Any]]) -> dict[str, Any]:
        wanted = kind(data=self.request.data, context=self.get_serializer_context())
        wanted.is_valid(raise_exception=True)
        return dict(wanted.validated_data)

    def write_into(self, row: Any) -> dict[str, Any]:
        """What was sent, checked: all of a new row, part of a stored one, and put into it."""
        wanted = self.get_serializer(row, data=self.request.data, partial=row.pk is not None)
        wanted.is_valid(raise_exception=True)
        many = {field.name for field in row._meta.many_to_many}
        plain = set(getattr(self, "set_apart", ())) | many
        for name, value in wanted.validated_data.items():
            if name not in plain:
                setattr(row, name, value)
        return {name: wanted.validated_data[name] for name in plain & set(wanted.validated_data)}

    def stored(self, save: Callable[[], Any]) -> Any:
        """What a service stored, as the client sees it; a condition that cannot be run is the
        fault of that field."""
        try:
            row = save()
        except ConditionInvalid as invalid:
            words = [str(problem.message) for problem in invalid.problems]
            raise serializers.ValidationError({"condition": words}) from invalid
        return self.get_serializer(self.get_queryset().get(pk=row.pk)).data

    def in_use_or_not(self, rows: Any) -> Any:
        """A list has those in use, or with ?archived=true the others; one is found anyway."""
        if self.detail:
            return rows
        archived = self.request.query_params.get("archived") == "true"
        return rows.filter(archived_at__isnull=not archived)


class Archivable(serializers.Serializer[Any]):
    is_archived = serializers.SerializerMethodField()

    def get_is_archived(self, row: Any) -> bool:
        return row.archived_at is not None
