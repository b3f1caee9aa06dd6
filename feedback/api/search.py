"""/search/: what was found, best first, with marks where the words stand."""

from dataclasses import replace
from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, viewsets
from rest_framework.response import Response

from accounts.access import SignedInApiRequest
from config.kernel.api_fields import StrictInput, TextField
from config.kernel.search.queries import understand
from feedback.api.bulk_jobs import read_list
from feedback.errors import FilterNotKnown
from feedback.models import Feedback
from feedback.selectors.queue import CAP, PAGE_SIZE, read_queue
from feedback.selectors.queue_filters import WORDS_LENGTH
from feedback.selectors.search import search_results

NEWEST = "newest"


class WantedSerializer(StrictInput):
    """What is searched for; `GET /feedback/?q=` gives the same records by number."""

    q = TextField(max_length=WORDS_LENGTH)
    list = TextField(
        max_length=2000,
        required=False,
        help_text=_("The query of a list of the desk that is searched: view=open&priority=4."),
    )
    sort = serializers.ChoiceField([("best", "best"), (NEWEST, NEWEST)], default="best")
    page = serializers.IntegerField(min_value=1, max_value=CAP // PAGE_SIZE, default=1)


class PartSerializer(serializers.Serializer[Any]):
    text = serializers.CharField()
    found = serializers.BooleanField()


class HitSerializer(serializers.Serializer[Any]):
    number = serializers.IntegerField(source="feedback.number")
    received_at = serializers.DateTimeField(source="feedback.received_at")
    subject = PartSerializer(many=True)
    said = PartSerializer(many=True, help_text=_("Around the words, in a message or a note."))
    is_note = serializers.BooleanField()


class FoundSerializer(serializers.Serializer[Any]):
    total = serializers.IntegerField(help_text=_("Counted no further than is worth it."))
    page = serializers.IntegerField()
    hits = HitSerializer(many=True)


class SearchViewSet(viewsets.GenericViewSet[Feedback]):
    queryset = Feedback.objects.none()
    serializer_class = FoundSerializer
    pagination_class = None
    filterset_class = None
    read_scope, read_permission = "feedback:read", "feedback.view_feedback"
    request: SignedInApiRequest

    @extend_schema(
        summary="Search in everything that records hold",
        parameters=[WantedSerializer],
        responses=FoundSerializer,
    )
    def retrieve(self, request: SignedInApiRequest) -> Response:
        wanted = WantedSerializer(data=request.query_params.dict())
        wanted.is_valid(raise_exception=True)
        given = wanted.validated_data
        state = read_list(given.get("list", "view=all"), request)
        try:
            words = read_queue({"view": [state.view], "q": [given["q"]]}, request.user)
        except FilterNotKnown as unknown:
            raise serializers.ValidationError({"q": [str(unknown.message)]}) from unknown
        sort = NEWEST if given["sort"] == NEWEST else ""
        chosen = {**state.chosen, **words.chosen}
        state = replace(state, chosen=chosen, sort=sort, page=given["page"])
        found = search_results(state, understand(given["q"]), request.user)
        told = {"total": found.page.total, "page": found.page.page, "hits": found.hits}
        return Response(FoundSerializer(told).data)
