from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy

from accounts.errors import AddressNotUsable
from accounts.models import Consent, ContactPoint, Customer
from accounts.services.customers import (
    remove_contact,
    save_contact,
    save_customer,
    usable_contact,
)
from config.kernel.admin.base import ReadOnlyAdmin, SettingAdmin


class ContactForm(forms.ModelForm):
    class Meta:
        model = ContactPoint
        fields = [
            "kind", "value", "is_primary", "suppressed_at", "suppressed_reason",
            "suppressed_until",
        ]  # fmt: skip

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if "kind" in cleaned and "value" in cleaned:
            try:
                cleaned["value"] = usable_contact(cleaned["kind"], cleaned["value"])
            except AddressNotUsable as refusal:
                self.add_error("value", str(refusal.message))
        if cleaned.get("suppressed_at") and not cleaned.get("suppressed_reason"):
            self.add_error("suppressed_reason", gettext_lazy("Say why."))
        return cleaned


class ContactsOfACustomer(admin.TabularInline):
    model = ContactPoint
    form = ContactForm
    extra = 0


@admin.register(Customer)
class CustomerAdmin(SettingAdmin):
    """Customers are never deleted here: erasing somebody's data is a matter of its own."""

    inlines = [ContactsOfACustomer]
    fields = [
        "name", "organisation", "language", "tier", "owner", "preferred_channel",
        "do_not_contact_at", "note",
    ]  # fmt: skip
    autocomplete_fields = ["organisation", "owner"]
    list_display = ["__str__", "first_contact", "organisation", "tier", "owner", "language"]
    list_filter = ["tier", "language"]
    list_select_related = ["organisation", "owner"]
    search_fields = ["name", "contact_points__value"]

    def get_queryset(self, request: HttpRequest) -> Any:
        known = super().get_queryset(request).filter(erased_at=None, merged_into=None)
        return known.prefetch_related("contact_points")

    @admin.display(description=gettext_lazy("contact"))
    def first_contact(self, customer: Customer) -> str:
        points = sorted(customer.contact_points.all(), key=lambda p: (not p.is_primary, p.pk))
        return points[0].value if points else ""

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_setting(self, request: HttpRequest, obj: Customer, *, is_new: bool) -> None:
        save_customer(obj)

    def save_formset(self, request: Any, form: Any, formset: Any, change: Any) -> None:
        points = formset.save(commit=False)
        for gone in formset.deleted_objects:
            remove_contact(gone.pk)
        for point in points:
            save_contact(point)


@admin.register(Consent)
class ConsentAdmin(ReadOnlyAdmin):
    list_display = ["customer", "purpose", "given", "channel", "text_version", "at"]
    list_filter = ["purpose", "given"]
    list_select_related = ["customer"]
    search_fields = ["customer__name", "customer__contact_points__value"]
