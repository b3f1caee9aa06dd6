"""/question-bank/ and /survey-templates/: what a new survey begins with."""

from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters
from drf_spectacular.utils import OpenApiResponse, extend_schema, extend_schema_view
from rest_framework import mixins, serializers, viewsets
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.response import Response

from accounts.access import SignedInApiRequest
from config.kernel.api_fields import StrictInput, TextField
from config.kernel.api_schema import IDEMPOTENCY_KEY
from config.kernel.idempotency import idempotent
from surveys.api.drafts import without_strange_characters
from surveys.errors import NothingToChange
from surveys.models import QuestionBankItem, Survey
from surveys.selectors.bank import bank_items, faults_of_element
from surveys.services.bank import (
    put_into_bank,
    remove_from_bank,
    save_bank_item,
    take_from_bank,
)
from surveys.services.ready_surveys import READY


class BankItemSerializer(serializers.ModelSerializer[QuestionBankItem]):
    id = serializers.IntegerField(read_only=True)
    question = serializers.JSONField(source="element", read_only=True)
    saved_by = serializers.IntegerField(source="saved_by_id", read_only=True, allow_null=True)

    class Meta:
        model = QuestionBankItem
        fields = ["id", "name_zh", "name_en", "question", "uses", "saved_by", "saved_at"]
        read_only_fields = fields


class BankItemNamesSerializer(StrictInput):
    name_zh = TextField(max_length=200)
    name_en = TextField(max_length=200)


class BankItemWantedSerializer(BankItemNamesSerializer):
    question = serializers.DictField(
        child=serializers.JSONField(allow_null=True),
        help_text=_("As in a definition; its conditions stay behind."),
    )

    def validate_question(self, question: dict[str, Any]) -> dict[str, Any]:
        without_strange_characters(question)
        if faults := faults_of_element(question):
            raise ValidationError(faults)
        return question


class TakenWantedSerializer(StrictInput):
    survey = serializers.UUIDField()
    page = serializers.CharField(
        max_length=40,
        required=False,
        allow_blank=True,
        default="",
        help_text=_("Code of a page of its draft; empty: the last one."),
    )


class TakenQuestionSerializer(serializers.Serializer[Any]):
    code = serializers.CharField(help_text=_("Of the copy in the draft of the survey."))


class BankFilter(filters.FilterSet):
    q = filters.CharFilter(method="matching", label=_("Words of its name or its wording"))

    class Meta:
        model = QuestionBankItem
        fields: list[str] = []

    def matching(
        self, _found: QuerySet[QuestionBankItem], _name: str, words: str
    ) -> QuerySet[QuestionBankItem]:
        return bank_items(words)


@extend_schema_view(
    list=extend_schema(summary="List the questions of the bank, newest first"),
    retrieve=extend_schema(summary="One question of the bank"),
)
class QuestionBankViewSet(
    mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[QuestionBankItem]
):
    serializer_class = BankItemSerializer
    filterset_class = BankFilter
    lookup_value_converter = "int"
    read_scope, write_scope = "surveys:read", "surveys:write"
    read_permission = write_permission = "surveys.change_survey"
    queryset = QuestionBankItem.objects.none()
    request: SignedInApiRequest

    def get_queryset(self) -> QuerySet[QuestionBankItem]:
        return bank_items()

    @extend_schema(
        summary="Keep a question in the bank",
        request=BankItemWantedSerializer,
        responses={201: BankItemSerializer},
        parameters=[IDEMPOTENCY_KEY],
    )
    @idempotent
    def create(self, request: SignedInApiRequest) -> Response:
        wanted = BankItemWantedSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        given = dict(wanted.validated_data)
        item = put_into_bank(given.pop("question"), by=request.user, **given)
        return Response(self.get_serializer(item).data, status=201)

    @extend_schema(
        summary="Rename a question of the bank",
        request=BankItemNamesSerializer(partial=True),
        responses=BankItemSerializer,
    )
    def partial_update(self, request: SignedInApiRequest, pk: int) -> Response:
        item = self.get_object()
        wanted = BankItemNamesSerializer(data=request.data, partial=True)
        wanted.is_valid(raise_exception=True)
        for name, value in wanted.validated_data.items():
            setattr(item, name, value)
        return Response(self.get_serializer(save_bank_item(item)).data)

    @extend_schema(
        summary="Take a question out of the bank",
        request=None,
        responses={204: OpenApiResponse(description=_("Surveys that took it keep theirs."))},
    )
    def destroy(self, request: SignedInApiRequest, pk: int) -> Response:
        remove_from_bank(self.get_object().pk)
        return Response(status=204)

    @extend_schema(
        summary="Put a copy of a question into the draft of a survey",
        request=TakenWantedSerializer,
        responses={201: TakenQuestionSerializer},
        parameters=[IDEMPOTENCY_KEY],
    )
    @action(detail=True, methods=["post"], filterset_class=None)
    @idempotent
    def take(self, request: SignedInApiRequest, pk: int) -> Response:
        item = self.get_object()
        wanted = TakenWantedSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        survey = get_object_or_404(Survey.objects.kept(), slug=wanted.validated_data["survey"])
        page = wanted.validated_data["page"]
        try:
            code = take_from_bank(survey.pk, item, page=page, by=request.user)
        except NothingToChange as gone:
            raise ValidationError({"page": [str(gone.message)]}) from gone
        return Response({"code": code}, status=201)


class TemplateSerializer(serializers.Serializer[Any]):
    code = serializers.CharField()
    name = serializers.CharField()
    about = serializers.CharField()
    questions = serializers.IntegerField(source="count", help_text=_("How many it asks."))
    languages = serializers.ListField(
        child=serializers.ChoiceField(settings.LANGUAGES), source="definition.languages"
    )
    definition = serializers.JSONField(help_text=_("For the draft of a survey."))


class SurveyTemplateViewSet(viewsets.GenericViewSet[Survey]):
    queryset = Survey.objects.none()
    serializer_class = TemplateSerializer
    pagination_class = filterset_class = None
    read_scope, read_permission = "surveys:read", "surveys.change_survey"

    @extend_schema(summary="Surveys to begin with", responses=TemplateSerializer(many=True))
    def list(self, request: SignedInApiRequest) -> Response:
        return Response(self.get_serializer(READY, many=True).data)
