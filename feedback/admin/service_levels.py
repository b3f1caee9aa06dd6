"""Service levels and calendars in the admin: names, order and history. Times and hours have
pages of their own in the product, where they are tried out before they are saved."""

from typing import Any

from django.contrib import admin
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy

from config.kernel.admin.base import ArchivingAdmin
from config.kernel.admin.object_actions import object_action
from feedback.admin.records import OfVisibleRecords
from feedback.models import (
    BusinessCalendar,
    CalendarDay,
    HolidayFeed,
    SLAClock,
    SLAEscalation,
    SLAEvent,
    SLAPolicy,
    SLATarget,
)
from feedback.selectors.service_levels import week_of
from feedback.services.calendars import bring_back_calendar, remove_calendar, save_calendar
from feedback.services.sla_policies import (
    bring_back_policy,
    promises_of,
    remove_policy,
    save_policy,
)


class ToLookAt(admin.TabularInline):
    """Rows that belong to the object and are edited elsewhere."""

    extra = 0
    can_delete = False

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return True

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class TargetsOfAPolicy(ToLookAt):
    model = SLATarget
    fields = ["metric", "priority", "seconds", "business_time", "warn_at_pct"]


class EscalationsOfAPolicy(ToLookAt):
    model = SLAEscalation
    fields = ["on", "metric", "kind", "team"]


class DaysOfACalendar(ToLookAt):
    model = CalendarDay
    fields = ["date", "kind", "name_zh", "name_en", "source", "is_active"]


class FeedsOfACalendar(ToLookAt):
    model = HolidayFeed
    fields = readonly_fields = ("host", "fetched_at", "day_count", "problem", "failing_since")


@admin.register(SLAPolicy)
class SLAPolicyAdmin(ArchivingAdmin):
    fields = ["code", "name_zh", "name_en", "is_active"]
    inlines = [TargetsOfAPolicy, EscalationsOfAPolicy]
    list_display = ["__str__", "order", "calendar", "is_active", "use_count"]
    list_select_related = ["calendar"]
    ordering = ["order", "pk"]
    search_fields = ["code", "name_zh", "name_en"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[SLAPolicy]:
        live = SLAClock.objects.live().filter(policy=OuterRef("pk")).order_by().values("policy")
        counted = Coalesce(Subquery(live.annotate(n=Count("pk")).values("n")), 0)
        return super().get_queryset(request).annotate(use_number=counted)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False  # the product's page asks for the times, too

    @admin.display(description=gettext_lazy("running clocks"), ordering="use_number")
    def use_count(self, policy: Any) -> int:
        return int(policy.use_number)

    def save_setting(self, request: HttpRequest, obj: SLAPolicy, *, is_new: bool) -> None:
        save_policy(obj, promises=promises_of(obj))

    def remove_setting(self, request: HttpRequest, obj: SLAPolicy) -> bool:
        return remove_policy(obj)

    def bring_back_setting(self, request: HttpRequest, obj: SLAPolicy) -> None:
        bring_back_policy(obj)

    @object_action(gettext_lazy("Promised times"), is_page=True, permission="view")
    def times(self, request: HttpRequest, obj: SLAPolicy) -> HttpResponse:
        return HttpResponseRedirect(reverse("feedback:policy", args=[obj.pk]))


@admin.register(BusinessCalendar)
class BusinessCalendarAdmin(ArchivingAdmin):
    fields = ["code", "name_zh", "name_en", "time_zone"]
    inlines = [DaysOfACalendar, FeedsOfACalendar]
    list_display = ["__str__", "code", "time_zone", "is_default", "use_count"]
    search_fields = ["code", "name_zh", "name_en"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[BusinessCalendar]:
        return super().get_queryset(request).annotate(use_number=Count("policies"))

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False  # the product's page asks for the hours, too

    @admin.display(description=gettext_lazy("service levels"), ordering="use_number")
    def use_count(self, calendar: Any) -> int:
        return int(calendar.use_number)

    def save_setting(self, request: HttpRequest, obj: BusinessCalendar, *, is_new: bool) -> None:
        save_calendar(obj, week=week_of(obj))

    def remove_setting(self, request: HttpRequest, obj: BusinessCalendar) -> bool:
        return remove_calendar(obj)

    def bring_back_setting(self, request: HttpRequest, obj: BusinessCalendar) -> None:
        bring_back_calendar(obj)

    @object_action(gettext_lazy("Working hours"), is_page=True, permission="view")
    def hours(self, request: HttpRequest, obj: BusinessCalendar) -> HttpResponse:
        return HttpResponseRedirect(reverse("feedback:calendar", args=[obj.pk]))


@admin.register(SLAClock)
class SLAClockAdmin(OfVisibleRecords):
    list_display = [
        "feedback",
        "metric",
        "policy",
        "started_at",
        "due_at",
        "met_at",
        "breached_at",
    ]
    list_filter = ["metric"]
    list_select_related = ["feedback", "policy"]
    search_fields = ["=feedback__number"]


@admin.register(SLAEvent)
class SLAEventAdmin(OfVisibleRecords):
    list_display = ["feedback", "kind", "clock", "due_at", "at"]
    list_filter = ["kind"]
    list_select_related = ["feedback", "clock"]
    search_fields = ["=feedback__number"]
