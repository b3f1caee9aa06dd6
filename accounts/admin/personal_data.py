from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy

from accounts.models import PersonalDataRules
from config.kernel.admin.base import ReadOnlyAdmin
from config.kernel.admin.object_actions import object_action


@admin.register(PersonalDataRules)
class PersonalDataRulesAdmin(ReadOnlyAdmin):
    """Its history; it is edited on a page of its own in the product."""

    list_display = ["__str__", "in_lists", "in_conversations"]

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.has_perm("accounts.change_personaldatarules"))

    @object_action(gettext_lazy("Edit"), is_page=True, permission="view")
    def edit(self, request: HttpRequest, obj: PersonalDataRules) -> HttpResponse:
        return HttpResponseRedirect(reverse("accounts:personal_data"))
