"""/alerts/ and /alert-rules/: what is out of the ordinary, and what is watched."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Count, Q
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, viewsets
from rest_framework.response import Response

from accounts.access import SignedInApiRequest
from accounts.api.permissions import may_see_customers, needs_a_scope
from accounts.models import Team, User
from analytics.api.keywords import may_see_answers
from analytics.enums import AlertKind, AlertSides, Dismissal, Sensitivity
from analytics.models import Alert, AlertEvidence, AlertRule
from analytics.models.alert import OF_ANSWERS, AlertQuerySet
from analytics.models.alert_rule import NAMES_CUSTOMERS, OF_CUSTOMERS, AlertRuleQuerySet
from analytics.selectors.alerts.listed import ALL, OPEN, OVER, chosen_alerts, read_alert_choice
from analytics.selectors.alerts.page import movers_of, row_now
from analytics.selectors.alerts.wording import label_of, sentence_of, title_of, titles_of
from analytics.services.alert_rules import remove_rule, save_rule
from analytics.services.alerts import acknowledge_alert, dismiss_alert, take_back_dismissal
from config.kernel.api_fields import BigId, StrictInput, TextField, WholeField
from config.kernel.api_schema import IDEMPOTENCY_KEY
from config.kernel.idempotency import idempotent
from feedback.errors import FilterNotKnown

AT_MOST = 200
FILTERS = [
    OpenApiParameter("state", OpenApiTypes.STR, enum=[OPEN, OVER, ALL], required=False),
    OpenApiParameter("kind", OpenApiTypes.STR, enum=list(AlertKind.values), required=False),
]


class AlertSerializer(serializers.ModelSerializer[Alert]):
    title = serializers.SerializerMethodField()
    sentence = serializers.SerializerMethodField()
    dimension = serializers.CharField(source="each", help_text=_("Of which it is one value."))
    filters = serializers.DictField(child=serializers.ListField(child=serializers.CharField()))
    kind = serializers.ChoiceField(AlertKind.choices)
    value = serializers.SerializerMethodField(method_name="value_of")
    dismissal = serializers.ChoiceField(Dismissal.choices, allow_blank=True)

    class Meta:
        model = Alert
        fields: tuple[str, ...] = (
            "id", "kind", "title", "sentence", "rule", "metric", "dimension", "series", "filters",
            "team", "topic", "customer", "day", "last_day", "side", "value", "expected", "low",
            "high", "opened_at", "ended_at", "acknowledged_at", "acknowledged_by", "dismissed_at",
            "dismissed_by", "dismissal", "note", "problem",
        )  # fmt: skip

    def get_title(self, alert: Alert) -> str:
        known: dict[int, str] = self.context.get("titles", {})
        return known.get(alert.pk) or title_of(alert)

    def value_of(self, alert: Alert) -> float:
        """About a customer only what the caller may see."""
        if alert.kind != AlertKind.CUSTOMER:
            return alert.value
        seen: dict[int, int] = self.context["counts"]
        return seen.get(alert.pk, 0)

    def get_sentence(self, alert: Alert) -> str:
        return sentence_of(alert)


class OneAlertSerializer(AlertSerializer):
    """With its evidence, as far as the caller may see it."""

    moved = serializers.SerializerMethodField(help_text=_("What probably moved it."))
    evidence = serializers.SerializerMethodField(help_text=_("Numbers of records, newest first."))
    list_url = serializers.SerializerMethodField()

    class Meta(AlertSerializer.Meta):
        fields = (*AlertSerializer.Meta.fields, "moved", "evidence", "list_url")

    def get_moved(self, alert: Alert) -> list[dict[str, Any]]:
        return movers_of(alert, with_customers=self.context["customers"])

    def get_evidence(self, alert: Alert) -> list[int]:
        seen = alert.evidence.visible_to(self.context["user"]).filter(feedback__isnull=False)
        return list(seen.values_list("feedback__number", flat=True))

    def get_list_url(self, alert: Alert) -> str:
        row = row_now(alert, self.context["user"], timezone.now())
        return row.url if row else ""


class DismissInput(StrictInput, serializers.Serializer[Any]):
    why = serializers.ChoiceField(Dismissal.choices)
    note = TextField(max_length=300, allow_blank=True, required=False, default="")


class AlertRuleInput(StrictInput, serializers.Serializer[Any]):
    kind = serializers.ChoiceField(AlertKind.choices)
    name = TextField(max_length=80, allow_blank=True, required=False)
    metric = TextField(max_length=40, allow_blank=True, required=False)
    dimension = TextField(
        source="each", max_length=20, allow_blank=True, required=False,
        help_text=_("Dimension: each value."),
    )  # fmt: skip
    filters = serializers.DictField(
        child=serializers.ListField(child=TextField(max_length=200), max_length=20),
        required=False,
    )
    team = BigId(queryset=Team.objects.active(), allow_null=True, required=False)
    sides = serializers.ChoiceField(AlertSides.choices, required=False)
    sensitivity = serializers.ChoiceField(Sensitivity.choices, required=False)
    people = serializers.ListField(
        child=BigId(queryset=User.objects.filter(is_active=True)), max_length=100, required=False
    )
    teams = serializers.ListField(
        child=BigId(queryset=Team.objects.active()), max_length=50, required=False
    )
    by_mail = serializers.BooleanField(required=False)
    quiet_from = WholeField(min_value=0, max_value=23, required=False)
    quiet_to = WholeField(min_value=0, max_value=23, required=False)
    snoozed_until = serializers.DateField(allow_null=True, required=False)
    is_active = serializers.BooleanField(required=False)


class AlertRuleSerializer(serializers.ModelSerializer[AlertRule]):
    label = serializers.SerializerMethodField()  # type: ignore[assignment]
    dimension = serializers.CharField(source="each", help_text=_("Dimension: each value."))
    kind = serializers.ChoiceField(AlertKind.choices)
    sides = serializers.ChoiceField(AlertSides.choices)
    sensitivity = serializers.ChoiceField(Sensitivity.choices)
    filters = serializers.DictField(child=serializers.ListField(child=serializers.CharField()))

    class Meta:
        model = AlertRule
        fields = (
            "id", "kind", "label", "name", "metric", "dimension", "filters", "team", "sides",
            "sensitivity", "people", "teams", "by_mail", "quiet_from", "quiet_to",
            "snoozed_until", "is_active",
        )  # fmt: skip

    def get_label(self, rule: AlertRule) -> str:
        return label_of(rule)


class AlertsViewSet(viewsets.GenericViewSet[Alert]):
    queryset = Alert.objects.none()
    serializer_class = AlertSerializer
    pagination_class = None
    filterset_class = None
    read_scope, write_scope = "feedback:read", "feedback:write"
    read_permission, write_permission = "analytics.view_alert", "analytics.change_alert"
    request: SignedInApiRequest

    @extend_schema(
        summary="Alerts, the newest first", parameters=FILTERS,
        responses=AlertSerializer(many=True),
    )  # fmt: skip
    def list(self, request: SignedInApiRequest) -> Response:
        try:
            choice = read_alert_choice(request.query_params.dict())
        except FilterNotKnown as unknown:
            refusal = {unknown.field: [str(unknown.message)]}
            raise serializers.ValidationError(refusal) from unknown
        rows = list(self._seen(chosen_alerts(request.user, choice))[:AT_MOST])
        context = {"titles": titles_of(rows), "counts": self._counts(rows)}
        return Response(AlertSerializer(rows, many=True, context=context).data)

    @extend_schema(summary="One alert with its evidence", responses=OneAlertSerializer)
    def retrieve(self, request: SignedInApiRequest, pk: int) -> Response:
        return self._said(self._one(pk))

    @extend_schema(summary="Take care of an alert", request=None, responses=OneAlertSerializer)
    def acknowledge(self, request: SignedInApiRequest, pk: int) -> Response:
        acknowledge_alert(self._one(pk).pk, by=request.user)
        return self._said(self._one(pk))

    @extend_schema(summary="Dismiss an alert", request=DismissInput, responses=OneAlertSerializer)
    def dismiss(self, request: SignedInApiRequest, pk: int) -> Response:
        one, given = self._one(pk), DismissInput(data=request.data)
        given.is_valid(raise_exception=True)
        said = given.validated_data
        dismiss_alert(one.pk, by=request.user, why=Dismissal(said["why"]), note=said["note"])
        return self._said(self._one(pk))

    @extend_schema(
        summary="Take back that an alert was dismissed", request=None,
        responses=OneAlertSerializer,
    )  # fmt: skip
    def reopen(self, request: SignedInApiRequest, pk: int) -> Response:
        take_back_dismissal(self._one(pk).pk)
        return self._said(self._one(pk))

    def _seen(self, found: AlertQuerySet) -> AlertQuerySet:
        """Figures of answers only with the scope for answers, and what is told of customers only
        with that for customers."""
        if not may_see_answers(self.request):
            found = found.exclude(metric__in=OF_ANSWERS).without_answers_about_customers()
        if not may_see_customers(self.request):
            found = found.exclude(NAMES_CUSTOMERS | Q(kind=AlertKind.CUSTOMER))
        return found.select_related("topic")

    def _counts(self, rows: Sequence[Alert]) -> dict[int, int]:
        """How much evidence of alerts about customers the caller may see."""
        ids = [one.pk for one in rows if one.kind == AlertKind.CUSTOMER]
        seen = AlertEvidence.objects.filter(alert__in=ids).visible_to(self.request.user)
        return dict(seen.order_by().values_list("alert").annotate(n=Count("pk", distinct=True)))

    def _one(self, pk: int) -> Alert:
        try:
            return self._seen(Alert.objects.visible_to(self.request.user)).get(pk=pk)
        except (Alert.DoesNotExist, OverflowError) as gone:
            raise Http404 from gone

    def _said(self, one: Alert) -> Response:
        context = {
            "user": self.request.user,
            "customers": may_see_customers(self.request),
            "counts": self._counts([one]),
        }
        return Response(OneAlertSerializer(one, context=context).data)


class AlertRulesViewSet(viewsets.GenericViewSet[AlertRule]):
    queryset = AlertRule.objects.none()
    serializer_class = AlertRuleSerializer
    pagination_class = None
    filterset_class = None
    read_scope, write_scope = "feedback:read", "feedback:write"
    read_permission, write_permission = "analytics.view_alertrule", "analytics.change_alertrule"
    permission_by_action = {
        "create": "analytics.add_alertrule",
        "destroy": "analytics.delete_alertrule",
    }
    request: SignedInApiRequest

    @extend_schema(summary="What is watched", responses=AlertRuleSerializer(many=True))
    def list(self, request: SignedInApiRequest) -> Response:
        rows = self._seen().prefetch_related("people", "teams").order_by("pk")
        return Response(AlertRuleSerializer(rows, many=True).data)

    @extend_schema(summary="One rule of alerts", responses=AlertRuleSerializer)
    def retrieve(self, request: SignedInApiRequest, pk: int) -> Response:
        return Response(AlertRuleSerializer(self._one(pk)).data)

    @extend_schema(
        summary="Watch something",
        request=AlertRuleInput,
        responses={201: AlertRuleSerializer},
        parameters=[IDEMPOTENCY_KEY],
    )
    @idempotent
    def create(self, request: SignedInApiRequest) -> Response:
        fields = self._given(AlertRuleInput(data=request.data))
        made = save_rule(None, by=request.user, **fields)
        return Response(AlertRuleSerializer(made).data, status=201)

    @extend_schema(
        summary="Change a rule of alerts; its kind stays", request=AlertRuleInput,
        responses=AlertRuleSerializer,
    )  # fmt: skip
    def partial_update(self, request: SignedInApiRequest, pk: int) -> Response:
        one = self._one(pk)
        fields = self._given(AlertRuleInput(data=request.data, partial=True))
        if fields.setdefault("kind", one.kind) != one.kind:
            said = _("The kind of a rule stays. Make a new rule instead.")
            raise serializers.ValidationError({"kind": [said]})
        return Response(AlertRuleSerializer(save_rule(one.pk, by=request.user, **fields)).data)

    @extend_schema(summary="Watch it no more; its alerts stay", responses={204: None})
    def destroy(self, request: SignedInApiRequest, pk: int) -> Response:
        remove_rule(self._one(pk).pk)
        return Response(status=204)

    def _one(self, pk: int) -> AlertRule:
        try:
            return self._seen().get(pk=pk)
        except (AlertRule.DoesNotExist, OverflowError) as gone:
            raise Http404 from gone

    def _seen(self) -> AlertRuleQuerySet:
        """What names customers only for who may see these."""
        found = AlertRule.objects.there().visible_to(self.request.user)
        return found if may_see_customers(self.request) else found.naming_no_customers()

    def _given(self, wanted: AlertRuleInput) -> dict[str, Any]:
        """Which organisations there are is told to nobody who may not see customers."""
        wanted.is_valid(raise_exception=True)
        fields = dict(wanted.validated_data)
        by = {fields.get("each", ""), *fields.get("filters", {})}
        if not by.isdisjoint(OF_CUSTOMERS) and not may_see_customers(self.request):
            named = "dimension" if fields.get("each") in OF_CUSTOMERS else "filters"
            raise serializers.ValidationError({named: [needs_a_scope("customer")]})
        return fields
