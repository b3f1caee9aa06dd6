"""/surveys/ID/plan/: what a survey is for, whom it asks, and how many answers are enough."""

from decimal import Decimal
from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, viewsets
from rest_framework.response import Response

from accounts.access import SignedInApiRequest
from accounts.models import User
from config.kernel.api_fields import BigId, StrictInput, WholeField
from surveys.api.audiences import AudienceField
from surveys.enums import CollectorChannel, PlanStep
from surveys.models import PlannedStep, Survey, SurveyPlan
from surveys.selectors.planning import Progress, progress_of
from surveys.services.planning import StepWanted, save_plan

CONFIDENCES = [(90, 90), (95, 95), (99, 99)]


class SampleSerializer(serializers.Serializer[Any]):
    answers = serializers.IntegerField(help_text=_("Needed for the margin of error."))
    invitations = serializers.IntegerField(
        allow_null=True,
        help_text=_("To send, at the expected response rate; null: too few people."),
    )


class PlanProgressSerializer(serializers.Serializer[Progress]):
    audience = serializers.CharField(source="audience.words", help_text=_("In words."))
    customers = serializers.IntegerField(source="audience.customers")
    population = serializers.IntegerField()
    sample = SampleSerializer(allow_null=True)
    answers = serializers.IntegerField(help_text=_("Complete ones so far."))
    reached = serializers.FloatField(
        allow_null=True, help_text=_("The margin of error that they give, as a share.")
    )


class PlannedStepSerializer(StrictInput, serializers.ModelSerializer[PlannedStep]):
    step = serializers.ChoiceField(PlanStep.choices)
    owner = BigId(
        queryset=User.objects.filter(is_active=True), allow_null=True, required=False, default=None
    )
    due_on = serializers.DateField(allow_null=True, required=False, default=None)
    done_on = serializers.DateField(allow_null=True, required=False, default=None)

    class Meta:
        model = PlannedStep
        fields = ["step", "due_on", "owner", "done_on"]


class PlanSerializer(StrictInput, serializers.ModelSerializer[SurveyPlan]):
    """A plan is sent whole; of the steps only those that change."""

    goal = serializers.CharField(max_length=2000)
    audience = AudienceField(required=False)
    population = WholeField(min_value=1, max_value=2**31 - 1, allow_null=True, required=False)
    channels = serializers.ListField(
        child=serializers.ChoiceField(CollectorChannel.choices), required=False, max_length=20
    )
    margin = serializers.DecimalField(
        max_digits=3,
        decimal_places=1,
        min_value=Decimal("0.5"),
        max_value=Decimal(25),
        required=False,
    )
    confidence = serializers.ChoiceField(CONFIDENCES, required=False)
    response_rate = WholeField(min_value=1, max_value=100, required=False)
    steps = PlannedStepSerializer(many=True, required=False)

    class Meta:
        model = SurveyPlan
        fields = [
            "goal", "audience", "population", "channels", "opens_on", "closes_on", "margin",
            "confidence", "response_rate", "steps",
        ]  # fmt: skip

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        opens_on, closes_on = attrs.get("opens_on"), attrs.get("closes_on")
        if opens_on and closes_on and closes_on < opens_on:
            words = _("The window ends before it begins.")
            raise serializers.ValidationError({"closes_on": [words]})
        return attrs


class PlanWithProgressSerializer(PlanSerializer):
    progress = serializers.SerializerMethodField()

    class Meta(PlanSerializer.Meta):
        fields = [*PlanSerializer.Meta.fields, "progress"]

    def get_progress(self, plan: SurveyPlan) -> PlanProgressSerializer:
        return PlanProgressSerializer(progress_of(plan)).data  # type: ignore[return-value]


class PlanViewSet(viewsets.GenericViewSet[SurveyPlan]):
    """A survey without a plan has none to show: 404."""

    queryset = SurveyPlan.objects.none()
    serializer_class = PlanSerializer
    pagination_class = filterset_class = None
    read_scope, write_scope = "surveys:read", "surveys:write"
    read_permission, write_permission = "surveys.view_survey", "surveys.change_survey"
    request: SignedInApiRequest

    @extend_schema(summary="The plan of a survey", responses=PlanWithProgressSerializer)
    def retrieve(self, request: SignedInApiRequest, id: Any) -> Response:  # noqa: A002
        plan = SurveyPlan.objects.filter(survey=_survey(id)).first()
        if plan is None:
            raise Http404
        return self._shown(plan)

    @extend_schema(
        summary="Make or replace the plan of a survey",
        request=PlanSerializer,
        responses=PlanWithProgressSerializer,
    )
    def update(self, request: SignedInApiRequest, id: Any) -> Response:  # noqa: A002
        survey = _survey(id)
        plan = SurveyPlan.objects.filter(survey=survey).first() or SurveyPlan(survey=survey)
        wanted = self.get_serializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        given = wanted.validated_data
        steps = {row.pop("step"): StepWanted(**row) for row in given.pop("steps", [])}
        for name, value in given.items():
            setattr(plan, name, value)
        return self._shown(save_plan(plan, steps=steps))

    def _shown(self, plan: SurveyPlan) -> Response:
        context = self.get_serializer_context()
        return Response(PlanWithProgressSerializer(plan, context=context).data)


def _survey(slug: Any) -> Survey:
    return get_object_or_404(Survey.objects.kept(), slug=slug)
