from django.contrib import admin

from config.kernel.admin.base import ReadOnlyAdmin
from surveys.models import Booking, Gathering, GatheringNote


@admin.register(Gathering)
class GatheringAdmin(ReadOnlyAdmin):
    """Events; they are made and changed on pages of their own."""

    fields = [
        "kind", "title_zh", "title_en", "state", "begins_at", "ends_at", "time_zone", "place_zh",
        "place_en", "online_link", "capacity", "has_waiting_list", "opens_at", "closes_at",
        "slug", "reminders", "survey", "asked_after", "surveyed_at", "owner", "team",
        "created_at", "cancelled_at",
    ]  # fmt: skip
    list_display = ["title_en", "kind", "state", "begins_at", "capacity", "owner"]
    list_filter = ["state", "kind"]
    list_select_related = ["owner"]
    search_fields = ["title_zh", "title_en"]
    date_hierarchy = "begins_at"


@admin.register(Booking)
class BookingAdmin(ReadOnlyAdmin):
    """Who signed up for events."""

    fields = [
        "gathering", "customer", "name", "address", "remark", "language", "state", "how",
        "attended", "attended_at", "booked_at", "moved_up_at", "cancelled_at",
    ]  # fmt: skip
    list_display = ["name", "address", "gathering", "state", "attended", "booked_at"]
    list_filter = ["state", "attended"]
    list_select_related = ["gathering"]
    search_fields = ["name", "address"]


@admin.register(GatheringNote)
class GatheringNoteAdmin(ReadOnlyAdmin):
    """What was said at events."""

    fields = ["gathering", "booking", "text", "feedback", "by", "created_at"]
    list_display = ["__str__", "gathering", "feedback", "by", "created_at"]
    list_select_related = ["gathering", "feedback", "by"]
    search_fields = ["text"]
