"""/reopen-policies/: what happens when a customer writes to a settled record, team by team."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import mixins, serializers
from rest_framework.response import Response

from accounts.access import SignedInApiRequest
from accounts.api.setting_actions import SettingActions
from accounts.api.teams import TeamSerializer
from accounts.models import Team
from config.kernel.api import InOrder
from config.kernel.api_fields import StrictInput, WholeField, YesNoField
from config.kernel.numbers import row_id
from feedback.enums import OnAnswer
from feedback.models import ReopenPolicy
from feedback.selectors.reopening import may_set_rule
from feedback.services.reopening import MAX_DAYS, forget_reopening, set_reopening

OTHERS = "others"
WHOSE = OpenApiParameter(
    "whose", {"type": "string", "pattern": "^(others|[1-9][0-9]{0,17})$"}, OpenApiParameter.PATH,
    description="The id of a team, or “others”: all teams without a rule of their own.",
)  # fmt: skip


class ReopenPolicySerializer(serializers.ModelSerializer[ReopenPolicy]):
    team = TeamSerializer(
        read_only=True, allow_null=True, help_text=_("Null: all teams without a rule of their own")
    )
    on_answer = serializers.ChoiceField(OnAnswer.choices, read_only=True)

    class Meta:
        model = ReopenPolicy
        fields = ["id", "team", "on_answer", "days", "keeps_assignee", "close_after_days"]
        read_only_fields = fields


class WriteReopenPolicySerializer(StrictInput):
    """Its names are those of services.reopening.set_reopening."""

    on_answer = serializers.ChoiceField(OnAnswer.choices)
    days = WholeField(
        min_value=1, max_value=MAX_DAYS, default=None, allow_null=True,
        help_text=_("With “within”: for how many days it is opened again."),
    )  # fmt: skip
    keeps_assignee = YesNoField(default=True)
    close_after_days = WholeField(
        min_value=1, max_value=MAX_DAYS, default=None, allow_null=True,
        help_text=_("Null: nothing is closed by itself."),
    )  # fmt: skip

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if attrs["on_answer"] == OnAnswer.WITHIN and not attrs["days"]:
            raise serializers.ValidationError({"days": [_("Say within how many days.")]})
        return attrs


@extend_schema_view(
    list=extend_schema(summary="What happens when a customer writes to a settled record"),
)
class ReopenPolicyViewSet(mixins.ListModelMixin, SettingActions):
    queryset = ReopenPolicy.objects.none()
    serializer_class = ReopenPolicySerializer
    pagination_class = InOrder
    lookup_url_kwarg = "whose"
    lookup_value_converter = "str"
    read_permission = "feedback.view_reopenpolicy"
    write_permission = "feedback.change_reopenpolicy"

    def get_queryset(self) -> QuerySet[ReopenPolicy]:
        return ReopenPolicy.objects.select_related("team")

    @extend_schema(
        summary="The rule of a team, or that for all others; 404 when it has none of its own",
        parameters=[WHOSE],
    )
    def retrieve(self, request: SignedInApiRequest, whose: str) -> Response:
        row = get_object_or_404(self.get_queryset(), team=self._team(whose))
        return Response(self.get_serializer(row).data)

    @extend_schema(
        summary="Write the rule of a team, or that for all others",
        description="Leads write those of the teams they lead.",
        parameters=[WHOSE],
        request=WriteReopenPolicySerializer,
    )
    def update(self, request: SignedInApiRequest, whose: str) -> Response:
        team = self._mine(whose)
        row = set_reopening(team, **self.given(WriteReopenPolicySerializer))
        return Response(self.get_serializer(row).data)

    @extend_schema(
        summary="Let a team go by the rule for all others",
        parameters=[WHOSE],
        responses={204: None},
    )
    def destroy(self, request: SignedInApiRequest, whose: str) -> Response:
        team = self._mine(whose)
        if team is None:
            raise Http404
        forget_reopening(team)
        return Response(status=204)

    def _team(self, whose: str) -> Team | None:
        if whose == OTHERS:
            return None
        pk = row_id(whose)
        if pk is None:
            raise Http404
        return get_object_or_404(Team.objects.active(), pk=pk)

    def _mine(self, whose: str) -> Team | None:
        team = self._team(whose)
        if not may_set_rule(self.request.user, team):
            raise PermissionDenied
        return team
