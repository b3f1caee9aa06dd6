"""/text-models/: what was learned of this company's decisions."""

from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import mixins, serializers, viewsets
from rest_framework.response import Response

from accounts.access import SignedInApiRequest
from analytics.enums import ModelState, TextTask
from analytics.models import TextModel
from analytics.services.learning import go_back, order_learning
from config.kernel.api import InOrder


class TextsSerializer(serializers.Serializer[Any]):
    """What a model says of many texts."""

    n = serializers.IntegerField(help_text=_("Texts that were looked at"))
    unknown = serializers.FloatField(help_text=_("Share of pieces of words that are new to it"))
    confidence = serializers.FloatField(help_text=_("How sure it is on average, 0 to 1"))
    shares = serializers.DictField(
        child=serializers.FloatField(), help_text=_("Of texts, by what the model says they are")
    )


class WeekOfTextsSerializer(TextsSerializer):
    week = serializers.DateField(help_text=_("Its Monday"))


class DriftSerializer(serializers.Serializer[Any]):
    """What came in since a model was trained against what it was taught with."""

    at = serializers.DateTimeField(help_text=_("When it was measured"))
    then = TextsSerializer()
    now = TextsSerializer(help_text=_("The last four weeks"))
    psi = serializers.FloatField(
        help_text=_("Population stability index of the shares: above 0.25 they differ much")
    )
    signs = serializers.ListField(
        child=serializers.ChoiceField(["unknown", "confidence", "shares"]),
        help_text=_("What has gone too far; any is a reason to learn again"),
    )
    weeks = WeekOfTextsSerializer(many=True)


class TextModelSerializer(serializers.ModelSerializer[TextModel]):
    task = serializers.ChoiceField(TextTask.choices, read_only=True)
    state = serializers.ChoiceField(ModelState.choices, read_only=True)
    metrics = serializers.JSONField(
        read_only=True, help_text=_("Measured on texts that it had not seen; shares 0 to 1.")
    )
    threshold = serializers.FloatField(
        read_only=True, help_text=_("Decides alone from this confidence on; above 1: never.")
    )

    drift = serializers.SerializerMethodField()

    class Meta:
        model = TextModel
        fields = [
            "id", "task", "version", "state", "trained_at", "live_since", "learned_from",
            "metrics", "threshold", "drift", "note",
        ]  # fmt: skip
        read_only_fields = fields

    @extend_schema_field(DriftSerializer(allow_null=True))
    def get_drift(self, model: TextModel) -> dict[str, Any] | None:
        """Null until it was measured."""
        return dict(DriftSerializer(model.drift).data) if model.drift else None


class NewestModelFirst(InOrder):
    ordering = ("-pk",)


class TextModelViewSet(
    mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[TextModel]
):
    queryset = TextModel.objects.none()
    serializer_class = TextModelSerializer
    pagination_class = NewestModelFirst
    read_scope, write_scope = "feedback:read", "feedback:write"
    read_permission, write_permission = "analytics.view_textmodel", "analytics.change_textmodel"
    request: SignedInApiRequest

    def get_queryset(self) -> QuerySet[TextModel]:
        return TextModel.objects.defer("file", "description")

    @extend_schema(
        summary="Learn from what people decided, as soon as a worker is free",
        request=None,
        responses={204: None},
    )
    def learn(self, request: SignedInApiRequest) -> Response:
        order_learning()
        return Response(status=204)

    @extend_schema(
        summary="Put an earlier model to work again",
        request=None,
        responses={200: TextModelSerializer},
    )
    def back(self, request: SignedInApiRequest, pk: int) -> Response:
        try:
            model = go_back(int(pk))
        except (TextModel.DoesNotExist, ValueError) as gone:
            raise Http404 from gone
        return Response(self.get_serializer(model).data)
