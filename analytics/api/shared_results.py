"""/surveys/{id}/shares/, /shared-results/{id}/: links that show results without signing in."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, viewsets
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.access import SignedInApiRequest
from accounts.api.permissions import may_see_customers, needs_a_scope
from analytics.forms.share_results import DAYS
from analytics.models import SharedResults
from analytics.selectors.survey_groups import group_of
from analytics.services.sharing import share_results, withdraw_shared_results
from config.kernel.api_fields import StrictInput
from config.kernel.api_schema import IDEMPOTENCY_KEY
from config.kernel.conditions.errors import ConditionInvalid
from config.kernel.idempotency import idempotent
from feedback.errors import FilterNotKnown
from surveys.api.response_filters import open_filters
from surveys.models import Survey


class ShareSerializer(serializers.ModelSerializer[SharedResults]):
    url = serializers.SerializerMethodField(
        help_text=_("Empty for the link of somebody else, who may see other records.")
    )
    made_by = serializers.StringRelatedField()  # type: ignore[var-annotated]
    works = serializers.SerializerMethodField()
    has_password = serializers.SerializerMethodField()

    class Meta:
        model = SharedResults
        fields = [
            "id", "url", "query", "compare", "with_texts", "has_password", "made_by", "made_at",
            "ends_at", "withdrawn_at", "last_opened_at", "times_opened", "works",
        ]  # fmt: skip
        read_only_fields = fields

    def get_url(self, shared: SharedResults) -> str:
        return shared.url if shared.is_open_to(self.context["request"].user) else ""

    def get_works(self, shared: SharedResults) -> bool:
        return shared.works(timezone.now())

    def get_has_password(self, shared: SharedResults) -> bool:
        return bool(shared.password)


class NewShareSerializer(StrictInput):
    query = serializers.DictField(
        child=serializers.ListField(child=serializers.CharField(max_length=2000)),
        required=False,
        default=dict,
        help_text=_("Filters of the results by their names, each with a list of values."),
    )
    compare = serializers.CharField(max_length=200, required=False, default="")
    days = serializers.ChoiceField(choices=DAYS, required=False, default=30)
    with_texts = serializers.BooleanField(required=False, default=False)
    password = serializers.CharField(
        min_length=6, max_length=100, required=False, default="", write_only=True
    )


class SharedResultsViewSet(viewsets.GenericViewSet[SharedResults]):
    """Whoever has such a link reads the results of a survey, as its maker may see them."""

    queryset = SharedResults.objects.none()
    serializer_class = ShareSerializer
    filterset_class = None
    read_scope, read_permission = "surveys:read", "surveys.change_survey"
    write_scope, write_permission = "surveys:write", "surveys.change_survey"
    request: SignedInApiRequest

    def check_permissions(self, request: Request) -> None:
        """Both: the links are a survey's, what they show is answers."""
        super().check_permissions(request)
        if not request.user.has_perm("surveys.view_response"):
            self.permission_denied(request)

    def get_queryset(self) -> QuerySet[SharedResults]:
        return SharedResults.objects.for_list()

    @extend_schema(
        summary="Links to the results of a survey", responses=ShareSerializer(many=True)
    )
    def list(self, request: SignedInApiRequest, id: UUID) -> Response:  # noqa: A002
        survey = get_object_or_404(Survey.objects.kept(), slug=id)
        page = self.paginate_queryset(self.get_queryset().filter(survey=survey))
        return self.get_paginated_response(self.get_serializer(page, many=True).data)

    @extend_schema(
        summary="Make a link to the results",
        request=NewShareSerializer,
        responses={201: ShareSerializer},
        parameters=[IDEMPOTENCY_KEY],
    )
    @idempotent
    def create(self, request: SignedInApiRequest, id: UUID) -> Response:  # noqa: A002
        survey = get_object_or_404(Survey.objects.kept(), slug=id)
        wanted = NewShareSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        self._ensure_open(wanted.validated_data)
        try:
            group_of(survey, wanted.validated_data["query"], request.user)
        except (FilterNotKnown, ConditionInvalid) as unknown:
            raise ValidationError({"query": [str(unknown.message)]}) from unknown
        shared = share_results(survey.pk, by=request.user, **wanted.validated_data)
        return Response(self.get_serializer(shared).data, status=201)

    def _ensure_open(self, wanted: dict[str, Any]) -> None:
        """A link must not count for a program what the program itself may not count."""
        if may_see_customers(self.request):
            return
        known = open_filters(self.request) | {"", "before"}
        given = {"query": wanted["query"], "compare": [wanted["compare"].partition(":")[0]]}
        for field, names in given.items():
            if not known.issuperset(names):
                raise ValidationError({field: [needs_a_scope("customer")]})

    @extend_schema(summary="Withdraw a link to the results", responses={204: None})
    def destroy(self, request: SignedInApiRequest, pk: int) -> Response:
        shared = get_object_or_404(self.get_queryset(), pk=pk)
        withdraw_shared_results(shared.pk, by=request.user)
        return Response(status=204)
