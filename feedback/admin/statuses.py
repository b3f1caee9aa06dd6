from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy

from config.kernel.admin.base import ArchivingAdmin
from feedback.admin.categories import uses
from feedback.forms.statuses import StatusForm
from feedback.models import Status
from feedback.services.statuses import bring_back_status, remove_status, save_status


@admin.register(Status)
class StatusAdmin(ArchivingAdmin):
    form = StatusForm
    list_display = [
        "__str__", "code", "state", "customer_label", "pauses_clock", "next_status", "use_count",
    ]  # fmt: skip
    list_select_related = ["next_status"]
    list_filter = ["state"]
    search_fields = ["code", "name_zh", "name_en"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Status]:
        return super().get_queryset(request).annotate(use_number=uses("status"))

    @admin.display(description=gettext_lazy("for customers"))
    def customer_label(self, status: Status) -> str:
        return status.customer_label

    @admin.display(description=gettext_lazy("records"), ordering="use_number")
    def use_count(self, status: Any) -> int:
        return int(status.use_number)

    def save_setting(self, request: HttpRequest, obj: Status, *, is_new: bool) -> None:
        save_status(obj)

    def remove_setting(self, request: HttpRequest, obj: Status) -> bool:
        return remove_status(obj)

    def bring_back_setting(self, request: HttpRequest, obj: Status) -> None:
        bring_back_status(obj)
