"""/measures/{id}/business-case/ and /measures/{id}/effects/: whether a measure pays, and works."""

from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, viewsets
from rest_framework.response import Response

from accounts.access import SignedInApiRequest
from analytics.enums import EffectDesign, MoneyPeriod
from analytics.metrics.catalogue.metrics import METRICS
from analytics.models import CashFlow, EffectCheck, Measure
from analytics.rules.effect_words import effect_sentence
from analytics.rules.effects import AGAIN_AFTER, USUAL_WEEKS, WINDOWS
from analytics.selectors.effect_asked import (
    EffectAsked,
    effect_in,
    hides_numbers_from,
    what_was_measured,
)
from analytics.selectors.measure_case import case_of_measure
from analytics.services.effect_checks import measure_effect
from analytics.services.measure_money import MOST, Flow, set_cash_flows
from config.kernel.api_fields import StrictInput, TextField, WholeField
from config.kernel.api_schema import IDEMPOTENCY_KEY
from config.kernel.idempotency import idempotent


class FlowSerializer(StrictInput, serializers.ModelSerializer[CashFlow]):
    cost = serializers.DecimalField(14, 2, min_value=0, default=Decimal(0))
    benefit = serializers.DecimalField(14, 2, min_value=0, default=Decimal(0))
    note = TextField(max_length=200, allow_blank=True, default="")

    class Meta:
        model = CashFlow
        fields = ["period", "cost", "benefit", "note"]
        read_only_fields = ["period"]


class BusinessCaseSerializer(StrictInput):
    period = serializers.ChoiceField(MoneyPeriod.choices)
    yearly_rate = serializers.DecimalField(
        5, 2, min_value=0, max_value=100, help_text=_("Discount rate per year, in percent.")
    )
    flows = serializers.ListField(
        child=FlowSerializer(),
        max_length=MOST,
        help_text=_("One for each period, from today (0) on."),
    )
    present_value = serializers.FloatField(
        read_only=True, allow_null=True, help_text=_("Null before there are flows.")
    )
    return_on_investment = serializers.FloatField(read_only=True, allow_null=True)
    internal_rate = serializers.FloatField(
        read_only=True,
        allow_null=True,
        help_text=_(
            "Per year, 0.08 being eight percent; null where there is none, or more than one."
        ),
    )
    payback = serializers.FloatField(
        read_only=True, allow_null=True, help_text=_("In periods; null: never.")
    )
    discounted_payback = serializers.FloatField(read_only=True, allow_null=True)


class EffectSerializer(serializers.ModelSerializer[EffectCheck]):
    sentence = serializers.SerializerMethodField(
        help_text=_("Empty where the numbers are hidden from the caller.")
    )
    result = serializers.SerializerMethodField(
        help_text=_(
            "Effect, weeks and codes of hints; null where it was measured over records that the "
            "caller may not see. A change of counts is a ratio, of shares from 0 to 1."
        )
    )
    inputs = serializers.JSONField(read_only=True)

    class Meta:
        model = EffectCheck
        fields = ["id", "metric", "design", "verdict", "sentence", "inputs", "result", "at"]
        read_only_fields = fields

    def _hidden(self, check: EffectCheck) -> bool:
        return hides_numbers_from(check, self.context["request"].user)

    def get_sentence(self, check: EffectCheck) -> str:
        if self._hidden(check):
            return ""
        metric = METRICS[check.metric]
        what = what_was_measured(metric, check.inputs["filters"])
        return effect_sentence(what, effect_in(check), metric.unit)

    def get_result(self, check: EffectCheck) -> dict[str, Any] | None:
        return None if self._hidden(check) else check.result


class NewEffectSerializer(StrictInput):
    metric = serializers.ChoiceField(sorted(METRICS))
    design = serializers.ChoiceField(EffectDesign.choices)
    in_force = serializers.DateField(help_text=_("The first day on which customers could notice."))
    weeks_before = WholeField(min_value=1, max_value=WINDOWS[-1], default=USUAL_WEEKS)
    weeks_after = WholeField(min_value=1, max_value=WINDOWS[-1], default=USUAL_WEEKS)
    filters = serializers.DictField(
        child=TextField(max_length=200),
        default=dict,
        help_text=_("Dimension and value, as the addresses of lists have them."),
    )
    untouched = serializers.ListField(
        child=TextField(max_length=200),
        min_length=2,
        max_length=2,
        required=False,
        help_text=_("Dimension and value of the group left untouched."),
    )
    again_weeks = WholeField(
        min_value=0,
        max_value=AGAIN_AFTER[-1],
        default=0,
        help_text=_("After how many weeks the owner is reminded to measure again; 0: never."),
    )


class MeasureEffectsViewSet(viewsets.GenericViewSet[EffectCheck]):
    queryset = EffectCheck.objects.none()
    serializer_class = EffectSerializer
    filterset_class = None
    read_scope, write_scope = "feedback:read", "feedback:write"
    read_permission, write_permission = "analytics.view_problem", "analytics.change_problem"
    request: SignedInApiRequest

    def get_queryset(self) -> QuerySet[EffectCheck]:
        return EffectCheck.objects.select_related("by")

    @extend_schema(
        summary="What was measured of a measure's effect, the newest first",
        responses=EffectSerializer(many=True),
    )
    def list(self, request: SignedInApiRequest, pk: int) -> Response:
        found = self.get_queryset().filter(measure=_measure(request, pk))
        page = self.paginate_queryset(found)
        return self.get_paginated_response(self.get_serializer(page, many=True).data)

    @extend_schema(
        summary="Measure the effect of a measure; 409 with the reason where the data cannot tell",
        request=NewEffectSerializer,
        responses={201: EffectSerializer},
        parameters=[IDEMPOTENCY_KEY],
    )
    @idempotent
    def create(self, request: SignedInApiRequest, pk: int) -> Response:
        measure = _measure(request, pk)
        given = NewEffectSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        data = dict(given.validated_data)
        again, untouched = data.pop("again_weeks"), data.pop("untouched", None)
        design = EffectDesign(data.pop("design"))
        pair = (untouched[0], untouched[1]) if untouched else None
        wanted = EffectAsked(design=design, untouched=pair, **data)
        check = measure_effect(measure.pk, wanted, by=request.user, again_weeks=again)
        return Response(self.get_serializer(check).data, status=201)


class BusinessCaseViewSet(viewsets.GenericViewSet[CashFlow]):
    queryset = CashFlow.objects.none()
    serializer_class = BusinessCaseSerializer
    pagination_class = None
    filterset_class = None
    read_scope, write_scope = "feedback:read", "feedback:write"
    read_permission, write_permission = "analytics.view_problem", "analytics.change_problem"
    request: SignedInApiRequest

    @extend_schema(summary="What a measure costs and brings, and whether it pays")
    def retrieve(self, request: SignedInApiRequest, pk: int) -> Response:
        return Response(_case(_measure(request, pk)))

    @extend_schema(summary="Write the whole business case of a measure")
    def update(self, request: SignedInApiRequest, pk: int) -> Response:
        measure = _measure(request, pk)
        given = BusinessCaseSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        data = given.validated_data
        measure = set_cash_flows(
            measure.pk,
            [Flow(**flow) for flow in data["flows"]],
            by=request.user,
            period=MoneyPeriod(data["period"]),
            yearly_rate=data["yearly_rate"],
        )
        return Response(_case(measure))


def _measure(request: SignedInApiRequest, pk: int) -> Measure:
    found = Measure.objects.visible_to(request.user).select_related("problem")
    try:
        return found.get(pk=int(pk))
    except (Measure.DoesNotExist, OverflowError) as gone:
        raise Http404 from gone


def _case(measure: Measure) -> dict[str, Any]:
    case = case_of_measure(measure)
    figures = {
        "present_value": case.result.value if case else None,
        "return_on_investment": case.result.return_on_investment if case else None,
        "internal_rate": case.internal_rate if case else None,
        "payback": case.result.payback if case else None,
        "discounted_payback": case.result.discounted_payback if case else None,
    }
    kept = {
        "period": measure.money_period,
        "yearly_rate": measure.yearly_rate,
        "flows": list(measure.cash_flows.all()),
    }
    return dict(BusinessCaseSerializer({**kept, **figures}).data)
