"""/surveys/ID/reward/, /reward-grants/ and /points/: what responses are thanked with."""

from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters
from drf_spectacular.utils import OpenApiResponse, extend_schema, extend_schema_view
from rest_framework import mixins, serializers, viewsets
from rest_framework.response import Response

from accounts.access import SignedInApiRequest
from accounts.api.permissions import may_name_customers
from accounts.models import Customer
from config.kernel.api_fields import CodeOf, StrictInput, TextField, WholeField, YesNoField
from config.kernel.api_filters import YesNoFilter
from config.kernel.api_schema import IDEMPOTENCY_KEY
from config.kernel.idempotency import idempotent
from surveys.enums import RewardKind
from surveys.models import PointsEntry, Reward, RewardGrant, Survey
from surveys.selectors.rewards import RewardFigures, figures_of
from surveys.services.rewarding import (
    LONGEST_CODE,
    draw_lottery,
    import_coupons,
    save_reward,
)

CODES_A_REQUEST = 5000
MOST = 2**31 - 1
MONEY: Any = {"max_digits": 12, "decimal_places": 2, "min_value": Decimal(0)}


class RewardFiguresSerializer(serializers.Serializer[RewardFigures]):
    standing = serializers.IntegerField(help_text=_("Given and not taken back."))
    withdrawn = serializers.IntegerField()
    coupons = serializers.IntegerField()
    coupons_left = serializers.IntegerField(allow_null=True)
    left = serializers.DecimalField(
        max_digits=14, decimal_places=2, allow_null=True, help_text=_("Of the budget.")
    )


class RewardSerializer(StrictInput, serializers.ModelSerializer[Reward]):
    kind = serializers.ChoiceField(RewardKind.choices)
    name_zh = TextField(max_length=120)
    name_en = TextField(max_length=120)
    note_zh = TextField(max_length=500, required=False, allow_blank=True)
    note_en = TextField(max_length=500, required=False, allow_blank=True)
    is_active = YesNoField(required=False)
    points = WholeField(min_value=0, max_value=MOST, required=False)
    winners = WholeField(min_value=1, max_value=MOST, required=False)
    value = serializers.DecimalField(**MONEY, required=False)
    budget = serializers.DecimalField(**MONEY, required=False, allow_null=True)
    seed_digest = serializers.CharField(
        read_only=True, help_text=_("Of a lottery: what the seed is held to.")
    )

    class Meta:
        model = Reward
        fields = [
            "kind", "name_zh", "name_en", "note_zh", "note_en", "is_active", "points", "winners",
            "draws_on", "value", "budget", "granted", "spent", "seed_digest", "drawn_at",
        ]  # fmt: skip
        read_only_fields = ["granted", "spent", "seed_digest", "drawn_at"]

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if attrs["kind"] == RewardKind.POINTS and not attrs.get("points"):
            raise serializers.ValidationError({"points": [_("Say how many points.")]})
        cost = attrs.get("value", 0) * attrs.get("winners", 1)
        budget = attrs.get("budget")
        if attrs["kind"] == RewardKind.LOTTERY and budget is not None and cost > budget:
            raise serializers.ValidationError({"budget": [_("The prizes cost more than that.")]})
        return attrs


class RewardWithFiguresSerializer(RewardSerializer):
    figures = serializers.SerializerMethodField()

    class Meta(RewardSerializer.Meta):
        fields = [*RewardSerializer.Meta.fields, "figures"]

    def get_figures(self, reward: Reward) -> RewardFiguresSerializer:
        return RewardFiguresSerializer(figures_of(reward)).data  # type: ignore[return-value]


class CouponsSerializer(StrictInput):
    codes = serializers.ListField(
        child=TextField(max_length=LONGEST_CODE), min_length=1, max_length=CODES_A_REQUEST
    )


class CouponsImportedSerializer(serializers.Serializer[Any]):
    new = serializers.IntegerField()
    known = serializers.IntegerField(help_text=_("There already, or twice in the list."))


class WinnersSerializer(serializers.Serializer[Any]):
    seed = serializers.CharField()
    tickets = serializers.ListField(child=serializers.CharField())


class RewardViewSet(viewsets.GenericViewSet[Reward]):
    """A survey that promises nothing has no reward to show: 404."""

    queryset = Reward.objects.none()
    serializer_class = RewardSerializer
    pagination_class = filterset_class = None
    read_scope, write_scope = "surveys:read", "surveys:write"
    read_permission, write_permission = "surveys.view_reward", "surveys.change_reward"
    request: SignedInApiRequest

    @extend_schema(
        summary="What responses to a survey are thanked with",
        responses=RewardWithFiguresSerializer,
    )
    def retrieve(self, request: SignedInApiRequest, id: Any) -> Response:  # noqa: A002
        return self._shown(_reward(id))

    @extend_schema(
        summary="Promise or change a reward",
        request=RewardSerializer,
        responses=RewardWithFiguresSerializer,
    )
    def update(self, request: SignedInApiRequest, id: Any) -> Response:  # noqa: A002
        survey = get_object_or_404(Survey.objects.kept(), slug=id)
        reward = Reward.objects.filter(survey=survey).first() or Reward(survey=survey)
        wanted = self.get_serializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        for name, value in wanted.validated_data.items():
            setattr(reward, name, value)
        return self._shown(save_reward(reward))

    @extend_schema(
        summary="Add coupon codes; one that is there already is passed over",
        request=CouponsSerializer,
        responses={201: OpenApiResponse(CouponsImportedSerializer)},
        parameters=[IDEMPOTENCY_KEY],
    )
    @idempotent
    def coupons(self, request: SignedInApiRequest, id: Any) -> Response:  # noqa: A002
        reward = _reward(id, kind=RewardKind.COUPON)
        wanted = CouponsSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        imported = import_coupons(reward.pk, wanted.validated_data["codes"])
        return Response(CouponsImportedSerializer(imported).data, status=201)

    @extend_schema(
        summary="Draw the winners of a lottery, once", request=None, responses=WinnersSerializer
    )
    def draw(self, request: SignedInApiRequest, id: Any) -> Response:  # noqa: A002
        reward = _reward(id)
        tickets = [one.ticket for one in draw_lottery(reward.pk)]
        return Response(WinnersSerializer({"seed": reward.seed, "tickets": tickets}).data)

    def _shown(self, reward: Reward) -> Response:
        context = self.get_serializer_context()
        return Response(RewardWithFiguresSerializer(reward, context=context).data)


def _reward(slug: Any, **more: Any) -> Reward:
    return get_object_or_404(Reward, survey__in=Survey.objects.kept(), survey__slug=slug, **more)


class GrantSerializer(serializers.ModelSerializer[RewardGrant]):
    survey = CodeOf("slug", source="reward.survey")
    customer = serializers.SerializerMethodField(help_text=_("Needs the scope customers:read."))
    coupon = CodeOf(allow_null=True)
    response = serializers.UUIDField(source="response.key", read_only=True)

    class Meta:
        model = RewardGrant
        fields = [
            "id", "survey", "response", "customer", "coupon", "points", "ticket", "is_winner",
            "granted_at", "withdrawn_at",
        ]  # fmt: skip
        read_only_fields = fields

    def get_customer(self, grant: RewardGrant) -> int | None:
        return grant.customer_id if may_name_customers(self.context) else None


class GrantFilter(filters.FilterSet):
    survey = filters.UUIDFilter("reward__survey__slug")
    won = YesNoFilter("is_winner")

    class Meta:
        model = RewardGrant
        fields: list[str] = []


@extend_schema_view(
    list=extend_schema(summary="List what was given, newest first"),
    retrieve=extend_schema(summary="One thing that was given"),
)
class GrantViewSet(
    mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[RewardGrant]
):
    serializer_class = GrantSerializer
    filterset_class = GrantFilter
    lookup_value_converter = "int"
    read_scope, read_permission = "surveys:read", "surveys.view_reward"
    queryset = RewardGrant.objects.none()

    def get_queryset(self) -> QuerySet[RewardGrant]:
        return RewardGrant.objects.select_related("reward__survey", "response", "coupon")


class PointsSerializer(serializers.ModelSerializer[PointsEntry]):
    customer = serializers.IntegerField(source="customer_id", read_only=True)
    survey = CodeOf("slug", source="grant.reward.survey", allow_null=True)

    class Meta:
        model = PointsEntry
        fields = ["id", "customer", "amount", "survey", "at"]
        read_only_fields = fields


class AccountSerializer(serializers.Serializer[Any]):
    balance = serializers.IntegerField()
    entries = PointsSerializer(many=True, help_text=_("The newest hundred."))


class PointsViewSet(viewsets.GenericViewSet[PointsEntry]):
    """/customers/ID/points/."""

    queryset = PointsEntry.objects.none()
    serializer_class = AccountSerializer
    pagination_class = filterset_class = None
    read_scope, read_permission = "customers:read", "accounts.view_customer"
    request: SignedInApiRequest

    @extend_schema(summary="The points that a customer has, and where they come from")
    def retrieve(self, request: SignedInApiRequest, pk: int) -> Response:
        customer = get_object_or_404(Customer.objects.known(), pk=pk)
        entries = PointsEntry.objects.filter(customer=customer)
        shown = entries.select_related("grant__reward__survey")[:100]
        account = {"balance": PointsEntry.objects.balance_of(customer), "entries": shown}
        return Response(AccountSerializer(account).data)
