from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from analytics.models import Alert, AlertRule
from config.kernel.admin.base import ReadOnlyAdmin


@admin.register(Alert)
class AlertAdmin(ReadOnlyAdmin):
    """Alerts; what is done about them is done on their pages."""

    fields = [
        "rule", "kind", "metric", "each", "series", "filters", "team", "day", "last_day", "side",
        "value", "expected", "low", "high", "evidence_count", "opened_at", "ended_at", "told_at",
        "acknowledged_at", "acknowledged_by", "dismissed_at", "dismissed_by", "dismissal", "note",
        "problem",
    ]  # fmt: skip
    list_display = ["day", "kind", "metric", "series", "team", "value", "opened_at", "ended_at"]
    list_filter = ["kind", "dismissal"]
    list_select_related = ["team"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Alert]:
        seen = Alert.objects.visible_to(request.user)
        return super().get_queryset(request).filter(pk__in=seen.values("pk"))


@admin.register(AlertRule)
class AlertRuleAdmin(ReadOnlyAdmin):
    """Rules of alerts; they are written on pages of their own."""

    fields = [
        "kind", "name", "metric", "each", "filters", "team", "sides", "sensitivity", "people",
        "teams", "by_mail", "quiet_from", "quiet_to", "snoozed_until", "is_active", "checked_on",
        "made_by", "made_at", "removed_at",
    ]  # fmt: skip
    list_display = ["kind", "name", "metric", "each", "team", "sensitivity", "is_active"]
    list_filter = ["kind", "is_active"]
    list_select_related = ["team"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[AlertRule]:
        user: Any = request.user
        found = AlertRule.objects.there().visible_to(user)
        return super().get_queryset(request).filter(pk__in=found.values("pk"))
