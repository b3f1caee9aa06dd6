"""/feedback/{number}/assessment/, /feedback/{number}/review/, /to-review/: how texts were read."""

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import mixins, serializers, viewsets
from rest_framework.exceptions import ValidationError
from rest_framework.response import Response

from accounts.access import SignedInApiRequest
from analytics.services.reviewing import review
from config.kernel.api import InOrder
from config.kernel.api_fields import CodeField, CodeOf, StrictInput
from config.kernel.kept import settings_at
from feedback.enums import Channel, Doubt, Mood, Urgency
from feedback.models import Assessment, Category, Feedback
from feedback.selectors.kept_settings import categories


class AlternativeSerializer(serializers.Serializer[Any]):
    category = serializers.CharField()
    confidence = serializers.FloatField(help_text=_("0 to 1"))


class FurtherSerializer(AlternativeSerializer):
    confidence = serializers.FloatField(
        allow_null=True, help_text=_("0 to 1; null where words alone tell it")
    )


class AssessmentSerializer(serializers.ModelSerializer[Assessment]):
    """How the machine read a record. What counts stands in the record itself."""

    feedback = serializers.IntegerField(source="feedback.number", read_only=True)
    category = CodeOf(allow_null=True)
    alternatives = serializers.SerializerMethodField()
    also = serializers.SerializerMethodField(
        help_text=_("Further categories that are proposed; what people said is in the record")
    )
    mood = serializers.ChoiceField(Mood.choices, read_only=True, allow_blank=True)
    urgency = serializers.ChoiceField(Urgency.choices, read_only=True, allow_null=True)
    doubt = serializers.ChoiceField(Doubt.choices, read_only=True, allow_blank=True)

    class Meta:
        model = Assessment
        fields = [
            "feedback", "read_at", "reader", "language", "category", "category_confidence",
            "alternatives", "also", "is_applied", "mood", "sentiment", "sentiment_confidence",
            "urgency", "urgency_confidence", "keywords", "tags", "reasons", "doubt", "certainty",
            "reviewed_at",
        ]  # fmt: skip
        read_only_fields = fields

    @extend_schema_field(AlternativeSerializer(many=True))
    def get_alternatives(self, assessment: Assessment) -> list[dict[str, Any]]:
        return _by_code(assessment.alternatives)

    @extend_schema_field(FurtherSerializer(many=True))
    def get_also(self, assessment: Assessment) -> list[dict[str, Any]]:
        return _by_code(assessment.also)


def _by_code(read: Iterable[Any]) -> list[dict[str, Any]]:
    known = categories()
    return [
        {"category": known[pk].code, "confidence": confidence}
        for pk, confidence in read
        if pk in known
    ]


class ReviewSerializer(StrictInput):
    """What is left out is not said."""

    category = CodeField(queryset=Category.objects.active(), required=False)
    mood = serializers.ChoiceField(Mood.choices, required=False)
    urgency = serializers.ChoiceField(Urgency.choices, required=False)
    tags = serializers.ListField(
        child=serializers.CharField(max_length=60), max_length=20, required=False, default=list
    )
    also = serializers.ListField(
        child=CodeField(queryset=Category.objects.active()), max_length=5, required=False,
        default=list, help_text=_("Codes of categories that it is about beside the first"),
    )  # fmt: skip
    not_also = serializers.ListField(
        child=CodeField(queryset=Category.objects.all()), max_length=5, required=False,
        default=list, help_text=_("Codes of categories that it is not about"),
    )  # fmt: skip
    version = serializers.IntegerField(
        required=False,
        min_value=0,
        max_value=2**31 - 1,
        help_text=_("Of the record, as you saw it."),
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        lists = attrs["tags"] or attrs["also"] or attrs["not_also"]
        if not set(attrs) & {"category", "mood", "urgency"} and not lists:
            raise ValidationError(_("Say something: a category, mood, urgency or tags."))
        return attrs


class WaitingFilter(filters.FilterSet):
    doubt = filters.MultipleChoiceFilter(choices=Doubt.choices)
    category = filters.ModelChoiceFilter(queryset=Category.objects.all(), to_field_name="code")
    channel = filters.MultipleChoiceFilter("feedback__channel", choices=Channel.choices)

    class Meta:
        model = Assessment
        fields: list[str] = []


class LeastCertainFirst(InOrder):
    ordering = ("certainty", "-pk")


class AssessmentViewSet(mixins.ListModelMixin, viewsets.GenericViewSet[Assessment]):
    queryset = Assessment.objects.none()
    serializer_class = AssessmentSerializer
    pagination_class = LeastCertainFirst
    filterset_class = WaitingFilter
    read_scope, write_scope = "feedback:read", "feedback:write"
    read_permission, write_permission = "feedback.view_feedback", "analytics.review_readings"
    request: SignedInApiRequest

    def get_queryset(self) -> QuerySet[Assessment]:
        visible = Assessment.objects.visible_to(self.request.user)
        return visible.to_review().select_related("feedback", "category")

    @extend_schema(summary="What waits for review, the least certain first")
    def list(self, request: SignedInApiRequest, *args: Any, **kwargs: Any) -> Response:
        with settings_at():
            return super().list(request, *args, **kwargs)

    @extend_schema(
        summary="How the machine read a record; 404 when it has not",
        responses=AssessmentSerializer,
    )
    def retrieve(self, request: SignedInApiRequest, number: int) -> Response:
        return self._shown(self._of(number))

    @extend_schema(
        summary="Say how right that is: what you say counts from now on",
        request=ReviewSerializer,
        responses={200: AssessmentSerializer},
    )
    def review(self, request: SignedInApiRequest, number: int) -> Response:
        assessment = self._of(number)
        wanted = ReviewSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        said = dict(wanted.validated_data)
        if "mood" in said:
            said["mood"] = Mood(said["mood"])
        if "urgency" in said:
            said["urgency"] = Urgency(said["urgency"])
        review(assessment.pk, by=request.user, **said)
        return self._shown(self._of(number))

    def _of(self, number: int) -> Assessment:
        records = Feedback.objects.visible_to(self.request.user).filter(number=number)
        rows = Assessment.objects.select_related("feedback", "category")
        return get_object_or_404(rows, feedback__in=records.order_by().values("pk"))

    def _shown(self, assessment: Assessment) -> Response:
        return Response(self.get_serializer(assessment).data)
