"""What is promised, when people work, and the clocks of a record, for programs."""

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema, extend_schema_field, extend_schema_view
from rest_framework import mixins, serializers

from config.kernel.api import InOrder
from config.kernel.api_fields import CodeOf
from feedback.api.calendars import CalendarSerializer, CalendarWriting
from feedback.api.sla_policies import PolicySerializer, PolicyWriting
from feedback.enums import Metric
from feedback.models import BusinessCalendar, SLAClock, SLAPolicy
from feedback.selectors.service_levels import calendars_in_use, policies_in_order

STATES = ["running", "warned", "breached", "paused", "met", "late", "stopped"]


class ClockSerializer(serializers.ModelSerializer[SLAClock]):
    """One promise to the customer of a record."""

    metric = serializers.ChoiceField(Metric.choices, read_only=True)
    policy = CodeOf()
    state = serializers.SerializerMethodField()

    class Meta:
        model = SLAClock
        fields = [
            "metric", "policy", "state", "started_at", "target_seconds", "business_time",
            "warn_at", "due_at", "paused_at", "met_at", "stopped_at", "breached_at",
            "elapsed_seconds",
        ]  # fmt: skip
        read_only_fields = fields

    @extend_schema_field(serializers.ChoiceField([(one, one) for one in STATES]))
    def get_state(self, clock: SLAClock) -> str:
        return clock.state_at(timezone.now())


class AsTried(InOrder):
    ordering = ("order", "id")


@extend_schema_view(
    list=extend_schema(summary="List the service levels in the order in which they are tried"),
    retrieve=extend_schema(summary="One service level"),
)
class PolicyViewSet(PolicyWriting, mixins.ListModelMixin, mixins.RetrieveModelMixin):
    serializer_class = PolicySerializer
    pagination_class = AsTried
    read_permission = "feedback.view_slapolicy"

    def get_queryset(self) -> QuerySet[SLAPolicy]:
        return policies_in_order()


@extend_schema_view(
    list=extend_schema(summary="List the business calendars in use"),
    retrieve=extend_schema(summary="One business calendar"),
)
class CalendarViewSet(CalendarWriting, mixins.ListModelMixin, mixins.RetrieveModelMixin):
    serializer_class = CalendarSerializer
    pagination_class = InOrder
    read_permission = "feedback.view_businesscalendar"

    def get_queryset(self) -> QuerySet[BusinessCalendar]:
        return calendars_in_use().prefetch_related("days")
