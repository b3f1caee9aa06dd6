"""Records are worked on in the product; here they can be looked at, row by row."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest

from accounts.access import SignedInRequest
from config.kernel.admin.base import ReadOnlyAdmin, SettingAdmin
from feedback.models import Feedback, FeedbackLink, Follower, Message, Task, TimelineEntry
from feedback.services.tasks import give_task, postpone_task


class OfVisibleRecords(ReadOnlyAdmin):
    """Only what belongs to a record that the person may see."""

    def get_queryset(self, request: HttpRequest) -> Any:
        visible = Feedback.objects.visible_to(request.user).values("pk")
        return super().get_queryset(request).filter(feedback__in=visible)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.has_perm("feedback.view_feedback"))


@admin.register(Feedback)
class FeedbackAdmin(ReadOnlyAdmin):
    list_display = ["number", "subject", "customer", "status", "team", "assignee", "received_at"]
    list_filter = ["state", "channel", "priority", "team"]
    list_select_related = ["customer", "status", "team", "assignee"]
    search_fields = ["=number", "subject"]
    date_hierarchy = "received_at"

    def get_queryset(self, request: HttpRequest) -> Any:
        visible = Feedback.objects.visible_to(request.user).values("pk")
        return super().get_queryset(request).filter(pk__in=visible)


@admin.register(Message)
class MessageAdmin(OfVisibleRecords):
    list_display = ["__str__", "feedback", "direction", "channel", "author_name", "created_at"]
    list_filter = ["direction", "channel"]
    list_select_related = ["feedback"]
    search_fields = ["=feedback__number", "author_name", "=author_address"]
    exclude = ["html"]


@admin.register(TimelineEntry)
class TimelineEntryAdmin(OfVisibleRecords):
    list_display = ["feedback", "kind", "actor_name", "note", "at"]
    list_filter = ["kind"]
    list_select_related = ["feedback"]
    search_fields = ["=feedback__number", "actor_name"]


@admin.register(Follower)
class FollowerAdmin(OfVisibleRecords):
    list_display = ["feedback", "user", "reason", "created_at", "stopped_at"]
    list_filter = ["reason", ("stopped_at", admin.EmptyFieldListFilter)]
    list_select_related = ["feedback", "user"]
    search_fields = ["=feedback__number", "user__name"]


@admin.register(FeedbackLink)
class FeedbackLinkAdmin(ReadOnlyAdmin):
    list_display = ["first", "kind", "second", "created_by", "created_at"]
    list_filter = ["kind"]
    list_select_related = ["first", "second", "created_by"]
    search_fields = ["=first__number", "=second__number"]

    def get_queryset(self, request: HttpRequest) -> Any:
        visible = Feedback.objects.visible_to(request.user).values("pk")
        return super().get_queryset(request).filter(first__in=visible, second__in=visible)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.has_perm("feedback.view_feedback"))


class TaskForm(forms.ModelForm):
    class Meta:
        model = Task
        fields = ["assignee", "due_at"]


@admin.register(Task)
class TaskAdmin(SettingAdmin):
    """Open ones can be given to somebody else or put off; they are finished in the product."""

    form = TaskForm
    fields = ["feedback", "kind", "reason", "assignee", "due_at", "done_at", "done_by", "outcome"]
    readonly_fields = ["feedback", "kind", "reason", "done_at", "done_by", "outcome"]
    autocomplete_fields = ["assignee"]
    list_display = ["feedback", "kind", "assignee", "due_at", "done_at"]
    list_filter = ["kind", ("done_at", admin.EmptyFieldListFilter)]
    list_select_related = ["feedback", "assignee"]
    search_fields = ["=feedback__number", "assignee__name"]

    def get_queryset(self, request: HttpRequest) -> Any:
        visible = Feedback.objects.visible_to(request.user).values("pk")
        return super().get_queryset(request).filter(feedback__in=visible)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_change_permission(request, obj) and (obj is None or not obj.done_at)

    def save_model(self, request: SignedInRequest, obj: Task, form: Any, change: bool) -> None:  # type: ignore[override]
        if "assignee" in form.changed_data:
            give_task(obj.pk, by=request.user, assignee=obj.assignee)
        if "due_at" in form.changed_data:
            postpone_task(obj.pk, by=request.user, due_at=obj.due_at)
