"""Settings: prepared answers."""

from itertools import groupby
from typing import Any

from django.core.exceptions import PermissionDenied
from django.forms.models import model_to_dict
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import SignedInRequest, staff_with
from config.kernel.errors import DomainError
from config.kernel.http import toast
from config.kernel.numbers import row_id
from feedback.enums import TemplateKind
from feedback.forms.reply_templates import ReplyTemplateForm, TemplateFilterForm, TryForm
from feedback.models import ReplyTemplate
from feedback.rules.placeholders import VARIABLES
from feedback.selectors.reply_templates import record_to_try, templates_in_settings
from feedback.selectors.shared_settings import editable_among, may_edit
from feedback.services.reply_templates import (
    bring_back_template,
    move_template,
    previews,
    remove_template,
    save_template,
)
from feedback.views.records import REPLY


@staff_with(REPLY)
@require_GET
def reply_templates(request: SignedInRequest) -> HttpResponse:
    """Everybody's, those of one's teams and one's own, by kind."""
    form = TemplateFilterForm(request.GET, user=request.user)
    chosen = form.chosen
    rows = list(templates_in_settings(request.user, **chosen))
    groups = [
        (TemplateKind(kind).label, list(of_kind))
        for kind, of_kind in groupby(rows, key=lambda one: one.kind)
    ]
    context = {
        "form": form,
        "is_narrowed": bool(chosen),
        "groups": groups,
        "total": len(rows),
        "editable": editable_among(rows, request.user, ReplyTemplate),
        "is_archive": chosen.get("use") == "archived",
    }
    return render(request, "feedback/reply_templates.html", context)


@staff_with(REPLY)
@require_http_methods(["GET", "POST"])
def new_template(request: SignedInRequest) -> HttpResponse:
    """An empty one, or with `copy` what another one says."""
    given = row_id(request.GET.get("copy", ""))
    copied = None
    if given is not None:
        seen = ReplyTemplate.objects.shown_in_settings_to(request.user)
        copied = get_object_or_404(seen, pk=given)
    return _edit(request, ReplyTemplate(), copied)


@staff_with(REPLY)
@require_http_methods(["GET", "POST"])
def edit_template(request: SignedInRequest, pk: int) -> HttpResponse:
    return _edit(request, _own(request, pk))


def _own(request: SignedInRequest, pk: int) -> ReplyTemplate:
    """What one may see and change: else there is none, or a refusal."""
    seen = ReplyTemplate.objects.shown_in_settings_to(request.user)
    one = get_object_or_404(seen, pk=pk)
    if not may_edit(one, request.user):
        raise PermissionDenied
    return one


def _edit(
    request: SignedInRequest, one: ReplyTemplate, copied: ReplyTemplate | None = None
) -> HttpResponse:
    form = ReplyTemplateForm(request.POST or None, user=request.user, instance=one)
    if copied is not None:
        names = ("kind", "name_zh", "name_en", "body_zh", "body_en", "channels")
        form.initial = {**form.initial, **model_to_dict(copied, names)}
    if request.POST.get("do") != "try" and form.is_valid():
        try:
            save_template(form.instance)
        except DomainError as refusal:
            form.add_error(None, str(refusal.message))
        else:
            toast(request, _("Saved."))
            return redirect("feedback:reply_templates")
    bodies = request.POST or {name: form[name].value() for name in ("body_zh", "body_en")}
    context = {
        "form": form,
        "template": ReplyTemplate.objects.with_usage().get(pk=one.pk) if one.pk else None,
        "variables": [("{{ " + name + " }}", label) for name, label in VARIABLES.items()],
        **tried(request, bodies),
    }
    status = 422 if form.is_bound and form.errors and not _is_try(request) else 200
    return render(request, "feedback/reply_template_edit.html", context, status=status)


def _is_try(request: SignedInRequest) -> bool:
    return request.POST.get("do") == "try"


@staff_with(REPLY)
@require_POST
def try_template(request: SignedInRequest) -> HttpResponse:
    """How the texts read that stand in the form now, on the record with the number there."""
    return render(request, "feedback/_template_tried.html", tried(request, request.POST))


def tried(request: SignedInRequest, given: Any) -> dict[str, Any]:
    """The texts in `given` as they read on the record with its number: context of a page with
    the fragment `_template_tried.html`."""
    form = TryForm(given)
    sample = shown = None
    if form.is_valid():
        data = form.cleaned_data
        sample = record_to_try(request.user, data["number"])
        text = ReplyTemplate(body_zh=data["body_zh"], body_en=data["body_en"])
        if sample is not None:
            shown = list(previews(text, sample, by=request.user))
    return {"try_form": form, "sample": sample, "previews": shown}


@staff_with(REPLY)
@require_POST
def change_template(request: SignedInRequest, pk: int, what: str) -> HttpResponse:
    """up, down (its place among those of its kind), remove, again (out of the archive)."""
    one = _own(request, pk)
    match what:
        case "up" | "down":
            move_template(one, earlier=what == "up")
        case "remove":
            gone = remove_template(one)
            toast(request, _("Deleted.") if gone else _("Archived."))
        case "again":
            bring_back_template(one)
            toast(request, _("In use again."))
        case _:
            raise Http404
    return redirect("feedback:reply_templates")
