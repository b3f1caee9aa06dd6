"""/webhooks/ and what was delivered: for programs that set an installation up or watch it."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import mixins, serializers, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.access import SignedInApiRequest
from accounts.api.conditions import ConditionTreeField
from accounts.enums import PausedBecause, WebhookState
from accounts.models import WebhookDelivery, WebhookEndpoint
from accounts.models.webhook_endpoint import can_be_asked
from accounts.selectors.webhook_events import event_types
from accounts.services.webhooks import (
    change_webhook,
    create_webhook,
    pause_webhook,
    ping_webhook,
    remove_webhook,
    resume_webhook,
    rotate_secret,
    send_again,
    send_failed_again,
)
from config.kernel.api_filters import MomentFilter
from config.kernel.conditions.condition import always


class WebhookSerializer(serializers.ModelSerializer[WebhookEndpoint]):
    name = serializers.CharField(max_length=80)
    url = serializers.CharField(max_length=1000, validators=[can_be_asked])
    event_types = serializers.ListField(
        child=serializers.CharField(max_length=60),
        min_length=1,
        max_length=100,
        help_text=_("Names from GET /webhooks/event-types/."),
    )
    condition = ConditionTreeField(default=always)
    paused_because = serializers.ChoiceField(
        PausedBecause.choices, read_only=True, allow_blank=True
    )

    class Meta:
        model = WebhookEndpoint
        fields = [
            "id", "name", "url", "event_types", "condition", "is_active", "paused_because",
            "failures", "failing_since", "succeeded_at", "created_at",
        ]  # fmt: skip
        read_only_fields = [
            "id", "is_active", "failures", "failing_since", "succeeded_at", "created_at",
        ]  # fmt: skip

    def validate_event_types(self, wanted: list[str]) -> list[str]:
        unknown = sorted(set(wanted) - {one.name for one in event_types()})
        if unknown:
            text = _("There is no event named “%(name)s”.")
            raise serializers.ValidationError([text % {"name": name} for name in unknown])
        return wanted


class WebhookChangesSerializer(WebhookSerializer):
    """Only what is sent is changed."""

    condition = ConditionTreeField(required=False)

    class Meta(WebhookSerializer.Meta):
        fields = ["name", "url", "event_types", "condition"]
        read_only_fields: list[str] = []
        extra_kwargs: dict[str, Any] = {}


class WebhookWithSecretSerializer(WebhookSerializer):
    secret = serializers.CharField(read_only=True, help_text=_("Shown only in this answer."))

    class Meta(WebhookSerializer.Meta):
        fields = [*WebhookSerializer.Meta.fields, "secret"]


class EventTypeSerializer(serializers.Serializer[Any]):
    name = serializers.CharField(read_only=True)
    label = serializers.CharField(read_only=True)  # type: ignore[assignment]


class AttemptSerializer(serializers.Serializer[Any]):
    at = serializers.DateTimeField()
    status = serializers.IntegerField(allow_null=True)
    problem = serializers.CharField(allow_blank=True)
    ms = serializers.IntegerField()


class DeliverySerializer(serializers.ModelSerializer[WebhookDelivery]):
    webhook = serializers.IntegerField(source="endpoint_id", read_only=True)
    webhook_id = serializers.CharField(
        source="message_id", read_only=True, help_text=_("The receiver's header webhook-id.")
    )
    state = serializers.ChoiceField(WebhookState.choices, read_only=True)
    log = AttemptSerializer(many=True, read_only=True)

    class Meta:
        model = WebhookDelivery
        fields = [
            "id", "webhook", "webhook_id", "event", "about", "state", "attempts", "status",
            "problem", "response", "took_ms", "log", "body", "next_attempt_at", "created_at",
            "delivered_at",
        ]  # fmt: skip
        read_only_fields = fields


class SinceSerializer(serializers.Serializer[Any]):
    since = serializers.DateTimeField()


class CountSerializer(serializers.Serializer[Any]):
    count = serializers.IntegerField(read_only=True)


class DeliveryFilter(filters.FilterSet):
    webhook = filters.NumberFilter("endpoint", min_value=1, max_value=2**63 - 1)
    state = filters.ChoiceFilter(choices=WebhookState.choices)
    event = filters.CharFilter(max_length=60)
    created_after = MomentFilter("created_at", "gte")
    created_before = MomentFilter("created_at", "lt")

    class Meta:
        model = WebhookDelivery
        fields: list[str] = []


class _Settings(viewsets.GenericViewSet[Any]):
    lookup_value_converter = "int"
    read_scope, write_scope = "settings:read", "settings:write"
    request: SignedInApiRequest


@extend_schema_view(
    list=extend_schema(summary="List the webhooks"), retrieve=extend_schema(summary="One webhook")
)
class WebhookViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, _Settings):
    serializer_class = WebhookSerializer
    queryset = WebhookEndpoint.objects.all()
    read_permission, write_permission = (
        "accounts.view_webhookendpoint",
        "accounts.change_webhookendpoint",
    )
    permission_by_action = {
        "create": "accounts.add_webhookendpoint",
        "destroy": "accounts.delete_webhookendpoint",
    }

    @extend_schema(summary="Add a webhook", responses={201: WebhookWithSecretSerializer})
    def create(self, request: SignedInApiRequest) -> Response:
        wanted = WebhookSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        # No Idempotency-Key: the answer holds a secret that must not be kept to be repeated.
        made, secret = create_webhook(by=request.user, **wanted.validated_data)
        return Response(WebhookSerializer(made).data | {"secret": secret}, status=201)

    @extend_schema(
        summary="Change a webhook: only what is sent",
        request=WebhookChangesSerializer,
        responses=WebhookSerializer,
    )
    def partial_update(self, request: Request, pk: int) -> Response:
        wanted = WebhookChangesSerializer(data=request.data, partial=True)
        wanted.is_valid(raise_exception=True)
        fields = dict(wanted.validated_data)
        endpoint = self.get_object()
        changed = change_webhook(endpoint.pk, **fields) if fields else endpoint
        return Response(WebhookSerializer(changed).data)

    @extend_schema(summary="Remove a webhook and its log", responses={204: None})
    def destroy(self, request: Request, pk: int) -> Response:
        remove_webhook(self.get_object().pk)
        return Response(status=204)

    @extend_schema(
        summary="The events that a webhook can be told of",
        responses=EventTypeSerializer(many=True),
        filters=False,
    )
    @action(detail=False, url_path="event-types", pagination_class=None)
    def event_types(self, request: Request) -> Response:
        return Response(EventTypeSerializer(event_types(), many=True).data)

    @extend_schema(summary="Send a test", request=None, responses={201: DeliverySerializer})
    @action(detail=True, methods=["post"])
    def ping(self, request: SignedInApiRequest, pk: int) -> Response:
        delivery = ping_webhook(self.get_object().pk, by=request.user)
        return Response(DeliverySerializer(delivery).data, status=201)

    @extend_schema(summary="Send nothing any more", request=None, responses=WebhookSerializer)
    @action(detail=True, methods=["post"])
    def pause(self, request: Request, pk: int) -> Response:
        return Response(WebhookSerializer(pause_webhook(self.get_object().pk)).data)

    @extend_schema(summary="Send again", request=None, responses=WebhookSerializer)
    @action(detail=True, methods=["post"])
    def resume(self, request: Request, pk: int) -> Response:
        return Response(WebhookSerializer(resume_webhook(self.get_object().pk)).data)

    @extend_schema(
        summary="A new secret; the one before signs too for a day",
        request=None,
        responses=WebhookWithSecretSerializer,
    )
    @action(detail=True, methods=["post"], url_path="rotate-secret")
    def rotate_secret(self, request: Request, pk: int) -> Response:
        changed, secret = rotate_secret(self.get_object().pk)
        return Response(WebhookSerializer(changed).data | {"secret": secret})

    @extend_schema(
        summary="Send again what was given up since a moment",
        request=SinceSerializer,
        responses=CountSerializer,
    )
    @action(detail=True, methods=["post"], url_path="resend-failed")
    def resend_failed(self, request: Request, pk: int) -> Response:
        wanted = SinceSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        count = send_failed_again(self.get_object().pk, **wanted.validated_data)
        return Response({"count": count})


@extend_schema_view(
    list=extend_schema(summary="List what webhooks were told, newest first"),
    retrieve=extend_schema(summary="One delivery of a webhook"),
)
class DeliveryViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, _Settings):
    serializer_class = DeliverySerializer
    filterset_class = DeliveryFilter
    queryset = WebhookDelivery.objects.all()
    read_permission, write_permission = (
        "accounts.view_webhookendpoint",
        "accounts.change_webhookendpoint",
    )

    @extend_schema(
        summary="Send it again, under the same id", request=None, responses=DeliverySerializer
    )
    @action(detail=True, methods=["post"])
    def resend(self, request: Request, pk: int) -> Response:
        return Response(DeliverySerializer(send_again(self.get_object().pk)).data)
