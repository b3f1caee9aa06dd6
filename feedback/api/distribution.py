"""/team-distributions/: how each team gives its records to its members, and what those know."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema, extend_schema_field, extend_schema_view
from rest_framework import mixins, serializers
from rest_framework.generics import get_object_or_404
from rest_framework.response import Response

from accounts.access import SignedInApiRequest
from accounts.api.setting_actions import SettingActions
from accounts.models import Team, User
from config.kernel.api import InOrder
from config.kernel.api_fields import (
    BigId,
    StrictInput,
    TextField,
    WholeField,
    WholeRow,
    YesNoField,
)
from feedback.enums import Distribution
from feedback.models import TeamDistribution
from feedback.selectors.distribution import members_with_skills, teams_to_edit
from feedback.services.routing_rules import distribution_of, save_distribution

MOST = 32_767


class SkillsSerializer(WholeRow):
    """What a member knows: exactly these tags."""

    person = BigId(queryset=User.objects.filter(is_active=True))
    skills = serializers.ListField(child=TextField(max_length=60), max_length=50)


class DistributionSerializer(StrictInput, serializers.ModelSerializer[TeamDistribution]):
    team = serializers.IntegerField(source="team_id", read_only=True)
    mode = serializers.ChoiceField(Distribution.choices, required=False)
    max_open = WholeField(
        min_value=0, max_value=MOST, allow_null=True, required=False,
        help_text=_("Records that wait for us. Empty: no limit."),
    )  # fmt: skip
    by_skill = YesNoField(required=False)
    backlog_hours = WholeField(min_value=1, max_value=MOST, required=False)
    unassign_after_minutes = WholeField(
        min_value=0, max_value=2**31 - 1, allow_null=True, required=False
    )

    class Meta:
        model = TeamDistribution
        fields = [
            "team", "mode", "max_open", "by_skill", "backlog_hours", "unassign_after_minutes",
        ]  # fmt: skip


class WholeDistributionSerializer(DistributionSerializer):
    skills = serializers.SerializerMethodField()

    class Meta(DistributionSerializer.Meta):
        fields = [*DistributionSerializer.Meta.fields, "skills"]

    @extend_schema_field(SkillsSerializer(many=True))
    def get_skills(self, plan: TeamDistribution) -> list[dict[str, Any]]:
        known = members_with_skills(plan.team)
        return [{"person": person.pk, "skills": names} for person, names in known]


class WriteDistributionSerializer(DistributionSerializer):
    skills = SkillsSerializer(many=True, required=False, max_length=500)  # type: ignore[call-arg]

    class Meta(DistributionSerializer.Meta):
        fields = [*DistributionSerializer.Meta.fields, "skills"]

    def validate_skills(self, rows: list[dict[str, Any]]) -> dict[User, list[str]]:
        members = set(self.context["team"].memberships.values_list("user", flat=True))
        if any(one["person"].pk not in members for one in rows):
            raise serializers.ValidationError(_("Somebody here is not in the team."))
        return {one["person"]: one["skills"] for one in rows}


@extend_schema_view(list=extend_schema(summary="How each team in use gives out its records"))
class DistributionViewSet(mixins.ListModelMixin, SettingActions):
    serializer_class = DistributionSerializer
    pagination_class = InOrder
    lookup_url_kwarg = "team"
    read_permission = "feedback.view_teamdistribution"
    write_permission = "feedback.change_teamdistribution"

    def get_queryset(self) -> QuerySet[TeamDistribution]:
        return TeamDistribution.objects.filter(team__archived_at=None)

    @extend_schema(
        summary="How a team gives out its records, and what its members know",
        responses=WholeDistributionSerializer,
    )
    def retrieve(self, request: SignedInApiRequest, team: int) -> Response:
        return self._shown(get_object_or_404(Team.objects.active(), pk=team))

    @extend_schema(
        summary="Change how a team gives out its records: only what is sent",
        request=WriteDistributionSerializer,
        responses=WholeDistributionSerializer,
    )
    def partial_update(self, request: SignedInApiRequest, team: int) -> Response:
        mine = get_object_or_404(teams_to_edit(request.user), pk=team)
        plan = distribution_of(mine)
        wanted = WriteDistributionSerializer(
            plan, data=request.data, partial=True, context={"team": mine}
        )
        wanted.is_valid(raise_exception=True)
        given = dict(wanted.validated_data)
        skills = given.pop("skills", None)
        for name, value in given.items():
            setattr(plan, name, value)
        save_distribution(plan, skills=skills)
        return self._shown(mine)

    def _shown(self, team: Team) -> Response:
        return Response(WholeDistributionSerializer(distribution_of(team)).data)
