"""Writing service levels: what is promised, to whom, and what happens when it is not kept."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.response import Response

from accounts.access import SignedInApiRequest
from accounts.api.conditions import ConditionTreeField
from accounts.api.setting_actions import MoveSerializer, SettingActions, SwitchedSerializer
from accounts.models import Team
from config.kernel.api_fields import (
    BigId,
    ChoiceNameField,
    CodeField,
    NewCodeField,
    StrictInput,
    TextField,
    WholeField,
    WholeRow,
    YesNoField,
)
from feedback.enums import EscalateOn, EscalationKind, Metric, Priority
from feedback.models import BusinessCalendar, SLAEscalation, SLAPolicy, SLATarget
from feedback.services.sla_policies import (
    LONGEST,
    SHORTEST,
    Escalation,
    Promise,
    move_policy,
    promises_of,
    remove_policy,
    save_policy,
    switch_policy,
)

MOST = 100


class TargetSerializer(WholeRow, serializers.ModelSerializer[SLATarget]):
    """One promised time, for one priority."""

    priority = ChoiceNameField(Priority)
    metric = serializers.ChoiceField(Metric.choices)
    seconds = WholeField(min_value=SHORTEST, max_value=LONGEST)
    business_time = YesNoField(default=False)
    warn_at_pct = WholeField(min_value=1, max_value=99, default=75)

    class Meta:
        model = SLATarget
        fields = ["priority", "metric", "seconds", "business_time", "warn_at_pct"]


class EscalationSerializer(WholeRow, serializers.ModelSerializer[SLAEscalation]):
    """What happens before a promised time is over, or when it is."""

    on = serializers.ChoiceField(EscalateOn.choices)
    metric = serializers.ChoiceField(
        Metric.choices, allow_blank=True, default="", help_text=_("Empty: whatever was promised.")
    )
    kind = serializers.ChoiceField(EscalationKind.choices)
    team = BigId(queryset=Team.objects.active(), allow_null=True, default=None)

    class Meta:
        model = SLAEscalation
        fields = ["on", "metric", "kind", "team"]
        validators: list[Any] = []


class PolicySerializer(StrictInput, serializers.ModelSerializer[SLAPolicy]):
    code = NewCodeField(max_length=50)
    name_zh = TextField(max_length=120)
    name_en = TextField(max_length=120)
    condition = ConditionTreeField(required=False)
    calendar = CodeField(queryset=BusinessCalendar.objects.active())
    targets = TargetSerializer(many=True, max_length=MOST)  # type: ignore[call-arg]
    escalations = EscalationSerializer(  # type: ignore[call-arg]
        many=True, required=False, max_length=MOST
    )

    class Meta:
        model = SLAPolicy
        fields = [
            "code", "name_zh", "name_en", "order", "is_active", "condition", "calendar",
            "targets", "escalations",
        ]  # fmt: skip
        read_only_fields = ["order", "is_active"]

    def validate_code(self, code: str) -> str:
        others = SLAPolicy.objects.filter(code=code)
        if self.instance is not None and self.instance.pk:
            others = others.exclude(pk=self.instance.pk)
        if others.exists():
            raise serializers.ValidationError(_("This code is taken."))
        return code

    def validate_targets(self, rows: list[dict[str, Any]]) -> list[Promise]:
        found = {(one["priority"], one["metric"]): one for one in rows}
        if len(found) < len(rows):
            raise serializers.ValidationError(_("One time is promised twice."))
        return [Promise(**one | {"metric": Metric(one["metric"])}) for one in rows]

    def validate_escalations(self, rows: list[dict[str, Any]]) -> list[Escalation]:
        return [
            Escalation(
                EscalateOn(one["on"]), EscalationKind(one["kind"]), one["metric"], one["team"]
            )
            for one in rows
        ]


class PolicyWriting(SettingActions):
    """What is written about service levels; mixed into their endpoint."""

    lookup_field = "code"
    lookup_value_converter = "str"
    write_permission = "feedback.change_slapolicy"
    permission_by_action = {
        "create": "feedback.add_slapolicy",
        "destroy": "feedback.delete_slapolicy",
    }
    set_apart = ("targets", "escalations")

    @extend_schema(summary="Add a service level", responses={201: PolicySerializer})
    def create(self, request: SignedInApiRequest) -> Response:
        return Response(self._written(SLAPolicy()), status=201)

    @extend_schema(
        summary="Change a service level: only what is sent",
        description="`targets` and `escalations`, when they are sent, are all of them. What is "
        "open is reckoned anew. Refused with “policy_not_usable” when it makes no sense.",
    )
    def partial_update(self, request: SignedInApiRequest, code: str) -> Response:
        return Response(self._written(self.get_object()))

    def _written(self, row: SLAPolicy) -> Any:
        given = self.write_into(row)
        promises = given.get("targets")
        if promises is None:
            promises = promises_of(row)
        escalations = given.get("escalations")
        return self.stored(lambda: save_policy(row, promises=promises, escalations=escalations))

    @extend_schema(
        summary="Remove a service level; one that was used is archived", responses={204: None}
    )
    def destroy(self, request: SignedInApiRequest, code: str) -> Response:
        remove_policy(self.get_object())
        return Response(status=204)

    @extend_schema(
        summary="One place up or down", request=MoveSerializer, responses=PolicySerializer
    )
    @action(detail=True, methods=["post"])
    def move(self, request: SignedInApiRequest, code: str) -> Response:
        move_policy(self.get_object(), **self.given(MoveSerializer))
        return Response(self.get_serializer(self.get_object()).data)

    @extend_schema(
        summary="Switch a service level on or off",
        request=SwitchedSerializer,
        responses=PolicySerializer,
    )
    @action(detail=True, methods=["post"])
    def switch(self, request: SignedInApiRequest, code: str) -> Response:
        row = self.get_object()
        switch_policy(row, **self.given(SwitchedSerializer))
        return Response(self.get_serializer(row).data)
