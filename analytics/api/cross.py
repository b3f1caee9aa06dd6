"""/cross-analysis/: a figure by two or three dimensions, as the page of that name has it."""

from dataclasses import replace
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, viewsets
from rest_framework.exceptions import ValidationError
from rest_framework.response import Response

from accounts.access import SignedInApiRequest
from accounts.api.permissions import may_see_customers, needs_a_scope
from analytics.api.keywords import may_see_answers
from analytics.api.metrics import CatalogueMetricSerializer, MeasuredValueSerializer
from analytics.metrics.association import Association
from analytics.metrics.catalogue.metrics import METRICS
from analytics.models import Dashboard
from analytics.selectors.boards.asking import FILTERS
from analytics.selectors.choice import PRESETS, teams_of
from analytics.selectors.cross.asking import (
    HIDDEN_BELOW,
    LEASTS,
    MOSTS,
    USUAL,
    CrossAsking,
    read_cross,
)
from analytics.selectors.cross.heads import Head
from analytics.selectors.cross.offered import ANSWER
from analytics.selectors.cross.table import Cell, Cross, Table, cross_tables
from analytics.selectors.crosstab import LEVELS
from analytics.selectors.facts.facts import FACTS
from analytics.selectors.facts.question import NotAsked
from analytics.selectors.window import today
from feedback.api.about_customers import is_filter_of_customers
from feedback.errors import FilterNotKnown

_SIDE = "One of `offered` of the answer, as team, category, month, field.CODE, answer.ID."
_OF_CUSTOMERS = {"tier", "organisation", "customer_tag"}
_OF_PAGES = ("show", "chart")  # how a page draws it
_PARAMETERS = [
    OpenApiParameter("metric", str, enum=list(METRICS), description="At first volume."),
    OpenApiParameter("rows", str, description=f"{_SIDE} At first branch."),
    OpenApiParameter("columns", str, description=f"{_SIDE} At first channel."),
    OpenApiParameter("layers", str, description=f"{_SIDE} One table for each value."),
    OpenApiParameter("answers", str, description="Key of a survey whose questions are offered."),
    OpenApiParameter("order", str, enum=["size", "name"]),
    OpenApiParameter("most", int, enum=list(MOSTS), description="More groups become one."),
    OpenApiParameter("least", int, enum=list(LEASTS), description="Smaller cells are hidden."),
    OpenApiParameter("level", int, enum=list(LEVELS), description="Of the letters, percent."),
    OpenApiParameter("bonferroni", str, enum=["1"]),
    OpenApiParameter("known", str, enum=["1"], description="Without what is without any."),
    OpenApiParameter("period", int, enum=list(PRESETS), description="Days up to today."),
    OpenApiParameter("from", str, description="First day, instead of a period: 2026-11-01."),
    OpenApiParameter("to", str, description="Last day."),
    *(
        OpenApiParameter(name, str, many=True, description="Only these values, or none.")
        for name in FILTERS
    ),
]


class CrossHeadSerializer(serializers.Serializer[Head]):
    label = serializers.CharField()  # type: ignore[assignment]
    letter = serializers.CharField()
    is_rest = serializers.BooleanField(help_text=_("Smaller groups, put together."))


class CrossCellSerializer(serializers.Serializer[Cell]):
    is_hidden = serializers.BooleanField(help_text=_("Too few to be shown."))
    count = serializers.SerializerMethodField(
        help_text=_("How many things the list behind it has; null where it is hidden.")
    )
    url = serializers.CharField(help_text=_("Of that list; empty where there is none."))
    measured = MeasuredValueSerializer()
    of_row = serializers.FloatField(allow_null=True, help_text=_("Share, 0 to 1."))
    of_column = serializers.FloatField(allow_null=True)
    of_all = serializers.FloatField(allow_null=True)
    expected = serializers.FloatField(allow_null=True)
    residual = serializers.FloatField(allow_null=True, help_text=_("Adjusted."))
    letters = serializers.CharField(help_text=_("Columns that are significantly lower."))

    def get_count(self, cell: Cell) -> int | None:
        return None if cell.is_hidden else cell.count


class CrossTestSerializer(serializers.Serializer[Association]):
    chi_square = serializers.FloatField(source="statistic")
    df = serializers.IntegerField()
    p_value = serializers.FloatField()
    cramers_v = serializers.FloatField(source="v")
    strength = serializers.CharField(help_text=_("none, weak, moderate or strong."))
    is_thin = serializers.BooleanField(help_text=_("Expected counts are too small for p."))


class CrossTableSerializer(serializers.Serializer[Table]):
    layer = CrossHeadSerializer(allow_null=True)
    rows = CrossHeadSerializer(many=True)
    columns = CrossHeadSerializer(many=True)
    cells = serializers.ListField(
        child=CrossCellSerializer(many=True),
        help_text=_("A line for each row and one of totals, each with its total at its end."),
    )
    test = CrossTestSerializer(allow_null=True)


class CrossAnalysisSerializer(serializers.Serializer[Any]):
    metric = CatalogueMetricSerializer(source="asking.metric")
    dimensions = serializers.ListField(child=serializers.CharField(), source="asking.by")
    offered = serializers.SerializerMethodField(help_text=_("What else it can be told apart by."))
    first = serializers.DateField(source="asking.base.period.first")
    last = serializers.DateField(source="asking.base.period.last")
    least = serializers.IntegerField(source="asking.least")
    tables = CrossTableSerializer(many=True)

    def get_offered(self, cross: Cross) -> list[str]:
        request = self.context["request"]
        names = [name for one in cross.asking.offered.groups() for name, _words in one.choices]
        return [name for name in names if not _lacks(name, request)]


class CrossAnalysisViewSet(viewsets.GenericViewSet[Dashboard]):
    """Figures of what the caller may see; of surveys and of customers only with their scope."""

    queryset = Dashboard.objects.none()
    serializer_class = CrossAnalysisSerializer
    pagination_class = None
    filterset_class = None
    read_scope, read_permission = "feedback:read", "feedback.view_feedback"
    request: SignedInApiRequest

    @extend_schema(
        summary="A metric by two or three dimensions at once",
        parameters=_PARAMETERS,
        responses=CrossAnalysisSerializer,
    )
    def retrieve(self, request: SignedInApiRequest) -> Response:
        now = timezone.now()
        try:
            found = cross_tables(request.user, _asking(request, now), now)
        except FilterNotKnown as unknown:
            raise ValidationError({unknown.field: [str(unknown.message)]}) from unknown
        except NotAsked as unknown:
            raise ValidationError(
                {unknown.name: [_("This metric cannot be told apart or narrowed like that.")]}
            ) from unknown
        return Response(CrossAnalysisSerializer(found, context={"request": request}).data)


def _asking(request: SignedInApiRequest, now: Any) -> CrossAsking:
    """Raises ValidationError for what needs a scope, FilterNotKnown for what does not exist."""
    params = dict(request.query_params.lists())
    for name in _OF_PAGES:
        if name in params:
            raise FilterNotKnown(name)
    given = {name: params.get(name, [USUAL[name]])[-1] for name in ("rows", "columns", "layers")}
    for place, name in [*given.items(), *((name, name) for name in params)]:
        if scope := _lacks(name, request):
            raise ValidationError({place: [needs_a_scope(scope)]})
    asking = read_cross(params, request.user, teams=teams_of(request.user), today=today(now))
    if FACTS[asking.metric.fact].asked and not may_see_answers(request):
        raise ValidationError({"metric": [needs_a_scope("survey")]})
    if not may_see_customers(request):
        asking = replace(asking, least=max(asking.least, HIDDEN_BELOW))
    return asking


def _lacks(name: str, request: SignedInApiRequest) -> str:
    """What the scope is about that a dimension or filter needs and the caller has not."""
    if name in _OF_CUSTOMERS or is_filter_of_customers(name):
        return "" if may_see_customers(request) else "customer"
    if name.startswith(ANSWER) or name == "answers":
        return "" if may_see_answers(request) else "survey"
    return ""
