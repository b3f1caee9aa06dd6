"""/columns/: how the person behind the token wants to see one of their lists."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers, viewsets
from rest_framework.response import Response

from accounts.access import SignedInApiRequest
from accounts.api.permissions import may_see_customers, needs_a_scope
from config.kernel.api_fields import StrictInput, TextField
from feedback.api.about_customers import is_column_of_customers
from feedback.api.bulk_jobs import read_list
from feedback.errors import ViewNotAllowed
from feedback.models import Feedback
from feedback.selectors.columns import MOST_COLUMNS, columns_offered
from feedback.selectors.queue import VIEWS, QueueState, columns_of
from feedback.services.saved_views import keep_columns


class ListSerializer(StrictInput):
    list = TextField(
        max_length=2000,
        help_text=_("The query of a list of the desk: view=open&priority=4, or saved=12."),
    )


class WriteColumnsSerializer(ListSerializer):
    columns = serializers.ListField(
        child=TextField(max_length=60),
        max_length=MOST_COLUMNS,
        help_text=_("From left to right; none: as usual."),
    )


class OfferedColumnSerializer(serializers.Serializer[Any]):
    name = serializers.CharField()
    label: Any = serializers.CharField()
    group = serializers.CharField()
    sorts = serializers.BooleanField(help_text=_("Whether this list can be put in its order."))


class ColumnsSerializer(serializers.Serializer[Any]):
    columns = serializers.ListField(child=serializers.CharField())
    is_own = serializers.BooleanField(help_text=_("Chosen by you, and not the usual ones."))
    offered = OfferedColumnSerializer(many=True)


class ColumnsViewSet(viewsets.GenericViewSet[Feedback]):
    queryset = Feedback.objects.none()
    serializer_class = ColumnsSerializer
    pagination_class = None
    filterset_class = None
    read_scope, write_scope = "feedback:read", "feedback:write"
    read_permission = write_permission = "feedback.view_feedback"
    request: SignedInApiRequest

    @extend_schema(summary="The columns of a list, and those that there are",
                   parameters=[ListSerializer], responses=ColumnsSerializer)  # fmt: skip
    def retrieve(self, request: SignedInApiRequest) -> Response:
        wanted = ListSerializer(data=request.query_params.dict())
        wanted.is_valid(raise_exception=True)
        return self._shown(read_list(wanted.validated_data["list"], request))

    @extend_schema(
        summary="Choose the columns of a list and their order",
        description="For you only, on the pages, in files and here; a saved view has its own.",
        request=WriteColumnsSerializer,
        responses=ColumnsSerializer,
        examples=[
            OpenApiExample(
                "Three columns",
                {"list": "view=open", "columns": ["number", "subject", "assignee"]},
                request_only=True,
            )
        ],
    )
    def update(self, request: SignedInApiRequest) -> Response:
        wanted = WriteColumnsSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        given = wanted.validated_data
        state = read_list(given["list"], request)
        closed = any(is_column_of_customers(name) for name in given["columns"])
        if closed and not may_see_customers(request):
            raise serializers.ValidationError({"columns": [needs_a_scope("customer")]})
        try:
            keep_columns(state.key, given["columns"], by=request.user)
        except ViewNotAllowed as refusal:
            raise serializers.ValidationError({"columns": [str(refusal.message)]}) from refusal
        request.user.refresh_from_db(fields=["list_choices"])
        return self._shown(state)

    def _shown(self, state: QueueState) -> Response:
        user = self.request.user
        own = user.list_choices.get("columns") or {}
        everything = VIEWS[state.view].everything
        named = may_see_customers(self.request)
        offered = [
            {"name": one.name, "label": str(one.label), "group": str(one.group),
             "sorts": one.sorts(everything=everything)}
            for one in columns_offered(user)
            if named or not is_column_of_customers(one.name)
        ]  # fmt: skip
        names = [one.name for one in columns_of(state, user)]
        names = [name for name in names if named or not is_column_of_customers(name)]
        told = {"columns": names, "is_own": state.key in own, "offered": offered}
        return Response(ColumnsSerializer(told).data)
