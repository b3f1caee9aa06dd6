"""/suggestions/: what the person behind the token suggested, and what became of it. Always under
their name: a token tells who it is, and what is sent twice is remembered with it."""

from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import mixins, serializers, viewsets
from rest_framework.response import Response

from accounts.access import SIGNED_IN, SignedInApiRequest
from config.kernel.api import NewestFirst
from config.kernel.api_fields import StrictInput, TextField
from config.kernel.api_schema import IDEMPOTENCY_KEY
from config.kernel.idempotency import idempotent
from feedback.models import Suggestion
from feedback.selectors.status_page import progress_of
from feedback.selectors.suggestions import counts_for, own_suggestions
from feedback.services.suggestions import hand_in_suggestion


class SuggestionInput(StrictInput, serializers.Serializer[Any]):
    subject = TextField(max_length=200)
    text = TextField(max_length=20_000)
    language = serializers.ChoiceField(settings.LANGUAGES)


class SuggestionSerializer(serializers.ModelSerializer[Suggestion]):
    number = serializers.IntegerField(source="feedback.number", read_only=True)
    subject = serializers.CharField(source="feedback.subject", read_only=True)
    status = serializers.SerializerMethodField(help_text=_("How far it is, in words."))
    answers = serializers.IntegerField(read_only=True)
    received_at = serializers.DateTimeField(source="feedback.received_at", read_only=True)

    class Meta:
        model = Suggestion
        fields = ["number", "subject", "status", "answers", "received_at"]
        read_only_fields = fields

    def get_status(self, row: Suggestion) -> str:
        return progress_of(counts_for(row)).label


class Suggestions(NewestFirst):
    ordering = "-feedback_id"


@extend_schema_view(list=extend_schema(summary="Your suggestions"))
class SuggestionsViewSet(mixins.ListModelMixin, viewsets.GenericViewSet[Suggestion]):
    queryset = Suggestion.objects.none()
    serializer_class = SuggestionSerializer
    pagination_class = Suggestions
    filterset_class = None
    read_scope, write_scope = "feedback:read", "feedback:write"
    read_permission = write_permission = SIGNED_IN
    request: SignedInApiRequest

    def get_queryset(self) -> QuerySet[Suggestion]:
        return own_suggestions(self.request.user)

    @extend_schema(
        summary="Make a suggestion",
        request=SuggestionInput,
        responses={201: SuggestionSerializer},
        parameters=[IDEMPOTENCY_KEY],
    )
    @idempotent
    def create(self, request: SignedInApiRequest) -> Response:
        given = SuggestionInput(data=request.data)
        given.is_valid(raise_exception=True)
        made = hand_in_suggestion(by=request.user, **given.validated_data)
        return Response(self.get_serializer(self.get_queryset().get(pk=made.pk)).data, status=201)
