from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from analytics.models import Measure, Problem
from config.kernel.admin.base import ReadOnlyAdmin


@admin.register(Problem)
class ProblemAdmin(ReadOnlyAdmin):
    """Problems; they are written on pages of their own."""

    fields = [
        "title", "description", "status", "status_since", "category", "team", "owner", "source",
        "source_query", "topic", "severity", "reach", "created_by", "created_at",
    ]  # fmt: skip
    list_display = ["reference", "title", "status", "team", "owner", "created_at"]
    list_filter = ["status", "source"]
    list_select_related = ["team", "owner"]
    search_fields = ["title"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Problem]:
        return (
            super()
            .get_queryset(request)
            .filter(pk__in=Problem.objects.visible_to(request.user).values("pk"))
        )


@admin.register(Measure)
class MeasureAdmin(ReadOnlyAdmin):
    """Measures; they are written on pages of their own."""

    fields = [
        "problem", "kind", "title", "what", "training_note", "owner", "due_on", "status",
        "status_since", "in_force_from", "budget", "created_by", "created_at",
    ]  # fmt: skip
    list_display = ["reference", "title", "kind", "status", "owner", "due_on"]
    list_filter = ["status", "kind"]
    list_select_related = ["owner"]
    search_fields = ["title"]
    date_hierarchy = "due_on"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Measure]:
        return (
            super()
            .get_queryset(request)
            .filter(pk__in=Measure.objects.visible_to(request.user).values("pk"))
        )
