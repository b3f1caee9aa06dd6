"""Saved views for programs: the lists that the owner of the token has on the desk."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema, extend_schema_field, extend_schema_view
from rest_framework import mixins, serializers, viewsets
from rest_framework.response import Response

from accounts.access import SignedInApiRequest
from accounts.models import Team
from config.kernel.api import InOrder
from config.kernel.api_fields import BigId, TextField, YesNoField
from config.kernel.conditions.errors import ConditionInvalid
from feedback.enums import ViewScope
from feedback.errors import FilterNotKnown, ViewNotAllowed
from feedback.models import SavedView
from feedback.selectors.columns import MOST_COLUMNS
from feedback.selectors.kept_views import read_views
from feedback.selectors.queue import VIEWS
from feedback.services.saved_views import archive_view, save_view

LISTS = [(name, name) for name in VIEWS]
MOST_TEXTS = 50


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
    http_method_names = ["get", "post", "patch", "delete", "head", "options"]
    lookup_value_converter = "int"
    read_scope, write_scope = "feedback:read", "feedback:write"
    read_permission = write_permission = "feedback.view_feedback"
    request: SignedInApiRequest

    def get_queryset(self) -> QuerySet[SavedView]:
        return SavedView.objects.active().visible_to(self.request.user).select_related("team")

    @extend_schema(summary="Archive a saved view", responses={204: None})
    def destroy(self, request: SignedInApiRequest, pk: int) -> Response:
        archive_view(self.get_object(), by=request.user)
        return Response(status=204)
