"""/survey-collectors/: the ways a survey reaches people, how far invitations have come."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema, extend_schema_field, extend_schema_view
from rest_framework import mixins, serializers, viewsets
from rest_framework.decorators import action
from rest_framework.response import Response

from accounts.access import SignedInApiRequest
from config.kernel.api_fields import CodeOf
from surveys.enums import CollectorChannel, Sending
from surveys.models import Collector
from surveys.selectors.campaigns import Progress, progress_of
from surveys.services.campaigns import go_on_sending, pause_sending, stop_sending


class ProgressSerializer(serializers.Serializer[Progress]):
    later = serializers.IntegerField(help_text=_("Their time has not come."))
    waiting = serializers.IntegerField()
    held = serializers.IntegerField(help_text=_("By a pause."))
    sent = serializers.IntegerField(help_text=_("Handed over to the mail server."))
    delivered = serializers.IntegerField(help_text=_("Sent, and none came back so far."))
    bounced = serializers.IntegerField()
    uncertain = serializers.IntegerField(help_text=_("Sent or lost."))
    failed = serializers.IntegerField()
    throttled = serializers.IntegerField(help_text=_("Not sent: asked too recently."))
    not_asked = serializers.IntegerField(help_text=_("Not sent for another reason."))
    stopped = serializers.IntegerField(help_text=_("Cancelled by a stop."))
    opened = serializers.IntegerField()
    answered = serializers.IntegerField()
    is_busy = serializers.BooleanField(help_text=_("Whether something moves at the moment."))
    per_minute = serializers.FloatField(help_text=_("In the last ten minutes."))
    ends_at = serializers.DateTimeField(
        allow_null=True, help_text=_("Null: not known, or nothing leaves.")
    )


class CollectorSerializer(serializers.ModelSerializer[Collector]):
    survey = CodeOf("slug")
    channel = serializers.ChoiceField(CollectorChannel.choices, read_only=True)
    sending = serializers.ChoiceField(Sending.choices, read_only=True)

    class Meta:
        model = Collector
        fields = ["id", "survey", "name", "channel", "is_active", "sending", "sending_since"]
        read_only_fields = fields


class CollectorWithProgressSerializer(CollectorSerializer):
    progress = serializers.SerializerMethodField(
        help_text=_("Of the invitations; null for one that sends no mail.")
    )

    class Meta(CollectorSerializer.Meta):
        fields = [*CollectorSerializer.Meta.fields, "progress"]
        read_only_fields = fields

    @extend_schema_field(ProgressSerializer(allow_null=True))
    def get_progress(self, collector: Collector) -> Any:
        if not collector.sends_mail:
            return None
        progress = progress_of(collector, self.context["request"].user)
        return ProgressSerializer(progress).data


class CollectorFilter(filters.FilterSet):
    survey = filters.UUIDFilter("survey__slug")
    channel = filters.ChoiceFilter(choices=CollectorChannel.choices)
    sending = filters.ChoiceFilter(choices=Sending.choices)

    class Meta:
        model = Collector
        fields: list[str] = []


@extend_schema_view(
    list=extend_schema(summary="List the ways surveys reach people, newest first"),
    retrieve=extend_schema(
        summary="One way of asking, and how far its invitations have come",
        responses=CollectorWithProgressSerializer,
    ),
)
class CollectorViewSet(
    mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Collector]
):
    serializer_class = CollectorSerializer
    filterset_class = CollectorFilter
    lookup_value_converter = "int"
    read_scope, write_scope = "surveys:read", "settings:write"
    read_permission, write_permission = "surveys.view_survey", "surveys.change_collector"
    queryset = Collector.objects.none()
    request: SignedInApiRequest

    def get_queryset(self) -> QuerySet[Collector]:
        return Collector.objects.select_related("survey")

    def get_serializer_class(self) -> Any:
        return CollectorSerializer if self.action == "list" else CollectorWithProgressSerializer

    @extend_schema(
        summary="Hold back the invitations that have not left",
        request=None,
        responses=CollectorWithProgressSerializer,
    )
    @action(detail=True, methods=["post"], filterset_class=None)
    def pause(self, request: SignedInApiRequest, pk: int) -> Response:
        changed = pause_sending(self.get_object().pk, by=request.user)
        return Response(self.get_serializer(changed).data)

    @extend_schema(
        summary="Let invitations leave again",
        request=None,
        responses=CollectorWithProgressSerializer,
    )
    @action(detail=True, methods=["post"], url_path="go-on", filterset_class=None)
    def go_on(self, request: SignedInApiRequest, pk: int) -> Response:
        changed = go_on_sending(self.get_object().pk, by=request.user)
        return Response(self.get_serializer(changed).data)

    @extend_schema(
        summary="Cancel the invitations that have not left, and invite nobody any more",
        request=None,
        responses=CollectorWithProgressSerializer,
    )
    @action(detail=True, methods=["post"], filterset_class=None)
    def stop(self, request: SignedInApiRequest, pk: int) -> Response:
        changed = stop_sending(self.get_object().pk, by=request.user)
        return Response(self.get_serializer(changed).data)
