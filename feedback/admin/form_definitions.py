"""Forms for customers in the admin: to look at, with their history. They are made and changed on
a page of their own in the product, where one sees what customers will see."""

from django.contrib import admin

from config.kernel.admin.base import ReadOnlyAdmin
from feedback.models import FormDefinition


@admin.register(FormDefinition)
class FormDefinitionAdmin(ReadOnlyAdmin):
    list_display = ["__str__", "code", "team", "is_default", "archived_at"]
    list_filter = ["team"]
    list_select_related = ["team"]
    search_fields = ["code", "name_zh", "name_en"]
