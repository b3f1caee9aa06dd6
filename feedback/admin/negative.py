from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy

from config.kernel.admin.base import ReadOnlyAdmin
from config.kernel.admin.object_actions import object_action
from feedback.admin.records import OfVisibleRecords
from feedback.models import NegativeCase, NegativeRule, QualityTrace


@admin.register(NegativeRule)
class NegativeRuleAdmin(ReadOnlyAdmin):
    """Its history; it is edited on a page of its own in the product."""

    list_display = ["__str__", "is_active", "required"]

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.has_perm("feedback.change_negativerule"))

    @object_action(gettext_lazy("Edit"), is_page=True, permission="view")
    def edit(self, request: HttpRequest, obj: NegativeRule) -> HttpResponse:
        return HttpResponseRedirect(reverse("feedback:negative_rule"))


@admin.register(NegativeCase)
class NegativeCaseAdmin(OfVisibleRecords):
    list_display = ["feedback", "started_at", "started_by", "excuse"]
    list_select_related = ["feedback", "started_by"]
    search_fields = ["=feedback__number"]


@admin.register(QualityTrace)
class QualityTraceAdmin(OfVisibleRecords):
    list_display = ["feedback", "state", "product", "batch", "owner", "started_at"]
    list_filter = ["state", "product"]
    list_select_related = ["feedback", "product", "owner"]
    search_fields = ["=feedback__number", "batch", "order_number"]
