"""Settings: how much automatic mail may go out, and which addresses get none."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import SignedInRequest, staff_with
from accounts.forms.mail_limits import BlockedFilterForm, BlockForm, LiftForm, MailLimitsForm
from accounts.models import ContactPoint
from accounts.selectors.mail_limits import blocked_addresses, stored_limits
from accounts.services.suppression import block_address, lift_block, save_mail_limits
from config.kernel.errors import DomainError
from config.kernel.http import toast

CHANGE, BLOCK = "accounts.change_maillimits", "accounts.change_contactpoint"
A_PAGE = 50


@staff_with(CHANGE)
@require_http_methods(["GET", "POST"])
def limits(request: SignedInRequest) -> HttpResponse:
    form = MailLimitsForm(request.POST or None, instance=stored_limits())
    if form.is_valid():
        save_mail_limits(form.save(commit=False))
        toast(request, _("Saved."))
        return redirect("accounts:mail_limits")
    found = {"form": form, "tabs": mail_tabs("mail_limits")}
    return render(request, "accounts/mail_limits.html", found, status=422 if form.errors else 200)


@staff_with(BLOCK)
@require_http_methods(["GET", "POST"])
def blocked(request: SignedInRequest) -> HttpResponse:
    """The addresses to which no automatic mail goes; a form adds one by hand."""
    form = BlockForm(request.POST or None)
    if form.is_valid():
        try:
            block_address(**form.arguments())
        except DomainError as refusal:
            form.add_error("address", str(refusal.message))
        else:
            toast(request, _("No automatic mail goes to this address any more."))
            return redirect("accounts:blocked")
    return _blocked_page(request, form)


def _blocked_page(
    request: SignedInRequest, form: BlockForm, refused: str = "", lifting: int | None = None
) -> HttpResponse:
    """`refused`: why the block of the contact `lifting` was not lifted."""
    filters = BlockedFilterForm(request.GET)
    chosen = filters.cleaned_data if filters.is_valid() else {}
    rows = blocked_addresses(words=chosen.get("q", ""), reason=chosen.get("reason", ""))
    found = {
        "form": form,
        "filters": filters,
        "is_narrowed": any(chosen.values()),
        "page": Paginator(rows, A_PAGE).get_page(request.GET.get("page")),
        "tabs": mail_tabs("blocked"),
        "refused": refused,
        "lifting": lifting,
        "typed_note": request.POST.get("note", ""),
    }
    status = 422 if form.errors or refused else 200
    return render(request, "accounts/blocked.html", found, status=status)


@staff_with(BLOCK)
@require_POST
def lift(request: SignedInRequest, pk: int) -> HttpResponse:
    """The address works again, or its owner wants our mail; the reason is kept. The address of
    the page has the filters and the page of the list."""
    point = get_object_or_404(ContactPoint, pk=pk)
    form = LiftForm(request.POST)
    if not form.is_valid():
        return _blocked_page(request, BlockForm(), str(form.errors["note"][0]), point.pk)
    try:
        lift_block(point.pk, **form.cleaned_data)
    except DomainError as refusal:
        return _blocked_page(request, BlockForm(), str(refusal.message), point.pk)
    toast(request, _("Automatic mail goes to this address again."))
    return redirect(f"{reverse('accounts:blocked')}?{request.GET.urlencode()}".rstrip("?"))


def mail_tabs(current: str) -> list[dict[str, Any]]:
    pages = {
        "mail_limits": _("Limits"),
        "mail_stops": _("Held back"),
        "blocked": _("Blocked addresses"),
    }
    return [
        {"label": label, "url": reverse(f"accounts:{name}"), "current": name == current}
        for name, label in pages.items()
    ]
