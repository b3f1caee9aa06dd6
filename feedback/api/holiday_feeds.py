"""The addresses from which calendars fetch their special days, for programs."""

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import mixins, serializers, viewsets
from rest_framework.decorators import action
from rest_framework.response import Response

from accounts.access import SignedInApiRequest
from config.kernel.api import InOrder
from config.kernel.api_fields import CodeField
from feedback.models import BusinessCalendar, HolidayFeed
from feedback.services.holiday_feeds import add_feed, ask_feed_now, remove_feed


class HolidayFeedSerializer(serializers.ModelSerializer[HolidayFeed]):
    """`problem` is empty when the last time went well. `timed_count`: events that were left out
    because they have a time of the day."""

    calendar = CodeField(queryset=BusinessCalendar.objects.active())
    url = serializers.CharField(max_length=1000)
    problem = serializers.CharField(read_only=True)

    class Meta:
        model = HolidayFeed
        fields = [
            "id", "calendar", "url", "fetched_at", "day_count", "timed_count", "problem",
            "failing_since", "next_at",
        ]  # fmt: skip
        read_only_fields = ["fetched_at", "day_count", "timed_count", "failing_since", "next_at"]
        validators: list[object] = []  # what is there already is refused by the service


@extend_schema_view(
    list=extend_schema(summary="List the addresses from which special days are fetched"),
    retrieve=extend_schema(summary="One address from which special days are fetched"),
)
class HolidayFeedViewSet(
    mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[HolidayFeed]
):
    """Only for those who may change calendars: an address can hold a key."""

    serializer_class = HolidayFeedSerializer
    pagination_class = InOrder
    lookup_value_converter = "int"
    read_scope, write_scope = "feedback:read", "feedback:write"
    read_permission = write_permission = "feedback.change_businesscalendar"
    request: SignedInApiRequest

    def get_queryset(self) -> QuerySet[HolidayFeed]:
        return HolidayFeed.objects.select_related("calendar")

    @extend_schema(
        summary="Fetch special days from an address, now and every day",
        responses={201: HolidayFeedSerializer},
    )
    def create(self, request: SignedInApiRequest) -> Response:
        wanted = self.get_serializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        feed = add_feed(wanted.validated_data["calendar"], url=wanted.validated_data["url"])
        return Response(self.get_serializer(feed).data, status=201)

    @extend_schema(summary="Fetch it no longer; its days to come go")
    def destroy(self, request: SignedInApiRequest, pk: int) -> Response:
        remove_feed(self.get_object())
        return Response(status=204)

    @extend_schema(summary="Fetch it now", request=None, responses={202: HolidayFeedSerializer})
    @action(detail=True, methods=["post"], url_path="fetch")
    def fetch_now(self, request: SignedInApiRequest, pk: int) -> Response:
        feed = self.get_object()
        ask_feed_now(feed)
        return Response(self.get_serializer(feed).data, status=202)
