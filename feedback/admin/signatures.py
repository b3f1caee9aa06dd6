from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from config.kernel.admin.base import SettingAdmin
from feedback.models import Signature
from feedback.services.signatures import save_signature


@admin.register(Signature)
class SignatureAdmin(SettingAdmin):
    """To look after what stands below answers; written on the page of the person or the team."""

    fields = ["user", "team", "body_zh", "body_en"]
    readonly_fields = ["user", "team"]
    list_display = ["__str__", "user", "team"]
    list_select_related = ["user", "team"]
    search_fields = ["user__name", "team__name_zh", "team__name_en", "body_zh", "body_en"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def save_setting(self, request: HttpRequest, obj: Signature, *, is_new: bool) -> None:
        texts: dict[str, Any] = {"body_zh": obj.body_zh, "body_en": obj.body_en}
        save_signature(user=obj.user, team=obj.team, **texts)

    def remove_setting(self, request: HttpRequest, obj: Signature) -> bool:
        save_signature(user=obj.user, team=obj.team, body_zh="", body_en="")
        return True
