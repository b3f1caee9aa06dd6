from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers, viewsets

from accounts.models import Team
from config.kernel.api import InOrder


class TeamSerializer(serializers.ModelSerializer[Team]):
    class Meta:
        model = Team
        fields = ["id", "name_zh", "name_en"]


@extend_schema_view(
    list=extend_schema(summary="List the teams in use"), retrieve=extend_schema(summary="One team")
)
class TeamViewSet(viewsets.ReadOnlyModelViewSet[Team]):
    serializer_class = TeamSerializer
    pagination_class = InOrder
    lookup_value_converter = "int"
    read_scope, read_permission = "feedback:read", "feedback.view_feedback"

    def get_queryset(self) -> QuerySet[Team]:
        return Team.objects.active()
