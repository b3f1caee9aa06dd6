"""/survey-collectors/: the ways a survey reaches people, how far invitations have come."""

from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema, extend_schema_field, extend_schema_view
from rest_framework import mixins, serializers, viewsets
from rest_framework.decorators import action
from rest_framework.response import Response

from accounts.access import SignedInApiRequest
from config.kernel.api_fields import (
    CodeField,
    CodeOf,
    MomentField,
    StrictInput,
    TextField,
    WholeField,
    YesNoField,
)
from config.kernel.api_schema import IDEMPOTENCY_KEY
from config.kernel.idempotency import idempotent
from surveys.distribution.links import open_url
from surveys.enums import CollectorChannel, DuplicatePolicy, Sending
from surveys.forms.collectors import CHANNELS
from surveys.models import Collector, Survey
from surveys.models.collector import ORIGIN
from surveys.selectors.campaigns import Progress, progress_of
from surveys.selectors.doors import FRAMED_CHANNELS
from surveys.services.campaigns import go_on_sending, pause_sending, stop_sending
from surveys.services.editing import remove_collector, save_collector

MOST, DAYS = 2**31 - 1, 3650


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
    duplicates = serializers.ChoiceField(DuplicatePolicy.choices, read_only=True)
    language = serializers.ChoiceField(
        settings.LANGUAGES, read_only=True, allow_blank=True, help_text=_("Empty: any.")
    )
    sites = serializers.ListField(source="origins", child=serializers.CharField(), read_only=True)
    url = serializers.SerializerMethodField(
        help_text=_("That anybody may follow; empty where there is none.")
    )

    class Meta:
        model = Collector
        fields = [
            "id", "survey", "name", "channel", "is_active", "url", "language", "opens_at",
            "closes_at", "response_limit", "duplicates", "quiet_days", "same_survey_days",
            "valid_days", "sites", "popup_delay", "popup_percent", "sending", "sending_since",
        ]  # fmt: skip
        read_only_fields = fields

    def get_url(self, collector: Collector) -> str:
        return open_url(collector)


class CollectorWantedSerializer(StrictInput, serializers.ModelSerializer[Collector]):
    """What a program may write; its survey and its channel are said once."""

    name = TextField(max_length=120)
    is_active = YesNoField(required=False)
    language = serializers.ChoiceField(settings.LANGUAGES, allow_blank=True, required=False)
    opens_at = MomentField(allow_null=True, required=False)
    closes_at = MomentField(allow_null=True, required=False)
    response_limit = WholeField(min_value=1, max_value=MOST, allow_null=True, required=False)
    duplicates = serializers.ChoiceField(DuplicatePolicy.choices, required=False)
    quiet_days = WholeField(min_value=0, max_value=DAYS, required=False)
    same_survey_days = WholeField(min_value=0, max_value=DAYS, required=False)
    valid_days = WholeField(min_value=1, max_value=DAYS, required=False)
    sites = serializers.ListField(
        child=serializers.RegexField(rf"^{ORIGIN.pattern}$", max_length=200),
        required=False,
        max_length=50,
        help_text=_("Pages it may stand in, as https://www.example.com."),
    )
    popup_delay = WholeField(min_value=0, max_value=3600, required=False)
    popup_percent = WholeField(min_value=1, max_value=100, required=False)

    class Meta:
        model = Collector
        fields = [
            "name", "is_active", "language", "opens_at", "closes_at", "response_limit",
            "duplicates", "quiet_days", "same_survey_days", "valid_days", "sites", "popup_delay",
            "popup_percent",
        ]  # fmt: skip
        validators: list[Any] = []

    def validate_sites(self, sites: list[str]) -> str:
        return "\n".join(dict.fromkeys(sites))

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        def value(name: str) -> Any:
            return attrs.get(name, getattr(self.instance, name, None))

        opens_at, closes_at = value("opens_at"), value("closes_at")
        if opens_at and closes_at and closes_at <= opens_at:
            words = _("It must close after it opens.")
            raise serializers.ValidationError({"closes_at": [words]})
        if value("channel") in FRAMED_CHANNELS and not value("sites"):
            words = _("Name at least one site: no other page can show it.")
            raise serializers.ValidationError({"sites": [words]})
        return attrs


class NewCollectorSerializer(CollectorWantedSerializer):
    survey = CodeField(slug_field="slug", queryset=Survey.objects.kept())
    channel = serializers.ChoiceField([(one.value, one.label) for one in CHANNELS])

    class Meta(CollectorWantedSerializer.Meta):
        fields = ["survey", "channel", *CollectorWantedSerializer.Meta.fields]


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
    read_scope, write_scope = "surveys:read", "surveys:write"
    read_permission, write_permission = "surveys.view_collector", "surveys.change_collector"
    permission_by_action = {
        "create": "surveys.add_collector",
        "destroy": "surveys.delete_collector",
    }
    queryset = Collector.objects.none()
    request: SignedInApiRequest

    def get_queryset(self) -> QuerySet[Collector]:
        return Collector.objects.select_related("survey")

    def get_serializer_class(self) -> Any:
        return CollectorSerializer if self.action == "list" else CollectorWithProgressSerializer

    @extend_schema(
        summary="Add a way by which a survey reaches people",
        request=NewCollectorSerializer,
        responses={201: CollectorWithProgressSerializer},
        parameters=[IDEMPOTENCY_KEY],
    )
    @idempotent
    def create(self, request: SignedInApiRequest) -> Response:
        wanted = NewCollectorSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        usual = {"duplicates": DuplicatePolicy.NONE}
        made = save_collector(Collector(**(usual | wanted.validated_data)))
        return Response(self.get_serializer(made).data, status=201)

    @extend_schema(
        summary="Change a way of asking: only what is sent",
        request=CollectorWantedSerializer,
        responses=CollectorWithProgressSerializer,
    )
    def partial_update(self, request: SignedInApiRequest, pk: int) -> Response:
        one = self.get_object()
        wanted = CollectorWantedSerializer(one, data=request.data, partial=True)
        wanted.is_valid(raise_exception=True)
        for name, value in wanted.validated_data.items():
            setattr(one, name, value)
        return Response(self.get_serializer(save_collector(one)).data)

    @extend_schema(
        summary="Remove a way of asking; one by which people came is switched off",
        responses={204: None},
    )
    def destroy(self, request: SignedInApiRequest, pk: int) -> Response:
        remove_collector(self.get_object().pk)
        return Response(status=204)

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
