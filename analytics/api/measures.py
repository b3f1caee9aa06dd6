"""/measures/: what is done about problems."""

from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, viewsets
from rest_framework.response import Response

from accounts.access import SignedInApiRequest
from accounts.models import User
from analytics.api.problems import ScoreInput
from analytics.enums import MeasureKind, MeasureStatus, ScoreScheme
from analytics.models import Measure, Problem
from analytics.selectors.measure_list import (
    MeasureChoice,
    measures_for_list,
    read_measure_choice,
)
from analytics.services.measures import FIELDS, change_measure, move_measure, propose_measure
from analytics.services.scoring import score_measure
from config.kernel.api_fields import BigId, StrictInput, TextField, WholeField
from config.kernel.api_schema import IDEMPOTENCY_KEY
from config.kernel.idempotency import idempotent
from feedback.errors import FilterNotKnown

AT_MOST = 1_000
FILTERS = [
    OpenApiParameter(name, OpenApiTypes.STR, required=False)
    for name in ("show", "kind", "owner", "sort")
]


class MeasureInput(StrictInput, serializers.Serializer[Any]):
    problem = WholeField(min_value=1, max_value=2**63 - 1, required=False)
    kind = serializers.ChoiceField(MeasureKind.choices)
    title = TextField(max_length=120)
    what = TextField(max_length=4000, allow_blank=True, required=False)
    training_note = TextField(max_length=4000, allow_blank=True, required=False)
    owner = BigId(queryset=User.objects.filter(is_active=True), allow_null=True, required=False)
    due_on = serializers.DateField(allow_null=True, required=False)
    in_force_from = serializers.DateField(allow_null=True, required=False)
    budget = serializers.DecimalField(
        max_digits=12, decimal_places=2, min_value=0, allow_null=True, required=False
    )
    status = serializers.ChoiceField(MeasureStatus.choices, required=False)
    note = TextField(
        max_length=4000, allow_blank=True, required=False, help_text=_("Why the status changes.")
    )


class MeasureSerializer(serializers.ModelSerializer[Measure]):
    reference = serializers.CharField(read_only=True)
    steps = serializers.IntegerField(source="steps_of_all", read_only=True)
    steps_done = serializers.IntegerField(read_only=True)
    scores = serializers.SerializerMethodField()

    class Meta:
        model = Measure
        fields = [
            "id", "reference", "problem", "kind", "title", "what", "training_note", "owner",
            "due_on", "in_force_from", "budget", "status", "status_since", "steps", "steps_done",
            "scores", "created_at",
        ]  # fmt: skip
        read_only_fields = fields

    def get_scores(self, measure: Measure) -> dict[str, float]:
        """The newest of each scheme."""
        newest = {one.scheme: one.value for one in reversed(measure.scores.all())}
        return dict(sorted(newest.items()))


class MeasuresViewSet(viewsets.GenericViewSet[Measure]):
    queryset = Measure.objects.none()
    serializer_class = MeasureSerializer
    pagination_class = None
    filterset_class = None
    read_scope, write_scope = "feedback:read", "feedback:write"
    read_permission, write_permission = "analytics.view_problem", "analytics.change_problem"
    request: SignedInApiRequest

    @extend_schema(summary="Measures", parameters=FILTERS, responses=MeasureSerializer(many=True))
    def list(self, request: SignedInApiRequest) -> Response:
        try:
            choice = read_measure_choice(request.query_params.dict())
        except FilterNotKnown as unknown:
            refusal = {unknown.field: [str(unknown.message)]}
            raise serializers.ValidationError(refusal) from unknown
        rows = measures_for_list(request.user, choice).prefetch_related("scores")[:AT_MOST]
        return Response(MeasureSerializer(rows, many=True).data)

    @extend_schema(summary="One measure")
    def retrieve(self, request: SignedInApiRequest, pk: int) -> Response:
        return self._said(pk)

    @extend_schema(
        summary="Propose a measure for a problem",
        request=MeasureInput,
        responses={201: MeasureSerializer},
        parameters=[IDEMPOTENCY_KEY],
    )
    @idempotent
    def create(self, request: SignedInApiRequest) -> Response:
        given = self._given(MeasureInput(data=request.data))
        if "status" in given:
            raise serializers.ValidationError({"status": [_("It begins as proposed.")]})
        visible = Problem.objects.visible_to(request.user)
        problem = visible.filter(pk=given.pop("problem", 0)).first()
        if problem is None:
            raise serializers.ValidationError({"problem": [_("There is no such problem.")]})
        given.pop("note", None)
        return self._said(propose_measure(problem.pk, by=request.user, **given).pk, status=201)

    @extend_schema(
        summary="Change a measure, or move it on",
        request=MeasureInput,
        responses=MeasureSerializer,
    )
    def partial_update(self, request: SignedInApiRequest, pk: int) -> Response:
        one = self._rows().filter(pk=pk).first()
        if one is None:
            raise Http404
        given = self._given(MeasureInput(data=request.data, partial=True))
        status, note = given.pop("status", None), given.pop("note", "")
        fields = {name: given[name] for name in FIELDS if name in given}
        if fields:
            change_measure(one.pk, by=request.user, **fields)
        if status is not None:
            move_measure(one.pk, MeasureStatus(status), by=request.user, note=note)
        return self._said(one.pk)

    @extend_schema(summary="Score a measure", request=ScoreInput, responses=MeasureSerializer)
    def score(self, request: SignedInApiRequest, pk: int) -> Response:
        one = self._rows().filter(pk=pk).first()
        if one is None:
            raise Http404
        given = ScoreInput(data=request.data)
        given.is_valid(raise_exception=True)
        said = given.validated_data
        score_measure(one, ScoreScheme(said["scheme"]), said["inputs"], by=request.user)
        return self._said(one.pk)

    def _rows(self) -> QuerySet[Measure]:
        return measures_for_list(self.request.user, MeasureChoice())

    def _given(self, wanted: MeasureInput) -> dict[str, Any]:
        wanted.is_valid(raise_exception=True)
        return dict(wanted.validated_data)

    def _said(self, pk: int, *, status: int = 200) -> Response:
        try:
            one = self._rows().get(pk=pk)
        except (Measure.DoesNotExist, OverflowError) as gone:
            raise Http404 from gone
        return Response(MeasureSerializer(one).data, status=status)
