"""/teams/: people who share a queue; /staff/: colleagues and their numbers."""

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters
from drf_spectacular.utils import OpenApiExample, extend_schema, extend_schema_view
from rest_framework import mixins, serializers, viewsets
from rest_framework.decorators import action
from rest_framework.exceptions import NotFound
from rest_framework.response import Response

from accounts.access import SignedInApiRequest
from accounts.api.people import StaffSerializer
from accounts.api.setting_actions import Archivable, ArchivedSettings
from accounts.enums import Availability
from accounts.models import Membership, Team, User
from accounts.services.teams import (
    bring_back_team,
    remove_member,
    remove_team,
    save_team,
    set_member,
)
from config.kernel.api import InOrder
from config.kernel.api_fields import StrictInput, TextField, YesNoField
from config.kernel.api_filters import YES_NO


class TeamSerializer(serializers.ModelSerializer[Team]):
    class Meta:
        model = Team
        fields = ["id", "name_zh", "name_en"]


class WholeTeamSerializer(StrictInput, Archivable, serializers.ModelSerializer[Team]):
    name_zh = TextField(max_length=120)
    name_en = TextField(max_length=120)

    class Meta:
        model = Team
        fields = ["id", "name_zh", "name_en", "is_archived"]


class MemberSerializer(serializers.ModelSerializer[Membership]):
    user = StaffSerializer(read_only=True)

    class Meta:
        model = Membership
        fields = ["user", "is_lead"]
        read_only_fields = fields


class WriteMemberSerializer(StrictInput):
    is_lead = YesNoField(default=False, help_text=_("Whether they lead the team."))


@extend_schema_view(
    list=extend_schema(summary="List the teams in use"),
    retrieve=extend_schema(summary="One team"),
    create=extend_schema(
        summary="Add a team",
        responses={201: WholeTeamSerializer},
        examples=[
            OpenApiExample("A team", {"name_zh": "维修", "name_en": "Repairs"}, request_only=True)
        ],
    ),
    partial_update=extend_schema(summary="Call a team something else"),
    destroy=extend_schema(
        summary="Remove a team",
        description="One that ever had anything to do is archived; its records stay with it.",
        responses={204: None},
    ),
)
class TeamViewSet(ArchivedSettings):
    queryset = Team.objects.all()
    serializer_class = WholeTeamSerializer
    read_permission, write_permission = "feedback.view_feedback", "accounts.change_team"
    permission_by_action = {
        "create": "accounts.add_team",
        "destroy": "accounts.delete_team",
        "set_member": "accounts.change_membership",
        "remove_member": "accounts.delete_membership",
    }
    save_row = staticmethod(save_team)
    remove_row = staticmethod(remove_team)
    bring_back_row = staticmethod(bring_back_team)

    @extend_schema(
        summary="Who belongs to a team, and who leads it",
        responses=MemberSerializer(many=True),
    )
    @action(detail=True, filterset_class=None)
    def members(self, request: SignedInApiRequest, pk: int) -> Response:
        rows: Any = Membership.objects.filter(team=self.get_object()).select_related("user")
        page: Any = self.paginate_queryset(rows)
        return self.get_paginated_response(MemberSerializer(page, many=True).data)

    @extend_schema(
        summary="Take a colleague into a team, or say whether they lead it",
        request=WriteMemberSerializer,
        responses=MemberSerializer,
        examples=[OpenApiExample("A lead", {"is_lead": True}, request_only=True)],
    )
    @action(detail=True, methods=["put"], url_path="members/<int:user>", url_name="member")
    def set_member(self, request: SignedInApiRequest, pk: int, user: int) -> Response:
        team, given = self.get_object(), self.given(WriteMemberSerializer)
        person = get_object_or_404(User, pk=user, is_active=True)
        return Response(MemberSerializer(set_member(team, person, **given)).data)

    @extend_schema(
        summary="Let somebody go from a team",
        description="What they have of its records stays theirs until it is given away.",
        responses={204: None},
    )
    @set_member.mapping.delete
    def remove_member(self, request: SignedInApiRequest, pk: int, user: int) -> Response:
        if not remove_member(self.get_object(), user):
            raise NotFound
        return Response(status=204)


class ColleagueSerializer(serializers.ModelSerializer[User]):
    availability = serializers.ChoiceField(Availability.choices, read_only=True)
    teams: Any = serializers.PrimaryKeyRelatedField(many=True, read_only=True)

    class Meta:
        model = User
        fields = ["id", "name", "is_active", "availability", "teams"]
        read_only_fields = fields


class ColleagueFilter(filters.FilterSet):
    q = filters.CharFilter("name", lookup_expr="icontains", label=_("A piece of the name"))
    team = filters.NumberFilter(
        "memberships__team", min_value=1, max_value=2**63 - 1, label=_("Belongs to this team")
    )
    is_active = filters.ChoiceFilter(
        choices=YES_NO, method="by_access", label=_("Whether they may still sign in")
    )

    class Meta:
        model = User
        fields: list[str] = []

    def by_access(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.filter(is_active=value == "true")


@extend_schema_view(
    list=extend_schema(
        summary="List colleagues: whom records and tasks can be given to",
        description="Accounts and roles are made by admins in the browser only.",
    ),
    retrieve=extend_schema(summary="One colleague"),
)
class StaffViewSet(
    mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[User]
):
    queryset = User.objects.none()
    serializer_class = ColleagueSerializer
    filterset_class = ColleagueFilter
    pagination_class = InOrder
    lookup_value_converter = "int"
    read_scope, read_permission = "feedback:read", "feedback.view_feedback"
    request: SignedInApiRequest

    def get_queryset(self) -> QuerySet[User]:
        return User.objects.prefetch_related("teams")
