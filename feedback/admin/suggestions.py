from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from config.kernel.admin.base import ReadOnlyAdmin
from feedback.models import Feedback, Suggestion


@admin.register(Suggestion)
class SuggestionAdmin(ReadOnlyAdmin):
    """Suggestions of those who work here; they are handed in on a page of their own."""

    fields = ["feedback", "author", "is_anonymous"]
    list_display = ["feedback", "author", "is_anonymous"]
    list_filter = ["is_anonymous"]
    list_select_related = ["feedback", "author"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Suggestion]:
        seen = Feedback.objects.visible_to(request.user).values("pk")
        return super().get_queryset(request).filter(feedback__in=seen)
