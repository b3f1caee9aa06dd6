from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from analytics.models import PraiseDecision, Thanks
from config.kernel.admin.base import ReadOnlyAdmin
from feedback.models import Feedback


@admin.register(Thanks)
class ThanksAdmin(ReadOnlyAdmin):
    """Thanks among colleagues; they are said on pages of their own."""

    fields = ["to", "by", "text", "feedback", "measure", "at"]
    list_display = ["to", "by", "text", "at"]
    list_select_related = ["to", "by"]
    date_hierarchy = "at"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Thanks]:
        seen = Thanks.objects.visible_to(request.user).values("pk")
        return super().get_queryset(request).filter(pk__in=seen)


@admin.register(PraiseDecision)
class PraiseDecisionAdmin(ReadOnlyAdmin):
    """In which records people say that customers thank us, or do not."""

    fields = ["feedback", "is_praise", "by", "at"]
    list_display = ["feedback", "is_praise", "by", "at"]
    list_filter = ["is_praise"]
    list_select_related = ["feedback", "by"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[PraiseDecision]:
        seen = Feedback.objects.visible_to(request.user).values("pk")
        return super().get_queryset(request).filter(feedback__in=seen)
