from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy

from config.kernel.admin.base import ReadOnlyAdmin, SettingAdmin
from feedback.forms.retention import RetentionRuleForm
from feedback.models import RetentionRule, RetentionRun
from feedback.services.retention import remove_rule, save_rule


@admin.register(RetentionRule)
class RetentionRuleAdmin(SettingAdmin):
    """Switched on where its dry run is seen: on the page in the product."""

    form = RetentionRuleForm
    list_display = ["__str__", "after_days", "basis", "action", "is_active"]
    search_fields = ["name_zh", "name_en"]

    def save_setting(self, request: HttpRequest, obj: Any, *, is_new: bool) -> None:
        save_rule(obj)

    def remove_setting(self, request: HttpRequest, obj: Any) -> bool:
        remove_rule(obj)
        return True


@admin.register(RetentionRun)
class RetentionRunAdmin(ReadOnlyAdmin):
    list_display = ["rule_name", "action", "at", "done", "held"]
    list_filter = ["action"]
    search_fields = ["rule_name"]

    @admin.display(description=gettext_lazy("records"))
    def done(self, run: RetentionRun) -> int:
        return run.done
