"""What is not sent yet, for programs: drafts, answers that wait for their time, taking back."""

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
from config.kernel.api import InOrder
from config.kernel.api_fields import CodeOf
from config.kernel.api_schema import IDEMPOTENCY_KEY
from config.kernel.idempotency import idempotent
from feedback.api.serializers import (
    MAX_TEXT,
    AttachmentsField,
    MessageSerializer,
    ReplySerializer,
    UploadSerializer,
)
from feedback.enums import DraftKind, HeldBecause
from feedback.models import Draft, Feedback, Message
from feedback.selectors.drafts import drafts_on
from feedback.services.drafts import discard_draft, keep_files, save_draft, take_over_draft
from feedback.services.replies import recall_reply
from feedback.services.scheduling import (
    schedule_reply,
    send_scheduled_now,
    take_back_scheduled,
)


class DraftSerializer(serializers.ModelSerializer[Draft]):
    """A text in the editor. Sent with the `version` that was read, 0 when there was none."""

    kind = serializers.ChoiceField(DraftKind.choices)
    text = serializers.CharField(max_length=MAX_TEXT, allow_blank=True, trim_whitespace=False)
    version = serializers.IntegerField(min_value=0, max_value=2**31 - 1)
    attachments = UploadSerializer(source="files", many=True, read_only=True)

    class Meta:
        model = Draft
        fields = ["kind", "text", "version", "saved_at", "attachments"]
        read_only_fields = ["saved_at"]


class ScheduledReplySerializer(serializers.ModelSerializer[Draft]):
    feedback = serializers.IntegerField(source="feedback.number", read_only=True)
    author = StaffSerializer(source="user", read_only=True)
    status = CodeOf(source="then", allow_null=True)
    held_because = serializers.ChoiceField(
        HeldBecause.choices,
        read_only=True,
        allow_blank=True,
        help_text=_("Empty: it waits for its time."),
    )
    attachments = UploadSerializer(source="files", many=True, read_only=True)

    class Meta:
        model = Draft
        fields = [
            "id", "feedback", "author", "text", "send_at", "status", "held_because",
            "attachments",
        ]  # fmt: skip
        read_only_fields = fields


class ScheduleSerializer(ReplySerializer):
    send_at = serializers.DateTimeField()


class DraftFilesSerializer(serializers.Serializer[Any]):
    attachments = AttachmentsField(source="files", required=True, min_length=1)


class TheirDraftSerializer(serializers.ModelSerializer[Draft]):
    """That a colleague is writing; the text is read by taking a copy of it."""

    author = StaffSerializer(source="user", read_only=True)
    kind = serializers.ChoiceField(DraftKind.choices, read_only=True)

    class Meta:
        model = Draft
        fields = ["id", "author", "kind", "saved_at"]
        read_only_fields = fields


class RecallSerializer(serializers.Serializer[Any]):
    message = serializers.IntegerField(min_value=1, max_value=2**63 - 1)


class UnsentActions(viewsets.GenericViewSet[Feedback]):
    """Of one record: the caller's own draft, and answers to be sent later or not at all."""

    request: SignedInApiRequest

    @extend_schema(summary="Your own draft about a record", responses=DraftSerializer)
    @action(detail=True)
    def draft(self, request: SignedInApiRequest, number: int) -> Response:
        mine = Draft.objects.in_editor().filter(feedback=self.get_object(), user=request.user)
        return Response(DraftSerializer(get_object_or_404(mine)).data)

    @extend_schema(
        summary="Keep a draft",
        description="Refused with “draft_stale” unless `version` is that of the draft you have.",
        request=DraftSerializer,
        responses={200: DraftSerializer, 204: None},
    )
    @draft.mapping.put
    def save_draft(self, request: SignedInApiRequest, number: int) -> Response:
        wanted = DraftSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        kept = save_draft(self.get_object().pk, by=request.user, **wanted.validated_data)
        return Response(status=204) if kept is None else Response(DraftSerializer(kept).data)

    @extend_schema(summary="Discard your draft", responses={204: None})
    @draft.mapping.delete
    def discard_draft(self, request: SignedInApiRequest, number: int) -> Response:
        discard_draft(self.get_object().pk, by=request.user)
        return Response(status=204)

    @extend_schema(
        summary="Lay files beside your draft, and begin one if there is none",
        request=DraftFilesSerializer,
        responses={200: DraftSerializer},
    )
    @action(detail=True, methods=["post"], url_path="draft/files")
    def draft_files(self, request: SignedInApiRequest, number: int) -> Response:
        wanted = DraftFilesSerializer(data=request.data, context=self.get_serializer_context())
        wanted.is_valid(raise_exception=True)
        kept = keep_files(self.get_object().pk, by=request.user, **wanted.validated_data)
        return Response(DraftSerializer(kept).data)

    @extend_schema(
        summary="Colleagues who are writing about a record",
        responses=TheirDraftSerializer(many=True),
    )
    @action(detail=True, filterset_class=None, ordering_fields=None, pagination_class=None)
    def drafts(self, request: SignedInApiRequest, number: int) -> Response:
        theirs = drafts_on(self.get_object(), request.user).others
        return Response(TheirDraftSerializer(theirs, many=True).data)

    @extend_schema(
        summary="A copy of a colleague's unsent text in your own draft; theirs stays theirs",
        request=None,
        responses={200: DraftSerializer},
    )
    @action(detail=True, methods=["post"], url_path="drafts/<int:draft>/copy")
    def copy_draft(self, request: SignedInApiRequest, number: int, draft: int) -> Response:
        theirs = Draft.objects.in_editor().filter(feedback=self.get_object())
        mine = take_over_draft(get_object_or_404(theirs, pk=draft).pk, by=request.user)
        return Response(DraftSerializer(mine).data)

    @extend_schema(
        summary="Answer the customer later",
        description=(
            "Held back when the customer writes, somebody else answers or the record is closed "
            "meanwhile."
        ),
        request=ScheduleSerializer,
        responses={201: ScheduledReplySerializer},
        parameters=[IDEMPOTENCY_KEY],
    )
    @action(detail=True, methods=["post"])
    @idempotent
    def schedule(self, request: SignedInApiRequest, number: int) -> Response:
        wanted = ScheduleSerializer(data=request.data, context=self.get_serializer_context())
        wanted.is_valid(raise_exception=True)
        draft = schedule_reply(self.get_object().pk, by=request.user, **wanted.validated_data)
        return Response(ScheduledReplySerializer(draft).data, status=201)

    @extend_schema(
        summary="Take back an answer that has not left",
        request=RecallSerializer,
        responses={200: MessageSerializer},
    )
    @action(detail=True, methods=["post"])
    def recall(self, request: SignedInApiRequest, number: int) -> Response:
        wanted = RecallSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        messages = Message.objects.filter(feedback=self.get_object())
        message = get_object_or_404(messages, pk=wanted.validated_data["message"])
        taken_back = recall_reply(message.pk, by=request.user)
        context = self.get_serializer_context()
        return Response(MessageSerializer(taken_back, context=context).data)


@extend_schema_view(
    list=extend_schema(summary="Answers that wait for their time"),
    retrieve=extend_schema(summary="One answer that waits for its time"),
)
class ScheduledReplyViewSet(
    mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Draft]
):
    queryset = Draft.objects.none()
    serializer_class = ScheduledReplySerializer
    pagination_class = InOrder
    filterset_class = None
    lookup_value_converter = "int"
    read_scope, write_scope = "feedback:read", "feedback:write"
    read_permission, write_permission = "feedback.view_feedback", "feedback.reply_feedback"
    request: SignedInApiRequest

    def get_queryset(self) -> QuerySet[Draft]:
        visible = Feedback.objects.visible_to(self.request.user)
        scheduled = Draft.objects.scheduled().filter(feedback__in=visible.values("pk"))
        return scheduled.select_related("feedback", "user", "then").prefetch_related("files")

    @extend_schema(summary="Take it back into your draft", responses={204: None})
    def destroy(self, request: SignedInApiRequest, pk: int) -> Response:
        take_back_scheduled(self.get_object().pk, by=request.user)
        return Response(status=204)

    @extend_schema(summary="Send it now", request=None, responses={200: MessageSerializer})
    @action(detail=True, methods=["post"])
    def send(self, request: SignedInApiRequest, pk: int) -> Response:
        message = send_scheduled_now(self.get_object().pk, by=request.user)
        context = self.get_serializer_context()
        return Response(MessageSerializer(message, context=context).data)
