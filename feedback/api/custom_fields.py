"""/custom-fields/: what an admin asks beyond what every record and customer has."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema, extend_schema_field, extend_schema_view
from rest_framework import mixins, serializers, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.setting_actions import MoveSerializer
from accounts.enums import FieldKind, FieldSubject
from accounts.models import CustomField
from config.kernel.api import InOrder
from config.kernel.api_schema import IDEMPOTENCY_KEY
from config.kernel.conditions.condition import always
from config.kernel.idempotency import idempotent
from feedback.services.custom_fields import (
    MOST_OPTIONS,
    archive_custom_field,
    bring_back_custom_field,
    move_custom_field,
    save_custom_field,
)

_TREE = {
    "type": "array",
    "items": {},
    "description": "A condition as JSON, see docs/conditions.md; [“and”] is always true.",
    "example": ["under", "category", ["product"]],
}


class OptionSerializer(serializers.Serializer[Any]):
    code = serializers.CharField(max_length=40)
    name_zh = serializers.CharField(max_length=120)
    name_en = serializers.CharField(max_length=120)
    archived = serializers.BooleanField(default=False)


@extend_schema_field(_TREE)
class TreeField(serializers.ListField):
    child = serializers.JSONField(allow_null=True)


# Said by its types: “anything, or null” would allow null twice, and so never.
@extend_schema_field({"type": ["string", "number", "boolean", "array", "object"]})
class AnyValueField(serializers.JSONField):
    pass


class CustomFieldSerializer(serializers.ModelSerializer[CustomField]):
    subject = serializers.ChoiceField(FieldSubject.choices)
    kind = serializers.ChoiceField(FieldKind.choices)
    options = OptionSerializer(  # type: ignore[call-arg]
        many=True, default=list, max_length=MOST_OPTIONS
    )
    default = AnyValueField(
        allow_null=True, required=False, initial=None, help_text=_("A value of the field's kind.")
    )
    shown_when = TreeField(default=always, help_text=_("When the field is asked for."))
    archived = serializers.SerializerMethodField()

    class Meta:
        model = CustomField
        fields = [
            "id", "subject", "code", "kind", "name_zh", "name_en", "help_zh", "help_en",
            "group_zh", "group_en", "order", "options", "unit_zh", "unit_en", "decimals",
            "minimum", "maximum", "max_length", "pattern", "example", "required_for_staff",
            "required_for_customer", "required_to_resolve", "default", "is_public",
            "is_searchable", "filter_often", "shown_when", "archived",
        ]  # fmt: skip
        validators: list[Any] = []  # the service says it in words

    def get_archived(self, field: CustomField) -> bool:
        return field.archived_at is not None


class CustomFieldFilter(filters.FilterSet):
    subject = filters.ChoiceFilter(choices=FieldSubject.choices)

    class Meta:
        model = CustomField
        fields: list[str] = []


@extend_schema_view(
    list=extend_schema(summary="List the custom fields, archived ones too"),
    retrieve=extend_schema(summary="One custom field"),
)
class CustomFieldViewSet(
    mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[CustomField]
):
    serializer_class = CustomFieldSerializer
    filterset_class = CustomFieldFilter
    pagination_class = InOrder
    lookup_value_converter = "int"
    read_scope, write_scope = "feedback:read", "feedback:write"
    read_permission, write_permission = "accounts.view_customfield", "accounts.change_customfield"
    permission_by_action = {
        "create": "accounts.add_customfield",
        "destroy": "accounts.delete_customfield",
    }

    def get_queryset(self) -> QuerySet[CustomField]:
        return CustomField.objects.all()

    @extend_schema(
        summary="Make a custom field",
        responses={201: CustomFieldSerializer},
        parameters=[IDEMPOTENCY_KEY],
    )
    @idempotent
    def create(self, request: Request) -> Response:
        wanted = self.get_serializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        field = save_custom_field(CustomField(**wanted.validated_data))
        return Response(self.get_serializer(field).data, status=201)

    @extend_schema(summary="Change a custom field: only what is sent")
    def partial_update(self, request: Request, pk: int) -> Response:
        field = self.get_object()
        wanted = self.get_serializer(field, data=request.data, partial=True)
        wanted.is_valid(raise_exception=True)
        for name, value in wanted.validated_data.items():
            setattr(field, name, value)
        return Response(self.get_serializer(save_custom_field(field)).data)

    @extend_schema(summary="Delete a custom field, or archive it where it has values")
    def destroy(self, request: Request, pk: int) -> Response:
        archive_custom_field(self.get_object())
        return Response(status=204)

    @extend_schema(
        summary="One place up or down among those about the same",
        request=MoveSerializer,
        responses=CustomFieldSerializer,
    )
    @action(detail=True, methods=["post"])
    def move(self, request: Request, pk: int) -> Response:
        wanted = MoveSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        move_custom_field(self.get_object(), **wanted.validated_data)
        return Response(self.get_serializer(self.get_object()).data)

    @extend_schema(summary="Use an archived custom field again", request=None)
    @action(detail=True, methods=["post"])
    def restore(self, request: Request, pk: int) -> Response:
        field = self.get_object()
        bring_back_custom_field(field)
        return Response(self.get_serializer(field).data)
