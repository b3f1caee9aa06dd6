"""Commitments, for programs."""

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import mixins, serializers, viewsets
from rest_framework.decorators import action
from rest_framework.response import Response

from accounts.access import SignedInApiRequest
from accounts.api.people import StaffSerializer
from accounts.models import User
from config.kernel.api import InOrder
from config.kernel.api_fields import BigId
from config.kernel.api_schema import IDEMPOTENCY_KEY
from config.kernel.idempotency import idempotent
from feedback.enums import CommitmentKind, CommitmentState, Decision, OfferState
from feedback.models import Commitment, Feedback
from feedback.models.commitment import CommitmentQuerySet
from feedback.rules.commitments import Said
from feedback.selectors.commitments import commitments_for_list, commitments_visible_to, today
from feedback.services.commitments import (
    answer_offer,
    approve_commitment,
    change_commitment,
    keep_commitment,
    make_commitment,
    withdraw_commitment,
)

MAX_TEXT = 5000


class CommitmentSerializer(serializers.ModelSerializer[Commitment]):
    feedback = serializers.IntegerField(source="feedback.number", read_only=True)
    kind = serializers.ChoiceField(CommitmentKind.choices, read_only=True)
    state = serializers.ChoiceField(CommitmentState.choices, read_only=True)
    is_overdue = serializers.SerializerMethodField()
    owner = StaffSerializer(read_only=True, allow_null=True)
    decision = serializers.ChoiceField(Decision.choices, read_only=True, allow_blank=True)
    offer = serializers.ChoiceField(OfferState.choices, read_only=True, allow_blank=True)
    was_told = serializers.BooleanField(
        read_only=True, help_text=_("Whether an answer told the customer of it.")
    )

    class Meta:
        model = Commitment
        fields = [
            "id", "feedback", "kind", "state", "is_overdue", "owner", "due_on", "staff_text",
            "customer_text", "is_visible", "decision", "offer", "amount", "goods", "was_told",
            "created_at", "approved_at", "settled_at", "outcome",
        ]  # fmt: skip
        read_only_fields = fields

    def get_is_overdue(self, commitment: Commitment) -> bool:
        day = commitment.due_on
        return commitment.is_open and day is not None and day < today()


class SayingSerializer(serializers.Serializer[Any]):
    """What a commitment says; what one kind has not is left out."""

    staff_text = serializers.CharField(max_length=MAX_TEXT)
    customer_text = serializers.CharField(max_length=MAX_TEXT, default="", allow_blank=True)
    is_visible = serializers.BooleanField(default=False)
    due_on = serializers.DateField(default=None, allow_null=True)
    owner = BigId(queryset=User.objects.filter(is_active=True), default=None, allow_null=True)
    decision = serializers.ChoiceField(Decision.choices, default="", allow_blank=True)
    amount = serializers.DecimalField(
        max_digits=10, decimal_places=2, min_value=Decimal("0.01"), default=None, allow_null=True
    )
    goods = serializers.CharField(max_length=200, default="", allow_blank=True)

    def said(self, kind: str) -> Said:
        data = {key: value for key, value in self.validated_data.items() if key != "owner"}
        return Said(kind=CommitmentKind(data.pop("kind", kind)), **data)


class NewCommitmentSerializer(SayingSerializer):
    kind = serializers.ChoiceField(CommitmentKind.choices)


class OutcomeSerializer(serializers.Serializer[Any]):
    outcome = serializers.CharField(max_length=2000, default="", allow_blank=True)


class WithdrawalSerializer(serializers.Serializer[Any]):
    reason = serializers.CharField(max_length=2000)


class OfferAnswerSerializer(serializers.Serializer[Any]):
    accepted = serializers.BooleanField()


class CommitmentFilter(filters.FilterSet):
    whose = filters.ChoiceFilter(
        choices=[(name, name) for name in ("mine", "team", "done")],
        method="of_list",
        label=_("A list of the desk; settled ones are in “done” only"),
    )
    kind = filters.ChoiceFilter(choices=CommitmentKind.choices)
    state = filters.MultipleChoiceFilter(choices=CommitmentState.choices)
    feedback = filters.NumberFilter(
        "feedback__number", min_value=1, max_value=2**63 - 1, decimal_places=0
    )

    class Meta:
        model = Commitment
        fields: list[str] = []

    def of_list(self, queryset: Any, name: str, value: str) -> Any:
        listed = commitments_for_list(self.request.user, value)
        return queryset.filter(pk__in=listed.order_by().values("pk"))


class Commitments(InOrder):
    ordering = ("id",)


class CommitmentActions(viewsets.GenericViewSet[Feedback]):
    """Of one record: what was promised on it."""

    request: SignedInApiRequest

    @extend_schema(
        summary="What we committed ourselves to", responses=CommitmentSerializer(many=True)
    )
    @action(detail=True, filterset_class=None, ordering_fields=None, pagination_class=Commitments)
    def commitments(self, request: SignedInApiRequest, number: int) -> Response:
        rows: Any = Commitment.objects.filter(feedback=self.get_object())
        page: Any = self.paginate_queryset(rows.select_related("feedback", "owner", "told_in"))
        return self.get_paginated_response(CommitmentSerializer(page, many=True).data)

    @extend_schema(
        summary="Commit us to something",
        description="A compensation above what you may grant waits for approval.",
        request=NewCommitmentSerializer,
        responses={201: CommitmentSerializer},
        parameters=[IDEMPOTENCY_KEY],
    )
    @commitments.mapping.post
    @idempotent
    def make_commitment(self, request: SignedInApiRequest, number: int) -> Response:
        wanted = NewCommitmentSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        made = make_commitment(
            self.get_object().pk,
            by=request.user,
            said=wanted.said(""),
            owner=wanted.validated_data["owner"],
        )
        return Response(CommitmentSerializer(made).data, status=201)


@extend_schema_view(
    list=extend_schema(summary="List commitments, oldest first"),
    retrieve=extend_schema(summary="One commitment"),
)
class CommitmentViewSet(
    mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Commitment]
):
    queryset = Commitment.objects.none()
    serializer_class = CommitmentSerializer
    pagination_class = Commitments
    filterset_class = CommitmentFilter
    lookup_value_converter = "int"
    read_scope, write_scope = "feedback:read", "feedback:write"
    read_permission, write_permission = "feedback.view_feedback", "feedback.change_feedback"
    request: SignedInApiRequest

    def get_queryset(self) -> CommitmentQuerySet:
        visible = commitments_visible_to(self.request.user)
        return visible.select_related("feedback", "owner", "told_in")

    @extend_schema(
        summary="Say it anew", request=SayingSerializer, responses={200: CommitmentSerializer}
    )
    def update(self, request: SignedInApiRequest, pk: int) -> Response:
        one = self.get_object()
        wanted = SayingSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        owner = wanted.validated_data["owner"]
        change_commitment(one.pk, by=request.user, said=wanted.said(one.kind), owner=owner)
        return self._shown(one)

    @extend_schema(
        summary="It is done", request=OutcomeSerializer, responses={200: CommitmentSerializer}
    )
    @action(detail=True, methods=["post"])
    def keep(self, request: SignedInApiRequest, pk: int) -> Response:
        one = self.get_object()
        wanted = OutcomeSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        keep_commitment(one.pk, by=request.user, **wanted.validated_data)
        return self._shown(one)

    @extend_schema(
        summary="Withdraw it",
        request=WithdrawalSerializer,
        responses={200: CommitmentSerializer},
    )
    @action(detail=True, methods=["post"])
    def withdraw(self, request: SignedInApiRequest, pk: int) -> Response:
        one = self.get_object()
        wanted = WithdrawalSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        withdraw_commitment(one.pk, by=request.user, **wanted.validated_data)
        return self._shown(one)

    @extend_schema(
        summary="Approve a compensation", request=None, responses={200: CommitmentSerializer}
    )
    @action(detail=True, methods=["post"])
    def approve(self, request: SignedInApiRequest, pk: int) -> Response:
        one = self.get_object()
        approve_commitment(one.pk, by=request.user)
        return self._shown(one)

    @extend_schema(
        summary="What the customer said to a compensation",
        request=OfferAnswerSerializer,
        responses={200: CommitmentSerializer},
    )
    @action(detail=True, methods=["post"])
    def answer(self, request: SignedInApiRequest, pk: int) -> Response:
        one = self.get_object()
        wanted = OfferAnswerSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        answer_offer(one.pk, by=request.user, **wanted.validated_data)
        return self._shown(one)

    def _shown(self, commitment: Commitment) -> Response:
        rows = Commitment.objects.select_related("feedback", "owner", "told_in")
        return Response(CommitmentSerializer(rows.get(pk=commitment.pk)).data)
