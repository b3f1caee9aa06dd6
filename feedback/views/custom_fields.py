"""Settings: the fields that an admin makes for feedback and for customers."""

from typing import Any

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import SignedInRequest, staff_with
from accounts.enums import FieldSubject
from accounts.models import CustomField
from config.kernel.admin.history import changes_of
from config.kernel.http import toast
from feedback.forms.custom_fields import CustomFieldForm
from feedback.forms.custom_inputs import add_inputs, inputs_in_groups
from feedback.selectors.custom_field_use import times_used, uses_of_fields
from feedback.selectors.custom_fields import asked_in_words
from feedback.services.custom_fields import (
    FieldRefused,
    archive_custom_field,
    bring_back_custom_field,
    ensure_custom_field,
    move_custom_field,
    save_custom_field,
)

LOOK, CHANGE = "accounts.view_customfield", "accounts.change_customfield"
ADD, REMOVE = "accounts.add_customfield", "accounts.delete_customfield"


@staff_with(CHANGE)
@require_GET
def custom_fields(request: SignedInRequest) -> HttpResponse:
    """All fields about one subject, in their order, and how many have a value in each."""
    subject = _subject(request.GET.get("about", FieldSubject.FEEDBACK))
    rows = list(CustomField.objects.of(subject).in_order())
    used = uses_of_fields(subject) if rows else {}
    sentences = asked_in_words(subject, rows)
    lines = [(row, used.get(row.code, 0), sentences[row.code]) for row in rows]
    context = {
        "subject": subject,
        "lines": [line for line in lines if line[0].archived_at is None],
        "archived": [line for line in lines if line[0].archived_at is not None],
        "tabs": tabs_of_fields(subject),
        "new_url": f"{reverse('feedback:new_custom_field')}?about={subject.value}",
        "may_add": request.user.has_perm(ADD),
        "may_remove": request.user.has_perm(REMOVE),
    }
    return render(request, "feedback/custom_fields.html", context)


def tabs_of_fields(current: str) -> list[dict[str, Any]]:
    """Fields of feedback, of customers, and the forms that ask them."""
    base = reverse("feedback:custom_fields")
    pages: list[tuple[str, Any, str]] = [
        (one.value, one.label, f"{base}?about={one.value}") for one in FieldSubject
    ]
    pages.append(("forms", _("Forms"), reverse("feedback:forms")))
    return [{"label": label, "url": url, "current": name == current} for name, label, url in pages]


def _subject(name: str) -> FieldSubject:
    if name not in FieldSubject.values:
        raise Http404
    return FieldSubject(name)


@staff_with(ADD)
@require_http_methods(["GET", "POST"])
def new_custom_field(request: SignedInRequest) -> HttpResponse:
    subject = _subject(request.GET.get("about", FieldSubject.FEEDBACK))
    return _edit(request, CustomField(subject=subject))


@staff_with(CHANGE)
@require_http_methods(["GET", "POST"])
def edit_custom_field(request: SignedInRequest, pk: int) -> HttpResponse:
    return _edit(request, get_object_or_404(CustomField, pk=pk))


def _edit(request: SignedInRequest, one: CustomField) -> HttpResponse:
    is_new = one.pk is None
    form = CustomFieldForm(request.POST or None, instance=one)
    wants_preview = "preview" in request.POST
    try_out = None if is_new and not request.POST else one
    if form.is_valid():
        try:
            if wants_preview:
                stored = CustomField.objects.filter(pk=one.pk).first()
                ensure_custom_field(form.field(), stored)
            else:
                save_custom_field(form.field())
                toast(request, _("Saved."))
                return redirect(_list_url(one))
        except FieldRefused as refusal:
            form.refuse(refusal.field, str(refusal.message))
    if form.errors:
        try_out = None
    context = {
        "form": form,
        "one": None if is_new else one,
        "subject": FieldSubject(one.subject),
        "back_url": _list_url(one),
        "used": 0 if is_new else times_used(one),
        "preview": _preview(try_out) if try_out else None,
        "changes": [] if is_new else changes_of(one, hidden=["changed_at", "order"])[:20],
    }
    status = 422 if form.errors else 200
    return render(request, "feedback/custom_field_edit.html", context, status=status)


def _preview(one: CustomField) -> list[Any]:
    """The field as staff and as customers will see it."""
    looks = []
    for for_customer in (False, True):
        if for_customer and not one.is_public:
            continue
        form = forms.Form(prefix="customer" if for_customer else "staff")
        about = one.definition
        stored = {about.code: about.default}
        add_inputs(form, [about], stored, for_customer=for_customer)
        label = _("For customers") if for_customer else _("For staff")
        looks.append((label, inputs_in_groups(form, [about])))
    return looks


def _list_url(one: CustomField) -> str:
    return f"{reverse('feedback:custom_fields')}?about={one.subject}"


@staff_with(CHANGE)
@require_POST
def change_custom_field(request: SignedInRequest, pk: int, what: str) -> HttpResponse:
    """up, down (its place), remove, back."""
    one = get_object_or_404(CustomField, pk=pk)
    match what:
        case "up" | "down":
            move_custom_field(one, earlier=what == "up")
        case "remove" if request.user.has_perm(REMOVE):
            gone = archive_custom_field(one)
            toast(request, _("Deleted.") if gone else _("Archived."))
        case "back":
            bring_back_custom_field(one)
            toast(request, _("In use again."))
        case _:
            raise Http404
    return redirect(_list_url(one))
