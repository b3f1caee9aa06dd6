from django.contrib import admin

from config.kernel.admin.base import ReadOnlyAdmin
from feedback.models import SavedView


@admin.register(SavedView)
class SavedViewAdmin(ReadOnlyAdmin):
    """To look at: views are made and shared where lists are, on the desk."""

    list_display = ["__str__", "scope", "team", "owner", "view", "is_pinned", "archived_at"]
    list_filter = ["scope", "team"]
    list_select_related = ["team", "owner"]
    search_fields = ["name_zh", "name_en"]
