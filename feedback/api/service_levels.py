"""What is promised, and the clocks of a record, for programs: read only."""

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema, extend_schema_field, extend_schema_view
from rest_framework import mixins, serializers, viewsets

from config.kernel.api import InOrder
from config.kernel.api_fields import ChoiceNameField, CodeOf
from feedback.enums import DayKind, Metric, Priority
from feedback.models import BusinessCalendar, CalendarDay, SLAClock, SLAPolicy, SLATarget
from feedback.selectors.service_levels import calendars_in_use, policies_in_order, week_in_words

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


class TargetSerializer(serializers.ModelSerializer[SLATarget]):
    priority = ChoiceNameField(Priority, read_only=True)
    metric = serializers.ChoiceField(Metric.choices, read_only=True)

    class Meta:
        model = SLATarget
        fields = ["priority", "metric", "seconds", "business_time", "warn_at_pct"]


class PolicySerializer(serializers.ModelSerializer[SLAPolicy]):
    calendar = CodeOf()
    targets = TargetSerializer(many=True, read_only=True)

    class Meta:
        model = SLAPolicy
        fields = ["code", "name_zh", "name_en", "order", "is_active", "condition",
            "calendar", "targets",
        ]  # fmt: skip


class SpecialDaySerializer(serializers.ModelSerializer[CalendarDay]):
    kind = serializers.ChoiceField(DayKind.choices, read_only=True)

    class Meta:
        model = CalendarDay
        fields = ["date", "kind", "spans", "name_zh", "name_en"]


class CalendarSerializer(serializers.ModelSerializer[BusinessCalendar]):
    week = serializers.SerializerMethodField(
        help_text=_("The hours of Monday to Sunday, like 09:00-12:00, 13:30-18:00.")
    )
    days = serializers.SerializerMethodField(help_text=_("Days that differ from their weekday."))

    class Meta:
        model = BusinessCalendar
        fields = ["code", "name_zh", "name_en", "time_zone", "is_default", "week", "days"]

    def get_week(self, calendar: BusinessCalendar) -> list[str]:
        return week_in_words(calendar)

    @extend_schema_field(SpecialDaySerializer(many=True))
    def get_days(self, calendar: BusinessCalendar) -> Any:
        in_use = [day for day in calendar.days.all() if day.is_active]
        return SpecialDaySerializer(in_use, many=True).data


class AsTried(InOrder):
    ordering = ("order", "id")


class _Settings(viewsets.GenericViewSet):
    pagination_class = InOrder
    lookup_field = "code"
    read_scope = "feedback:read"


@extend_schema_view(
    list=extend_schema(summary="List the service levels in the order in which they are tried"),
    retrieve=extend_schema(summary="One service level"),
)
class PolicyViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, _Settings):
    serializer_class = PolicySerializer
    pagination_class = AsTried
    read_permission = "feedback.view_slapolicy"

    def get_queryset(self) -> QuerySet[SLAPolicy]:
        return policies_in_order()


@extend_schema_view(
    list=extend_schema(summary="List the business calendars in use"),
    retrieve=extend_schema(summary="One business calendar"),
)
class CalendarViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, _Settings):
    serializer_class = CalendarSerializer
    read_permission = "feedback.view_businesscalendar"

    def get_queryset(self) -> QuerySet[BusinessCalendar]:
        return calendars_in_use().prefetch_related("days")
