"""Macros in the admin: names, history, archive. What they do has a page in the product, where
it is chosen from what there is."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy

from config.kernel.admin.base import ArchivingAdmin
from config.kernel.admin.object_actions import object_action
from feedback.models import Macro
from feedback.selectors.macros import in_words
from feedback.services.macros import bring_back_macro, remove_macro, save_macro


@admin.register(Macro)
class MacroAdmin(ArchivingAdmin):
    fields = ["name_zh", "name_en", "team", "owner", "does", "used"]
    readonly_fields = ["team", "owner", "does", "used"]
    list_display = ["__str__", "team", "owner", "used"]
    list_filter = ["team"]
    list_select_related = ["team", "owner"]
    search_fields = ["name_zh", "name_en"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    @admin.display(description=gettext_lazy("what it does"))
    def does(self, macro: Any) -> str:
        return in_words([macro])[0].sentence if macro.pk else ""

    def save_setting(self, request: HttpRequest, obj: Macro, *, is_new: bool) -> None:
        save_macro(obj)

    def remove_setting(self, request: HttpRequest, obj: Macro) -> bool:
        return remove_macro(obj)

    def bring_back_setting(self, request: HttpRequest, obj: Macro) -> None:
        bring_back_macro(obj)

    @object_action(gettext_lazy("Edit what it does"), is_page=True, permission="view")
    def edit_changes(self, request: HttpRequest, obj: Macro) -> HttpResponse:
        return HttpResponseRedirect(reverse("feedback:edit_macro", args=[obj.pk]))
