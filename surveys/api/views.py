"""/surveys/ and /responses/: what was asked and what was answered."""

from typing import Any

from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters
from drf_spectacular.utils import OpenApiResponse, extend_schema, extend_schema_view
from rest_framework import mixins, viewsets
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.response import Response as ApiResponse

from accounts.access import SignedInApiRequest
from accounts.api.conditions import ConditionFilter
from accounts.api.covered import covers_in
from accounts.enums import Scope
from config.kernel.api_filters import MomentFilter, YesNoFilter
from config.kernel.api_schema import IDEMPOTENCY_KEY
from config.kernel.idempotency import idempotent
from surveys.api.drafts import SurveyDraftSerializer, SurveyDraftWantedSerializer, draft_shown
from surveys.api.serializers import (
    CorrectionSerializer,
    DecisionSerializer,
    ResponseSerializer,
    SubmissionSerializer,
    SurveySerializer,
    SurveyWantedSerializer,
    SurveyWithQuestionsSerializer,
)
from surveys.enums import (
    QualityFlag,
    ResponseStatus,
    SurveyKind,
    SurveyStatus,
    Verdict,
    VersionState,
)
from surveys.errors import AnswersRefused, CannotPublish
from surveys.models import Answer, Question, Response, Survey
from surveys.services.answering import submit_response
from surveys.services.archiving import (
    archive_survey,
    close_survey,
    delete_survey,
    resume_survey,
)
from surveys.services.building import current_version, replace_draft
from surveys.services.correcting import correct_response
from surveys.services.deciding import decide
from surveys.services.defaults import api_collector, phone_collector
from surveys.services.editing import copy_survey, save_survey
from surveys.services.publishing import publish_version
from surveys.services.quality_rules import order_checks


def full_responses() -> Any:
    answers = Answer.objects.select_related("question", "choice").order_by("question__order", "pk")
    found = Response.objects.exclude(status=ResponseStatus.DRAFT)
    found = found.select_related("survey", "collector", "feedback", "quality")
    return found.prefetch_related(Prefetch("answers", answers))


CHANGES = (
    "partial_update", "draft", "replace_draft", "publish", "close", "resume", "archive",
    "check_quality",
)  # fmt: skip


_DECIDED = [(one.value, one.label) for one in (Verdict.COUNT, Verdict.LEAVE_OUT)]


class SurveyFilter(filters.FilterSet):
    kind = filters.ChoiceFilter(choices=SurveyKind.choices)
    status = filters.ChoiceFilter(choices=SurveyStatus.choices)

    class Meta:
        model = Survey
        fields: list[str] = []


class ResponseFilter(filters.FilterSet):
    survey = filters.UUIDFilter("survey__slug")
    status = filters.ChoiceFilter(choices=ResponseStatus.choices)
    completed_after = MomentFilter("completed_at", "gte")
    completed_before = MomentFilter("completed_at", "lt")
    feedback = filters.NumberFilter(
        "feedback__number", min_value=1, max_value=2**63 - 1, decimal_places=0
    )
    counted = YesNoFilter("is_counted", help_text=_("Whether it is in figures."))
    flag = filters.ChoiceFilter(
        choices=QualityFlag.choices, method="with_flag", help_text=_("Those with this flag.")
    )
    decision = filters.ChoiceFilter(
        choices=[("open", _("flagged, not decided")), *_DECIDED],
        method="with_decision",
        help_text=_("What staff decided about it."),
    )
    condition = ConditionFilter("response", closed={"feedback": Scope.FEEDBACK_READ})

    def with_flag(self, found: QuerySet[Response], _name: str, flag: str) -> QuerySet[Response]:
        return found.filter(quality__flags__contains=[flag])

    def with_decision(
        self, found: QuerySet[Response], _name: str, decision: str
    ) -> QuerySet[Response]:
        if decision == "open":
            return found.filter(quality__score__gt=0, quality__verdict=Verdict.OPEN)
        return found.filter(quality__verdict=decision)

    class Meta:
        model = Response
        fields: list[str] = []


@extend_schema_view(
    list=extend_schema(summary="List surveys, newest first"),
    retrieve=extend_schema(
        summary="One survey with its questions", responses=SurveyWithQuestionsSerializer
    ),
)
class SurveyViewSet(
    mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Survey]
):
    serializer_class = SurveySerializer
    filterset_class = SurveyFilter
    lookup_field = "slug"
    lookup_url_kwarg = "id"
    lookup_value_converter = "uuid"
    read_scope, write_scope = "surveys:read", "surveys:write"
    read_permission, write_permission = "surveys.view_survey", "surveys.add_response"
    permission_by_action = {
        **dict.fromkeys(CHANGES, "surveys.change_survey"),
        **dict.fromkeys(("create", "copy"), "surveys.add_survey"),
        "destroy": "surveys.delete_survey",
    }
    request: SignedInApiRequest

    def get_queryset(self) -> QuerySet[Survey]:
        if self.action != "retrieve":
            return Survey.objects.kept()
        asked = Question.objects.filter(retired_in=None).select_related("parent")
        return Survey.objects.kept().prefetch_related(
            Prefetch(
                "questions",
                asked.prefetch_related("choices").order_by("order", "pk"),
                to_attr="questions_in_use",
            )
        )

    def get_serializer_class(self) -> Any:
        return SurveyWithQuestionsSerializer if self.action == "retrieve" else SurveySerializer

    @extend_schema(
        summary="Begin a survey; its questions are its draft",
        request=SurveyWantedSerializer,
        responses={201: SurveySerializer},
        parameters=[IDEMPOTENCY_KEY],
    )
    @idempotent
    def create(self, request: SignedInApiRequest) -> ApiResponse:
        survey = Survey(kind=SurveyKind.CUSTOM, owner=request.user)
        return self._saved(survey, status=201)

    @extend_schema(
        summary="Rename a survey: only what is sent",
        request=SurveyWantedSerializer,
        responses=SurveySerializer,
    )
    def partial_update(self, request: SignedInApiRequest, id: Any) -> ApiResponse:  # noqa: A002
        return self._saved(self.get_object())

    def _saved(self, survey: Survey, status: int = 200) -> ApiResponse:
        wanted = SurveyWantedSerializer(
            survey, data=self.request.data, partial=survey.pk is not None
        )
        wanted.is_valid(raise_exception=True)
        for name, value in wanted.validated_data.items():
            setattr(survey, name, value)
        return self._shown(save_survey(survey), status)

    def _shown(self, survey: Survey, status: int = 200) -> ApiResponse:
        return ApiResponse(SurveySerializer(survey).data, status=status)

    @extend_schema(
        summary="Delete a survey that nobody has answered; others are archived",
        responses={204: None},
    )
    def destroy(self, request: SignedInApiRequest, id: Any) -> ApiResponse:  # noqa: A002
        delete_survey(self.get_object().pk)
        return ApiResponse(status=204)

    @extend_schema(summary="Take no more answers", request=None, responses=SurveySerializer)
    @action(detail=True, methods=["post"], filterset_class=None)
    def close(self, request: SignedInApiRequest, id: Any) -> ApiResponse:  # noqa: A002
        return self._shown(close_survey(self.get_object().pk))

    @extend_schema(summary="Take answers again", request=None, responses=SurveySerializer)
    @action(detail=True, methods=["post"], filterset_class=None)
    def resume(self, request: SignedInApiRequest, id: Any) -> ApiResponse:  # noqa: A002
        return self._shown(resume_survey(self.get_object().pk))

    @extend_schema(summary="Put a survey away", request=None, responses=SurveySerializer)
    @action(detail=True, methods=["post"], filterset_class=None)
    def archive(self, request: SignedInApiRequest, id: Any) -> ApiResponse:  # noqa: A002
        return self._shown(archive_survey(self.get_object().pk))

    @extend_schema(
        summary="A new survey with the same questions and no answers",
        request=None,
        responses={201: SurveySerializer},
        parameters=[IDEMPOTENCY_KEY],
    )
    @action(detail=True, methods=["post"], filterset_class=None)
    @idempotent
    def copy(self, request: SignedInApiRequest, id: Any) -> ApiResponse:  # noqa: A002
        return self._shown(copy_survey(self.get_object().pk, owner=request.user), 201)

    @extend_schema(
        summary="Hand in answers",
        request=SubmissionSerializer,
        responses={201: OpenApiResponse(ResponseSerializer)},
        parameters=[IDEMPOTENCY_KEY],
    )
    @action(detail=True, methods=["post"], filterset_class=None)
    @idempotent
    def responses(self, request: SignedInApiRequest, id: Any) -> ApiResponse:  # noqa: A002
        survey = self.get_object()
        wanted = SubmissionSerializer(data=request.data, context={"request": request})
        wanted.is_valid(raise_exception=True)
        given = dict(wanted.validated_data)
        is_phone = given.pop("mode") == "phone"
        collector = phone_collector(survey) if is_phone else api_collector(survey)
        try:
            submission = submit_response(
                collector.pk,
                entered_by=request.user,
                source={"channel": "api"} | ({"mode": "phone"} if is_phone else {}),
                **given,
            )
        except AnswersRefused as refusal:
            raise ValidationError({"answers": refusal.errors}) from refusal
        response = full_responses().get(pk=submission.response.pk)
        shown = ResponseSerializer(response, context={"request": request})
        return ApiResponse(shown.data, status=201)

    @extend_schema(
        summary="The questions as they are being written, and what is wrong with them",
        responses=SurveyDraftSerializer,
    )
    @action(detail=True, methods=["get"], filterset_class=None)
    def draft(self, request: SignedInApiRequest, id: Any) -> ApiResponse:  # noqa: A002
        return ApiResponse(draft_shown(current_version(self.get_object().pk)))

    @extend_schema(
        summary="Replace the draft; it may have faults until it is published",
        request=SurveyDraftWantedSerializer,
        responses=SurveyDraftSerializer,
    )
    @draft.mapping.put
    def replace_draft(self, request: SignedInApiRequest, id: Any) -> ApiResponse:  # noqa: A002
        wanted = SurveyDraftWantedSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        survey = self.get_object()
        version = replace_draft(survey.pk, by=request.user, **wanted.validated_data)
        return ApiResponse(draft_shown(version))

    @extend_schema(
        summary="Look at the quality of all its responses again, in the background",
        request=None,
        responses={202: None},
    )
    @action(detail=True, methods=["post"], filterset_class=None, url_path="check-quality")
    def check_quality(self, request: SignedInApiRequest, id: Any) -> ApiResponse:  # noqa: A002
        order_checks(self.get_object().pk)
        return ApiResponse(status=202)

    @extend_schema(
        summary="Publish the draft",
        request=None,
        responses=SurveyDraftSerializer,
    )
    @action(detail=True, methods=["post"], filterset_class=None)
    def publish(self, request: SignedInApiRequest, id: Any) -> ApiResponse:  # noqa: A002
        version = current_version(self.get_object().pk)
        if version.state == VersionState.DRAFT and version.pk is not None:
            try:
                version = publish_version(version.pk, by=request.user)
            except CannotPublish as refusal:
                raise ValidationError({"definition": refusal.faults}) from refusal
        return ApiResponse(draft_shown(version))


@extend_schema_view(
    list=extend_schema(summary="List responses, newest first"),
    retrieve=extend_schema(summary="One response"),
)
class ResponseViewSet(
    mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Response]
):
    """Answers about records that the caller may see, and those about none."""

    queryset = Response.objects.none()
    serializer_class = ResponseSerializer
    filterset_class = ResponseFilter
    lookup_field = "key"
    lookup_url_kwarg = "id"
    lookup_value_converter = "uuid"
    read_scope, write_scope = "surveys:read", "surveys:write"
    read_permission, write_permission = "surveys.view_response", "surveys.change_response"
    request: SignedInApiRequest

    def get_queryset(self) -> QuerySet[Response]:
        return full_responses().visible_to(self.request.user)

    def get_serializer_context(self) -> dict[str, Any]:
        """In a list more is covered than in one response."""
        context: dict[str, Any] = {**super().get_serializer_context()}
        if self.action == "list":
            context["cover"] = covers_in(context).in_lists
        return context

    @extend_schema(
        summary="Decide whether it counts",
        request=DecisionSerializer,
        responses=ResponseSerializer,
    )
    @action(detail=True, methods=["post"], filterset_class=None)
    def decide(self, request: SignedInApiRequest, id: Any) -> ApiResponse:  # noqa: A002
        wanted = DecisionSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        given = wanted.validated_data
        decide(
            self.get_object().pk,
            Verdict(given["decision"] or ""),
            reason=given["reason"],
            by=request.user,
        )
        return self._shown()

    @extend_schema(
        summary="Correct answers that were handed in",
        request=CorrectionSerializer,
        responses=ResponseSerializer,
    )
    @action(detail=True, methods=["post"], filterset_class=None)
    def correct(self, request: SignedInApiRequest, id: Any) -> ApiResponse:  # noqa: A002
        wanted = CorrectionSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        try:
            correct_response(self.get_object().pk, by=request.user, **wanted.validated_data)
        except AnswersRefused as refusal:
            raise ValidationError({"answers": refusal.errors}) from refusal
        return self._shown()

    def _shown(self) -> ApiResponse:
        shown = ResponseSerializer(self.get_object(), context={"request": self.request})
        return ApiResponse(shown.data)
