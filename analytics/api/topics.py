"""/topics/: what customers write about."""

from typing import Any

from django.http import Http404
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, viewsets
from rest_framework.response import Response

from accounts.access import SignedInApiRequest
from analytics.api.keywords import FILTERS, asked_texts, may_see_answers
from analytics.enums import TopicState
from analytics.models import Topic
from analytics.selectors.topics import TopicRow, Topics, topic_sets, topics_of, visible_topic
from analytics.services.topics import order_topics, rename_topic
from config.kernel.api_fields import StrictInput, TextField


class TopicSerializer(StrictInput, serializers.ModelSerializer[Topic]):
    name_zh = TextField(max_length=80, allow_blank=True, required=False)
    name_en = TextField(max_length=80, allow_blank=True, required=False)
    name = serializers.CharField(
        source="label", read_only=True, help_text=_("Its name, or the words that stand for it.")
    )
    words = serializers.ListField(
        source="top_words", child=serializers.CharField(), read_only=True
    )

    class Meta:
        model = Topic
        fields = ["id", "name", "name_zh", "name_en", "words", "coherence", "created_at"]
        read_only_fields = ["id", "coherence", "created_at"]


class TopicRowSerializer(serializers.Serializer[TopicRow]):
    topic = TopicSerializer()
    texts = serializers.IntegerField(help_text=_("How many of the texts are about it."))
    share = serializers.FloatField(help_text=_("0 to 1."))
    together = serializers.FloatField(
        help_text=_("Share of this and all larger topics among texts with a topic, 0 to 1.")
    )
    change = serializers.SerializerMethodField(
        help_text=_("Of the share since the period before; null without texts there.")
    )
    is_emerging = serializers.BooleanField(
        help_text=_("It grew more than chance would make of so many topics.")
    )
    sentiment = serializers.FloatField(
        allow_null=True, help_text=_("Mean, -100 to 100; null where it is not known.")
    )

    def get_change(self, row: TopicRow) -> float | None:
        return row.change.difference if row.change else None


class TopicsSerializer(serializers.Serializer[Any]):
    state = serializers.ChoiceField(
        TopicState.choices,
        allow_null=True,
        help_text=_("Of the search for the topics of exactly these texts; null without one."),
    )
    found_at = serializers.DateTimeField(allow_null=True)
    texts = serializers.IntegerField()
    others = serializers.IntegerField(help_text=_("Texts without a topic."))
    topics = TopicRowSerializer(many=True)


class TopicsViewSet(viewsets.GenericViewSet[Topic]):
    """Over the texts that the caller may see; answers of surveys only with their scope."""

    queryset = Topic.objects.none()
    serializer_class = TopicsSerializer
    pagination_class = None
    filterset_class = None
    read_scope, write_scope = "feedback:read", "feedback:write"
    read_permission, write_permission = "feedback.view_feedback", "analytics.change_topic"
    request: SignedInApiRequest

    @extend_schema(
        summary="What customers write about", parameters=FILTERS, responses=TopicsSerializer
    )
    def retrieve(self, request: SignedInApiRequest) -> Response:
        choice = asked_texts(request)
        sets, found = topic_sets(choice), Topics()
        if sets.shown:
            found = topics_of(request.user, choice, sets.shown, answers=may_see_answers(request))
        said = {
            "state": sets.own.state if sets.own else None,
            "found_at": sets.shown.found_at if sets.shown else None,
            "texts": found.texts,
            "others": found.others,
            "topics": found.rows,
        }
        return Response(TopicsSerializer(said).data)

    @extend_schema(
        summary="Find the topics of these texts, as soon as a worker is free",
        parameters=FILTERS,
        request=None,
        responses={204: None},
    )
    def find(self, request: SignedInApiRequest) -> Response:
        order_topics(asked_texts(request), by=request.user)
        return Response(status=204)

    @extend_schema(
        summary="Give a topic a name", request=TopicSerializer, responses=TopicSerializer
    )
    def partial_update(self, request: SignedInApiRequest, pk: int) -> Response:
        try:
            topic = visible_topic(request.user, int(pk), answers=may_see_answers(request))
        except Topic.DoesNotExist as gone:
            raise Http404 from gone
        given = TopicSerializer(topic, data=request.data, partial=True)
        given.is_valid(raise_exception=True)
        names = {name: getattr(topic, name) for name in ("name_zh", "name_en")}
        names |= {
            name: given.validated_data[name] for name in names if name in given.validated_data
        }
        return Response(TopicSerializer(rename_topic(topic, **names)).data)
