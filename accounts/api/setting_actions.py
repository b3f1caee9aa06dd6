"""What endpoints of settings have in common: written by the service that the page calls."""

from collections.abc import Callable
from typing import Any, cast

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, viewsets
from rest_framework.decorators import action
from rest_framework.response import Response

from accounts.access import SignedInApiRequest
from config.kernel.api import InOrder
from config.kernel.api_fields import StrictInput, TextField, YesNoField
from config.kernel.api_filters import YES_NO
from config.kernel.conditions.errors import ConditionInvalid


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


class WordSerializer(StrictInput, Archivable, serializers.ModelSerializer[Any]):
    """A word that people put on something; no two differ in capitals or spaces only."""

    name = TextField(max_length=60)

    def validate_name(self, name: str) -> str:
        plain, kind = " ".join(name.split()), cast("Any", self.Meta.model)
        name_is_free(kind.objects, self.instance, name__iexact=plain)
        return plain


class ArchivedSettings(mixins.ListModelMixin, mixins.RetrieveModelMixin, SettingActions):
    """Made, changed, put away and used again, each by the service that the admin calls.
    `queryset`: all of them."""

    filterset_class: Any = ArchivedFilter
    pagination_class = InOrder
    save_row: Callable[[Any], Any]
    remove_row: Callable[[Any], Any]
    bring_back_row: Callable[[Any], Any]

    def get_queryset(self) -> QuerySet[Any]:
        rows: QuerySet[Any] = self.in_use_or_not(super().get_queryset())
        return rows

    def create(self, request: SignedInApiRequest) -> Response:
        row = self.get_queryset().model()
        self.write_into(row)
        return Response(self.stored(lambda: self.save_row(row)), status=201)

    def partial_update(self, request: SignedInApiRequest, **where: Any) -> Response:
        row = self.get_object()
        self.write_into(row)
        return Response(self.stored(lambda: self.save_row(row)))

    def destroy(self, request: SignedInApiRequest, **where: Any) -> Response:
        self.remove_row(self.get_object())
        return Response(status=204)

    @extend_schema(summary="Use an archived one again", request=None)
    @action(detail=True, methods=["post"])
    def restore(self, request: SignedInApiRequest, **where: Any) -> Response:
        row = self.get_object()
        return Response(self.stored(lambda: self.bring_back_row(row) or row))


def name_is_free(rows: Any, but: Any, **same: str) -> None:
    """Refuses a name that another of `rows` has, in use or archived."""
    if rows.filter(**same).exclude(pk=but.pk if but is not None else None).exists():
        raise serializers.ValidationError(_("Another one has this name; it may be archived."))
