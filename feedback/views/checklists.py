"""Settings: the checklists that tasks begin with."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import SignedInRequest, staff_with
from config.kernel.errors import DomainError
from feedback.forms.checklists import ChecklistForm
from feedback.models import ChecklistTemplate
from feedback.services.checklists import (
    archive_checklist,
    bring_back_checklist,
    save_checklist,
)

CHANGE = "feedback.change_checklisttemplate"


@staff_with(CHANGE)
@require_GET
def checklists(request: SignedInRequest) -> HttpResponse:
    rows = list(ChecklistTemplate.objects.order_by("archived_at", "name_en", "pk"))
    return render(request, "feedback/checklists.html", {"rows": rows})


@staff_with(CHANGE)
@require_http_methods(["GET", "POST"])
def edit_checklist(request: SignedInRequest, pk: int | None = None) -> HttpResponse:
    one = get_object_or_404(ChecklistTemplate, pk=pk) if pk is not None else None
    form = ChecklistForm(request.POST or None, instance=one)
    if form.is_valid():
        try:
            save_checklist(form.save(commit=False))
        except DomainError as refusal:
            form.add_error(None, str(refusal.message))
        else:
            messages.success(request, _("Saved."))
            return redirect("feedback:checklists")
    status = 422 if form.is_bound else 200
    return render(request, "feedback/checklist.html", {"form": form, "one": one}, status=status)


@staff_with(CHANGE)
@require_POST
def use_checklist(request: SignedInRequest, pk: int, what: str) -> HttpResponse:
    """Archive it, or take it into use again."""
    one = get_object_or_404(ChecklistTemplate, pk=pk)
    if what not in {"archive", "use"}:
        raise Http404
    try:
        if what == "archive":
            archive_checklist(one)
        else:
            bring_back_checklist(one)
    except DomainError as refusal:
        messages.error(request, str(refusal.message))
    else:
        messages.success(request, _("Saved."))
    return redirect("feedback:checklists")
