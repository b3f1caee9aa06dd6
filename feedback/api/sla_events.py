"""/sla-events/: what happened to promises – the log that nobody can change."""

from typing import Any

from django.db.models import QuerySet
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import mixins, serializers, viewsets

from accounts.access import SignedInApiRequest
from config.kernel.api import NewestFirst
from config.kernel.api_fields import CodeOf
from config.kernel.api_filters import MomentFilter
from feedback.api.changes import DetailsField
from feedback.enums import ClockEventKind, Metric
from feedback.models import Feedback, SLAEvent


class SLAEventSerializer(serializers.ModelSerializer[SLAEvent]):
    feedback = CodeOf("number")
    metric = serializers.ChoiceField(Metric.choices, source="clock.metric", read_only=True)
    kind = serializers.ChoiceField(ClockEventKind.choices, read_only=True)
    details = DetailsField(source="data", read_only=True)

    class Meta:
        model = SLAEvent
        fields = ["id", "feedback", "metric", "kind", "due_at", "at", "details"]
        read_only_fields = fields


class SLAEventFilter(filters.FilterSet):
    kind = filters.ChoiceFilter(choices=ClockEventKind.choices)
    metric = filters.ChoiceFilter("clock__metric", choices=Metric.choices)
    feedback = filters.NumberFilter(
        "feedback__number", min_value=1, max_value=2**63 - 1, decimal_places=0
    )
    after = MomentFilter("at", "gte")
    before = MomentFilter("at", "lt")

    class Meta:
        model = SLAEvent
        fields: list[str] = []


@extend_schema_view(
    list=extend_schema(summary="Warnings, missed promises and escalations, newest first")
)
class SLAEventViewSet(mixins.ListModelMixin, viewsets.GenericViewSet[SLAEvent]):
    queryset = SLAEvent.objects.none()
    serializer_class = SLAEventSerializer
    filterset_class = SLAEventFilter
    pagination_class = NewestFirst
    read_scope, read_permission = "feedback:read", "feedback.view_feedback"
    request: SignedInApiRequest

    def get_queryset(self) -> QuerySet[SLAEvent]:
        visible: Any = Feedback.objects.visible_to(self.request.user)
        rows = SLAEvent.objects.filter(feedback__in=visible.values("pk"))
        return rows.select_related("feedback", "clock")
