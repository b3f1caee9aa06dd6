"""Custom fields in the admin: to look at, with their history. They are made and changed on a page
of their own in the product, where they are tried out first."""

from django.contrib import admin

from accounts.models import CustomField
from config.kernel.admin.base import ReadOnlyAdmin


@admin.register(CustomField)
class CustomFieldAdmin(ReadOnlyAdmin):
    list_display = ["__str__", "subject", "code", "kind", "is_public", "archived_at"]
    list_filter = ["subject", "kind", "is_public"]
    search_fields = ["code", "name_zh", "name_en"]
    history_hidden = ["changed_at"]
