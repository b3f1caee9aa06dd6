"""Negative feedback and quality traces, for programs."""

from typing import Any

from django.shortcuts import get_object_or_404
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import mixins, serializers, viewsets
from rest_framework.decorators import action
from rest_framework.response import Response

from accounts.access import SignedInApiRequest
from accounts.api.people import StaffSerializer
from accounts.models import User
from config.kernel.api import InOrder
from config.kernel.api_fields import BigId, CodeField, CodeOf
from feedback.enums import NegativePointKind, TraceState
from feedback.models import Feedback, NegativeCase, NegativePoint, Product, QualityTrace
from feedback.models.quality_trace import QualityTraceQuerySet
from feedback.services.negative import excuse_missing, mark_negative, write_point
from feedback.services.quality_traces import start_trace, write_trace


class PointSerializer(serializers.ModelSerializer[NegativePoint]):
    kind = serializers.ChoiceField(NegativePointKind.choices, read_only=True)

    class Meta:
        model = NegativePoint
        fields = ["kind", "text", "done_at"]
        read_only_fields = fields


class NegativeCaseSerializer(serializers.ModelSerializer[NegativeCase]):
    points = PointSerializer(many=True, read_only=True)

    class Meta:
        model = NegativeCase
        fields = ["started_at", "excuse", "points"]
        read_only_fields = fields


class WritePointSerializer(serializers.Serializer[Any]):
    kind = serializers.ChoiceField(NegativePointKind.choices)
    text = serializers.CharField(max_length=5000, default="", allow_blank=True)
    done = serializers.BooleanField(default=True)


class ExcuseSerializer(serializers.Serializer[Any]):
    reason = serializers.CharField(max_length=2000)


class TraceSerializer(serializers.ModelSerializer[QualityTrace]):
    feedback = serializers.IntegerField(source="feedback.number", read_only=True)
    state = serializers.ChoiceField(TraceState.choices, read_only=True)
    owner = StaffSerializer(read_only=True, allow_null=True)
    product = CodeOf(allow_null=True)

    class Meta:
        model = QualityTrace
        fields = [
            "id", "feedback", "state", "owner", "product", "batch", "order_number", "defect",
            "cause", "measure", "started_at", "closed_at",
        ]  # fmt: skip
        read_only_fields = fields


class NegativeActions(viewsets.GenericViewSet[Feedback]):
    """Of one record that is treated as negative feedback."""

    request: SignedInApiRequest

    @extend_schema(
        summary="What is done about negative feedback; 404 when it is not treated so",
        responses=NegativeCaseSerializer,
    )
    @action(detail=True)
    def negative(self, request: SignedInApiRequest, number: int) -> Response:
        return self._case(self.get_object())

    @extend_schema(
        summary="Treat it as negative feedback",
        request=None,
        responses={200: NegativeCaseSerializer},
    )
    @negative.mapping.post
    def mark_negative(self, request: SignedInApiRequest, number: int) -> Response:
        feedback = self.get_object()
        mark_negative(feedback.pk, by=request.user)
        return self._case(feedback)

    @extend_schema(
        summary="Say what was done about one point",
        request=WritePointSerializer,
        responses={200: NegativeCaseSerializer},
    )
    @negative.mapping.put
    def write_point(self, request: SignedInApiRequest, number: int) -> Response:
        feedback = self.get_object()
        wanted = WritePointSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        data = dict(wanted.validated_data)
        kind = NegativePointKind(data.pop("kind"))
        write_point(feedback.pk, by=request.user, kind=kind, **data)
        return self._case(feedback)

    @extend_schema(
        summary="Say why it may be resolved although something is missing",
        request=ExcuseSerializer,
        responses={200: NegativeCaseSerializer},
    )
    @action(detail=True, methods=["post"])
    def excuse(self, request: SignedInApiRequest, number: int) -> Response:
        feedback = self.get_object()
        wanted = ExcuseSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        excuse_missing(feedback.pk, by=request.user, **wanted.validated_data)
        return self._case(feedback)

    @extend_schema(
        summary="Follow a defect to its cause",
        description="Gives the trace that there is, when somebody has begun already.",
        request=None,
        responses={200: TraceSerializer, 201: TraceSerializer},
    )
    @action(detail=True, methods=["post"], url_path="trace")
    def begin_trace(self, request: SignedInApiRequest, number: int) -> Response:
        feedback = self.get_object()
        begun = start_trace(feedback.pk, by=request.user)
        rows = QualityTrace.objects.select_related("feedback", "owner", "product")
        trace = get_object_or_404(rows, feedback=feedback)
        return Response(TraceSerializer(trace).data, status=201 if begun else 200)

    def _case(self, feedback: Feedback) -> Response:
        rows = NegativeCase.objects.filter(feedback=feedback).prefetch_related("points")
        return Response(NegativeCaseSerializer(get_object_or_404(rows)).data)


class WriteTraceSerializer(serializers.Serializer[Any]):
    """What is left out stays as it is."""

    state = serializers.ChoiceField(TraceState.choices, required=False)
    owner = BigId(queryset=User.objects.filter(is_active=True), required=False, allow_null=True)
    product = CodeField(queryset=Product.objects.active(), required=False, allow_null=True)
    batch = serializers.CharField(max_length=60, required=False, allow_blank=True)
    order_number = serializers.CharField(max_length=60, required=False, allow_blank=True)
    defect = serializers.CharField(max_length=5000, required=False, allow_blank=True)
    cause = serializers.CharField(max_length=5000, required=False, allow_blank=True)
    measure = serializers.CharField(max_length=5000, required=False, allow_blank=True)


class TraceFilter(filters.FilterSet):
    state = filters.MultipleChoiceFilter(choices=TraceState.choices)
    product = filters.ModelChoiceFilter(queryset=Product.objects.all(), to_field_name="code")
    batch = filters.CharFilter(lookup_expr="iexact", max_length=60)
    feedback = filters.NumberFilter(
        "feedback__number", min_value=1, max_value=2**63 - 1, decimal_places=0
    )

    class Meta:
        model = QualityTrace
        fields: list[str] = []


class Traces(InOrder):
    ordering = ("id",)


@extend_schema_view(
    list=extend_schema(summary="List quality traces, oldest first"),
    retrieve=extend_schema(summary="One quality trace"),
)
class TraceViewSet(
    mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[QualityTrace]
):
    queryset = QualityTrace.objects.none()
    serializer_class = TraceSerializer
    pagination_class = Traces
    filterset_class = TraceFilter
    lookup_value_converter = "int"
    read_scope, write_scope = "feedback:read", "feedback:write"
    read_permission, write_permission = "feedback.view_feedback", "feedback.change_feedback"
    request: SignedInApiRequest

    def get_queryset(self) -> QualityTraceQuerySet:
        visible = QualityTrace.objects.visible_to(self.request.user)
        return visible.select_related("feedback", "owner", "product")

    @extend_schema(
        summary="Write what is known now",
        request=WriteTraceSerializer,
        responses={200: TraceSerializer},
    )
    def partial_update(self, request: SignedInApiRequest, pk: int) -> Response:
        one = self.get_object()
        wanted = WriteTraceSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        write_trace(one.pk, by=request.user, **wanted.validated_data)
        rows = QualityTrace.objects.select_related("feedback", "owner", "product")
        return Response(TraceSerializer(rows.get(pk=one.pk)).data)
