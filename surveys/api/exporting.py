"""/surveys/{id}/export/: responses as a file, with the filters of the results."""

import tempfile
from typing import Any
from uuid import UUID

from django.http import FileResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import OpenApiTypes, extend_schema
from rest_framework import serializers, viewsets
from rest_framework.exceptions import ValidationError

from accounts.access import SignedInApiRequest
from accounts.api.permissions import may_name_customers
from feedback.errors import FilterNotKnown
from surveys.api.response_filters import FILTERS, asked_filters
from surveys.forms.exporting import ResponseFormat
from surveys.models import Survey
from surveys.selectors.response_table import Several
from surveys.services import response_files
from surveys.services.response_exports import responses_for
from surveys.services.response_files import KINDS

AT_ONCE = 20_000  # responses of a file that is finished before it is sent


class ExportWantedSerializer(serializers.Serializer[Any]):
    values = serializers.ChoiceField(
        ["codes", "labels"], default="codes", help_text=gettext_lazy("Choices as codes or words.")
    )
    several = serializers.ChoiceField(
        [one.value for one in Several],
        default=Several.COLUMNS.value,
        help_text=gettext_lazy("Several choices: a column each, in one cell, or both."),
    )

    unfinished = serializers.BooleanField(
        default=False,
        help_text=gettext_lazy(
            "Also what was begun and not handed in: its status is “draft” or “partial”."
        ),
    )

    def get_fields(self) -> dict[str, Any]:
        # “as” is a word of Python.
        kinds = serializers.ChoiceField(ResponseFormat.values, default=ResponseFormat.CSV.value)
        return {"as": kinds, **super().get_fields()}


class SurveyExportViewSet(viewsets.GenericViewSet[Survey]):
    queryset = Survey.objects.kept()
    serializer_class = ExportWantedSerializer
    filterset_class = None
    read_scope, read_permission = "surveys:read", "surveys.view_response"
    request: SignedInApiRequest

    @extend_schema(
        summary="Responses as a file: CSV and JSON line by line, XLSX and SPSS up to 20,000",
        operation_id="surveys_export_retrieve",
        parameters=[ExportWantedSerializer, *FILTERS],
        responses={
            (200, kind.media.partition(";")[0]): OpenApiTypes.BINARY for kind in KINDS.values()
        },
    )
    def retrieve(self, request: SignedInApiRequest, id: UUID) -> HttpResponseBase:  # noqa: A002
        survey = get_object_or_404(Survey.objects.kept(), slug=id)
        wanted = ExportWantedSerializer(data=request.query_params.dict())
        wanted.is_valid(raise_exception=True)
        given = dict(wanted.validated_data)
        options = {"format": given.pop("as"), **given}
        filters = asked_filters(request, but={"as", *given})
        try:
            responses = responses_for(
                survey, request.user, filters, with_unfinished=given["unfinished"]
            )
        except FilterNotKnown as refusal:
            raise ValidationError({refusal.field: [str(refusal.message)]}) from refusal
        if not may_name_customers(self.get_serializer_context()):
            options["customers"] = "no"
        format_ = options["format"]
        kind = KINDS[format_]
        if not kind.is_streamed and responses.count() > AT_ONCE:
            raise ValidationError({"as": [_("These are too many for this kind; take csv.")]})
        response_files.note_export(survey, request.user, format_)
        if kind.is_streamed:
            blocks = response_files.blocks_of(survey, request.user, responses, options)
            return StreamingHttpResponse(blocks, content_type=kind.media)
        file = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it
        response_files.write_file(file, survey, request.user, responses, options)
        file.seek(0)
        return FileResponse(file, content_type=kind.media)
