from django.contrib import admin
from django.utils.translation import gettext_lazy

from config.kernel.admin.base import ReadOnlyAdmin
from surveys.admin.inlines import RowsToLookAt
from surveys.models import Answer, Response


class AnswersOfAResponse(RowsToLookAt):
    model = Answer
    fields = ["question", "choice", "number", "text", "date"]


@admin.register(Response)
class ResponseAdmin(ReadOnlyAdmin):
    """Answers as they came. Nobody edits what a customer said."""

    fields = [
        "survey", "version", "collector", "invitation", "customer", "feedback", "team", "agent",
        "status", "language", "started_at", "completed_at", "active_ms", "entered_by", "is_test",
        "is_counted",
    ]  # fmt: skip
    inlines = [AnswersOfAResponse]
    list_display = ["number", "survey", "collector", "feedback", "status", "completed_at"]
    list_filter = ["status", "survey", "is_counted"]
    list_select_related = ["survey", "collector", "feedback"]
    search_fields = ["key"]

    @admin.display(description=gettext_lazy("reference"), ordering="key")
    def number(self, response: Response) -> str:
        return response.reference
