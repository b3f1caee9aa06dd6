"""/attachments/: files, sent ahead of the message that they belong to, and read back."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import viewsets
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import BaseThrottle

from accounts.access import SignedInApiRequest
from accounts.api.throttles import TokenThrottle, UploadThrottle
from accounts.selectors.personal_data import cover_in_conversations
from config.kernel.api_schema import IDEMPOTENCY_KEY
from config.kernel.idempotency import idempotent
from feedback.api.serializers import FileToUploadSerializer, UploadSerializer
from feedback.models import Attachment
from feedback.selectors.conversation import attachments_visible_to
from feedback.services.attachments import IncomingFile, keep_upload
from feedback.views.files import file_response


class AttachmentViewSet(viewsets.GenericViewSet[Any]):
    queryset = Attachment.objects.none()
    serializer_class = UploadSerializer
    parser_classes = [MultiPartParser]
    filterset_class = None
    lookup_field = "key"
    lookup_value_converter = "uuid"
    read_scope, write_scope = "feedback:read", "feedback:write"
    read_permission, write_permission = "feedback.view_feedback", "feedback.add_feedback"
    request: SignedInApiRequest

    def get_throttles(self) -> list[BaseThrottle]:
        uploads = [UploadThrottle()] if self.action == "create" else []
        return [TokenThrottle(), *uploads]

    def perform_content_negotiation(self, request: Request, force: bool = False) -> Any:
        # Whoever asks for a picture may say so; a refusal is a problem document all the same.
        return super().perform_content_negotiation(request, force or self.action == "retrieve")

    @extend_schema(
        summary="Upload a file for a message",
        description=(
            "Gives an id for `attachments` of new feedback, an answer or a note. It is yours, can "
            "be used once, and is removed after a day if it was not."
        ),
        request={"multipart/form-data": FileToUploadSerializer},
        responses={201: UploadSerializer},
        parameters=[IDEMPOTENCY_KEY],
    )
    @idempotent
    def create(self, request: SignedInApiRequest) -> Response:
        wanted = FileToUploadSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        file = wanted.validated_data["file"]
        upload = keep_upload(IncomingFile(file.name, file.read()), by=request.user)
        return Response(self.get_serializer(upload).data, status=201)

    @extend_schema(
        summary="Download a file of a record",
        description="Always as a download, whatever it is.",
        responses={(200, "application/octet-stream"): OpenApiTypes.BINARY},
    )
    def retrieve(self, request: SignedInApiRequest, key: str) -> HttpResponse:
        one = get_object_or_404(attachments_visible_to(request.user), key=key)
        name = cover_in_conversations(request.user).file_name(one.name)
        return file_response(one, name=name, as_download=True)
