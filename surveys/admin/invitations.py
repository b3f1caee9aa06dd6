from django.contrib import admin

from config.kernel.admin.base import ReadOnlyAdmin
from surveys.models import Invitation


@admin.register(Invitation)
class InvitationAdmin(ReadOnlyAdmin):
    """Who was asked, and why somebody was not."""

    fields = [
        "collector", "customer", "feedback", "address", "language", "state", "reason", "team",
        "agent", "created_at", "send_at", "sent_at", "expires_at",
    ]  # fmt: skip
    list_display = ["address", "collector", "feedback", "state", "reason", "send_at", "sent_at"]
    list_filter = ["state", "reason"]
    list_select_related = ["collector__survey", "feedback"]
    search_fields = ["address"]
    date_hierarchy = "created_at"
