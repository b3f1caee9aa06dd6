"""Working on one record with others: who is there, whom a note may mention, hints about tone."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, viewsets
from rest_framework.decorators import action
from rest_framework.response import Response

from accounts.access import SignedInApiRequest
from config.kernel.api_fields import StrictInput, TextField, YesNoField
from feedback.models import Feedback
from feedback.panels import hints_for
from feedback.selectors.following import (
    MENTIONABLE_AT_MOST,
    handle_of,
    others_here,
    people_who_may_see,
)
from feedback.services.notifying import mark_read
from feedback.services.presence import be_present, leave

CHECKED_AT_MOST = 20_000  # characters
PLAIN: dict[str, Any] = {
    "filterset_class": None,
    "ordering_fields": None,
    "pagination_class": None,
}


class MentionableSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    name = serializers.CharField()
    handle = serializers.CharField(help_text="@…")


class PresentSerializer(serializers.Serializer[Any]):
    name = serializers.CharField()
    is_writing = serializers.BooleanField()


class HereSerializer(StrictInput):
    is_writing = YesNoField(default=False)


class TextToCheckSerializer(StrictInput):
    text = TextField(max_length=CHECKED_AT_MOST, allow_blank=True)


class HintSerializer(serializers.Serializer[Any]):
    """`words` of the text, from `start` to `end`, and why one may want to say it otherwise;
    without words, something that is missing. `level`: 1 could be better, 2 should be better,
    3 should not leave like this."""

    sentence = serializers.CharField()
    words = serializers.CharField()
    start = serializers.IntegerField()
    end = serializers.IntegerField()
    level = serializers.IntegerField()


class TogetherActions(viewsets.GenericViewSet[Feedback]):
    """Beside what FeedbackViewSet does itself."""

    request: SignedInApiRequest

    @extend_schema(
        summary="Whom a note of this record may mention, and how",
        responses=MentionableSerializer(many=True),
    )
    @action(detail=True, **PLAIN)
    def mentionable(self, request: SignedInApiRequest, number: int) -> Response:
        people = list(people_who_may_see(self.get_object())[:MENTIONABLE_AT_MOST])
        rows = [
            {"id": one.pk, "name": one.name, "handle": handle_of(one, people)}
            for one in people
            if one.pk != request.user.pk
        ]
        return Response(MentionableSerializer(rows, many=True).data)

    @extend_schema(summary="Who else has the record open", responses=PresentSerializer(many=True))
    @action(detail=True, **PLAIN)
    def presence(self, request: SignedInApiRequest, number: int) -> Response:
        return self._others(self.get_object())

    @extend_schema(
        summary="Say that one has it open; to be repeated every few seconds",
        description="What one was to be told about this record counts as read.",
        request=HereSerializer,
        responses={200: PresentSerializer(many=True)},
    )
    @presence.mapping.put
    def be_present(self, request: SignedInApiRequest, number: int) -> Response:
        feedback = self.get_object()
        wanted = HereSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        be_present(feedback.pk, by=request.user, **wanted.validated_data)
        mark_read(request.user, feedback_id=feedback.pk)
        return self._others(feedback)

    @extend_schema(summary="Say that one has left it", responses={204: None})
    @presence.mapping.delete
    def leave(self, request: SignedInApiRequest, number: int) -> Response:
        leave(self.get_object().pk, by=request.user)
        return Response(status=204)

    @extend_schema(
        summary="Hints about the tone of an answer; nothing is stored",
        request=TextToCheckSerializer,
        responses={200: HintSerializer(many=True)},
    )
    @action(detail=True, methods=["post"], **PLAIN)
    def check(self, request: SignedInApiRequest, number: int) -> Response:
        wanted = TextToCheckSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        hints = hints_for(wanted.validated_data["text"], self.get_object(), request.user)
        return Response(HintSerializer(hints, many=True).data)

    def _others(self, feedback: Feedback) -> Response:
        others: Any = others_here(feedback, self.request.user)
        return Response(PresentSerializer(others, many=True).data)
