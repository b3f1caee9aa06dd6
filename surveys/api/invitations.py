"""/survey-invitations/: people who are invited by mail, and what became of it."""

from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters
from drf_spectacular.utils import OpenApiResponse, extend_schema, extend_schema_view
from rest_framework import mixins, serializers, viewsets
from rest_framework.decorators import action
from rest_framework.response import Response

from accounts.access import SignedInApiRequest
from accounts.api.permissions import may_name_customers
from config.kernel.api_schema import IDEMPOTENCY_KEY
from config.kernel.idempotency import idempotent
from surveys.distribution.email import write_reminder
from surveys.enums import CollectorChannel, InvitationState, NotAsked
from surveys.models import Collector, Invitation
from surveys.rules.address_lists import LONGEST_VALUE, MOST_FIELDS, Addressee
from surveys.services.invitees import invite_addresses, withdraw_invitation
from surveys.services.reminding import remind_now

AT_MOST = 1000


class InvitationSerializer(serializers.ModelSerializer[Invitation]):
    collector = serializers.IntegerField(source="collector_id", read_only=True)
    state = serializers.ChoiceField(InvitationState.choices, read_only=True)
    reason = serializers.ChoiceField(
        NotAsked.choices, read_only=True, allow_blank=True, help_text=_("Why not; else empty.")
    )
    wave = serializers.IntegerField(
        source="wave.number", read_only=True, allow_null=True, default=None
    )
    address = serializers.SerializerMethodField(help_text=_("Needs the scope customers:read."))
    customer = serializers.SerializerMethodField(help_text=_("Needs the scope customers:read."))

    class Meta:
        model = Invitation
        fields = [
            "id", "collector", "wave", "address", "customer", "language", "state", "reason",
            "created_at", "send_at", "sent_at", "reminders", "next_reminder_at", "expires_at",
        ]  # fmt: skip
        read_only_fields = fields

    def get_address(self, invitation: Invitation) -> str | None:
        return invitation.address if may_name_customers(self.context) else None

    def get_customer(self, invitation: Invitation) -> int | None:
        return invitation.customer_id if may_name_customers(self.context) else None


class AddresseeSerializer(serializers.Serializer[Addressee]):
    address = serializers.EmailField(max_length=254)
    name = serializers.CharField(required=False, allow_blank=True, default="", max_length=200)
    language = serializers.ChoiceField(
        settings.LANGUAGES, required=False, allow_blank=True, default=""
    )
    values = serializers.DictField(
        child=serializers.CharField(max_length=LONGEST_VALUE, allow_blank=True),
        required=False,
        default=dict,
        help_text=_("Values for the text."),
    )


class InvitingSerializer(serializers.Serializer[Any]):
    collector = serializers.PrimaryKeyRelatedField(
        queryset=Collector.objects.filter(channel=CollectorChannel.EMAIL)
    )
    people = AddresseeSerializer(
        many=True,
        allow_empty=False,
        max_length=AT_MOST,  # type: ignore[call-arg]
    )
    as_customers = serializers.BooleanField(
        default=False, help_text=_("Make customers of addresses that nobody has yet.")
    )


class MadeSerializer(serializers.Serializer[Any]):
    invited = serializers.IntegerField()
    already = serializers.IntegerField(help_text=_("In this wave before."))
    not_asked = serializers.IntegerField(help_text=_("The list says why."))


class InvitationFilter(filters.FilterSet):
    collector = filters.NumberFilter(
        "collector", min_value=1, max_value=2**63 - 1, decimal_places=0
    )
    state = filters.ChoiceFilter(choices=InvitationState.choices)
    wave = filters.NumberFilter("wave__number", min_value=1, max_value=32767, decimal_places=0)

    class Meta:
        model = Invitation
        fields: list[str] = []


@extend_schema_view(
    list=extend_schema(summary="List invitations, newest first"),
    retrieve=extend_schema(summary="One invitation"),
)
class InvitationViewSet(
    mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Invitation]
):
    queryset = Invitation.objects.none()
    serializer_class = InvitationSerializer
    filterset_class = InvitationFilter
    lookup_value_converter = "int"
    read_scope, write_scope = "surveys:read", "surveys:write"
    read_permission, write_permission = "surveys.view_invitation", "surveys.add_invitation"
    request: SignedInApiRequest

    def get_queryset(self) -> QuerySet[Invitation]:
        return Invitation.objects.visible_to(self.request.user).select_related("wave")

    @extend_schema(
        summary="Invite up to 1,000 people in the newest wave",
        request=InvitingSerializer,
        responses={201: OpenApiResponse(MadeSerializer)},
        parameters=[IDEMPOTENCY_KEY],
    )
    @idempotent
    def create(self, request: SignedInApiRequest) -> Response:
        wanted = InvitingSerializer(data=request.data, context={"request": request})
        wanted.is_valid(raise_exception=True)
        people = {
            one["address"].strip().lower(): Addressee(
                one["address"].strip().lower(),
                one["name"],
                one["language"],
                dict(list(one["values"].items())[:MOST_FIELDS]),
            )
            for one in wanted.validated_data["people"]
        }
        made = invite_addresses(
            wanted.validated_data["collector"].pk,
            list(people.values()),
            by=request.user,
            as_customers=wanted.validated_data["as_customers"],
        )
        return Response(MadeSerializer(made).data, status=201)

    @extend_schema(summary="Send the link again", request=None, responses=InvitationSerializer)
    @action(detail=True, methods=["post"], filterset_class=None)
    def remind(self, request: SignedInApiRequest, pk: int) -> Response:
        remind_now(self.get_object().pk, write_reminder)
        return Response(self.get_serializer(self.get_object()).data)

    @extend_schema(summary="Make the link useless", request=None, responses=InvitationSerializer)
    @action(detail=True, methods=["post"], filterset_class=None)
    def withdraw(self, request: SignedInApiRequest, pk: int) -> Response:
        withdraw_invitation(self.get_object().pk)
        return Response(self.get_serializer(self.get_object()).data)
