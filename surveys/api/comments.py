"""/surveys/ID/comments/, /survey-comments/ID/: what colleagues say about a draft."""

from typing import Any

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers, viewsets
from rest_framework.response import Response

from accounts.access import SignedInApiRequest
from config.kernel.api_fields import StrictInput, YesNoField
from config.kernel.api_schema import IDEMPOTENCY_KEY
from config.kernel.idempotency import idempotent
from surveys.models import Survey, SurveyComment
from surveys.services.commenting import remove_comment, settle_comment, write_comment


class SurveyCommentSerializer(StrictInput, serializers.ModelSerializer[SurveyComment]):
    """About a page, a question, or (both empty) the whole survey."""

    text = serializers.CharField(max_length=2000, help_text=_("@ and a name tells a colleague."))
    page = serializers.CharField(max_length=40, required=False, allow_blank=True, default="")
    element = serializers.CharField(max_length=40, required=False, allow_blank=True, default="")
    author = serializers.IntegerField(source="author_id", read_only=True, allow_null=True)
    resolved_by = serializers.IntegerField(
        source="resolved_by_id", read_only=True, allow_null=True
    )
    mentions = serializers.ListField(child=serializers.IntegerField(), read_only=True)

    class Meta:
        model = SurveyComment
        fields = [
            "id", "page", "element", "text", "mentions", "author", "created_at", "resolved_at",
            "resolved_by",
        ]  # fmt: skip
        read_only_fields = ["id", "created_at", "resolved_at"]

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if attrs.get("page") and attrs.get("element"):
            words = _("A comment is about a page or about a question.")
            raise serializers.ValidationError({"page": [words]})
        return attrs


class SettledSerializer(StrictInput):
    settled = YesNoField(help_text=_("False opens it again."))


class SurveyCommentViewSet(viewsets.GenericViewSet[SurveyComment]):
    queryset = SurveyComment.objects.none()
    serializer_class = SurveyCommentSerializer
    pagination_class = filterset_class = None
    read_scope, write_scope = "surveys:read", "surveys:write"
    read_permission = write_permission = "surveys.change_survey"
    request: SignedInApiRequest

    @extend_schema(summary="Comments on a survey", responses=SurveyCommentSerializer(many=True))
    def list(self, request: SignedInApiRequest, id: Any) -> Response:  # noqa: A002
        return Response(self.get_serializer(_survey(id).comments.all(), many=True).data)

    @extend_schema(
        summary="Comment on a survey, a page or a question",
        request=SurveyCommentSerializer,
        responses={201: SurveyCommentSerializer},
        parameters=[IDEMPOTENCY_KEY],
    )
    @idempotent
    def create(self, request: SignedInApiRequest, id: Any) -> Response:  # noqa: A002
        wanted = self.get_serializer(data=request.data)
        survey = _survey(id)
        wanted.is_valid(raise_exception=True)
        written = write_comment(survey.pk, by=request.user, **wanted.validated_data)
        return Response(self.get_serializer(written).data, status=201)

    @extend_schema(
        summary="Settle a comment, or open it again",
        request=SettledSerializer,
        responses=SurveyCommentSerializer,
    )
    def partial_update(self, request: SignedInApiRequest, pk: Any) -> Response:
        found = self._comment(pk)
        wanted = SettledSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        settled = wanted.validated_data["settled"]
        return Response(
            self.get_serializer(settle_comment(found.pk, by=request.user, settled=settled)).data
        )

    @extend_schema(
        summary="Take a comment of your own back",
        request=None,
        responses={204: OpenApiResponse(description=_("It is gone."))},
    )
    def destroy(self, request: SignedInApiRequest, pk: Any) -> Response:
        remove_comment(self._comment(pk).pk, by=request.user)
        return Response(status=204)

    def _comment(self, pk: Any) -> SurveyComment:
        return get_object_or_404(SurveyComment, pk=pk, survey__in=Survey.objects.kept())


def _survey(slug: Any) -> Survey:
    return get_object_or_404(Survey.objects.kept(), slug=slug)
