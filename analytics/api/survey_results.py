"""/surveys/{id}/results/ and /surveys/{id}/crosstab/: what was answered, as figures."""

from typing import Any
from uuid import UUID

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import (
    OpenApiParameter,
    extend_schema,
    extend_schema_field,
)
from rest_framework import serializers, viewsets
from rest_framework.exceptions import ValidationError
from rest_framework.response import Response

from accounts.access import SignedInApiRequest
from accounts.api.permissions import may_see_customers
from analytics.selectors.crosstab import LEVELS, closed_questions, cross
from analytics.selectors.survey_figures import figures_of
from analytics.selectors.survey_groups import Group, group_of
from analytics.selectors.survey_summary import Summary, survey_summary
from feedback.errors import FilterNotKnown
from surveys.api.response_filters import (
    FILTERS,
    OF_CUSTOMERS,
    OPEN_DIMENSIONS,
    asked_filters,
)
from surveys.models import Question, Survey
from surveys.selectors.response_dimensions import DIMENSIONS, Dimension
from surveys.selectors.results import results_of


class EstimateSerializer(serializers.Serializer[Any]):
    value = serializers.FloatField()
    low = serializers.FloatField(help_text=_("Of the interval (confidence 0.95)."))
    high = serializers.FloatField()
    n = serializers.IntegerField()


class LineSerializer(serializers.Serializer[Any]):
    value = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    count = serializers.IntegerField()
    share = EstimateSerializer(allow_null=True, help_text=_("0 to 1; null for “don't know”."))


class PlaceSerializer(serializers.Serializer[Any]):
    """How one choice was ranked."""

    value = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    mean = serializers.FloatField(help_text=_("Mean place, 1 = always first."))
    firsts = serializers.IntegerField(help_text=_("How many put it first."))
    count = serializers.IntegerField(help_text=_("How many ranked it at all."))


class SummarySerializer(serializers.Serializer[Any]):
    complete = serializers.IntegerField()
    left_out = serializers.IntegerField(help_text=_("Handed in and taken out of the figures."))
    partial = serializers.IntegerField(  # type: ignore[assignment]
        help_text=_("Left half-way.")
    )
    running = serializers.IntegerField(help_text=_("Still answering."))
    screened_out = serializers.IntegerField()
    quota_full = serializers.IntegerField()
    median_seconds = serializers.SerializerMethodField(
        help_text=_("Time that complete ones took; null where it is not known.")
    )
    reached = serializers.IntegerField(allow_null=True, help_text=_("Got an invitation."))
    replied = serializers.IntegerField(allow_null=True, help_text=_("Of these, handed in."))

    def get_median_seconds(self, summary: Summary) -> float | None:
        return None if summary.median is None else summary.median.total_seconds()


class FiguresSerializer(serializers.Serializer[Any]):
    question = serializers.CharField(source="result.question.code")
    text = serializers.CharField(source="result.question.text")
    kind = serializers.CharField(source="result.kind")
    shown = serializers.IntegerField(source="result.shown")
    answered = serializers.IntegerField(source="result.answered")
    valid = serializers.IntegerField(source="result.valid")
    is_small = serializers.BooleanField(help_text=_("Fewer than 30: an indication."))
    answers = LineSerializer(source="lines", many=True)
    places = PlaceSerializer(source="result.places", many=True, help_text=_("Of a ranking."))
    mean = serializers.SerializerMethodField()
    nps = EstimateSerializer(source="nps.score", allow_null=True, default=None)
    satisfied = EstimateSerializer(source="csat.share", allow_null=True, default=None)
    easy = EstimateSerializer(source="ces.easy", allow_null=True, default=None)
    effort_index = EstimateSerializer(
        source="ces.index",
        allow_null=True,
        default=None,
        help_text=_("Percent of 6 and 7 minus percent of 1 to 3, -100 to 100."),
    )

    @extend_schema_field(EstimateSerializer(allow_null=True))
    def get_mean(self, figures: Any) -> Any:
        """A single answer has no interval, and JSON no infinity."""
        mean = figures.mean
        if mean is None or mean.n < 2:
            return None
        return EstimateSerializer(mean).data


class ResultsSerializer(serializers.Serializer[Any]):
    responses = serializers.IntegerField()
    summary = SummarySerializer()
    questions = FiguresSerializer(many=True)


class HeadSerializer(serializers.Serializer[Any]):
    label = serializers.CharField()  # type: ignore[assignment]
    letter = serializers.CharField(allow_blank=True)
    base = serializers.IntegerField()
    effective = serializers.FloatField(
        allow_null=True, help_text=_("The base that weights leave; null without weights.")
    )


class CellSerializer(serializers.Serializer[Any]):
    count = serializers.IntegerField()
    of_column = EstimateSerializer(allow_null=True)
    of_row = EstimateSerializer(allow_null=True)
    residual = serializers.FloatField(allow_null=True)
    letters = serializers.CharField(allow_blank=True)


class TestSerializer(serializers.Serializer[Any]):
    statistic = serializers.FloatField()
    df = serializers.IntegerField()
    p_value = serializers.FloatField()
    v = serializers.FloatField()
    is_thin = serializers.BooleanField()


class CrossTabSerializer(serializers.Serializer[Any]):
    row = serializers.CharField()
    column = serializers.CharField()
    n = serializers.IntegerField()
    rows = HeadSerializer(many=True)
    columns = HeadSerializer(many=True)
    cells = serializers.ListField(child=CellSerializer(many=True))
    weights = serializers.ChoiceField(
        choices=["", "used", "left_out"], help_text=_("Whether shares and letters are weighted.")
    )
    test = TestSerializer(
        allow_null=True, help_text=_("Null where several may be chosen, and with weights.")
    )


class SurveyResultsViewSet(viewsets.GenericViewSet[Survey]):
    """Over the responses that the caller may see."""

    queryset = Survey.objects.none()
    serializer_class = ResultsSerializer
    pagination_class = None
    filterset_class = None
    read_scope, read_permission = "surveys:read", "surveys.view_response"
    request: SignedInApiRequest

    @extend_schema(
        summary="Results of a survey, question by question",
        parameters=FILTERS,
        responses=ResultsSerializer,
    )
    def retrieve(self, request: SignedInApiRequest, id: UUID) -> Response:  # noqa: A002
        survey, group = self._asked(id, set())
        results = results_of(survey, group.responses)
        leaves = [leaf for one in results for leaf in (one.parts or [one])]
        found = {
            "responses": group.count,
            "summary": survey_summary(survey, group.chosen, request.user, times=group.times),
            "questions": [figures_of(leaf) for leaf in leaves],
        }
        return Response(ResultsSerializer(found).data)

    @extend_schema(
        summary="A question by another one, or by where its answers come from",
        parameters=[
            OpenApiParameter("rows", str, required=True, description="Code of a question."),
            OpenApiParameter(
                "columns",
                str,
                required=True,
                description="Code of a question, or by:"
                + ", by:".join((*OPEN_DIMENSIONS, *OF_CUSTOMERS)),
            ),
            OpenApiParameter("level", int, enum=list(LEVELS)),
            OpenApiParameter("bonferroni", bool),
            *FILTERS,
        ],
        responses=CrossTabSerializer,
    )
    def crosstab(self, request: SignedInApiRequest, id: UUID) -> Response:  # noqa: A002
        own = {"rows", "columns", "level", "bonferroni"}
        survey, group = self._asked(id, own)
        questions = {one.code: one for one in closed_questions(survey)}
        row = questions.get(request.query_params.get("rows", ""))
        column = self._column(questions, request.query_params.get("columns", ""))
        level = request.query_params.get("level", "95")
        if row is None:
            raise ValidationError({"rows": [_("There is no such question to count.")]})
        if column is None:
            raise ValidationError({"columns": [_("There is no such question to count.")]})
        if level not in {str(one) for one in LEVELS}:
            raise ValidationError({"level": [_("One of 90, 95 and 99.")]})
        strict = request.query_params.get("bonferroni", "") in {"1", "true"}
        table = cross(group.responses, row, column, level=int(level), bonferroni=strict)
        return Response(CrossTabSerializer(table).data)

    def _asked(self, slug: UUID, own: set[str]) -> tuple[Survey, Group]:
        survey = get_object_or_404(Survey.objects.kept(), slug=slug)
        query = asked_filters(self.request, but=own)
        try:
            return survey, group_of(survey, query, self.request.user)
        except FilterNotKnown as unknown:
            raise ValidationError({unknown.field: [str(unknown.message)]}) from unknown

    def _column(self, questions: dict[str, Question], text: str) -> Question | Dimension | None:
        name = text.removeprefix("by:")
        if name == text:
            return questions.get(text)
        more = OF_CUSTOMERS if may_see_customers(self.request) else ()
        return DIMENSIONS[name] if name in (*OPEN_DIMENSIONS, *more) else None
