"""/sentiment/: how what customers wrote sounds."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers, viewsets
from rest_framework.response import Response

from accounts.access import SignedInApiRequest
from analytics.api.keywords import FILTERS, asked_texts, may_see_answers
from analytics.metrics.intervals import Estimate
from analytics.models import TextReading
from analytics.selectors.sentiment import GROUPS, Sentiment, Tally, sentiment_of


class SentimentEstimateSerializer(serializers.Serializer[Estimate]):
    value = serializers.FloatField()
    low = serializers.FloatField(help_text=_("Lower end of the interval (95 percent)."))
    high = serializers.FloatField()
    n = serializers.IntegerField(help_text=_("How many texts are behind it."))


class TallySerializer(serializers.Serializer[Tally]):
    texts = serializers.IntegerField()
    negative = serializers.IntegerField()
    neutral = serializers.IntegerField()
    positive = serializers.IntegerField()
    mixed = serializers.IntegerField()
    undetermined = serializers.IntegerField()
    ironic = serializers.IntegerField(help_text=_("May mean the opposite of what they say."))
    share = SentimentEstimateSerializer(
        allow_null=True,
        help_text=_("Of negative texts among those whose sentiment is known, 0 to 1."),
    )
    mean = SentimentEstimateSerializer(allow_null=True, help_text=_("Sentiment from -100 to 100."))


class StretchSerializer(serializers.Serializer[Any]):
    first = serializers.DateField()
    last = serializers.DateField()
    tally = TallySerializer()


class SentimentPartSerializer(serializers.Serializer[Any]):
    group = serializers.ChoiceField(choices=list(GROUPS))
    value = serializers.CharField(
        allow_null=True, help_text=_("As the filter takes it; null: texts without any.")
    )
    tally = TallySerializer()


class AspectSerializer(serializers.Serializer[Any]):
    category = serializers.IntegerField()
    name = serializers.CharField()
    texts = serializers.IntegerField(help_text=_("How many mention it."))
    negative = serializers.IntegerField(help_text=_("How many say something bad of it."))
    share = SentimentEstimateSerializer()
    mean = SentimentEstimateSerializer()


class DifferenceSerializer(serializers.Serializer[Any]):
    difference = serializers.FloatField(
        help_text=_("Share of negative texts now minus that of the period before.")
    )
    low = serializers.FloatField()
    high = serializers.FloatField()
    p_value = serializers.FloatField()
    is_significant = serializers.BooleanField()


class SentimentSerializer(serializers.Serializer[Any]):
    whole = TallySerializer()
    before = TallySerializer(help_text=_("The period before."))
    change = DifferenceSerializer(allow_null=True)
    series = serializers.SerializerMethodField()
    parts = SentimentPartSerializer(many=True)
    aspects = AspectSerializer(many=True, help_text=_("The worst first."))

    @extend_schema_field(StretchSerializer(many=True))
    def get_series(self, found: Sentiment) -> list[dict[str, Any]]:
        return list(StretchSerializer(list(_stretches(found)), many=True).data)


def _stretches(found: Sentiment) -> Iterator[dict[str, date | Tally]]:
    for bucket, tally in zip(found.buckets, found.series, strict=True):
        yield {"first": bucket.first, "last": bucket.last, "tally": tally}


class SentimentViewSet(viewsets.GenericViewSet[TextReading]):
    """Over the texts that the caller may see; answers of surveys only with their scope."""

    queryset = TextReading.objects.none()
    serializer_class = SentimentSerializer
    pagination_class = None
    filterset_class = None
    read_scope, read_permission = "feedback:read", "feedback.view_feedback"
    request: SignedInApiRequest

    @extend_schema(
        summary="How what customers wrote sounds",
        parameters=FILTERS,
        responses=SentimentSerializer,
    )
    def retrieve(self, request: SignedInApiRequest) -> Response:
        found = sentiment_of(request.user, asked_texts(request), answers=may_see_answers(request))
        return Response(SentimentSerializer(found).data)
