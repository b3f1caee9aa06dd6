from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy

from config.kernel.admin.base import ArchivingAdmin
from config.kernel.errors import DomainError
from feedback.admin.categories import uses
from feedback.models import Status
from feedback.services.statuses import (
    bring_back_status,
    ensure_state_may_become,
    remove_status,
    save_status,
)


class StatusForm(forms.ModelForm):
    class Meta:
        model = Status
        fields = [
            "code", "name_zh", "name_en", "state", "customer_label_zh", "customer_label_en",
            "pauses_clock", "order",
        ]  # fmt: skip

    def clean_state(self) -> str:
        state = str(self.cleaned_data["state"])
        try:
            ensure_state_may_become(self.instance, state)
        except DomainError as refusal:
            raise forms.ValidationError(str(refusal.message)) from refusal
        return state


@admin.register(Status)
class StatusAdmin(ArchivingAdmin):
    form = StatusForm
    list_display = ["__str__", "code", "state", "customer_label", "pauses_clock", "use_count"]
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
