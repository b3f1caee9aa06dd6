"""/reports/: satisfaction reports, as the person behind the token may read and write them."""

from typing import Any

from django.core.files.base import ContentFile
from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema, extend_schema_view
from rest_framework import mixins, serializers, viewsets
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.response import Response

from accounts.access import SignedInApiRequest
from analytics.distribution.report_docx import TYPE as DOCX_TYPE
from analytics.distribution.report_docx import NoDocx, report_as_docx
from analytics.distribution.report_pages import report_as_pdf
from analytics.enums import ReportLanguage, ReportState
from analytics.models import Report
from analytics.models.report import READ, WRITE
from analytics.selectors.reports import draft_of, newest_version, reports_for
from analytics.services.report_files import keep_pdf
from analytics.services.reports import begin_report, issue_report, refresh_figures
from config.kernel.api import Refusal
from config.kernel.api_fields import StrictInput, TextField
from config.kernel.api_schema import IDEMPOTENCY_KEY
from config.kernel.idempotency import idempotent
from config.kernel.pdf import NoPdf
from feedback.errors import FilterNotKnown


class ReportSerializer(serializers.ModelSerializer[Report]):
    language = serializers.ChoiceField(ReportLanguage.choices, read_only=True)
    state = serializers.ChoiceField(ReportState.choices, read_only=True)
    owner = serializers.StringRelatedField()  # type: ignore[var-annotated]
    version = serializers.IntegerField(
        source="number",
        read_only=True,
        allow_null=True,
        help_text=_("Of the newest version that was issued; null: none was."),
    )
    issued_at = serializers.DateTimeField(read_only=True, allow_null=True)

    class Meta:
        model = Report
        fields = [
            "id", "title", "language", "first", "last", "filters", "state", "owner",
            "gathered_at", "version", "issued_at",
        ]  # fmt: skip
        read_only_fields = fields


class FullReportSerializer(ReportSerializer):
    document = serializers.SerializerMethodField(
        help_text=_(
            "Parts with sentences, charts and tables: as it was issued, or for those who write "
            "reports the draft. Numbers in sentences have “n”, links to their lists “u”."
        )
    )

    class Meta(ReportSerializer.Meta):
        fields = [*ReportSerializer.Meta.fields, "document"]
        read_only_fields = fields

    def get_document(self, report: Report) -> dict[str, Any]:
        version = newest_version(report)
        may_write = self.context["request"].user.has_perm(WRITE)
        if version is not None and (report.state == ReportState.ISSUED or not may_write):
            found: dict[str, Any] = version.document
            return found
        return draft_of(report)


class NewReportSerializer(StrictInput):
    title = TextField(max_length=200)
    language = serializers.ChoiceField(ReportLanguage.choices)
    first = serializers.DateField()
    last = serializers.DateField()
    team = serializers.CharField(
        max_length=20,
        required=False,
        default="",
        help_text=_("The id of a team; none: what no team has; empty: all that you may see."),
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if attrs["first"] > attrs["last"]:
            raise ValidationError({"last": [_("It ends before it begins.")]})
        return attrs


class IssueSerializer(StrictInput):
    has_looked = serializers.BooleanField(
        default=False,
        help_text=_("The personal data that is found in it is meant to be there."),
    )


class ReportFilter(filters.FilterSet):
    state = filters.ChoiceFilter(choices=ReportState.choices)

    class Meta:
        model = Report
        fields: list[str] = []


@extend_schema_view(
    list=extend_schema(summary="List reports, newest first"),
    retrieve=extend_schema(summary="One report with its figures", responses=FullReportSerializer),
)
class ReportViewSet(
    mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Report]
):
    serializer_class = ReportSerializer
    filterset_class = ReportFilter
    lookup_value_converter = "int"
    read_scope, write_scope = "feedback:read", "feedback:write"
    read_permission, write_permission = READ, WRITE
    queryset = Report.objects.none()
    request: SignedInApiRequest

    def get_queryset(self) -> QuerySet[Report]:
        return reports_for(self.request.user).order_by("-pk")

    def get_serializer_class(self) -> type[ReportSerializer]:
        return FullReportSerializer if self.action == "retrieve" else ReportSerializer

    @extend_schema(
        summary="Draft a report from the data",
        request=NewReportSerializer,
        responses={201: ReportSerializer},
        parameters=[IDEMPOTENCY_KEY],
    )
    @idempotent
    def create(self, request: SignedInApiRequest) -> Response:
        wanted = NewReportSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        given = dict(wanted.validated_data)
        team = given.pop("team")
        try:
            report = begin_report(**given, filters={"team": team} if team else {}, by=request.user)
        except FilterNotKnown as unknown:
            raise ValidationError({"team": [str(unknown.message)]}) from unknown
        return self._answer(report.pk, status=201)

    @extend_schema(
        summary="Gather the figures of a draft anew", request=None, responses=ReportSerializer
    )
    @action(detail=True, methods=["post"], filterset_class=None)
    def refresh(self, request: SignedInApiRequest, pk: int) -> Response:
        refresh_figures(self.get_object().pk, by=request.user)
        return self._answer(pk)

    @extend_schema(
        summary="Issue an approved report", request=IssueSerializer, responses=ReportSerializer
    )
    @action(detail=True, methods=["post"], filterset_class=None)
    def issue(self, request: SignedInApiRequest, pk: int) -> Response:
        wanted = IssueSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        issue_report(self.get_object().pk, by=request.user, **wanted.validated_data)
        return self._answer(pk)

    @extend_schema(
        summary="The newest version that was issued, as PDF",
        responses={
            (200, "application/pdf"): OpenApiResponse(OpenApiTypes.BINARY),
        },
    )
    @action(detail=True, methods=["get"], filterset_class=None)
    def pdf(self, request: SignedInApiRequest, pk: int) -> HttpResponse:
        version = newest_version(self.get_object())
        if version is None:
            raise Refusal(409, "not_issued", str(_("It was not issued yet.")))
        if not version.file:
            try:
                keep_pdf(version.pk, ContentFile(report_as_pdf(version.document)))
            except NoPdf as missing:
                raise Refusal(503, missing.code, str(missing.message)) from missing
            version.refresh_from_db()
        with version.file.open("rb") as file:
            return HttpResponse(file.read(), content_type="application/pdf")

    @extend_schema(
        summary="The newest version that was issued, for word processors",
        responses={(200, DOCX_TYPE): OpenApiResponse(OpenApiTypes.BINARY)},
    )
    @action(detail=True, methods=["get"], filterset_class=None)
    def docx(self, request: SignedInApiRequest, pk: int) -> HttpResponse:
        version = newest_version(self.get_object())
        if version is None:
            raise Refusal(409, "not_issued", str(_("It was not issued yet.")))
        try:
            return HttpResponse(report_as_docx(version.document), content_type=DOCX_TYPE)
        except NoDocx as missing:
            raise Refusal(503, missing.code, str(missing.message)) from missing

    def _answer(self, pk: int, status: int = 200) -> Response:
        report = self.get_queryset().get(pk=pk)
        return Response(ReportSerializer(report).data, status=status)
