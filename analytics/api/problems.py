"""/problems/: what goes wrong again and again, in the order in which to deal with it."""

from typing import Any

from django.http import Http404
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, viewsets
from rest_framework.response import Response

from accounts.access import SignedInApiRequest
from accounts.models import Team, User
from analytics.api.keywords import may_see_answers
from analytics.enums import ProblemStatus, ScoreScheme
from analytics.models import Problem
from analytics.selectors.problem_list import (
    NAMES,
    ProblemRow,
    problem_rows,
    read_problem_choice,
    rows_of,
    teams_to_choose,
)
from analytics.services.evidence import add_evidence
from analytics.services.problems import FIELDS, change_problem, make_problem, move_problem
from analytics.services.scoring import score_problem
from config.kernel.api_fields import BigId, CodeField, StrictInput, TextField, WholeField
from config.kernel.api_schema import IDEMPOTENCY_KEY
from config.kernel.idempotency import idempotent
from feedback.errors import FilterNotKnown
from feedback.models import Category, Feedback

MOST_NUMBERS = 500
FILTERS = [OpenApiParameter(name, OpenApiTypes.STR, required=False) for name in NAMES]


class ProblemInput(StrictInput, serializers.Serializer[Any]):
    title = TextField(max_length=120)
    description = TextField(max_length=4000, allow_blank=True, required=False)
    category = CodeField(queryset=Category.objects.active(), allow_null=True, required=False)
    team = BigId(queryset=Team.objects.all(), allow_null=True, required=False)
    owner = BigId(queryset=User.objects.filter(is_active=True), allow_null=True, required=False)
    severity = WholeField(min_value=1, max_value=5, allow_null=True, required=False)
    reach = WholeField(min_value=1, max_value=5, allow_null=True, required=False)
    status = serializers.ChoiceField(ProblemStatus.choices, required=False)
    note = TextField(
        max_length=4000, allow_blank=True, required=False, help_text=_("Why the status changes.")
    )


class EvidenceInput(StrictInput, serializers.Serializer[Any]):
    numbers = serializers.ListField(
        child=WholeField(min_value=1, max_value=2**63 - 1), max_length=MOST_NUMBERS
    )
    quote = TextField(max_length=1000, allow_blank=True, required=False, default="")


class ScoreInput(StrictInput, serializers.Serializer[Any]):
    scheme = serializers.ChoiceField(ScoreScheme.choices)
    inputs = serializers.DictField(
        child=serializers.FloatField(),
        help_text=_(
            "RICE: reach, impact, confidence, effort. ICE: impact, confidence, ease. FMEA:"
            " severity, occurrence, detection."
        ),
    )


class RegisteredProblemSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField(source="problem.pk")
    reference = serializers.CharField(source="problem.reference")
    title = serializers.CharField(source="problem.title")
    description = serializers.CharField(source="problem.description")
    status = serializers.ChoiceField(ProblemStatus.choices, source="problem.status")
    category = serializers.CharField(source="problem.category.code", default=None, allow_null=True)
    team = serializers.IntegerField(source="problem.team_id", allow_null=True)
    owner = serializers.IntegerField(source="problem.owner_id", allow_null=True)
    severity = serializers.IntegerField(allow_null=True, help_text=_("1 to 5."))
    reach = serializers.IntegerField(allow_null=True, help_text=_("1 to 5."))
    evidence = serializers.IntegerField(
        source="facts.evidence", help_text=_("Only what the caller may see.")
    )
    customers = serializers.IntegerField(
        source="facts.customers", help_text=_("In the last quarter.")
    )
    scores = serializers.SerializerMethodField()
    comes_first = serializers.BooleanField()
    open_measures = serializers.IntegerField(source="measures")
    created_at = serializers.DateTimeField(source="problem.created_at")

    def get_scores(self, row: ProblemRow) -> dict[str, float]:
        return {scheme: score.value for scheme, score in row.scores.items()}


class ProblemsViewSet(viewsets.GenericViewSet[Problem]):
    queryset = Problem.objects.none()
    serializer_class = RegisteredProblemSerializer
    pagination_class = None
    filterset_class = None
    read_scope, write_scope = "feedback:read", "feedback:write"
    read_permission, write_permission = "analytics.view_problem", "analytics.change_problem"
    permission_by_action = {"evidence": "analytics.add_problemevidence"}
    request: SignedInApiRequest

    @extend_schema(
        summary="Problems, in the order in which to deal with them",
        parameters=FILTERS,
        responses=RegisteredProblemSerializer(many=True),
    )
    def list(self, request: SignedInApiRequest) -> Response:
        try:
            choice = read_problem_choice(request.query_params.dict(), request.user)
        except FilterNotKnown as unknown:
            refusal = {unknown.field: [str(unknown.message)]}
            raise serializers.ValidationError(refusal) from unknown
        rows = problem_rows(request.user, choice, answers=may_see_answers(request))
        return Response(RegisteredProblemSerializer(rows, many=True).data)

    @extend_schema(summary="One problem")
    def retrieve(self, request: SignedInApiRequest, pk: int) -> Response:
        return self._said(self._one(pk))

    @extend_schema(
        summary="Enter a problem",
        request=ProblemInput,
        responses={201: RegisteredProblemSerializer},
        parameters=[IDEMPOTENCY_KEY],
    )
    @idempotent
    def create(self, request: SignedInApiRequest) -> Response:
        given = self._given(ProblemInput(data=request.data))
        status, note = given.pop("status", None), given.pop("note", "")
        made = make_problem(by=request.user, **given)
        if status is not None:
            move_problem(made.pk, ProblemStatus(status), by=request.user, note=note)
        return self._said(made, status=201)

    @extend_schema(
        summary="Change a problem", request=ProblemInput, responses=RegisteredProblemSerializer
    )
    def partial_update(self, request: SignedInApiRequest, pk: int) -> Response:
        one = self._one(pk)
        given = self._given(ProblemInput(data=request.data, partial=True))
        status, note = given.pop("status", None), given.pop("note", "")
        fields = {name: given[name] for name in FIELDS if name in given}
        if fields:
            change_problem(one.pk, by=request.user, **fields)
        if status is not None:
            move_problem(one.pk, ProblemStatus(status), by=request.user, note=note)
        return self._said(one)

    @extend_schema(
        summary="Records that show a problem, by their numbers",
        request=EvidenceInput,
        responses=RegisteredProblemSerializer,
    )
    def evidence(self, request: SignedInApiRequest, pk: int) -> Response:
        one = self._one(pk)
        given = EvidenceInput(data=request.data)
        given.is_valid(raise_exception=True)
        said = given.validated_data
        rows = Feedback.objects.visible_to(request.user).filter(number__in=said["numbers"])
        ids = list(rows.values_list("pk", flat=True))
        add_evidence(one.pk, by=request.user, feedback=ids, quote=said["quote"])
        return self._said(one)

    @extend_schema(
        summary="Score a problem", request=ScoreInput, responses=RegisteredProblemSerializer
    )
    def score(self, request: SignedInApiRequest, pk: int) -> Response:
        one = self._one(pk)
        given = ScoreInput(data=request.data)
        given.is_valid(raise_exception=True)
        said = given.validated_data
        score_problem(one, ScoreScheme(said["scheme"]), said["inputs"], by=request.user)
        return self._said(one)

    def _one(self, pk: int) -> Problem:
        try:
            return Problem.objects.visible_to(self.request.user).get(pk=pk)
        except (Problem.DoesNotExist, OverflowError) as gone:
            raise Http404 from gone

    def _given(self, wanted: ProblemInput) -> dict[str, Any]:
        wanted.is_valid(raise_exception=True)
        given: dict[str, Any] = dict(wanted.validated_data)
        team = given.get("team")
        if team is not None and not teams_to_choose(self.request.user).filter(pk=team.pk).exists():
            raise serializers.ValidationError({"team": [_("This team is not one of yours.")]})
        return given

    def _said(self, one: Problem, *, status: int = 200) -> Response:
        found = Problem.objects.filter(pk=one.pk).select_related("category")
        (row,) = rows_of(self.request.user, found, answers=may_see_answers(self.request))
        return Response(RegisteredProblemSerializer(row).data, status=status)
