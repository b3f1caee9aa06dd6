from typing import Any

from django.contrib import admin
from django.http import HttpRequest


class RowsToLookAt(admin.TabularInline):
    """Rows that belong to another one and are written elsewhere."""

    extra = 0
    can_delete = False

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.fields or ()

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
