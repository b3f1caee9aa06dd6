"""/paper-batches/: forms of surveys on paper, and what was read on them."""

from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters
from drf_spectacular.utils import OpenApiResponse, extend_schema, extend_schema_view
from rest_framework import mixins, serializers, viewsets
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.response import Response

from accounts.access import SignedInApiRequest
from config.kernel.api_fields import CodeOf, StrictInput
from config.kernel.api_schema import IDEMPOTENCY_KEY
from config.kernel.idempotency import idempotent
from surveys.api.serializers import AnswerValue
from surveys.enums import PaperLanguage, PaperSize, PaperState
from surveys.errors import FieldsRefused
from surveys.flow.definition import parse
from surveys.flow.keying import fields_of
from surveys.flow.paper import Form
from surveys.models import PaperBatch, PaperForm
from surveys.selectors.papers import batches
from surveys.services.papers import enter_form


class PaperBatchSerializer(serializers.ModelSerializer[PaperBatch]):
    survey = CodeOf("slug")
    version = CodeOf("number")
    language = serializers.ChoiceField(PaperLanguage.choices, read_only=True)
    size = serializers.ChoiceField(PaperSize.choices, read_only=True)
    forms = serializers.IntegerField(source="total", read_only=True)
    entered = serializers.IntegerField(read_only=True)
    waiting = serializers.IntegerField(
        source="once", read_only=True, help_text=_("For the second entry.")
    )
    differing = serializers.IntegerField(
        source="differs", read_only=True, help_text=_("Two people read something else.")
    )
    first = serializers.IntegerField(
        read_only=True, allow_null=True, help_text=_("The first number that was printed.")
    )
    last = serializers.IntegerField(read_only=True, allow_null=True)

    class Meta:
        model = PaperBatch
        fields = [
            "id", "survey", "version", "name", "language", "size", "twice_percent", "made_at",
            "forms", "entered", "waiting", "differing", "first", "last",
        ]  # fmt: skip
        read_only_fields = fields


class PaperEntryWantedSerializer(StrictInput):
    form = serializers.IntegerField(
        allow_null=True,
        min_value=1,
        max_value=2**31 - 1,
        help_text=_("The number on the form; null: it has none and gets one."),
    )
    answers = serializers.DictField(
        child=AnswerValue(), help_text=_("Question code → value; what was left empty is left out.")
    )
    unreadable = serializers.ListField(
        child=serializers.CharField(max_length=90),
        default=list,
        max_length=200,
        help_text=_("Question codes (of a row or part: CODE.PART) that nobody can read."),
    )
    language = serializers.ChoiceField(settings.LANGUAGES, default="zh-hans")


class PaperFormSerializer(serializers.ModelSerializer[PaperForm]):
    form = serializers.IntegerField(source="serial", read_only=True)
    state = serializers.ChoiceField(PaperState.choices, read_only=True)
    response = CodeOf("key", allow_null=True, help_text=_("Null until it counts."))

    class Meta:
        model = PaperForm
        fields = ["form", "state", "response"]
        read_only_fields = fields


class PaperBatchFilter(filters.FilterSet):
    survey = filters.UUIDFilter("survey__slug")

    class Meta:
        model = PaperBatch
        fields: list[str] = []


@extend_schema_view(
    list=extend_schema(summary="List batches of paper forms, newest first"),
    retrieve=extend_schema(summary="One batch of paper forms"),
)
class PaperBatchViewSet(
    mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[PaperBatch]
):
    serializer_class = PaperBatchSerializer
    filterset_class = PaperBatchFilter
    lookup_value_converter = "int"
    read_scope, write_scope = "surveys:read", "surveys:write"
    read_permission, write_permission = "surveys.add_response", "surveys.add_response"
    queryset = PaperBatch.objects.none()
    request: SignedInApiRequest

    def get_queryset(self) -> QuerySet[PaperBatch]:
        return batches()

    @extend_schema(
        summary="Enter what stands on a form",
        request=PaperEntryWantedSerializer,
        responses={201: OpenApiResponse(PaperFormSerializer)},
        parameters=[IDEMPOTENCY_KEY],
    )
    @action(detail=True, methods=["post"], filterset_class=None)
    @idempotent
    def forms(self, request: SignedInApiRequest, pk: int) -> Response:
        batch = self.get_object()
        wanted = PaperEntryWantedSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        given = wanted.validated_data
        form = Form(parse(batch.version.definition), [given["language"]])
        fields = fields_of(form, given["answers"]) | dict.fromkeys(given["unreadable"], "?")
        try:
            entered = enter_form(
                batch.survey_id,
                serial=given["form"],
                batch_id=batch.pk,
                fields=fields,
                language=given["language"],
                by=request.user,
            )
        except FieldsRefused as refusal:
            raise ValidationError({"answers": refusal.errors}) from refusal
        return Response(PaperFormSerializer(entered).data, status=201)
