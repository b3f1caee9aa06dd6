from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from config.kernel.admin.base import SettingAdmin
from feedback.admin.records import OfVisibleRecords
from feedback.models import Commitment, CompensationLimit
from feedback.services.compensation_limits import remove_limit, save_limit


@admin.register(Commitment)
class CommitmentAdmin(OfVisibleRecords):
    """To look through; they are made and settled in the product."""

    list_display = ["feedback", "kind", "state", "owner", "due_on", "created_at"]
    list_filter = ["kind", "state", "decision", "offer"]
    list_select_related = ["feedback", "owner"]
    search_fields = ["=feedback__number", "owner__name"]


@admin.register(CompensationLimit)
class CompensationLimitAdmin(SettingAdmin):
    """What each role may grant by itself; a role that is not listed may grant nothing."""

    fields = ["role", "most"]
    list_display = ["role", "most"]

    def save_setting(self, request: HttpRequest, obj: CompensationLimit, *, is_new: bool) -> None:
        save_limit(obj)

    def remove_setting(self, request: Any, obj: CompensationLimit) -> bool:
        return remove_limit(obj)
