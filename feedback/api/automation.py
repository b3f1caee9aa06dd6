"""Rules of automation for programs: read, write, try, switch; and what they did."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import mixins, serializers, viewsets
from rest_framework.decorators import action
from rest_framework.response import Response

from accounts.access import SignedInApiRequest
from accounts.api.setting_actions import MoveSerializer
from config.kernel.api import InOrder
from config.kernel.api_filters import YES_NO
from config.kernel.conditions.errors import ConditionInvalid
from feedback.enums import RuleEvent
from feedback.models import AutomationPause, AutomationRule, AutomationRun, Feedback
from feedback.selectors.automation import automation_runs
from feedback.services.automation import resume_automation
from feedback.services.automation_rules import (
    move_automation,
    remove_automation,
    save_automation,
    switch_automation,
    try_automation,
)


class AutomationRuleSerializer(serializers.ModelSerializer[AutomationRule]):
    event = serializers.ChoiceField(RuleEvent.choices)
    condition = serializers.ListField(
        child=serializers.JSONField(),
        required=False,
        help_text=_("A condition about feedback, as a tree; [“and”] is everything."),
    )
    actions = serializers.ListField(
        child=serializers.DictField(),
        help_text=_("What it does: objects with “do” and what the action needs."),
    )

    class Meta:
        model = AutomationRule
        fields = [
            "id", "name_zh", "name_en", "order", "event", "condition", "actions",
            "once_per_record", "stop", "is_active", "tried_at", "hits", "last_hit_at",
            "last_error",
        ]  # fmt: skip
        read_only_fields = [
            "order", "is_active", "tried_at", "hits", "last_hit_at", "last_error",
        ]  # fmt: skip


class AutomationRunSerializer(serializers.ModelSerializer[AutomationRun]):
    feedback = serializers.IntegerField(source="feedback.number", read_only=True)
    event = serializers.ChoiceField(RuleEvent.choices, read_only=True)
    actions = serializers.ListField(source="did", child=serializers.DictField(), read_only=True)

    class Meta:
        model = AutomationRun
        fields = ["id", "rule", "feedback", "event", "at", "depth", "actions", "changes", "error"]
        read_only_fields = fields


class TriedOnSerializer(serializers.Serializer[Any]):
    feedback = serializers.IntegerField(source="feedback.number")
    changes = serializers.ListField(child=serializers.CharField())
    left_undone = serializers.ListField(source="left", child=serializers.CharField())
    error = serializers.CharField(allow_blank=True)


class TrialSerializer(serializers.Serializer[Any]):
    looked_at = serializers.IntegerField()
    records = TriedOnSerializer(source="rows", many=True)


class SwitchSerializer(serializers.Serializer[Any]):
    on = serializers.BooleanField()


class AsAsked(InOrder):
    ordering = ("order", "id")


class NewestRunsFirst(InOrder):
    ordering = ("-at", "-id")


@extend_schema_view(
    list=extend_schema(summary="List the rules of automation in their order"),
    retrieve=extend_schema(summary="One rule of automation"),
)
class AutomationRuleViewSet(
    mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[AutomationRule]
):
    queryset = AutomationRule.objects.none()
    serializer_class = AutomationRuleSerializer
    pagination_class = AsAsked
    lookup_value_converter = "int"
    read_scope, write_scope = "feedback:read", "feedback:write"
    read_permission = "feedback.view_automationrule"
    write_permission = "feedback.change_automationrule"
    permission_by_action = {
        "create": "feedback.add_automationrule",
        "destroy": "feedback.delete_automationrule",
    }
    request: SignedInApiRequest

    def get_queryset(self) -> QuerySet[AutomationRule]:
        return AutomationRule.objects.in_order()

    @extend_schema(
        summary="Make a rule; it is off until it was tried",
        responses={201: AutomationRuleSerializer},
    )
    def create(self, request: SignedInApiRequest) -> Response:
        return Response(self._saved(AutomationRule(), request), status=201)

    @extend_schema(summary="Change a rule; it is off until it was tried again")
    def partial_update(self, request: SignedInApiRequest, pk: int) -> Response:
        return Response(self._saved(self.get_object(), request))

    def _saved(self, rule: AutomationRule, request: SignedInApiRequest) -> Any:
        wanted = self.get_serializer(rule, data=request.data, partial=rule.pk is not None)
        wanted.is_valid(raise_exception=True)
        for name, value in wanted.validated_data.items():
            setattr(rule, name, value)
        try:
            return self.get_serializer(save_automation(rule)).data
        except ConditionInvalid as invalid:
            words = [str(problem.message) for problem in invalid.problems]
            raise serializers.ValidationError({"condition": words}) from None

    @extend_schema(summary="Remove a rule; one that was used is archived")
    def destroy(self, request: SignedInApiRequest, pk: int) -> Response:
        remove_automation(self.get_object())
        return Response(status=204)

    @extend_schema(
        summary="Try a rule on the last hundred records; nothing is stored",
        request=None,
        responses=TrialSerializer,
    )
    @action(detail=True, methods=["post"], url_path="try")
    def trial(self, request: SignedInApiRequest, pk: int) -> Response:
        tried = try_automation(self.get_object(), by=request.user)
        return Response(TrialSerializer(tried).data)

    @extend_schema(
        summary="Switch a rule on or off",
        request=SwitchSerializer,
        responses=AutomationRuleSerializer,
    )
    @action(detail=True, methods=["post"])
    def switch(self, request: SignedInApiRequest, pk: int) -> Response:
        wanted = SwitchSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        rule = self.get_object()
        switch_automation(rule, on=wanted.validated_data["on"])
        return Response(self.get_serializer(rule).data)

    @extend_schema(
        summary="One place up or down", request=MoveSerializer, responses=AutomationRuleSerializer
    )
    @action(detail=True, methods=["post"])
    def move(self, request: SignedInApiRequest, pk: int) -> Response:
        wanted = MoveSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        move_automation(self.get_object(), **wanted.validated_data)
        return Response(self.get_serializer(self.get_object()).data)


class RunFilter(filters.FilterSet):
    rule = filters.ModelChoiceFilter(queryset=AutomationRule.objects.all())
    feedback = filters.NumberFilter(
        "feedback__number", min_value=1, max_value=2**63 - 1, decimal_places=0
    )
    failed = filters.ChoiceFilter(choices=YES_NO, method="with_error")

    class Meta:
        model = AutomationRun
        fields: list[str] = []

    def with_error(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.exclude(error="") if value == "true" else queryset.filter(error="")


@extend_schema_view(list=extend_schema(summary="What rules did, newest first"))
class AutomationRunViewSet(mixins.ListModelMixin, viewsets.GenericViewSet[AutomationRun]):
    queryset = AutomationRun.objects.none()
    serializer_class = AutomationRunSerializer
    filterset_class = RunFilter
    pagination_class = NewestRunsFirst
    read_scope, read_permission = "feedback:read", "feedback.view_automationrule"
    request: SignedInApiRequest

    def get_queryset(self) -> QuerySet[AutomationRun]:
        return automation_runs(self.request.user)


class PauseSerializer(serializers.ModelSerializer[AutomationPause]):
    """No rule acts on this record: they changed it too often."""

    feedback = serializers.IntegerField(source="feedback.number", read_only=True)

    class Meta:
        model = AutomationPause
        fields = ["feedback", "at"]
        read_only_fields = fields


class NewestPausesFirst(InOrder):
    ordering = ("-at", "-feedback_id")


@extend_schema_view(list=extend_schema(summary="Records that rules leave alone, newest first"))
class AutomationPauseViewSet(mixins.ListModelMixin, viewsets.GenericViewSet[AutomationPause]):
    queryset = AutomationPause.objects.none()
    serializer_class = PauseSerializer
    pagination_class = NewestPausesFirst
    filterset_class = None
    lookup_field, lookup_url_kwarg = "feedback__number", "number"
    lookup_value_converter = "int"
    read_scope, write_scope = "feedback:read", "feedback:write"
    read_permission = "feedback.view_automationrule"
    write_permission = "feedback.change_automationrule"
    request: SignedInApiRequest

    def get_queryset(self) -> QuerySet[AutomationPause]:
        visible = Feedback.objects.visible_to(self.request.user)
        paused = AutomationPause.objects.on().filter(feedback__in=visible.values("pk"))
        return paused.select_related("feedback")

    @extend_schema(summary="Rules may act on this record again", responses={204: None})
    def destroy(self, request: SignedInApiRequest, number: int) -> Response:
        resume_automation(self.get_object().feedback_id, by=request.user)
        return Response(status=204)
