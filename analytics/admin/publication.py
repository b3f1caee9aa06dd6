from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from analytics.models import Publication
from analytics.models.publication import WORDS
from config.kernel.admin.base import ReadOnlyAdmin


@admin.register(Publication)
class PublicationAdmin(ReadOnlyAdmin):
    """Publications; they are written, checked and published on pages of their own."""

    fields = [
        "kind", "year", "quarter", *WORDS, "state", "problem", "measure", "created_by",
        "created_at", "published_at", "withdrawn_at",
    ]  # fmt: skip
    list_display = ["__str__", "kind", "year", "quarter", "state", "published_at"]
    list_filter = ["state", "kind", "year"]
    search_fields = ["title_zh", "title_en"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Publication]:
        return (
            super()
            .get_queryset(request)
            .filter(pk__in=Publication.objects.changeable_by(request.user).values("pk"))
        )
