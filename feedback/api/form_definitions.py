"""/forms/: the forms by which customers write; `POST /feedback/` takes the code of one."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import mixins, serializers, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import Team
from config.kernel.api import InOrder
from config.kernel.api_fields import BigId
from config.kernel.api_schema import IDEMPOTENCY_KEY
from config.kernel.idempotency import idempotent
from feedback.enums import Priority
from feedback.models import FormDefinition
from feedback.services.form_definitions import (
    archive_form,
    bring_back_form,
    make_usual,
    save_form,
)


class FormFieldSerializer(serializers.Serializer[Any]):
    code = serializers.CharField(max_length=40, help_text=_("Of a field that customers see."))
    required = serializers.BooleanField(  # type: ignore[assignment]  # not the field's own
        default=False, help_text=_("It must be filled in on this form.")
    )


class FormSerializer(serializers.ModelSerializer[FormDefinition]):
    name_zh = serializers.CharField(max_length=120, allow_blank=True, required=False)
    name_en = serializers.CharField(max_length=120, allow_blank=True, required=False)
    categories = serializers.ListField(
        child=serializers.CharField(max_length=50),
        required=False,
        max_length=100,
        help_text=_("Codes. None: all that customers may choose; one: it is always that."),
    )
    priorities = serializers.ListField(
        child=serializers.ChoiceField([one.name.lower() for one in Priority]),
        required=False,
        help_text=_("None: normal; one: it is always that; several: customers choose."),
    )
    team = BigId(queryset=Team.objects.active(), allow_null=True, required=False)
    custom_fields = FormFieldSerializer(
        many=True,
        required=False,
        source="fields",
        help_text=_("In their order; only counts without “shows_every_field”."),
    )
    archived = serializers.SerializerMethodField()

    class Meta:
        model = FormDefinition
        fields = [
            "id", "code", "name_zh", "name_en", "intro_zh", "intro_en", "thanks_zh",
            "thanks_en", "categories", "priorities", "team", "asks_product",
            "asks_order_number", "asks_files", "shows_every_field", "custom_fields", "is_default",
            "archived",
        ]  # fmt: skip
        read_only_fields = ["is_default"]
        extra_kwargs: dict[str, Any] = {"code": {"validators": []}}  # the service says it in words

    def validate_priorities(self, value: list[str]) -> list[int]:
        return [int(Priority[one.upper()]) for one in value]

    def get_archived(self, form: FormDefinition) -> bool:
        return form.archived_at is not None

    def to_representation(self, form: FormDefinition) -> dict[str, Any]:
        names = [Priority(one).name.lower() for one in form.priorities]
        return {**super().to_representation(form), "priorities": names}


class FormFilter(filters.FilterSet):
    code = filters.CharFilter("code", max_length=40)

    class Meta:
        model = FormDefinition
        fields: list[str] = []


@extend_schema_view(
    list=extend_schema(summary="List the forms for customers, archived ones too"),
    retrieve=extend_schema(summary="One form for customers"),
)
class FormViewSet(
    mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[FormDefinition]
):
    serializer_class = FormSerializer
    filterset_class = FormFilter
    pagination_class = InOrder
    lookup_value_converter = "int"
    read_scope, write_scope = "feedback:read", "feedback:write"
    read_permission = "feedback.view_formdefinition"
    write_permission = "feedback.change_formdefinition"
    permission_by_action = {
        "create": "feedback.add_formdefinition",
        "destroy": "feedback.delete_formdefinition",
    }

    def get_queryset(self) -> QuerySet[FormDefinition]:
        return FormDefinition.objects.select_related("team")

    @extend_schema(
        summary="Make a form for customers",
        responses={201: FormSerializer},
        parameters=[IDEMPOTENCY_KEY],
    )
    @idempotent
    def create(self, request: Request) -> Response:
        wanted = self.get_serializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        form = save_form(FormDefinition(**wanted.validated_data))
        return Response(self.get_serializer(form).data, status=201)

    @extend_schema(summary="Change a form for customers: only what is sent")
    def partial_update(self, request: Request, pk: int) -> Response:
        form = self.get_object()
        wanted = self.get_serializer(form, data=request.data, partial=True)
        wanted.is_valid(raise_exception=True)
        for name, value in wanted.validated_data.items():
            setattr(form, name, value)
        return Response(self.get_serializer(save_form(form)).data)

    @extend_schema(summary="Delete a form, or archive it where feedback came through it")
    def destroy(self, request: Request, pk: int) -> Response:
        archive_form(self.get_object())
        return Response(status=204)

    @extend_schema(summary="Make it the usual form", request=None, responses={200: FormSerializer})
    @action(detail=True, methods=["post"], url_path="make-usual")
    def make_usual(self, request: Request, pk: int) -> Response:
        form = self.get_object()
        make_usual(form)
        return Response(self.get_serializer(form).data)

    @extend_schema(
        summary="Use an archived form again", request=None, responses={200: FormSerializer}
    )
    @action(detail=True, methods=["post"], url_path="bring-back")
    def bring_back(self, request: Request, pk: int) -> Response:
        form = self.get_object()
        bring_back_form(form)
        return Response(self.get_serializer(form).data)
