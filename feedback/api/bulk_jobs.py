"""Changes to many records, and lists as files, for programs."""

from typing import Any

from django.db.models import QuerySet
from django.http import FileResponse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import (
    OpenApiTypes,
    extend_schema,
    extend_schema_field,
    extend_schema_view,
)
from rest_framework import mixins, serializers, viewsets
from rest_framework.decorators import action
from rest_framework.response import Response

from accounts.access import SignedInApiRequest
from accounts.api.permissions import may_see_customers
from config.kernel.api import InOrder, NewestFirst, Refusal
from config.kernel.api_fields import TextField
from feedback.api.about_customers import ensure_list_may_be_asked, is_column_of_customers
from feedback.enums import BulkAction, ExportFormat, ItemOutcome, JobState
from feedback.errors import FilterNotKnown
from feedback.models import BulkItem, BulkJob, Feedback, ListExport
from feedback.selectors.queue import QueueState, columns_of, queue_records, read_query
from feedback.services.bulk_jobs import cancel_job, order_job, retry_job, undo_job
from feedback.services.list_exports import order_export

ACTIONS = [one for one in BulkAction.choices if one[0] != BulkAction.UNDO]
MOST_NUMBERS = 10_000


def read_list(query: str, request: SignedInApiRequest) -> QueueState:
    """Raises ValidationError, also for what this program may not ask (about_customers)."""
    ensure_list_may_be_asked(query, request)
    try:
        return read_query(query, request.user)
    except FilterNotKnown as unknown:
        raise serializers.ValidationError({"list": [str(unknown.message)]}) from unknown


class BulkJobSerializer(serializers.ModelSerializer[BulkJob]):
    action = serializers.ChoiceField(BulkAction.choices, read_only=True)
    state = serializers.ChoiceField(JobState.choices, read_only=True)

    class Meta:
        model = BulkJob
        fields = [
            "id", "action", "state", "total", "changed", "unchanged", "refused", "undo_of",
            "created_at", "started_at", "finished_at",
        ]  # fmt: skip
        read_only_fields = fields


@extend_schema_field({"oneOf": [{"type": "string"}, {"type": "integer"}, {"type": "null"}]})
class ValueField(serializers.Field):
    def to_internal_value(self, data: Any) -> Any:
        if data is not None and (isinstance(data, bool) or not isinstance(data, int | str)):
            raise serializers.ValidationError(_("This is not something that it could be set to."))
        if isinstance(data, int) and not -(2**63) < data < 2**63:
            raise serializers.ValidationError(_("This is not something that it could be set to."))
        if isinstance(data, str) and ("\0" in data or len(data) > 200):
            raise serializers.ValidationError(_("This is not something that it could be set to."))
        return data

    def to_representation(self, value: Any) -> Any:
        return value


class NewBulkJobSerializer(serializers.Serializer[Any]):
    """Which records: those of a list of the desk, or these numbers."""

    action = serializers.ChoiceField(ACTIONS)
    value = ValueField(
        allow_null=True,
        help_text=_(
            "An id (status, team, assignee, category, macro), 1 to 4 (priority), a tag, a moment."
        ),
    )
    list = TextField(
        max_length=2000,
        required=False,
        help_text=_("The query of a list of the desk: view=open&priority=4, or saved=12."),
    )
    numbers = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=2**63 - 1),
        required=False,
        min_length=1,
        max_length=MOST_NUMBERS,
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if ("list" in attrs) == ("numbers" in attrs):
            raise serializers.ValidationError(_("Give a list, or numbers."))
        return attrs


class RefusedSerializer(serializers.ModelSerializer[BulkItem]):
    number = serializers.IntegerField(source="feedback.number", read_only=True)

    class Meta:
        model = BulkItem
        fields = ["number", "sentence"]
        read_only_fields = fields


@extend_schema_view(
    list=extend_schema(summary="List your changes to many records, newest first"),
    retrieve=extend_schema(summary="How far one is"),
)
class BulkJobViewSet(
    mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[BulkJob]
):
    queryset = BulkJob.objects.none()
    serializer_class = BulkJobSerializer
    pagination_class = NewestFirst
    filterset_class = None
    lookup_value_converter = "int"
    read_scope, write_scope = "feedback:read", "feedback:write"
    read_permission, write_permission = "feedback.view_feedback", "feedback.change_feedback"
    request: SignedInApiRequest

    def get_queryset(self) -> QuerySet[BulkJob]:
        return BulkJob.objects.of(self.request.user)

    @extend_schema(
        summary="Change many records in the background",
        request=NewBulkJobSerializer,
        responses={201: BulkJobSerializer},
    )
    def create(self, request: SignedInApiRequest) -> Response:
        wanted = NewBulkJobSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        given = wanted.validated_data
        if "numbers" in given:
            visible = Feedback.objects.visible_to(request.user)
            records, query = visible.filter(number__in=given["numbers"]), ""
        else:
            state = read_list(given["list"], request)
            records, query = queue_records(state, request.user), state.query
        job = order_job(
            records,
            by=request.user,
            action=BulkAction(given["action"]),
            params={given["action"]: given["value"]},
            list_query=query,
        )
        return Response(BulkJobSerializer(job).data, status=201)

    @extend_schema(summary="What was not changed, and why", responses=RefusedSerializer(many=True))
    @action(detail=True, pagination_class=InOrder)
    def refused(self, request: SignedInApiRequest, pk: int) -> Response:
        items: Any = self.get_object().items.filter(outcome=ItemOutcome.REFUSED)
        page: Any = self.paginate_queryset(items.select_related("feedback"))
        return self.get_paginated_response(RefusedSerializer(page, many=True).data)

    @extend_schema(summary="Go no further", request=None, responses={200: BulkJobSerializer})
    @action(detail=True, methods=["post"])
    def cancel(self, request: SignedInApiRequest, pk: int) -> Response:
        job = cancel_job(self.get_object().pk, by=request.user)
        return Response(BulkJobSerializer(job).data)

    @extend_schema(
        summary="Try again what was refused", request=None, responses={200: BulkJobSerializer}
    )
    @action(detail=True, methods=["post"])
    def retry(self, request: SignedInApiRequest, pk: int) -> Response:
        job = retry_job(self.get_object().pk, by=request.user)
        return Response(BulkJobSerializer(job).data)

    @extend_schema(
        summary="Give every record back what it had",
        request=None,
        responses={201: BulkJobSerializer},
    )
    @action(detail=True, methods=["post"])
    def undo(self, request: SignedInApiRequest, pk: int) -> Response:
        job = undo_job(self.get_object().pk, by=request.user)
        return Response(BulkJobSerializer(job).data, status=201)


class ExportSerializer(serializers.ModelSerializer[ListExport]):
    format = serializers.ChoiceField(ExportFormat.choices, read_only=True)
    state = serializers.ChoiceField(JobState.choices, read_only=True)

    class Meta:
        model = ListExport
        fields = ["key", "format", "state", "rows", "columns", "created_at", "finished_at"]
        read_only_fields = fields


class NewExportSerializer(serializers.Serializer[Any]):
    list = TextField(max_length=2000, help_text=_("The query of a list of the desk."))
    format = serializers.ChoiceField(ExportFormat.choices)


@extend_schema_view(retrieve=extend_schema(summary="Whether a file is ready"))
class ExportViewSet(mixins.RetrieveModelMixin, viewsets.GenericViewSet[ListExport]):
    queryset = ListExport.objects.none()
    serializer_class = ExportSerializer
    filterset_class = None
    lookup_field = "key"
    lookup_value_converter = "uuid"
    read_scope = write_scope = "feedback:read"
    read_permission = write_permission = "feedback.view_feedback"
    request: SignedInApiRequest

    def get_queryset(self) -> QuerySet[ListExport]:
        return ListExport.objects.of(self.request.user)

    @extend_schema(
        summary="Make a list into a file, in the background",
        request=NewExportSerializer,
        responses={201: ExportSerializer},
    )
    def create(self, request: SignedInApiRequest) -> Response:
        wanted = NewExportSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        state = read_list(wanted.validated_data["list"], request)
        columns = [one.name for one in columns_of(state, request.user)]
        if not may_see_customers(request):  # chosen on a page, or by the saved view
            columns = [name for name in columns if not is_column_of_customers(name)]
        export = order_export(
            state,
            by=request.user,
            columns=columns,
            format_=wanted.validated_data["format"],
            language=get_language() or "en",
        )
        return Response(ExportSerializer(export).data, status=201)

    @extend_schema(
        summary="The file",
        responses={(200, kind.media_type): OpenApiTypes.BINARY for kind in ExportFormat},
    )
    @action(detail=True)
    def file(self, request: SignedInApiRequest, key: Any) -> FileResponse:
        export = self.get_object()
        if not export.file:
            raise Refusal(409, "not_ready", str(_("The file is not ready yet.")))
        return FileResponse(
            export.file.open("rb"),
            as_attachment=True,
            filename=str(export),
            content_type=ExportFormat(export.format).media_type,
        )
