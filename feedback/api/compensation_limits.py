"""/compensation-limits/: up to what each role grants compensation without asking."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import (
    OpenApiExample,
    OpenApiParameter,
    extend_schema,
    extend_schema_view,
)
from rest_framework import mixins, serializers
from rest_framework.exceptions import NotFound
from rest_framework.response import Response

from accounts.access import SignedInApiRequest
from accounts.api.setting_actions import SettingActions
from accounts.enums import Role
from config.kernel.api import InOrder
from config.kernel.api_fields import StrictInput
from feedback.models import CompensationLimit
from feedback.services.compensation_limits import remove_limit, save_limit

ROLE = OpenApiParameter(
    "role", {"type": "string", "enum": list(Role.values)}, OpenApiParameter.PATH
)


class AmountField(serializers.DecimalField):
    """As text, so that nothing is lost on the way: "200.00"."""

    def to_internal_value(self, data: Any) -> Any:
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)


class CompensationLimitSerializer(StrictInput, serializers.ModelSerializer[CompensationLimit]):
    role = serializers.ChoiceField(Role.choices, read_only=True)
    most = AmountField(
        max_digits=10,
        decimal_places=2,
        min_value=0,
        allow_null=True,
        help_text=_("Null: without limit."),
    )

    class Meta:
        model = CompensationLimit
        fields = ["role", "most"]


@extend_schema_view(
    list=extend_schema(
        summary="Up to what each role grants compensation",
        description="A role that is not listed grants nothing without asking.",
    ),
    retrieve=extend_schema(summary="The limit of one role", parameters=[ROLE]),
)
class CompensationLimitViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, SettingActions):
    queryset = CompensationLimit.objects.none()
    serializer_class = CompensationLimitSerializer
    filterset_class = None
    pagination_class = InOrder
    lookup_field = "role"
    lookup_value_converter = "str"
    read_permission = "feedback.view_feedback"
    write_permission = "feedback.change_compensationlimit"
    permission_by_action = {"destroy": "feedback.delete_compensationlimit"}

    def get_queryset(self) -> QuerySet[CompensationLimit]:
        return CompensationLimit.objects.order_by("pk")

    @extend_schema(
        summary="Set the limit of a role",
        parameters=[ROLE],
        examples=[OpenApiExample("Up to 500", {"most": "500.00"}, request_only=True)],
    )
    def update(self, request: SignedInApiRequest, role: str) -> Response:
        if role not in Role.values:
            raise NotFound
        stored = CompensationLimit.objects.filter(role=role).first()
        row = stored or CompensationLimit(role=role)
        row.most = self.given(CompensationLimitSerializer)["most"]
        return Response(self.stored(lambda: save_limit(row)))

    @extend_schema(
        summary="Let a role grant nothing without asking",
        parameters=[ROLE],
        responses={204: None},
    )
    def destroy(self, request: SignedInApiRequest, role: str) -> Response:
        remove_limit(self.get_object())
        return Response(status=204)
