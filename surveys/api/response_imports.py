"""/response-imports/: answers of another program as a table."""

from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema, extend_schema_field, extend_schema_view
from rest_framework import mixins, serializers, viewsets
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.parsers import FormParser, JSONParser, MultiPartParser
from rest_framework.response import Response
from rest_framework.throttling import BaseThrottle

from accounts.access import SignedInApiRequest
from accounts.api.throttles import TokenThrottle, UploadThrottle
from config.kernel.api_fields import StrictInput
from config.kernel.api_schema import IDEMPOTENCY_KEY
from config.kernel.idempotency import idempotent
from surveys.enums import ImportState
from surveys.errors import ColumnsInvalid, NothingPublished
from surveys.importing.responses.tables import LARGEST
from surveys.importing.source import FileRefused
from surveys.models import ResponseImport, Survey
from surveys.services import response_imports as services

MOST_SHOWN = 500  # mistakes and warnings


class ImportProblemSerializer(serializers.Serializer[Any]):
    row = serializers.IntegerField(help_text=_("As a spreadsheet counts."))
    column = serializers.CharField()
    value = serializers.CharField()
    wrong = serializers.CharField()
    accepted = serializers.CharField(help_text=_("What would do instead; may be empty."))
    is_warning = serializers.BooleanField(help_text=_("The row comes in all the same."))


class ColumnSerializer(serializers.Serializer[Any]):
    head = serializers.CharField()
    target = serializers.CharField(
        help_text=_("Named as exports name their columns; empty = left out.")
    )


class ResponseImportSerializer(serializers.ModelSerializer[ResponseImport]):
    id = serializers.UUIDField(source="key", read_only=True)
    survey = serializers.UUIDField(source="survey.slug", read_only=True)
    state = serializers.ChoiceField(ImportState.choices, read_only=True)
    columns = serializers.SerializerMethodField()
    problems = serializers.SerializerMethodField(help_text=_("The first 500."))
    rows = serializers.IntegerField(source="total", read_only=True)
    done = serializers.IntegerField(source="reached", read_only=True)
    imported = serializers.IntegerField(
        source="good", read_only=True, help_text=_("Before the import: that would come in.")
    )
    is_counted = serializers.BooleanField(source="counts", read_only=True)

    class Meta:
        model = ResponseImport
        fields = [
            "id", "survey", "name", "state", "problem", "columns", "rows", "done", "imported",
            "known", "refused", "warned", "problems", "is_counted", "created_at", "finished_at",
            "undone_at",
        ]  # fmt: skip
        read_only_fields = fields

    @extend_schema_field(ColumnSerializer(many=True))
    def get_columns(self, one: ResponseImport) -> list[dict[str, str]]:
        pairs = zip(one.head, one.columns, strict=False)
        return [{"head": head, "target": target} for head, target in pairs]

    @extend_schema_field(ImportProblemSerializer(many=True))
    def get_problems(self, one: ResponseImport) -> list[dict[str, Any]]:
        return one.problem_rows(MOST_SHOWN)


class TableSerializer(StrictInput):
    survey = serializers.SlugRelatedField("slug", queryset=Survey.objects.kept())
    file = serializers.FileField(help_text=_("CSV or .xlsx, up to 32 MB."))
    columns = serializers.JSONField(
        default=dict,
        help_text=_(
            "{head: target} where the guess is not right; an empty target leaves a column out."
        ),
    )
    language = serializers.ChoiceField(
        settings.LANGUAGES, required=False, help_text=_("Where no column says it.")
    )
    month_first = serializers.BooleanField(default=False, help_text=_("03/04/2026 is March 4."))
    is_lenient = serializers.BooleanField(
        default=True,
        help_text=_("What is missing or breaks a check is a warning; else it keeps the row out."),
    )
    is_counted = serializers.BooleanField(default=True, help_text=_("They count in the results."))
    dry_run = serializers.BooleanField(
        default=False, help_text=_("Only look at every row; import by `start`.")
    )

    def validate_file(self, file: Any) -> Any:
        if file.size > LARGEST:
            raise serializers.ValidationError(_("The file is larger than 32 MB."))
        return file

    def validate_columns(self, columns: Any) -> dict[str, str]:
        pairs = columns.items() if isinstance(columns, dict) else [(0, 0)]
        if not all(isinstance(one, str) for pair in pairs for one in pair):
            raise serializers.ValidationError(_("Give an object {head: target}."))
        return dict(pairs)


def _ensure_heads(one: ResponseImport, columns: dict[str, str]) -> None:
    unknown = set(columns) - set(one.head)
    if unknown:
        raise ColumnsInvalid(_("The file has no column “%(name)s”.") % {"name": min(unknown)[:60]})


class CountingSerializer(StrictInput):
    is_counted = serializers.BooleanField()


class ResponseImportFilter(filters.FilterSet):
    survey = filters.UUIDFilter("survey__slug")
    state = filters.ChoiceFilter(choices=ImportState.choices)

    class Meta:
        model = ResponseImport
        fields: list[str] = []


@extend_schema_view(
    list=extend_schema(summary="List imports of responses, newest first"),
    retrieve=extend_schema(summary="One import: how far it is, and what is wrong with its rows"),
)
class ResponseImportViewSet(
    mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[ResponseImport]
):
    """Small tables are through when the answer comes; of others ask again until `state` is
    `checked`, `done` or `failed`."""

    queryset = ResponseImport.objects.none()
    serializer_class = ResponseImportSerializer
    filterset_class = ResponseImportFilter
    parser_classes = [MultiPartParser, FormParser, JSONParser]
    lookup_field = "key"
    lookup_url_kwarg = "id"
    lookup_value_converter = "uuid"
    read_scope, write_scope = "surveys:read", "surveys:write"
    read_permission = write_permission = "surveys.add_responseimport"
    request: SignedInApiRequest

    def get_queryset(self) -> QuerySet[ResponseImport]:
        return ResponseImport.objects.select_related("survey").order_by("-pk")

    def get_throttles(self) -> list[BaseThrottle]:
        return [TokenThrottle(), *([UploadThrottle()] if self.action == "create" else [])]

    @extend_schema(
        summary="Import responses out of a table, or only look at them",
        request={"multipart/form-data": TableSerializer},
        responses={201: ResponseImportSerializer},
        parameters=[IDEMPOTENCY_KEY],
    )
    @idempotent
    def create(self, request: SignedInApiRequest) -> Response:
        wanted = TableSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        given = wanted.validated_data
        file = given["file"]
        try:
            one = services.upload_table(
                given["survey"], by=request.user, name=file.name, raw=file.read()
            )
        except (FileRefused, NothingPublished) as refusal:
            raise ValidationError({"file": [str(refusal.message)]}) from refusal
        columns = [
            given["columns"].get(head, name)
            for head, name in zip(one.head, one.columns, strict=True)
        ]
        names = ("language", "month_first", "is_lenient", "is_counted")
        options = {name: given[name] for name in names if name in given}
        try:
            _ensure_heads(one, given["columns"])
            services.choose_columns(one.pk, columns=columns, options=options)
        except ColumnsInvalid as refusal:
            services.discard(one.pk)
            raise ValidationError({"columns": [str(refusal.message)]}) from refusal
        is_dry = given["dry_run"]
        return self._begin(one, ImportState.CHECKING if is_dry else ImportState.IMPORTING, 201)

    def _begin(self, one: ResponseImport, state: ImportState, status: int = 200) -> Response:
        services.begin(one.pk, state, by=self.request.user)
        services.work_a_moment(one.pk)
        return Response(self.get_serializer(self.get_queryset().get(pk=one.pk)).data, status)

    @extend_schema(summary="Import what was looked at", request=None)
    @action(detail=True, methods=["post"], filterset_class=None)
    def start(self, request: SignedInApiRequest, id: Any) -> Response:  # noqa: A002
        return self._begin(self.get_object(), ImportState.IMPORTING)

    @extend_schema(summary="Take back everything that came in with it", request=None)
    @action(detail=True, methods=["post"], filterset_class=None)
    def undo(self, request: SignedInApiRequest, id: Any) -> Response:  # noqa: A002
        return self._begin(self.get_object(), ImportState.UNDOING)

    @extend_schema(
        summary="Say whether its responses count in the results", request=CountingSerializer
    )
    @action(detail=True, methods=["post"], filterset_class=None)
    def count(self, request: SignedInApiRequest, id: Any) -> Response:  # noqa: A002
        wanted = CountingSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        one = self.get_object()
        services.count_responses(one.pk, **wanted.validated_data)
        return Response(self.get_serializer(self.get_queryset().get(pk=one.pk)).data)
