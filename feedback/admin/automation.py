"""Rules of automation in the admin: names, counts and history. What they do is edited and tried
on pages of the product."""

from django.contrib import admin
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy

from config.kernel.admin.base import ArchivingAdmin
from config.kernel.admin.object_actions import object_action
from feedback.models import AutomationRule
from feedback.services.automation_rules import (
    bring_back_automation,
    remove_automation,
    save_automation,
)


@admin.register(AutomationRule)
class AutomationRuleAdmin(ArchivingAdmin):
    fields = ["name_zh", "name_en", "stop"]
    list_display = ["__str__", "order", "event", "is_active", "hits", "last_hit_at"]
    ordering = ["order", "pk"]
    search_fields = ["name_zh", "name_en"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False  # the product's page asks for the condition and the actions, too

    def save_setting(self, request: HttpRequest, obj: AutomationRule, *, is_new: bool) -> None:
        save_automation(obj)

    def remove_setting(self, request: HttpRequest, obj: AutomationRule) -> bool:
        return remove_automation(obj)

    def bring_back_setting(self, request: HttpRequest, obj: AutomationRule) -> None:
        bring_back_automation(obj)

    @object_action(gettext_lazy("Condition, actions and trial"), is_page=True, permission="view")
    def rule(self, request: HttpRequest, obj: AutomationRule) -> HttpResponse:
        return HttpResponseRedirect(reverse("feedback:automation_rule", args=[obj.pk]))
