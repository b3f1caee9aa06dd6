from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy

from accounts.models import MailLimits, MailStop
from config.kernel.admin.base import ReadOnlyAdmin
from config.kernel.admin.object_actions import object_action


@admin.register(MailLimits)
class MailLimitsAdmin(ReadOnlyAdmin):
    """Its history; it is edited on a page of its own in the product."""

    list_display = ["__str__", "acknowledgements", "to_address", "about_record"]

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.has_perm("accounts.change_maillimits"))

    @object_action(gettext_lazy("Edit"), is_page=True, permission="view")
    def edit(self, request: HttpRequest, obj: MailLimits) -> HttpResponse:
        return HttpResponseRedirect(reverse("accounts:mail_limits"))


@admin.register(MailStop)
class MailStopAdmin(ReadOnlyAdmin):
    """When automatic mail was stopped, and who let it go on."""

    list_display = ["since", "sent", "stopped_by", "resumed_at", "resumed_by"]
    list_select_related = ["stopped_by", "resumed_by"]

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.has_perm("accounts.change_maillimits"))
