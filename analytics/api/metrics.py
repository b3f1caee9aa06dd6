"""/metrics/, /dashboards/: the catalogue, its figures, and what people put together of them."""

from typing import Any

from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, viewsets
from rest_framework.exceptions import ValidationError
from rest_framework.response import Response

from accounts.access import SignedInApiRequest
from accounts.api.permissions import may_see_customers, needs_a_scope
from analytics.api.keywords import may_see_answers
from analytics.charts.data import Step
from analytics.metrics.catalogue.metric import Measured, Metric
from analytics.metrics.catalogue.metrics import METRICS
from analytics.models import Dashboard
from analytics.rules.ready_boards import READY
from analytics.rules.tiles import BoardPlan
from analytics.selectors.boards.asking import FILTERS, read_asking
from analytics.selectors.boards.finding import NoSuchBoard, board_of
from analytics.selectors.choice import PRESETS, teams_of
from analytics.selectors.facts.dimension import DIMENSIONS
from analytics.selectors.facts.facts import FACTS
from analytics.selectors.facts.measuring import dimensions_of, measure
from analytics.selectors.facts.question import Answer, NotAsked, Row, asked
from analytics.selectors.window import today
from feedback.errors import FilterNotKnown

# By whom something was said tells who they are.
_OF_CUSTOMERS = {"tier", "organisation"}
_FILTERS = [
    OpenApiParameter("period", int, enum=list(PRESETS), description="Days up to today."),
    OpenApiParameter("from", str, description="First day, instead of a period: 2026-11-01."),
    OpenApiParameter("to", str, description="Last day."),
    OpenApiParameter("by", str, many=True, description="Dimensions, at most three."),
    OpenApiParameter("step", str, enum=[one.value for one in Step]),
    *(
        OpenApiParameter(name, str, many=True, description="Only these values, or none.")
        for name in FILTERS
    ),
]


class CatalogueMetricSerializer(serializers.Serializer[Any]):
    key = serializers.CharField()
    name = serializers.CharField()
    explanation = serializers.CharField()
    formula = serializers.CharField()
    source = serializers.CharField()  # type: ignore[assignment]
    unit = serializers.CharField(help_text=_("count, share (0 to 1), rating, points or hours."))
    better = serializers.CharField(help_text=_("higher, lower or neither."))
    dimensions = serializers.SerializerMethodField()

    def get_dimensions(self, metric: Metric) -> list[str]:
        return list(dimensions_of(metric))


class MeasuredValueSerializer(serializers.Serializer[Measured]):
    value = serializers.FloatField(allow_null=True)
    low = serializers.FloatField(allow_null=True, help_text=_("Of its interval, 95 percent."))
    high = serializers.FloatField(allow_null=True)
    n = serializers.IntegerField(help_text=_("Of how many it was made."))
    is_small = serializers.BooleanField(help_text=_("Too few to rank by."))


class MetricFigureSerializer(serializers.Serializer[Row]):
    values = serializers.SerializerMethodField(
        help_text=_("Of the dimensions in their order; null is without any.")
    )
    first = serializers.DateField(source="period.first")
    last = serializers.DateField(source="period.last")
    measured = MeasuredValueSerializer()
    count = serializers.IntegerField(help_text=_("How many things the list behind it has."))
    url = serializers.CharField(help_text=_("Of that list; empty where there is none."))
    before = MeasuredValueSerializer(allow_null=True)

    def get_values(self, row: Row) -> list[str | None]:
        texts = self.context["texts"]
        return [texts[at].get(key) for at, key in enumerate(row.keys)]


class MetricFiguresSerializer(serializers.Serializer[Answer]):
    metric = CatalogueMetricSerializer()
    total = MetricFigureSerializer()
    rows = MetricFigureSerializer(many=True)
    is_running = serializers.BooleanField(help_text=_("The last day is not over."))


class BoardTileSerializer(serializers.Serializer[Any]):
    key = serializers.CharField()
    metric = serializers.CharField()
    chart = serializers.CharField()
    by = serializers.ListField(child=serializers.CharField())
    size = serializers.CharField()
    title = serializers.CharField()
    goal = serializers.FloatField(allow_null=True)
    filters = serializers.DictField(child=serializers.ListField(child=serializers.CharField()))


class BoardSerializer(serializers.Serializer[Any]):
    key = serializers.CharField()
    name = serializers.CharField()
    days = serializers.IntegerField()
    compares = serializers.BooleanField()
    filters = serializers.DictField(child=serializers.ListField(child=serializers.CharField()))
    tiles = BoardTileSerializer(many=True)


class BoardEntrySerializer(serializers.Serializer[Any]):
    key = serializers.CharField(help_text=_("A number, or the word of a ready one."))
    name = serializers.CharField()
    is_ready = serializers.BooleanField()


class MetricsViewSet(viewsets.GenericViewSet[Dashboard]):
    """Figures of what the caller may see; of surveys and of customers only with their scope."""

    queryset = Dashboard.objects.none()
    serializer_class = CatalogueMetricSerializer
    pagination_class = None
    filterset_class = None
    read_scope, read_permission = "feedback:read", "feedback.view_feedback"
    request: SignedInApiRequest

    @extend_schema(
        summary="The catalogue of metrics", responses=CatalogueMetricSerializer(many=True)
    )
    def list(self, request: SignedInApiRequest) -> Response:
        return Response(CatalogueMetricSerializer(list(METRICS.values()), many=True).data)

    @extend_schema(
        summary="A metric by dimensions, step and filters",
        parameters=_FILTERS,
        responses=MetricFiguresSerializer,
    )
    def retrieve(self, request: SignedInApiRequest, key: str) -> Response:
        metric = METRICS.get(key)
        if metric is None:
            raise Http404
        answer = _measured(request, metric)
        texts = [
            DIMENSIONS[name].texts({row.keys[at] for row in answer.groups} - {None})
            for at, name in enumerate(answer.question.by)
        ]
        return Response(MetricFiguresSerializer(answer, context={"texts": texts}).data)


class BoardsViewSet(viewsets.GenericViewSet[Dashboard]):
    """Dashboards that the caller may see."""

    queryset = Dashboard.objects.none()
    serializer_class = BoardSerializer
    pagination_class = None
    filterset_class = None
    read_scope, read_permission = "feedback:read", "feedback.view_feedback"
    request: SignedInApiRequest

    @extend_schema(summary="Dashboards", responses=BoardEntrySerializer(many=True))
    def list(self, request: SignedInApiRequest) -> Response:
        own = Dashboard.objects.active().visible_to(request.user).in_order()
        found = [
            *({"key": str(one.pk), "name": one.name, "is_ready": False} for one in own),
            *({"key": one.key, "name": one.name, "is_ready": True} for one in READY.values()),
        ]
        return Response(BoardEntrySerializer(found, many=True).data)

    @extend_schema(summary="A dashboard with its tiles", responses=BoardSerializer)
    def retrieve(self, request: SignedInApiRequest, key: str) -> Response:
        try:
            return Response(BoardSerializer(board_of(request.user, key).plan).data)
        except NoSuchBoard as gone:
            raise Http404 from gone


def _measured(request: SignedInApiRequest, metric: Metric) -> Answer:
    """Raises ValidationError for what does not exist or needs a scope."""
    params = dict(request.query_params.lists())
    by = [text for text in params.pop("by", []) if text]
    step = (params.pop("step", None) or [""])[-1]
    if step and step not in {one.value for one in Step}:
        raise ValidationError({"step": [_("Day, week or month.")]})
    if FACTS[metric.fact].asked and not may_see_answers(request):
        raise ValidationError({"metric": [needs_a_scope("survey")]})
    for name in {*by, *params} & _OF_CUSTOMERS:
        if not may_see_customers(request):
            raise ValidationError({name: [needs_a_scope("customer")]})
    plan, now = BoardPlan("metrics", ""), timezone.now()
    teams = teams_of(request.user)
    try:
        asking = read_asking(params, plan, teams=teams, today=today(now))
        question = asked(
            metric.key,
            asking.period,
            by=by,
            step=Step(step) if step else None,
            filters=asking.keys,
        )
        return measure(request.user, question, now=now)
    except FilterNotKnown as unknown:
        raise ValidationError({unknown.field: [str(unknown.message)]}) from unknown
    except NotAsked as unknown:
        raise ValidationError(
            {"by": [_("This metric cannot be told apart or narrowed like that.")]}
        ) from unknown
