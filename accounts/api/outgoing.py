"""/outgoing-mail/: what was promised by mail, what became of it, and the queue as a whole."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import mixins, serializers, viewsets
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.covered import CoveredField
from accounts.api.permissions import may_name_customers, may_see_customers, needs_a_scope
from accounts.enums import Delivery, MailHeld, MailTrouble, OutgoingKind, OutgoingState
from accounts.models import OutgoingMessage, OutgoingQueue
from accounts.rules.masking import masked_address, masker
from accounts.selectors.outgoing import outgoing_mails
from accounts.services.mail_queue import cancel_mail, present_queue
from accounts.services.outbox import send_again
from config.kernel.api_filters import MomentFilter


class OutgoingMailSerializer(serializers.ModelSerializer[OutgoingMessage]):
    subject = CoveredField()
    kind = serializers.ChoiceField(OutgoingKind.choices, read_only=True)
    state = serializers.ChoiceField(OutgoingState.choices, read_only=True)
    delivery = serializers.ChoiceField(Delivery.choices, read_only=True)
    reason = serializers.CharField(
        source="explanation", read_only=True, help_text=_("Why it stands as it stands.")
    )
    meaning = serializers.CharField(
        read_only=True, help_text=_("What the server's answer means, in plain words.")
    )

    class Meta:
        model = OutgoingMessage
        fields = [
            "id", "kind", "customer", "to_address", "subject", "message_id", "state", "delivery",
            "reason", "meaning", "attempts", "not_before", "sent_at", "uncertain_at",
            "created_at",
        ]  # fmt: skip
        read_only_fields = fields
        extra_kwargs = {
            "to_address": {"help_text": _("Masked without the scope customers:read.")},
            "customer": {"help_text": _("Null without the scope customers:read.")},
        }

    def to_representation(self, instance: OutgoingMessage) -> dict[str, Any]:
        """Servers repeat the address in what they answer."""
        shown = dict(super().to_representation(instance))
        if not may_name_customers(self.context):
            shown["to_address"] = masked_address(instance.to_address)
            shown["reason"] = masker([instance.to_address])(shown["reason"])
            shown["customer"] = None
        return shown


class MailQueueSerializer(serializers.ModelSerializer[OutgoingQueue]):
    trouble = serializers.ChoiceField(MailTrouble.choices, read_only=True, allow_blank=True)
    held_because = serializers.ChoiceField(MailHeld.choices, read_only=True, allow_blank=True)

    class Meta:
        model = OutgoingQueue
        fields = [
            "trouble", "said", "failing_since", "failures", "next_try_at", "held_at",
            "held_because",
        ]  # fmt: skip
        read_only_fields = fields


class OutgoingMailFilter(filters.FilterSet):
    state = filters.ChoiceFilter(choices=OutgoingState.choices)
    delivery = filters.ChoiceFilter(choices=Delivery.choices)
    kind = filters.ChoiceFilter(choices=OutgoingKind.choices)
    to_address = filters.CharFilter(lookup_expr="iexact", max_length=254)
    created_after = MomentFilter("created_at", "gte")
    created_before = MomentFilter("created_at", "lt")

    class Meta:
        model = OutgoingMessage
        fields: list[str] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "to_address" in (self.data or ()) and not may_see_customers(self.request):
            raise ValidationError({"to_address": [needs_a_scope("customer")]})


@extend_schema_view(
    list=extend_schema(summary="List outgoing mail, newest first"),
    retrieve=extend_schema(summary="One outgoing mail"),
)
class OutgoingMailViewSet(
    mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Any]
):
    lookup_value_converter = "int"
    serializer_class = OutgoingMailSerializer
    filterset_class = OutgoingMailFilter
    queryset = outgoing_mails()
    read_scope, write_scope = "settings:read", "settings:write"
    read_permission, write_permission = (
        "accounts.view_outgoingmessage",
        "accounts.change_outgoingmessage",
    )

    @extend_schema(
        summary="Send again what failed or is uncertain, under the same Message-ID",
        request=None,
        responses=OutgoingMailSerializer,
    )
    @action(detail=True, methods=["post"], url_path="send-again")
    def send_again(self, request: Request, pk: int) -> Response:
        return Response(self.get_serializer(send_again(self.get_object().pk)).data)

    @extend_schema(
        summary="Do not send what still waits", request=None, responses=OutgoingMailSerializer
    )
    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, pk: int) -> Response:
        return Response(self.get_serializer(cancel_mail(self.get_object().pk)).data)

    @extend_schema(
        summary="What keeps all mail from leaving, if anything",
        responses=MailQueueSerializer,
        filters=False,
    )
    @action(detail=False, pagination_class=None, filterset_class=None)
    def queue(self, request: Request) -> Response:
        return Response(MailQueueSerializer(present_queue()).data)
