"""Signatures for programs: one's own, and those of the teams that one may write for."""

from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, viewsets
from rest_framework.response import Response

from accounts.access import SignedInApiRequest
from config.kernel.numbers import row_id
from feedback.models import Signature
from feedback.selectors.signatures import teams_signed_for
from feedback.services.signatures import save_signature

MINE = "mine"
WHOSE = OpenApiParameter(
    "whose", {"type": "string", "pattern": "^(mine|[1-9][0-9]{0,17})$"}, OpenApiParameter.PATH,
    description="“mine”, or the id of a team.",
)  # fmt: skip


class SignatureSerializer(serializers.Serializer[Any]):
    """What stands below answers; two empty texts: none."""

    body_zh = serializers.CharField(max_length=1000, allow_blank=True, default="")
    body_en = serializers.CharField(max_length=1000, allow_blank=True, default="")


class SignatureViewSet(viewsets.GenericViewSet[Signature]):
    queryset = Signature.objects.none()
    serializer_class = SignatureSerializer
    filterset_class = None
    pagination_class = None
    lookup_url_kwarg = "whose"
    lookup_value_converter = "str"
    read_scope, write_scope = "feedback:read", "feedback:write"
    read_permission = write_permission = "feedback.reply_feedback"
    request: SignedInApiRequest

    @extend_schema(summary="A signature", parameters=[WHOSE])
    def retrieve(self, request: SignedInApiRequest, whose: str) -> Response:
        found = Signature.objects.filter(**self._of(whose)).first()
        return Response(SignatureSerializer(found or Signature()).data)

    @extend_schema(summary="Write a signature", parameters=[WHOSE])
    def update(self, request: SignedInApiRequest, whose: str) -> Response:
        of = self._of(whose)
        wanted = SignatureSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        saved = save_signature(**of, **wanted.validated_data)
        return Response(SignatureSerializer(saved or Signature()).data)

    def _of(self, whose: str) -> dict[str, Any]:
        if whose == MINE:
            return {"user": self.request.user}
        pk = row_id(whose)
        if pk is None:
            raise Http404
        return {"team": get_object_or_404(teams_signed_for(self.request.user), pk=pk)}
