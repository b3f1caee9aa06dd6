"""Personal data that is covered in messages, for programs: showing it, and who was shown what."""

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import mixins, serializers, viewsets
from rest_framework.decorators import action
from rest_framework.response import Response

from accounts.access import SignedInApiRequest
from accounts.api.people import StaffSerializer
from accounts.enums import PersonalDataKind
from accounts.selectors.personal_data import NOTHING_COVERED
from feedback.api.merging import OfMessageSerializer
from feedback.api.serializers import MessageSerializer
from feedback.models import Message, TimelineEntry
from feedback.selectors.reveals import reveals_of
from feedback.services.revealing import reveal_personal_data


class RevealActions(viewsets.GenericViewSet[Any]):
    @extend_schema(
        summary="Show what personal data is covered in a message; the story says who did",
        request=OfMessageSerializer,
        responses={200: MessageSerializer},
    )
    @action(detail=True, methods=["post"])
    def reveal(self, request: SignedInApiRequest, number: int) -> Response:
        wanted = OfMessageSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        feedback = self.get_object()
        messages = Message.objects.in_conversation_of(feedback)
        message = get_object_or_404(messages, pk=wanted.validated_data["message"])
        reveal_personal_data(message, on=feedback, by=request.user)
        context = {**self.get_serializer_context(), "cover": NOTHING_COVERED}
        return Response(MessageSerializer(message, context=context).data)


class RevealSerializer(serializers.ModelSerializer[TimelineEntry]):
    feedback = serializers.IntegerField(source="feedback.number", read_only=True)
    message = serializers.IntegerField(
        source="data.message", read_only=True, help_text=_("Id of the message.")
    )
    kinds = serializers.ListField(
        child=serializers.ChoiceField(PersonalDataKind.choices),
        source="data.kinds",
        read_only=True,
    )
    by = StaffSerializer(source="actor", read_only=True, allow_null=True)

    class Meta:
        model = TimelineEntry
        fields = ["id", "at", "by", "feedback", "message", "kinds"]


@extend_schema_view(
    list=extend_schema(summary="Who was shown covered personal data, newest first"),
    retrieve=extend_schema(summary="One time that covered personal data was shown"),
)
class RevealViewSet(
    mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[TimelineEntry]
):
    serializer_class = RevealSerializer
    filterset_class = None
    queryset = TimelineEntry.objects.none()
    lookup_value_converter = "int"
    read_scope = write_scope = "feedback:read"
    read_permission = write_permission = "accounts.view_privacyrequest"

    def get_queryset(self) -> QuerySet[TimelineEntry]:
        return reveals_of(self.request.user).select_related("feedback", "actor")
