"""/routing-rules/: where new feedback goes; and what the rules would do with what came last."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import mixins, serializers
from rest_framework.decorators import action
from rest_framework.response import Response

from accounts.access import SignedInApiRequest
from accounts.api.conditions import ConditionTreeField
from accounts.api.setting_actions import MoveSerializer, SettingActions, SwitchedSerializer
from accounts.models import Team, User
from config.kernel.api import InOrder
from config.kernel.api_fields import (
    BigId,
    ChoiceNameField,
    StrictInput,
    TagNamesField,
    TextField,
    YesNoField,
)
from feedback.enums import Priority
from feedback.models import RoutingRule
from feedback.selectors.routing import routing_rules
from feedback.selectors.routing_preview import preview_of, preview_with
from feedback.services.routing_rules import move_rule, remove_rule, save_rule, switch_rule

# What the rule that takes what is left has not.
NOT_OF_THE_LAST = ("condition", "stop", "to_manager")


class RoutingRuleSerializer(StrictInput, serializers.ModelSerializer[RoutingRule]):
    name_zh = TextField(max_length=120)
    name_en = TextField(max_length=120)
    condition = ConditionTreeField(required=False)
    team = BigId(
        source="set_team", queryset=Team.objects.active(), allow_null=True, required=False
    )
    assignee = BigId(
        source="set_assignee",
        queryset=User.objects.filter(is_active=True),
        allow_null=True,
        required=False,
    )
    priority = ChoiceNameField(Priority, source="set_priority", allow_null=True, required=False)
    to_manager = YesNoField(required=False)
    tags = TagNamesField(source="add_tags", required=False)
    stop = YesNoField(required=False)

    class Meta:
        model = RoutingRule
        fields = [
            "id", "name_zh", "name_en", "order", "condition", "is_catch_all", "team", "assignee",
            "to_manager", "priority", "tags", "stop", "is_active", "hits", "last_hit_at",
        ]  # fmt: skip
        read_only_fields = ["id", "order", "is_catch_all", "is_active", "hits", "last_hit_at"]
        validators: list[Any] = []

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if self.instance is not None and self.instance.is_catch_all:
            sentence = _("The last rule takes whatever is left: it has no condition.")
            if wrong := [name for name in NOT_OF_THE_LAST if name in attrs]:
                raise serializers.ValidationError({name: [sentence] for name in wrong})
        return attrs


class GoingSerializer(serializers.Serializer[Any]):
    """A record: where it is, and where these rules would send it."""

    feedback = serializers.IntegerField(source="feedback.number")
    rules = serializers.SerializerMethodField(help_text=_("Those that would take it."))
    team = serializers.IntegerField(source="team.pk", allow_null=True, default=None)
    person = serializers.CharField(allow_blank=True)
    is_elsewhere = serializers.BooleanField()

    def get_rules(self, going: Any) -> list[int]:
        return [one.pk or 0 for one in going.rules]


class RoutingPreviewSerializer(serializers.Serializer[Any]):
    elsewhere = serializers.IntegerField(help_text=_("How many would go elsewhere."))
    records = GoingSerializer(source="rows", many=True)


class AsAsked(InOrder):
    ordering = ("is_catch_all", "order", "id")


@extend_schema_view(
    list=extend_schema(summary="List the routing rules in the order in which they are asked"),
    retrieve=extend_schema(summary="One routing rule"),
)
class RoutingRuleViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, SettingActions):
    serializer_class = RoutingRuleSerializer
    pagination_class = AsAsked
    read_permission, write_permission = "feedback.view_routingrule", "feedback.change_routingrule"
    permission_by_action = {
        "create": "feedback.add_routingrule",
        "destroy": "feedback.delete_routingrule",
    }

    def get_queryset(self) -> QuerySet[RoutingRule]:
        return RoutingRule.objects.in_order().with_targets()

    @extend_schema(
        summary="Add a routing rule, before the one that takes what is left",
        responses={201: RoutingRuleSerializer},
    )
    def create(self, request: SignedInApiRequest) -> Response:
        return Response(self._written(RoutingRule()), status=201)

    @extend_schema(summary="Change a routing rule: only what is sent")
    def partial_update(self, request: SignedInApiRequest, pk: int) -> Response:
        return Response(self._written(self.get_object()))

    def _written(self, rule: RoutingRule) -> Any:
        tags = self.write_into(rule).get("add_tags")
        return self.stored(lambda: save_rule(rule, tags=tags, by=self.request.user))

    @extend_schema(
        summary="Remove a routing rule; one that was used is archived", responses={204: None}
    )
    def destroy(self, request: SignedInApiRequest, pk: int) -> Response:
        remove_rule(self.get_object(), by=request.user)
        return Response(status=204)

    @extend_schema(
        summary="One place up or down", request=MoveSerializer, responses=RoutingRuleSerializer
    )
    @action(detail=True, methods=["post"])
    def move(self, request: SignedInApiRequest, pk: int) -> Response:
        move_rule(self.get_object(), **self.given(MoveSerializer), by=request.user)
        return Response(self.get_serializer(self.get_object()).data)

    @extend_schema(
        summary="Switch a routing rule on or off",
        request=SwitchedSerializer,
        responses=RoutingRuleSerializer,
    )
    @action(detail=True, methods=["post"])
    def switch(self, request: SignedInApiRequest, pk: int) -> Response:
        rule = self.get_object()
        switch_rule(rule, **self.given(SwitchedSerializer), by=request.user)
        return Response(self.get_serializer(rule).data)

    @extend_schema(
        methods=["GET"],
        summary="What the rules would do with the last hundred records",
        responses=RoutingPreviewSerializer,
    )
    @extend_schema(
        methods=["POST"],
        summary="The same, with one more rule that is not stored",
        request=RoutingRuleSerializer,
        responses=RoutingPreviewSerializer,
    )
    @action(detail=False, methods=["get", "post"], pagination_class=None)
    def preview(self, request: SignedInApiRequest) -> Response:
        if request.method == "POST":
            rule = RoutingRule()
            self.write_into(rule)
            found = preview_with(rule, request.user)[0]
        else:
            active = [one for one in routing_rules() if one.rule.is_active]
            found = preview_of(active, request.user)
        return Response(RoutingPreviewSerializer(found).data)
