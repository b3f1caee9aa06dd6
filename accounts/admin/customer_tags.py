from typing import Any

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy

from accounts.models import CustomerTag
from accounts.services.customer_tags import (
    bring_back_customer_tag,
    remove_customer_tag,
    save_customer_tag,
)
from config.kernel.admin.base import ArchivingAdmin


@admin.register(CustomerTag)
class CustomerTagAdmin(ArchivingAdmin):
    fields = ["name"]
    list_display = ["name", "use_count"]
    search_fields = ["name"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[CustomerTag]:
        return super().get_queryset(request).annotate(use_number=Count("customers"))

    @admin.display(description=gettext_lazy("customers"), ordering="use_number")
    def use_count(self, tag: Any) -> int:
        return int(tag.use_number)

    def save_setting(self, request: HttpRequest, obj: CustomerTag, *, is_new: bool) -> None:
        save_customer_tag(obj)

    def remove_setting(self, request: HttpRequest, obj: CustomerTag) -> bool:
        return remove_customer_tag(obj)

    def bring_back_setting(self, request: HttpRequest, obj: CustomerTag) -> None:
        bring_back_customer_tag(obj)
