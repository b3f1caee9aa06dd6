from typing import Any

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.admin.memberships import SavesMemberships
from accounts.models import Membership, MembershipEvent, Organisation, Team
from accounts.services.organisations import (
    archive_organisation,
    bring_back_organisation,
    save_organisation,
)
from accounts.services.teams import bring_back_team, remove_team, save_team
from config.kernel.admin.base import ArchivingAdmin
from config.kernel.admin.history import Change, changes_of_parts


class MembersOfATeam(admin.TabularInline):
    model = Membership
    fields = ["user", "is_lead"]
    autocomplete_fields = ["user"]
    extra = 0
    verbose_name = gettext_lazy("member")
    verbose_name_plural = gettext_lazy("members")


@admin.register(Team)
class TeamAdmin(SavesMemberships, ArchivingAdmin):
    inlines = [MembersOfATeam]
    fields = ["name_zh", "name_en"]
    list_display = ["__str__", "name_zh", "name_en", "member_count"]
    search_fields = ["name_zh", "name_en"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Team]:
        return super().get_queryset(request).annotate(member_number=Count("memberships"))

    @admin.display(description=gettext_lazy("members"), ordering="member_number")
    def member_count(self, team: Any) -> int:
        return int(team.member_number)

    def changes_around(self, obj: Team) -> list[Change]:
        members = MembershipEvent.objects.filter(team=obj)
        return changes_of_parts(members, part="user", label=_("member"))

    def save_setting(self, request: HttpRequest, obj: Team, *, is_new: bool) -> None:
        save_team(obj)

    def remove_setting(self, request: HttpRequest, obj: Team) -> bool:
        return remove_team(obj)

    def bring_back_setting(self, request: HttpRequest, obj: Team) -> None:
        bring_back_team(obj)


@admin.register(Organisation)
class OrganisationAdmin(ArchivingAdmin):
    fields = ["name", "domain", "tier", "owner", "note"]
    autocomplete_fields = ["owner"]
    list_display = ["name", "domain", "tier", "owner", "customer_count"]
    list_select_related = ["owner"]
    search_fields = ["name", "domain"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Organisation]:
        return super().get_queryset(request).annotate(customer_number=Count("customers"))

    @admin.display(description=gettext_lazy("customers"), ordering="customer_number")
    def customer_count(self, organisation: Any) -> int:
        return int(organisation.customer_number)

    def save_setting(self, request: HttpRequest, obj: Organisation, *, is_new: bool) -> None:
        save_organisation(obj)

    def remove_setting(self, request: HttpRequest, obj: Organisation) -> bool:
        return archive_organisation(obj)

    def bring_back_setting(self, request: HttpRequest, obj: Organisation) -> None:
        bring_back_organisation(obj)
