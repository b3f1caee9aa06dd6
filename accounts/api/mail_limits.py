"""/mail-limits/ and /blocked-addresses/: how much automatic mail goes out, and where none does."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import mixins, serializers, viewsets
from rest_framework.decorators import action
from rest_framework.response import Response

from accounts.access import SignedInApiRequest
from accounts.enums import SuppressionReason
from accounts.models import ContactPoint, MailLimits, OutgoingMessage
from accounts.selectors.mail_limits import blocked_addresses, stop_in_force, stored_limits
from accounts.services.mail_stops import resume_automatic_mail, stop_automatic_mail
from accounts.services.suppression import block_address, lift_block, save_mail_limits
from config.kernel.api_fields import StrictInput


class MailLimitsSerializer(StrictInput, serializers.ModelSerializer[MailLimits]):
    class Meta:
        model = MailLimits
        fields = [
            "acknowledgements", "to_address", "about_record", "overall", "overall_minutes",
            "too_old_hours", "bounces", "bounced_days", "dead_days",
        ]  # fmt: skip


class MailLimitsViewSet(viewsets.GenericViewSet[MailLimits]):
    serializer_class = MailLimitsSerializer
    pagination_class = None
    filterset_class = None
    read_scope, write_scope = "settings:read", "settings:write"
    read_permission = write_permission = "accounts.change_maillimits"

    @extend_schema(summary="The limits for automatic mail")
    def retrieve(self, request: SignedInApiRequest) -> Response:
        return Response(self.get_serializer(stored_limits()).data)

    @extend_schema(summary="Change the limits for automatic mail: only what is sent")
    def partial_update(self, request: SignedInApiRequest) -> Response:
        limits = stored_limits()
        wanted = self.get_serializer(limits, data=request.data, partial=True)
        wanted.is_valid(raise_exception=True)
        for name, value in wanted.validated_data.items():
            setattr(limits, name, value)
        return Response(self.get_serializer(save_mail_limits(limits)).data)


class AutomaticMailSerializer(serializers.Serializer[Any]):
    is_stopped = serializers.BooleanField(read_only=True)
    since = serializers.DateTimeField(read_only=True, allow_null=True)
    sent_before = serializers.IntegerField(
        read_only=True,
        allow_null=True,
        help_text=_("How many had gone out when it stopped; null: a person stopped it."),
    )
    waiting = serializers.IntegerField(read_only=True)


class AutomaticMailViewSet(viewsets.GenericViewSet[MailLimits]):
    serializer_class = AutomaticMailSerializer
    pagination_class = None
    filterset_class = None
    read_scope, write_scope = "settings:read", "settings:write"
    read_permission = write_permission = "accounts.change_maillimits"

    @extend_schema(summary="Whether automatic mail to customers goes out, and how much waits")
    def retrieve(self, request: SignedInApiRequest) -> Response:
        return Response(self._state())

    @extend_schema(summary="Stop automatic mail to customers", request=None)
    def stop(self, request: SignedInApiRequest) -> Response:
        stop_automatic_mail(by=request.user)
        return Response(self._state())

    @extend_schema(summary="Let automatic mail go out again", request=None)
    def resume(self, request: SignedInApiRequest) -> Response:
        resume_automatic_mail(by=request.user)
        return Response(self._state())

    def _state(self) -> dict[str, Any]:
        stop = stop_in_force()
        state = {
            "is_stopped": stop is not None,
            "since": stop.since if stop else None,
            "sent_before": stop.sent if stop else None,
            "waiting": OutgoingMessage.objects.held().count(),
        }
        return dict(AutomaticMailSerializer(state).data)


class BlockedSerializer(serializers.ModelSerializer[ContactPoint]):
    address = serializers.CharField(source="value", read_only=True)
    reason = serializers.ChoiceField(
        SuppressionReason.choices,
        source="suppressed_reason",
        read_only=True,
        allow_blank=True,
        help_text=_("Empty: it was lifted."),
    )
    note = serializers.CharField(
        source="suppressed_note", read_only=True, help_text=_("How it began.")
    )
    since = serializers.DateTimeField(source="suppressed_at", read_only=True, allow_null=True)
    until = serializers.DateTimeField(
        source="suppressed_until",
        read_only=True,
        allow_null=True,
        help_text=_("Null: until somebody lifts it."),
    )
    customer = serializers.IntegerField(source="customer_id", read_only=True)

    class Meta:
        model = ContactPoint
        fields = ["id", "address", "reason", "note", "since", "until", "customer"]


class BlockSerializer(StrictInput):
    address = serializers.EmailField(max_length=254)
    note = serializers.CharField(max_length=300, help_text=_("Why."))
    until = serializers.DateTimeField(
        required=False, allow_null=True, default=None, help_text=_("Null: until it is lifted.")
    )


class LiftSerializer(StrictInput):
    note = serializers.CharField(max_length=300, help_text=_("Why."))


class BlockedFilter(filters.FilterSet):
    address = filters.CharFilter("value", "iexact", max_length=254)
    reason = filters.ChoiceFilter("suppressed_reason", choices=SuppressionReason.choices)

    class Meta:
        model = ContactPoint
        fields: list[str] = []


@extend_schema_view(
    list=extend_schema(summary="List the addresses to which no automatic mail goes"),
    retrieve=extend_schema(summary="One blocked address"),
)
class BlockedAddressViewSet(
    mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[ContactPoint]
):
    serializer_class = BlockedSerializer
    filterset_class = BlockedFilter
    queryset = ContactPoint.objects.none()
    lookup_value_converter = "int"
    # They are customers' addresses, and blocking one that nobody has makes a customer.
    read_scope, write_scope = "customers:read", "customers:write"
    read_permission = write_permission = "accounts.change_contactpoint"

    def get_queryset(self) -> QuerySet[ContactPoint]:
        return blocked_addresses()

    @extend_schema(
        summary="Block an address", request=BlockSerializer, responses={201: BlockedSerializer}
    )
    def create(self, request: SignedInApiRequest) -> Response:
        return Response(
            BlockedSerializer(block_address(**_given(BlockSerializer, request))).data, status=201
        )

    @extend_schema(
        summary="Lift a block; the reason is kept",
        request=LiftSerializer,
        responses=BlockedSerializer,
    )
    @action(detail=True, methods=["post"])
    def lift(self, request: SignedInApiRequest, pk: int) -> Response:
        point = lift_block(self.get_object().pk, **_given(LiftSerializer, request))
        return Response(BlockedSerializer(point).data)


def _given(kind: type[serializers.Serializer[Any]], request: SignedInApiRequest) -> dict[str, Any]:
    wanted = kind(data=request.data)
    wanted.is_valid(raise_exception=True)
    return dict(wanted.validated_data)
