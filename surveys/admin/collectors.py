from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy

from config.kernel.admin.base import SettingAdmin
from surveys.enums import CollectorChannel
from surveys.models import Collector
from surveys.services.editing import remove_collector, save_collector

# What works so far; the model knows more names, so that stored rows need not change later.
CHANNELS = [
    CollectorChannel.FOLLOW_UP,
    CollectorChannel.LINK,
    CollectorChannel.QR,
    CollectorChannel.EMBED,
    CollectorChannel.POPUP,
    CollectorChannel.KIOSK,
    CollectorChannel.EMAIL,
    CollectorChannel.PHONE,
]


class CollectorForm(forms.ModelForm):
    channel = forms.ChoiceField(
        label=gettext_lazy("channel"), choices=[(one.value, one.label) for one in CHANNELS]
    )

    class Meta:
        model = Collector
        fields = [
            "survey", "name", "channel", "is_active", "delay", "quiet_days", "same_survey_days",
            "valid_days", "opens_at", "closes_at", "response_limit", "duplicates", "language",
        ]  # fmt: skip

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        opens_at, closes_at = cleaned.get("opens_at"), cleaned.get("closes_at")
        if opens_at and closes_at and closes_at <= opens_at:
            self.add_error("closes_at", gettext_lazy("It must close after it opens."))
        delay = cleaned.get("delay")
        if delay is not None and delay.total_seconds() < 0:
            self.add_error("delay", gettext_lazy("Nobody can be asked before it is resolved."))
        return cleaned


@admin.register(Collector)
class CollectorAdmin(SettingAdmin):
    """The ways a survey reaches people. One that people came by is switched off, not deleted."""

    form = CollectorForm
    autocomplete_fields = ["survey"]
    list_display = ["name", "survey", "channel", "is_active", "delay", "opens_at", "closes_at"]
    list_filter = ["channel", "is_active"]
    list_select_related = ["survey"]
    search_fields = ["name", "survey__title_zh", "survey__title_en"]
    history_hidden = ["token"]

    def save_setting(self, request: HttpRequest, obj: Collector, *, is_new: bool) -> None:
        save_collector(obj)

    def remove_setting(self, request: HttpRequest, obj: Collector) -> bool:
        return remove_collector(obj.pk)
