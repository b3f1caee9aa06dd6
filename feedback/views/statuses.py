"""Settings: the steps of a record."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import SignedInRequest, staff_with
from config.kernel.errors import DomainError
from config.kernel.http import toast
from feedback.forms.statuses import StatusForm
from feedback.models import Status
from feedback.selectors.statuses import statuses_with_uses
from feedback.services.statuses import (
    bring_back_status,
    move_status,
    remove_status,
    save_status,
)
from feedback.views.workflow_tabs import workflow_tabs

LOOK, CHANGE = "feedback.view_status", "feedback.change_status"
ADD, REMOVE = "feedback.add_status", "feedback.delete_status"


@staff_with(LOOK)
@require_GET
def statuses(request: SignedInRequest) -> HttpResponse:
    """All of them in their order, with how many records have each now."""
    active, archived = statuses_with_uses()
    context = {
        "active": active,
        "archived": archived,
        "tabs": workflow_tabs(request.user, "statuses"),
        "may_change": request.user.has_perm(CHANGE),
        "may_add": request.user.has_perm(ADD),
        "may_remove": request.user.has_perm(REMOVE),
    }
    return render(request, "feedback/statuses.html", context)


@staff_with(ADD)
@require_http_methods(["GET", "POST"])
def new_status(request: SignedInRequest) -> HttpResponse:
    last = Status.objects.order_by("-order").first()
    return _edit(request, Status(order=last.order + 1 if last else 0))


@staff_with(CHANGE)
@require_http_methods(["GET", "POST"])
def edit_status(request: SignedInRequest, pk: int) -> HttpResponse:
    return _edit(request, get_object_or_404(Status, pk=pk))


def _edit(request: SignedInRequest, one: Status) -> HttpResponse:
    form = StatusForm(request.POST or None, instance=one)
    is_new = one.pk is None
    if form.is_valid():
        try:
            save_status(form.instance)
        except DomainError as refusal:
            form.add_error(None, str(refusal.message))
        else:
            toast(request, _("Saved."))
            return redirect("feedback:statuses")
    context = {"form": form, "status": None if is_new else one}
    status = 422 if form.errors else 200
    return render(request, "feedback/status_edit.html", context, status=status)


@staff_with(CHANGE)
@require_POST
def change_status(request: SignedInRequest, pk: int, what: str) -> HttpResponse:
    """up, down (its place in the order), remove, back."""
    one = get_object_or_404(Status, pk=pk)
    try:
        match what:
            case "up" | "down":
                move_status(one, earlier=what == "up")
            case "back":
                bring_back_status(one)
                toast(request, _("In use again."))
            case "remove" if request.user.has_perm(REMOVE):
                gone = remove_status(one)
                toast(request, _("Deleted.") if gone else _("Archived."))
            case _:
                raise Http404
    except DomainError as refusal:
        messages.error(request, str(refusal.message))
    return redirect("feedback:statuses")
