"""/gatherings/: events that customers come to; /bookings/: who is signed up for them."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters
from drf_spectacular.utils import OpenApiResponse, extend_schema, extend_schema_view
from rest_framework import mixins, serializers, viewsets
from rest_framework.decorators import action
from rest_framework.response import Response

from accounts.access import SignedInApiRequest
from accounts.api.permissions import may_name_customers
from accounts.models import Team, User
from config.kernel.api_fields import (
    BigId,
    MomentField,
    StrictInput,
    TextField,
    WholeField,
    YesNoField,
)
from config.kernel.api_schema import IDEMPOTENCY_KEY
from config.kernel.idempotency import idempotent
from surveys.distribution.gathering_mail import sign_up_url
from surveys.enums import AskedAfter, BookedBy, BookingState, GatheringKind, GatheringState
from surveys.errors import GatheringRefused
from surveys.models import Booking, Gathering, Survey
from surveys.models.gathering import ensure_zone
from surveys.rules.reminding import EARLIEST, LATEST
from surveys.services.booking import book, cancel_booking, tick_attendance
from surveys.services.gatherings import (
    call_off_gathering,
    publish_gathering,
    remove_gathering,
    save_gathering,
)

_TEXTS = ("title_zh", "title_en", "description_zh", "description_en", "place_zh", "place_en")


class LinkField(TextField):
    """A web address, or nothing."""

    def to_internal_value(self, data: Any) -> str:
        link = super().to_internal_value(data)
        if link:
            serializers.URLField(max_length=500).run_validation(link)
        return link


def _text(most: int) -> TextField:
    return TextField(max_length=most, required=False, allow_blank=True, default="")


class GatheringSerializer(StrictInput, serializers.ModelSerializer[Gathering]):
    kind = serializers.ChoiceField(GatheringKind.choices, default=GatheringKind.WEBINAR)
    state = serializers.ChoiceField(GatheringState.choices, read_only=True)
    title_zh, title_en = _text(200), _text(200)
    description_zh, description_en = _text(5000), _text(5000)
    place_zh, place_en = _text(300), _text(300)
    online_link = LinkField(
        max_length=500,
        required=False,
        allow_blank=True,
        default="",
        help_text=_("Only whoever has a place sees it."),
    )
    begins_at, ends_at = MomentField(), MomentField()
    time_zone = TextField(
        max_length=60, required=False, help_text=_("As in the IANA database: Asia/Shanghai.")
    )
    capacity = WholeField(
        required=False,
        allow_null=True,
        default=None,
        min_value=1,
        max_value=2**31 - 1,
        help_text=_("Null: as many as come."),
    )
    has_waiting_list = YesNoField(default=True)
    opens_at = MomentField(required=False, allow_null=True, default=None)
    closes_at = MomentField(required=False, allow_null=True, default=None)
    reminders = serializers.ListField(
        child=WholeField(min_value=LATEST, max_value=EARLIEST),
        max_length=10,
        required=False,
        help_text=_("Minutes before it begins."),
    )
    survey = serializers.SlugRelatedField(
        slug_field="slug",
        queryset=Survey.objects.all(),
        required=False,
        allow_null=True,
        default=None,
        help_text=_("The survey that is sent after it: one that is running."),
    )
    asked_after = serializers.ChoiceField(AskedAfter.choices, default=AskedAfter.CAME_OR_ALL)
    survey_hours = WholeField(default=2, min_value=0, max_value=24 * 14)
    owner = BigId(
        queryset=User.objects.filter(is_active=True),
        allow_null=True,
        required=False,
        help_text=_("Left out: whoever makes it."),
    )
    team = BigId(
        queryset=Team.objects.active(),
        allow_null=True,
        required=False,
        help_text=_("Gets the feedback that notes become."),
    )
    booked = serializers.IntegerField(read_only=True, help_text=_("How many have a place."))
    waiting = serializers.IntegerField(read_only=True)
    came = serializers.IntegerField(read_only=True)
    sign_up_page = serializers.SerializerMethodField()

    class Meta:
        model = Gathering
        fields = [
            "id", "slug", "kind", "state", *_TEXTS, "online_link", "begins_at", "ends_at",
            "time_zone", "capacity", "has_waiting_list", "opens_at", "closes_at", "reminders",
            "survey", "asked_after", "survey_hours", "owner", "team", "surveyed_at", "booked",
            "waiting", "came", "sign_up_page", "created_at", "cancelled_at",
        ]  # fmt: skip
        read_only_fields = ["id", "slug", "surveyed_at", "created_at", "cancelled_at"]

    def get_sign_up_page(self, gathering: Gathering) -> str:
        return sign_up_url(gathering)

    def validate_time_zone(self, value: str) -> str:
        try:
            ensure_zone(value)
        except ValidationError as wrong:
            raise serializers.ValidationError(wrong.messages) from None
        return value


class BookingSerializer(serializers.ModelSerializer[Booking]):
    gathering = serializers.IntegerField(source="gathering_id", read_only=True)
    state = serializers.ChoiceField(BookingState.choices, read_only=True)
    how = serializers.ChoiceField(BookedBy.choices, read_only=True)
    attended = serializers.BooleanField(
        read_only=True, allow_null=True, help_text=_("Null: nobody has said.")
    )
    name = serializers.SerializerMethodField(help_text=_("Needs the scope customers:read."))
    address = serializers.SerializerMethodField(help_text=_("Needs the scope customers:read."))
    remark = serializers.SerializerMethodField(help_text=_("Needs the scope customers:read."))
    customer = serializers.SerializerMethodField(help_text=_("Needs the scope customers:read."))

    class Meta:
        model = Booking
        fields = [
            "id", "gathering", "state", "attended", "attended_at", "name", "address", "remark",
            "customer", "language", "how", "booked_at", "moved_up_at", "cancelled_at",
        ]  # fmt: skip
        read_only_fields = fields

    def get_name(self, booking: Booking) -> str | None:
        return booking.name if may_name_customers(self.context) else None

    def get_address(self, booking: Booking) -> str | None:
        return booking.address if may_name_customers(self.context) else None

    def get_remark(self, booking: Booking) -> str | None:
        return booking.remark if may_name_customers(self.context) else None

    def get_customer(self, booking: Booking) -> int | None:
        return booking.customer_id if may_name_customers(self.context) else None


class BookingWantedSerializer(StrictInput):
    gathering = BigId(queryset=Gathering.objects.all())
    name = TextField(max_length=200)
    address = serializers.EmailField(max_length=254)
    language = serializers.ChoiceField(settings.LANGUAGES)
    remark = TextField(max_length=500, required=False, allow_blank=True, default="")


class AttendanceSerializer(StrictInput):
    attended = YesNoField(allow_null=True, help_text=_("Null: nobody has said."))


class CallOffSerializer(StrictInput):
    why_zh, why_en = _text(500), _text(500)


class GatheringFilter(filters.FilterSet):
    state = filters.ChoiceFilter(choices=GatheringState.choices)
    kind = filters.ChoiceFilter(choices=GatheringKind.choices)

    class Meta:
        model = Gathering
        fields: list[str] = []


@extend_schema_view(
    list=extend_schema(summary="List events, the latest first"),
    retrieve=extend_schema(summary="One event, and how many signed up"),
)
class GatheringViewSet(
    mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Gathering]
):
    queryset = Gathering.objects.none()
    serializer_class = GatheringSerializer
    filterset_class = GatheringFilter
    lookup_value_converter = "int"
    read_scope, write_scope = "surveys:read", "surveys:write"
    read_permission, write_permission = "surveys.view_gathering", "surveys.change_gathering"
    permission_by_action = {
        "create": "surveys.add_gathering",
        "destroy": "surveys.delete_gathering",
    }
    request: SignedInApiRequest

    def get_queryset(self) -> QuerySet[Gathering]:
        return Gathering.objects.with_counts().select_related("survey")

    @extend_schema(
        summary="Make an event: a draft, until it is published", parameters=[IDEMPOTENCY_KEY]
    )
    @idempotent
    def create(self, request: SignedInApiRequest) -> Response:
        wanted = self.get_serializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        made = Gathering(**{"owner": request.user, **wanted.validated_data})
        return Response(self._stored(lambda: save_gathering(made).gathering), status=201)

    @extend_schema(
        summary="Change an event",
        description="Who waits moves up when there are more places; another time, place or link "
        "is told to everybody who is signed up.",
    )
    def partial_update(self, request: SignedInApiRequest, pk: int) -> Response:
        row = self.get_object()
        wanted = self.get_serializer(row, data=request.data, partial=True)
        wanted.is_valid(raise_exception=True)
        for name, value in wanted.validated_data.items():
            setattr(row, name, value)
        return Response(self._stored(lambda: save_gathering(row).gathering))

    def _stored(self, save: Callable[[], Gathering]) -> Any:
        try:
            row = save()
        except GatheringRefused as refusal:
            if not refusal.field:
                raise
            raise serializers.ValidationError({refusal.field: [str(refusal.message)]}) from refusal
        return self.get_serializer(self.get_queryset().get(pk=row.pk)).data

    @extend_schema(summary="Remove an event for which nobody signed up")
    def destroy(self, request: SignedInApiRequest, pk: int) -> Response:
        if not remove_gathering(self.get_object().pk):
            raise GatheringRefused(
                _("People signed up for it: it can be called off, not removed.")
            )
        return Response(status=204)

    @extend_schema(summary="Let people sign up", request=None, responses=GatheringSerializer)
    @action(detail=True, methods=["post"], filterset_class=None)
    def publish(self, request: SignedInApiRequest, pk: int) -> Response:
        row = self.get_object()
        return Response(self._stored(lambda: publish_gathering(row.pk)))

    @extend_schema(
        summary="Call an event off and tell everybody who is signed up",
        request=CallOffSerializer,
        responses=GatheringSerializer,
    )
    @action(detail=True, methods=["post"], url_path="call-off", filterset_class=None)
    def call_off(self, request: SignedInApiRequest, pk: int) -> Response:
        row = self.get_object()
        wanted = CallOffSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        call_off_gathering(row.pk, **wanted.validated_data)
        return Response(self.get_serializer(self.get_object()).data)


class BookingFilter(filters.FilterSet):
    gathering = filters.NumberFilter(
        "gathering", min_value=1, max_value=2**63 - 1, decimal_places=0
    )
    state = filters.ChoiceFilter(choices=BookingState.choices)

    class Meta:
        model = Booking
        fields: list[str] = []


@extend_schema_view(
    list=extend_schema(summary="List sign-ups for events, newest first"),
    retrieve=extend_schema(summary="One sign-up"),
)
class BookingViewSet(
    mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Booking]
):
    queryset = Booking.objects.none()
    serializer_class = BookingSerializer
    filterset_class = BookingFilter
    lookup_value_converter = "int"
    read_scope, write_scope = "surveys:read", "surveys:write"
    read_permission, write_permission = "surveys.view_booking", "surveys.change_booking"
    permission_by_action = {"create": "surveys.add_booking"}
    request: SignedInApiRequest

    def get_queryset(self) -> QuerySet[Booking]:
        return Booking.objects.order_by("-pk")

    @extend_schema(
        summary="Sign somebody up",
        description="With a place if there is one, else on the waiting list. An address that is "
        "signed up already stays as it is (200) and gets its mail again.",
        request=BookingWantedSerializer,
        responses={
            200: OpenApiResponse(BookingSerializer),
            201: OpenApiResponse(BookingSerializer),
        },
        parameters=[IDEMPOTENCY_KEY],
    )
    @idempotent
    def create(self, request: SignedInApiRequest) -> Response:
        wanted = BookingWantedSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        given = dict(wanted.validated_data)
        booking, is_new = book(given.pop("gathering").pk, how=BookedBy.API, **given)
        return Response(self.get_serializer(booking).data, status=201 if is_new else 200)

    @extend_schema(
        summary="Write down whether they came",
        request=AttendanceSerializer,
        responses=BookingSerializer,
    )
    @action(detail=True, methods=["post"], filterset_class=None)
    def attendance(self, request: SignedInApiRequest, pk: int) -> Response:
        booking = self.get_object()
        wanted = AttendanceSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        tick_attendance(booking.gathering_id, [booking.pk], **wanted.validated_data)
        return Response(self.get_serializer(self.get_object()).data)

    @extend_schema(
        summary="Cancel a sign-up; whoever waits longest gets the place",
        request=None,
        responses=BookingSerializer,
    )
    @action(detail=True, methods=["post"], filterset_class=None)
    def cancel(self, request: SignedInApiRequest, pk: int) -> Response:
        cancel_booking(self.get_object().pk)
        return Response(self.get_serializer(self.get_object()).data)
