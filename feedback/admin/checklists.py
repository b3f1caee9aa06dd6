from django import forms
from django.contrib import admin
from django.http import HttpRequest

from config.kernel.admin.base import ArchivingAdmin
from feedback.models import ChecklistTemplate
from feedback.services.checklists import (
    archive_checklist,
    bring_back_checklist,
    save_checklist,
)


class ChecklistForm(forms.ModelForm):
    class Meta:
        model = ChecklistTemplate
        fields = ["name_zh", "name_en", "kind", "steps_zh", "steps_en"]


@admin.register(ChecklistTemplate)
class ChecklistTemplateAdmin(ArchivingAdmin):
    form = ChecklistForm
    list_display = ["__str__", "kind"]
    list_filter = ["kind"]
    search_fields = ["name_zh", "name_en"]

    def save_setting(self, request: HttpRequest, obj: ChecklistTemplate, *, is_new: bool) -> None:
        save_checklist(obj)

    def remove_setting(self, request: HttpRequest, obj: ChecklistTemplate) -> bool:
        return archive_checklist(obj)

    def bring_back_setting(self, request: HttpRequest, obj: ChecklistTemplate) -> None:
        bring_back_checklist(obj)
