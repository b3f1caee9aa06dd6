"""The addresses from which a calendar fetches its special days, for programs."""

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, viewsets
from rest_framework.decorators import action
from rest_framework.exceptions import PermissionDenied
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.access import SignedInApiRequest
from feedback.models import BusinessCalendar, HolidayFeed
from feedback.services.holiday_feeds import add_feed, ask_feed_now, remove_feed

FEED = OpenApiParameter("feed", int, OpenApiParameter.PATH)
PERMISSION = "feedback.change_businesscalendar"


class HolidayFeedSerializer(serializers.ModelSerializer[HolidayFeed]):
    """`problem` is empty when the last time went well."""

    url = serializers.CharField(max_length=1000)
    problem = serializers.CharField(read_only=True)

    class Meta:
        model = HolidayFeed
        fields = ["id", "url", "fetched_at", "day_count", "problem", "failing_since", "next_at"]
        read_only_fields = ["fetched_at", "day_count", "failing_since", "next_at"]


class FeedActions(viewsets.GenericViewSet[BusinessCalendar]):
    """Mixed into the calendars."""

    write_scope, write_permission = "feedback:write", PERMISSION

    @extend_schema(
        summary="The addresses from which special days are fetched every day",
        responses=HolidayFeedSerializer(many=True),
    )
    @action(detail=True, url_path="feeds", pagination_class=None, filter_backends=[])
    def feeds(self, request: Request, code: str) -> Response:
        # An address can hold a key: who may only look at calendars gets none.
        if request.user is None or not request.user.has_perm(PERMISSION):
            raise PermissionDenied
        rows = self.get_object().feeds.order_by("pk")
        return Response(HolidayFeedSerializer(rows, many=True).data)

    @extend_schema(
        summary="Fetch special days from an address, now and every day",
        request=HolidayFeedSerializer,
        responses={201: HolidayFeedSerializer},
    )
    @feeds.mapping.post
    def add_feed(self, request: SignedInApiRequest, code: str) -> Response:
        wanted = HolidayFeedSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        feed = add_feed(self.get_object(), url=wanted.validated_data["url"])
        return Response(HolidayFeedSerializer(feed).data, status=201)

    @extend_schema(
        summary="Fetch it now",
        parameters=[FEED],
        request=None,
        responses={202: HolidayFeedSerializer},
    )
    @action(detail=True, methods=["post"], url_path="feeds/<int:feed>/fetch")
    def fetch_feed(self, request: SignedInApiRequest, code: str, feed: int) -> Response:
        one = self._feed(feed)
        ask_feed_now(one)
        return Response(HolidayFeedSerializer(one).data, status=202)

    @extend_schema(
        summary="Fetch it no longer; its days to come go",
        parameters=[FEED],
        responses={204: None},
    )
    @action(detail=True, methods=["delete"], url_path="feeds/<int:feed>")
    def remove_feed(self, request: SignedInApiRequest, code: str, feed: int) -> Response:
        remove_feed(self._feed(feed))
        return Response(status=204)

    def _feed(self, pk: int) -> Any:
        rows = HolidayFeed.objects.select_related("calendar").filter(calendar=self.get_object())
        return get_object_or_404(rows, pk=pk)
