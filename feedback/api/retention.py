"""How long records are kept, and legal holds, for programs."""

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import mixins, serializers, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.access import SignedInApiRequest
from accounts.api.conditions import ConditionTreeField
from accounts.api.setting_actions import SettingActions, SwitchedSerializer
from config.kernel.api import InOrder
from config.kernel.api_fields import StrictInput, TextField, WholeField
from feedback.enums import AgeBasis, RetentionAction
from feedback.models import Feedback, LegalHold, RetentionRule, RetentionRun
from feedback.selectors.retention import held_back, latest_runs, would_touch
from feedback.services.holds import hold_record, release_record
from feedback.services.retention import MAX_DAYS, remove_rule, save_rule, switch_rule


class RetentionRuleSerializer(StrictInput, serializers.ModelSerializer[RetentionRule]):
    name_zh = TextField(max_length=120)
    name_en = TextField(max_length=120)
    condition = ConditionTreeField(required=False)
    action = serializers.ChoiceField(RetentionAction.choices)
    basis = serializers.ChoiceField(AgeBasis.choices, required=False)
    after_days = WholeField(min_value=1, max_value=MAX_DAYS)

    class Meta:
        model = RetentionRule
        fields = [
            "id", "name_zh", "name_en", "condition", "after_days", "basis", "action", "is_active",
        ]  # fmt: skip
        read_only_fields = ["id", "is_active"]


class RetentionRunSerializer(serializers.ModelSerializer[RetentionRun]):
    """What one run did; kept when the rule is gone."""

    rule = serializers.IntegerField(source="rule_id", read_only=True, allow_null=True)
    action = serializers.ChoiceField(RetentionAction.choices, read_only=True)
    numbers = serializers.ListField(child=serializers.IntegerField(), read_only=True)
    failed = serializers.DictField(
        child=serializers.CharField(), read_only=True, help_text=_("Number → code of the refusal.")
    )

    class Meta:
        model = RetentionRun
        fields = ["id", "rule", "rule_name", "action", "at", "numbers", "failed", "held"]
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
class RetentionRuleViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, SettingActions):
    serializer_class = RetentionRuleSerializer
    pagination_class = InOrder
    read_permission = "feedback.view_retentionrule"
    write_permission = "feedback.change_retentionrule"
    permission_by_action = {
        "create": "feedback.add_retentionrule",
        "destroy": "feedback.delete_retentionrule",
    }

    def get_queryset(self) -> QuerySet[RetentionRule]:
        return RetentionRule.objects.all()

    @extend_schema(
        summary="Add a retention rule; it is off until it is switched on",
        responses={201: RetentionRuleSerializer},
    )
    def create(self, request: SignedInApiRequest) -> Response:
        rule = RetentionRule()
        self.write_into(rule)
        return Response(self.stored(lambda: save_rule(rule)), status=201)

    @extend_schema(
        summary="Change a retention rule: only what is sent",
        description="One whose sense changed is off until it is switched on again: look at what "
        "it would do first.",
    )
    def partial_update(self, request: SignedInApiRequest, pk: int) -> Response:
        rule = self.get_object()
        self.write_into(rule)
        return Response(self.stored(lambda: save_rule(rule)))

    @extend_schema(summary="Remove a retention rule; its reports stay", responses={204: None})
    def destroy(self, request: SignedInApiRequest, pk: int) -> Response:
        remove_rule(self.get_object())
        return Response(status=204)

    @extend_schema(
        summary="Switch a retention rule on or off",
        request=SwitchedSerializer,
        responses=RetentionRuleSerializer,
    )
    @action(detail=True, methods=["post"])
    def switch(self, request: SignedInApiRequest, pk: int) -> Response:
        rule = self.get_object()
        switch_rule(rule, **self.given(SwitchedSerializer))
        return Response(self.get_serializer(rule).data)

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


class RunsOfRule(filters.FilterSet):
    rule = filters.ModelChoiceFilter(queryset=RetentionRule.objects.all())

    class Meta:
        model = RetentionRun
        fields: list[str] = []


@extend_schema_view(list=extend_schema(summary="What retention rules did, newest first"))
class RetentionRunViewSet(mixins.ListModelMixin, viewsets.GenericViewSet[RetentionRun]):
    serializer_class = RetentionRunSerializer
    filterset_class = RunsOfRule
    read_scope, read_permission = "feedback:read", "feedback.view_retentionrule"

    def get_queryset(self) -> QuerySet[RetentionRun]:
        return latest_runs()


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
