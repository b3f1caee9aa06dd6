"""How long records are kept, and legal holds, for programs."""

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import mixins, serializers, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.access import SignedInApiRequest
from config.kernel.api import InOrder
from feedback.enums import AgeBasis, RetentionAction
from feedback.models import Feedback, LegalHold, RetentionRule
from feedback.selectors.retention import held_back, would_touch
from feedback.services.holds import hold_record, release_record


class RetentionRuleSerializer(serializers.ModelSerializer[RetentionRule]):
    condition = serializers.JSONField(read_only=True)
    action = serializers.ChoiceField(RetentionAction.choices, read_only=True)
    basis = serializers.ChoiceField(AgeBasis.choices, read_only=True)

    class Meta:
        model = RetentionRule
        fields = [
            "id", "name_zh", "name_en", "condition", "after_days", "basis", "action", "is_active",
        ]  # fmt: skip
        read_only_fields = fields


class DryRunSerializer(serializers.Serializer[Any]):
    """What a rule would do now; `numbers` are the first thousand."""

    count = serializers.IntegerField()
    held_back = serializers.IntegerField()
    numbers = serializers.ListField(child=serializers.IntegerField())


class HoldSerializer(serializers.ModelSerializer[LegalHold]):
    reason = serializers.CharField(max_length=500)
    placed_by = serializers.CharField(source="placed_by_name", read_only=True)

    class Meta:
        model = LegalHold
        fields = ["reason", "placed_by", "placed_at"]
        read_only_fields = ["placed_at"]


@extend_schema_view(
    list=extend_schema(summary="List the retention rules"),
    retrieve=extend_schema(summary="One retention rule"),
)
class RetentionRuleViewSet(
    mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[RetentionRule]
):
    serializer_class = RetentionRuleSerializer
    pagination_class = InOrder
    lookup_value_converter = "int"
    read_scope, read_permission = "feedback:read", "feedback.view_retentionrule"

    def get_queryset(self) -> QuerySet[RetentionRule]:
        return RetentionRule.objects.all()

    @extend_schema(summary="What a rule would do now", responses=DryRunSerializer)
    @action(detail=True, url_path="dry-run")
    def dry_run(self, request: Request, pk: int) -> Response:
        rule, now = self.get_object(), timezone.now()
        touched = would_touch(rule, now)
        found = {
            "count": touched.count(),
            "held_back": held_back(rule, now).count(),
            "numbers": list(touched.values_list("number", flat=True)[:1000]),
        }
        return Response(DryRunSerializer(found).data)


class HoldActions(viewsets.GenericViewSet[Feedback]):
    """The legal hold of one record."""

    request: SignedInApiRequest

    @extend_schema(
        summary="Place a legal hold: nothing of the record is removed",
        request=HoldSerializer,
        responses={200: HoldSerializer},
    )
    @action(detail=True, methods=["put"])
    def hold(self, request: SignedInApiRequest, number: int) -> Response:
        wanted = HoldSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        feedback = hold_record(self.get_object().pk, by=request.user, **wanted.validated_data)
        return Response(HoldSerializer(LegalHold.objects.get(feedback=feedback)).data)

    @extend_schema(summary="Lift the legal hold", responses={204: None})
    @hold.mapping.delete
    def release(self, request: SignedInApiRequest, number: int) -> Response:
        release_record(self.get_object().pk, by=request.user)
        return Response(status=204)
