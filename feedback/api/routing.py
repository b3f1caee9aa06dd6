"""Where new feedback goes, for programs: read only."""

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import mixins, serializers, viewsets

from accounts.models import Team, User
from config.kernel.api import InOrder
from config.kernel.api_fields import ChoiceNameField, CodeOf
from feedback.enums import Priority
from feedback.models import RoutingRule


class RoutingRuleSerializer(serializers.ModelSerializer[RoutingRule]):
    condition = serializers.JSONField(read_only=True)
    team: serializers.PrimaryKeyRelatedField[Team] = serializers.PrimaryKeyRelatedField(
        source="set_team", read_only=True, allow_null=True
    )
    assignee = serializers.PrimaryKeyRelatedField[User](
        source="set_assignee", read_only=True, allow_null=True
    )
    priority = ChoiceNameField(Priority, source="set_priority", read_only=True, allow_null=True)
    tags = CodeOf("name", source="add_tags", many=True)

    class Meta:
        model = RoutingRule
        fields = [
            "id", "name_zh", "name_en", "order", "condition", "is_catch_all", "team", "assignee",
            "to_manager", "priority", "tags", "stop", "is_active", "hits", "last_hit_at",
        ]  # fmt: skip
        read_only_fields = fields


class AsAsked(InOrder):
    ordering = ("is_catch_all", "order", "id")


@extend_schema_view(
    list=extend_schema(summary="List the routing rules in the order in which they are asked"),
    retrieve=extend_schema(summary="One routing rule"),
)
class RoutingRuleViewSet(
    mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[RoutingRule]
):
    serializer_class = RoutingRuleSerializer
    pagination_class = AsAsked
    lookup_value_converter = "int"
    read_scope, read_permission = "feedback:read", "feedback.view_routingrule"

    def get_queryset(self) -> QuerySet[RoutingRule]:
        return RoutingRule.objects.in_order().with_targets()
