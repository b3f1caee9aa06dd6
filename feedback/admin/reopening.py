from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from config.kernel.admin.base import SettingAdmin
from feedback.models import ReopenPolicy
from feedback.services.reopening import forget_reopening, set_reopening


@admin.register(ReopenPolicy)
class ReopenPolicyAdmin(SettingAdmin):
    fields = ["team", "on_answer", "days", "keeps_assignee", "close_after_days"]
    list_display = ["__str__", "on_answer", "days", "keeps_assignee", "close_after_days"]
    list_select_related = ["team"]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """The rule for all others stays."""
        may = super().has_delete_permission(request, obj)
        return may and (obj is None or obj.team_id is not None)

    def save_setting(self, request: HttpRequest, obj: ReopenPolicy, *, is_new: bool) -> None:
        row = set_reopening(
            obj.team,
            on_answer=obj.on_answer,
            days=obj.days,
            keeps_assignee=obj.keeps_assignee,
            close_after_days=obj.close_after_days,
        )
        obj.pk = row.pk

    def remove_setting(self, request: HttpRequest, obj: ReopenPolicy) -> bool:
        if obj.team is not None:
            forget_reopening(obj.team)
        return obj.team is not None

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return [] if obj is None else ["team"]
