"""Settings: the forms for customers."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import SignedInRequest, staff_with
from config.kernel.admin.history import changes_of
from config.kernel.errors import DomainError
from config.kernel.http import toast
from feedback.forms.form_definitions import FormDefinitionForm
from feedback.forms.public import FeedbackForm
from feedback.models import FormDefinition
from feedback.selectors.form_definitions import uses_of_forms
from feedback.services.form_definitions import (
    FormRefused,
    archive_form,
    bring_back_form,
    ensure_form,
    make_usual,
    save_form,
)
from feedback.services.shared_settings import NameMissing
from feedback.views.custom_fields import tabs_of_fields

CHANGE, ADD = "feedback.change_formdefinition", "feedback.add_formdefinition"
REMOVE = "feedback.delete_formdefinition"


@staff_with(CHANGE)
@require_GET
def form_definitions(request: SignedInRequest) -> HttpResponse:
    """All forms with their addresses and how much came through each."""
    rows = list(FormDefinition.objects.select_related("team").in_order())
    used = uses_of_forms(rows)
    lines = [
        (row, used.get(row.pk, 0), request.build_absolute_uri(row.get_absolute_url()))
        for row in rows
    ]
    context = {
        "lines": [line for line in lines if line[0].archived_at is None],
        "archived": [line for line in lines if line[0].archived_at is not None],
        "tabs": tabs_of_fields("forms"),
        "new_url": reverse("feedback:new_form"),
        "may_add": request.user.has_perm(ADD),
        "may_remove": request.user.has_perm(REMOVE),
    }
    return render(request, "feedback/form_definitions.html", context)


@staff_with(ADD)
@require_http_methods(["GET", "POST"])
def new_form(request: SignedInRequest) -> HttpResponse:
    return _edit(request, FormDefinition())


@staff_with(CHANGE)
@require_http_methods(["GET", "POST"])
def edit_form(request: SignedInRequest, pk: int) -> HttpResponse:
    return _edit(request, get_object_or_404(FormDefinition, pk=pk))


def _edit(request: SignedInRequest, one: FormDefinition) -> HttpResponse:
    is_new = one.pk is None
    name = str(one)
    form = FormDefinitionForm(request.POST or None, instance=one)
    try_out = None if is_new and not request.POST else one
    if form.is_valid():
        try:
            if "preview" in request.POST:
                ensure_form(form.definition(), FormDefinition.objects.filter(pk=one.pk).first())
            else:
                save_form(form.definition())
                toast(request, _("Saved."))
                return redirect("feedback:forms")
        except FormRefused as refusal:
            form.refuse(refusal.field, str(refusal.message))
        except NameMissing as refusal:
            form.refuse("name_zh", str(refusal.message))
    context = {
        "form": form,
        "one": None if is_new else one,
        "name": name,
        "address": "" if is_new else request.build_absolute_uri(one.get_absolute_url()),
        "used": 0 if is_new else uses_of_forms([one]).get(one.pk, 0),
        "looks": _looks(try_out) if try_out and not form.errors else [],
        "changes": [] if is_new else changes_of(one, hidden=["order"])[:20],
    }
    return render(
        request, "feedback/form_definition_edit.html", context, status=422 if form.errors else 200
    )


def _looks(one: FormDefinition) -> list[dict[str, Any]]:
    """The form as customers will see it, in both languages."""
    looks = []
    for language, label in (("zh-hans", "简体中文"), ("en", "English")):
        with override(language):
            form = FeedbackForm(definition=one, prefix=f"look-{language}")
            drawn = render_to_string("feedback/public/_fields.html", {"form": form})
            looks.append(
                {"language": language, "label": label, "title": one.name, "intro": one.intro,
                 "thanks": one.thanks, "fields": drawn}
            )  # fmt: skip
    return looks


@staff_with(CHANGE)
@require_POST
def change_form(request: SignedInRequest, pk: int, what: str) -> HttpResponse:
    """usual, remove, back."""
    one = get_object_or_404(FormDefinition, pk=pk)
    try:
        match what:
            case "usual":
                make_usual(one)
                toast(request, _("“%(name)s” is the usual form now.") % {"name": one})
            case "remove" if request.user.has_perm(REMOVE):
                gone = archive_form(one)
                toast(request, _("Deleted.") if gone else _("Archived."))
            case "back":
                bring_back_form(one)
                toast(request, _("In use again."))
            case _:
                raise Http404
    except DomainError as refusal:
        messages.error(request, str(refusal.message))
    return redirect("feedback:forms")
