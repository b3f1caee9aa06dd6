"""Routing in the admin: names, counts and history. Rules have pages of their own in the product,
where they are tried out before they are saved."""

from typing import cast

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy

from accounts.models import User
from config.kernel.admin.base import ArchivingAdmin, SettingAdmin
from config.kernel.admin.object_actions import object_action
from feedback.models import RoutingRule, Skill, TeamDistribution
from feedback.services.routing_rules import (
    bring_back_rule,
    remove_rule,
    save_distribution,
    save_rule,
)


@admin.register(RoutingRule)
class RoutingRuleAdmin(ArchivingAdmin):
    fields = ["name_zh", "name_en", "set_team", "set_assignee", "set_priority"]
    autocomplete_fields = ["set_team", "set_assignee"]
    list_display = ["__str__", "order", "set_team", "set_assignee", "is_active", "hits"]
    list_select_related = ["set_team", "set_assignee"]
    ordering = ["is_catch_all", "order", "pk"]
    search_fields = ["name_zh", "name_en"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False  # the product's page asks for the condition, too

    def save_setting(self, request: HttpRequest, obj: RoutingRule, *, is_new: bool) -> None:
        save_rule(obj, by=cast("User", request.user))

    def remove_setting(self, request: HttpRequest, obj: RoutingRule) -> bool:
        return remove_rule(obj, by=cast("User", request.user))

    def bring_back_setting(self, request: HttpRequest, obj: RoutingRule) -> None:
        bring_back_rule(obj, by=cast("User", request.user))

    @object_action(gettext_lazy("Condition and trial"), is_page=True, permission="view")
    def condition(self, request: HttpRequest, obj: RoutingRule) -> HttpResponse:
        return HttpResponseRedirect(reverse("feedback:edit_rule", args=[obj.pk]))


@admin.register(TeamDistribution)
class TeamDistributionAdmin(SettingAdmin):
    fields = ["team", "mode", "max_open", "by_skill", "backlog_hours", "unassign_after_minutes"]
    autocomplete_fields = ["team"]
    list_display = ["team", "mode", "max_open", "by_skill", "unassign_after_minutes"]
    list_select_related = ["team"]

    def save_setting(self, request: HttpRequest, obj: TeamDistribution, *, is_new: bool) -> None:
        save_distribution(obj)

    def remove_setting(self, request: HttpRequest, obj: TeamDistribution) -> bool:
        obj.delete()
        return True


@admin.register(Skill)
class SkillAdmin(SettingAdmin):
    fields = ["user", "tag"]
    autocomplete_fields = ["user", "tag"]
    list_display = ["user", "tag"]
    list_select_related = ["user", "tag"]
    search_fields = ["user__name", "tag__name"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Skill]:
        return super().get_queryset(request).order_by("user__name", "tag__name")

    def save_setting(self, request: HttpRequest, obj: Skill, *, is_new: bool) -> None:
        obj.save()

    def remove_setting(self, request: HttpRequest, obj: Skill) -> bool:
        obj.delete()
        return True
