"""/survey-imports/: a survey of another program as a draft."""

from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, viewsets
from rest_framework.exceptions import ValidationError
from rest_framework.parsers import MultiPartParser
from rest_framework.response import Response
from rest_framework.throttling import BaseThrottle

from accounts.access import SignedInApiRequest
from accounts.api.throttles import TokenThrottle, UploadThrottle
from config.kernel.api_fields import StrictInput
from config.kernel.api_schema import IDEMPOTENCY_KEY
from config.kernel.idempotency import idempotent
from surveys.flow.checks import find_faults
from surveys.importing.bounded import LARGEST
from surveys.importing.files import read_file
from surveys.importing.source import FileRefused
from surveys.models import Survey
from surveys.services.importing_surveys import import_survey


class SurveyFileSerializer(StrictInput):
    file = serializers.FileField(
        help_text=_("LimeSurvey, XLSForm, SurveyJS or our own JSON, up to 10 MB.")
    )
    dry_run = serializers.BooleanField(
        default=False, help_text=_("Only tell what would be taken over.")
    )


class OmittedSerializer(serializers.Serializer[Any]):
    place = serializers.CharField()
    reason = serializers.CharField()
    text = serializers.CharField(help_text=_("As it stands in the file."))


class SurveyImportSerializer(serializers.Serializer[Any]):
    survey = serializers.UUIDField(allow_null=True, help_text=_("Null after a dry run."))
    format = serializers.CharField(help_text=_("One of limesurvey, xlsform, surveyjs, huiyin."))
    counts = serializers.DictField(
        child=serializers.IntegerField(),
        help_text=_("In the file: pages, questions, choices, rows, conditions."),
    )
    taken_over = serializers.DictField(
        child=serializers.IntegerField(), help_text=_("In the draft: elements, conditions.")
    )
    omitted = OmittedSerializer(many=True, help_text=_("Everything that is not taken over."))
    renamed = serializers.DictField(
        child=serializers.CharField(), help_text=_("Name in the file → code here.")
    )
    faults = serializers.ListField(
        child=serializers.CharField(), help_text=_("What has to be mended before publishing.")
    )


class SurveyImportViewSet(viewsets.GenericViewSet[Survey]):
    queryset = Survey.objects.none()
    serializer_class = SurveyImportSerializer
    parser_classes = [MultiPartParser]
    filterset_class = None
    read_scope, write_scope = "surveys:read", "surveys:write"
    read_permission, write_permission = "surveys.view_survey", "surveys.add_survey"
    request: SignedInApiRequest

    def get_throttles(self) -> list[BaseThrottle]:
        return [TokenThrottle(), UploadThrottle()]

    @extend_schema(
        summary="Import a survey of another program as a draft",
        request={"multipart/form-data": SurveyFileSerializer},
        responses={201: SurveyImportSerializer},
        parameters=[IDEMPOTENCY_KEY],
    )
    @idempotent
    def create(self, request: SignedInApiRequest) -> Response:
        wanted = SurveyFileSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        file = wanted.validated_data["file"]
        try:
            imported = read_file(file.name, file.read(LARGEST + 1))
        except FileRefused as refusal:
            raise ValidationError({"file": [str(refusal.message)]}) from refusal
        survey = None
        if not wanted.validated_data["dry_run"]:
            survey = import_survey(imported, owner=request.user, title=file.name).slug
        answer = {
            "survey": survey,
            "format": imported.format,
            "counts": imported.counts,
            "taken_over": imported.taken_over,
            "omitted": imported.omitted,
            "renamed": imported.renamed,
            "faults": find_faults(imported.definition, known_languages=dict(settings.LANGUAGES)),
        }
        return Response(self.get_serializer(answer).data, status=201)
