"""Saved views for programs: the lists that the owner of the token has on the desk."""

from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema, extend_schema_field, extend_schema_view
from rest_framework import mixins, serializers, viewsets
from rest_framework.decorators import action
from rest_framework.exceptions import PermissionDenied
from rest_framework.response import Response

from accounts.access import SignedInApiRequest
from accounts.api.permissions import may_see_customers, needs_a_scope
from accounts.api.setting_actions import ArchivedFilter, MoveSerializer
from accounts.models import Team
from config.kernel.api import InOrder
from config.kernel.api_fields import BigId, StrictInput, TextField, YesNoField
from config.kernel.conditions.errors import ConditionInvalid
from feedback.api.about_customers import asks_about_customers, ensure_list_may_be_asked
from feedback.enums import ViewScope
from feedback.errors import FilterNotKnown, ViewNotAllowed
from feedback.models import SavedView
from feedback.selectors.columns import MOST_COLUMNS
from feedback.selectors.kept_views import read_views
from feedback.selectors.queue import CAP, VIEWS, read_query
from feedback.selectors.saved_views import count_views
from feedback.services.saved_views import (
    archive_view,
    begin_with,
    bring_back_view,
    copy_view,
    move_view,
    save_view,
)

LISTS = [(name, name) for name in VIEWS]
MOST_TEXTS = 50
COUNTED_AT_MOST = 50


@extend_schema_field({"type": "array", "items": {}, "minItems": 1})
class TreeField(serializers.Field):
    """The tree of a condition, as docs/conditions.md describes it; checked when it is kept."""

    def to_internal_value(self, data: Any) -> Any:
        if not isinstance(data, list) or not data:
            raise serializers.ValidationError(_("This is not a condition."))
        return data

    def to_representation(self, value: Any) -> Any:
        return value


class SavedViewSerializer(serializers.ModelSerializer[SavedView]):
    """A list that somebody kept. `GET /feedback/?saved_view=` gives what it shows."""

    name_zh = TextField(max_length=120, allow_blank=True, required=False)
    name_en = TextField(max_length=120, allow_blank=True, required=False)
    scope = serializers.ChoiceField(ViewScope.choices, required=False)
    team = BigId(queryset=Team.objects.active(), allow_null=True, required=False)
    view = serializers.ChoiceField(LISTS)
    filters = serializers.DictField(
        child=serializers.ListField(child=TextField(max_length=200), max_length=MOST_TEXTS),
        required=False,
        help_text=_("As the address of the queue has them: filter → values."),
    )
    condition = TreeField(required=False)
    sort = TextField(max_length=60, allow_blank=True, required=False)
    columns = serializers.ListField(
        child=TextField(max_length=60), max_length=MOST_COLUMNS, required=False
    )
    is_pinned = YesNoField(required=False)
    problems = serializers.SerializerMethodField(
        help_text=_("Why it shows nothing at present; empty when all is well.")
    )

    class Meta:
        model = SavedView
        fields = [
            "id", "name_zh", "name_en", "scope", "team", "view", "filters", "condition", "sort",
            "columns", "is_pinned", "problems",
        ]  # fmt: skip
        read_only_fields = ["id"]

    @extend_schema_field({"type": "array", "items": {"type": "string"}})
    def get_problems(self, view: SavedView) -> list[str]:
        """Read together for a whole page."""
        context: Any = self.context
        known = context.setdefault("problems", {})
        if view.pk not in known or not self.parent:
            rows: Any = self.parent.instance if self.parent else [view]
            read = read_views(list(rows), context["request"].user)
            known.update({one.pk: list(one.problems) for one in read})
        problems: list[str] = known[view.pk]
        return problems

    def save(self, **kwargs: Any) -> SavedView:
        view = self.instance if isinstance(self.instance, SavedView) else SavedView()
        for name, value in self.validated_data.items():
            setattr(view, name, value)
        if view.scope != ViewScope.TEAM:
            view.team = None
        by = self.context["request"].user
        if asks_about_customers(view) and not may_see_customers(self.context["request"]):
            raise serializers.ValidationError({"view": [needs_a_scope("customer")]})
        try:
            self.instance = save_view(view, by=by)
        except ConditionInvalid as invalid:
            raise serializers.ValidationError(
                {"condition": [problem.message for problem in invalid.problems]}
            ) from invalid
        except FilterNotKnown as unknown:
            raise serializers.ValidationError({"filters": [str(unknown.message)]}) from unknown
        except ViewNotAllowed as refusal:
            raise serializers.ValidationError({"view": [str(refusal.message)]}) from refusal
        return self.instance


class ViewCountSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    count = serializers.IntegerField(allow_null=True)


class CountsSerializer(serializers.Serializer[Any]):
    views = ViewCountSerializer(many=True)
    counted_up_to = serializers.IntegerField()


class StartSerializer(StrictInput):
    list = TextField(
        max_length=1000,
        allow_blank=True,
        help_text=_("The query of a list: view=mine, or saved=12; empty: as usual."),
    )


class AsInSidebar(InOrder):
    ordering = ("order", "id")


@extend_schema_view(
    list=extend_schema(summary="List the saved views that you have"),
    retrieve=extend_schema(summary="One saved view"),
    create=extend_schema(summary="Keep a list under a name"),
    partial_update=extend_schema(summary="Change a saved view"),
)
class SavedViewViewSet(
    mixins.ListModelMixin,
    mixins.RetrieveModelMixin,
    mixins.CreateModelMixin,
    mixins.UpdateModelMixin,
    viewsets.GenericViewSet[SavedView],
):
    queryset = SavedView.objects.none()
    serializer_class = SavedViewSerializer
    pagination_class = AsInSidebar
    filterset_class = ArchivedFilter
    http_method_names = ["get", "post", "patch", "delete", "head", "options"]
    lookup_value_converter = "int"
    read_scope, write_scope = "feedback:read", "feedback:write"
    read_permission = write_permission = "feedback.view_feedback"
    request: SignedInApiRequest

    def get_queryset(self) -> QuerySet[SavedView]:
        mine = SavedView.objects.visible_to(self.request.user).select_related("team")
        archived = self.request.query_params.get("archived") == "true"
        put_away = self.action == "restore" or (self.action == "list" and archived)
        return mine.filter(archived_at__isnull=not put_away)

    @extend_schema(
        summary="How many records each of your views has",
        description="`count` stops at `counted_up_to`; null where it takes longer than is worth "
        "it, or the view is broken.",
        responses=CountsSerializer,
    )
    @action(detail=False, filterset_class=None, pagination_class=None)
    def counts(self, request: SignedInApiRequest) -> Response:
        views = SavedView.objects.active().visible_to(request.user).in_order()
        named = may_see_customers(request)
        asked = [one for one in views[:COUNTED_AT_MOST] if named or not asks_about_customers(one)]
        kept = read_views(asked, request.user)
        counts = count_views(kept, request.user)
        rows = [
            {"id": one.pk, "count": None if one.problems else counts.get(one.pk)} for one in kept
        ]
        return Response(CountsSerializer({"views": rows, "counted_up_to": CAP}).data)

    @extend_schema(
        summary="A view of your own that shows the same",
        request=None,
        responses={201: SavedViewSerializer},
    )
    @action(detail=True, methods=["post"])
    def copy(self, request: SignedInApiRequest, pk: int) -> Response:
        copied = self._or_refused(lambda: copy_view(self.get_object(), by=request.user))
        return Response(self.get_serializer(copied).data, status=201)

    @extend_schema(
        summary="One place up or down", request=MoveSerializer, responses=SavedViewSerializer
    )
    @action(detail=True, methods=["post"])
    def move(self, request: SignedInApiRequest, pk: int) -> Response:
        view = self.get_object()
        wanted = MoveSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        self._or_refused(lambda: move_view(view, by=request.user, **wanted.validated_data))
        return Response(self.get_serializer(view).data)

    @extend_schema(summary="Use an archived view again", request=None)
    @action(detail=True, methods=["post"])
    def restore(self, request: SignedInApiRequest, pk: int) -> Response:
        view = self.get_object()
        self._or_refused(lambda: bring_back_view(view, by=request.user))
        return Response(self.get_serializer(view).data)

    @extend_schema(
        summary="The list that your queue opens with",
        request=StartSerializer,
        responses=StartSerializer,
    )
    @action(detail=False, methods=["post"], filterset_class=None, pagination_class=None)
    def start(self, request: SignedInApiRequest) -> Response:
        wanted = StartSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        query = wanted.validated_data["list"]
        if query:
            ensure_list_may_be_asked(query, request)
            try:
                query = read_query(query, request.user).query
            except FilterNotKnown as unknown:
                raise serializers.ValidationError({"list": [str(unknown.message)]}) from unknown
        begin_with(query, by=request.user)
        return Response({"list": query})

    @staticmethod
    def _or_refused(act: Callable[[], Any]) -> Any:
        try:
            return act()
        except ViewNotAllowed as refusal:
            raise PermissionDenied(str(refusal.message)) from refusal

    @extend_schema(summary="Archive a saved view", responses={204: None})
    def destroy(self, request: SignedInApiRequest, pk: int) -> Response:
        archive_view(self.get_object(), by=request.user)
        return Response(status=204)
