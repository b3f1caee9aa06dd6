"""/negative-rule/: which feedback is negative, and what must be done about it. There is one."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from accounts.access import SignedInApiRequest
from accounts.api.conditions import ConditionTreeField
from accounts.api.setting_actions import SettingActions
from config.kernel.api_fields import StrictInput, YesNoField
from feedback.enums import NegativePointKind
from feedback.models import NegativeRule
from feedback.services.negative import save_negative_rule


class NegativeRuleSerializer(StrictInput, serializers.ModelSerializer[NegativeRule]):
    condition = ConditionTreeField(required=False)
    required_points = serializers.ListField(
        child=serializers.ChoiceField(NegativePointKind.choices), source="required", required=False
    )
    is_active = YesNoField(required=False)

    class Meta:
        model = NegativeRule
        fields = ["condition", "required_points", "is_active"]

    def validate_required_points(self, kinds: Any) -> list[str]:
        return [kind for kind in NegativePointKind.values if kind in kinds]


class NegativeRuleViewSet(SettingActions):
    serializer_class = NegativeRuleSerializer
    pagination_class = None
    filterset_class = None
    read_permission = write_permission = "feedback.change_negativerule"

    @extend_schema(summary="The rule for negative feedback")
    def retrieve(self, request: SignedInApiRequest) -> Response:
        return Response(self.get_serializer(self._rule()).data)

    @extend_schema(summary="Change the rule for negative feedback: only what is sent")
    def partial_update(self, request: SignedInApiRequest) -> Response:
        rule = self._rule()
        wanted = self.get_serializer(rule, data=request.data, partial=True)
        wanted.is_valid(raise_exception=True)
        for name, value in wanted.validated_data.items():
            setattr(rule, name, value)
        return Response(self.get_serializer(save_negative_rule(rule)).data)

    def _rule(self) -> NegativeRule:
        return NegativeRule.objects.first() or NegativeRule()
