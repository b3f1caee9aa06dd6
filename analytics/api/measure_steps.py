"""/measures/{id}/steps/: what is to be done for a measure, by whom and until when."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, viewsets
from rest_framework.response import Response

from accounts.access import SignedInApiRequest
from accounts.models import User
from analytics.models import Measure, MeasureStep
from analytics.selectors.measure_list import MeasureChoice, measures_for_list
from analytics.services.measure_steps import add_step, may_tick, remove_step, works_on
from analytics.services.measure_steps import tick_step as tick
from config.kernel.api_fields import BigId, StrictInput, TextField
from config.kernel.api_schema import IDEMPOTENCY_KEY
from config.kernel.idempotency import idempotent


class MeasureStepSerializer(serializers.ModelSerializer[MeasureStep]):
    class Meta:
        model = MeasureStep
        fields = ["id", "text", "assignee", "due_on", "done_at", "done_by"]
        read_only_fields = fields


class MeasureStepInput(StrictInput, serializers.Serializer[Any]):
    text = TextField(max_length=200)
    assignee = BigId(queryset=User.objects.filter(is_active=True), allow_null=True, required=False)
    due_on = serializers.DateField(allow_null=True, required=False)


class TickInput(StrictInput, serializers.Serializer[Any]):
    done = serializers.BooleanField()


class MeasureStepsViewSet(viewsets.GenericViewSet[MeasureStep]):
    """Whoever owns a measure writes its steps, and whoever changes measures; whoever a step is
    given to ticks it off."""

    queryset = MeasureStep.objects.none()
    serializer_class = MeasureStepSerializer
    pagination_class = None
    filterset_class = None
    read_scope, write_scope = "feedback:read", "feedback:write"
    read_permission = write_permission = "analytics.view_problem"
    request: SignedInApiRequest

    @extend_schema(summary="The steps of a measure", responses=MeasureStepSerializer(many=True))
    def list(self, request: SignedInApiRequest, pk: int) -> Response:
        return Response(MeasureStepSerializer(self._measure(pk).steps.all(), many=True).data)

    @extend_schema(
        summary="Add a step",
        request=MeasureStepInput,
        responses={201: MeasureStepSerializer},
        parameters=[IDEMPOTENCY_KEY],
    )
    @idempotent
    def create(self, request: SignedInApiRequest, pk: int) -> Response:
        one = self._measure(pk)
        _ensure(works_on(one, request.user))
        given = MeasureStepInput(data=request.data)
        given.is_valid(raise_exception=True)
        made = add_step(one.pk, by=request.user, **given.validated_data)
        return Response(MeasureStepSerializer(made).data, status=201)

    @extend_schema(
        summary="Tick a step off, or open it again",
        request=TickInput,
        responses=MeasureStepSerializer,
    )
    def partial_update(self, request: SignedInApiRequest, pk: int, step: int) -> Response:
        found = self._step(pk, step)
        given = TickInput(data=request.data)
        given.is_valid(raise_exception=True)
        ticked = tick(found.pk, by=request.user, done=given.validated_data["done"])
        return Response(MeasureStepSerializer(ticked).data)

    @extend_schema(summary="Take a step away", responses={204: None})
    def destroy(self, request: SignedInApiRequest, pk: int, step: int) -> Response:
        remove_step(self._step(pk, step).pk, by=request.user)
        return Response(status=204)

    def _measure(self, pk: int) -> Measure:
        try:
            return measures_for_list(self.request.user, MeasureChoice()).get(pk=pk)
        except (Measure.DoesNotExist, OverflowError) as gone:
            raise Http404 from gone

    def _step(self, pk: int, step: int) -> MeasureStep:
        one = self._measure(pk)
        try:
            found = one.steps.get(pk=step)
        except (MeasureStep.DoesNotExist, OverflowError) as gone:
            raise Http404 from gone
        _ensure(may_tick(one, found, self.request.user))
        return found


def _ensure(allowed: bool) -> None:
    if not allowed:
        raise PermissionDenied
