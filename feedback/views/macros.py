"""Macros: their settings, and running them on a record or on many."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.forms.models import model_to_dict
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django_htmx.http import HttpResponseClientRedirect

from accounts.access import SignedInRequest, staff_with
from config.kernel.errors import DomainError
from config.kernel.http import is_htmx, toast
from config.kernel.numbers import row_id
from feedback.enums import AfterMacro, BulkAction
from feedback.errors import FilterNotKnown
from feedback.forms.macros import MacroForm
from feedback.models import Feedback, Macro
from feedback.selectors.macros import in_words, macros_for, macros_in_settings
from feedback.selectors.shared_settings import editable_among, may_edit
from feedback.services.bulk import AT_ONCE, Changed
from feedback.services.bulk_jobs import order_job
from feedback.services.macros import (
    bring_back_macro,
    move_macro,
    remove_macro,
    run_macro,
    run_macro_on_many,
    save_macro,
    try_macro,
)
from feedback.services.undo import remember_for_undo
from feedback.views.bulk import chosen_records, report_bulk
from feedback.views.queue import unknown_filter
from feedback.views.record import Opened, open_record
from feedback.views.records import CHANGE


@staff_with(CHANGE)
@require_GET
def macros(request: SignedInRequest) -> HttpResponse:
    """Settings: everybody's, those of one's teams and one's own."""
    is_archive = request.GET.get("use") == "archived"
    rows = in_words(macros_in_settings(request.user, archived=is_archive))
    context = {
        "rows": rows,
        "editable": editable_among([one.macro for one in rows], request.user, Macro),
        "is_archive": is_archive,
    }
    return render(request, "feedback/macros.html", context)


@staff_with(CHANGE)
@require_http_methods(["GET", "POST"])
def new_macro(request: SignedInRequest) -> HttpResponse:
    """An empty one, or with `copy` what another one does."""
    given = row_id(request.GET.get("copy", ""))
    one = Macro()
    if given is not None:
        seen = Macro.objects.shown_in_settings_to(request.user)
        copied = get_object_or_404(seen, pk=given)
        names = ("name_zh", "name_en", "changes", "after")
        one = Macro(template=copied.template, **model_to_dict(copied, names))
    return _edit(request, one)


@staff_with(CHANGE)
@require_http_methods(["GET", "POST"])
def edit_macro(request: SignedInRequest, pk: int) -> HttpResponse:
    return _edit(request, _own(request, pk))


def _own(request: SignedInRequest, pk: int) -> Macro:
    one = get_object_or_404(Macro.objects.shown_in_settings_to(request.user), pk=pk)
    if not may_edit(one, request.user):
        raise PermissionDenied
    return one


def _edit(request: SignedInRequest, one: Macro) -> HttpResponse:
    form = MacroForm(request.POST or None, user=request.user, instance=one)
    if form.is_valid():
        form.instance.changes = form.changes
        try:
            save_macro(form.instance)
        except DomainError as refusal:
            form.add_error(None, str(refusal.message))
        else:
            toast(request, _("Saved."))
            return redirect("feedback:macros")
    context = {"form": form, "macro": one if one.pk else None}
    return render(request, "feedback/macro_edit.html", context, status=422 if form.errors else 200)


@staff_with(CHANGE)
@require_POST
def change_macro(request: SignedInRequest, pk: int, what: str) -> HttpResponse:
    """up, down (its place in the list), remove, again (out of the archive)."""
    one = _own(request, pk)
    match what:
        case "up" | "down":
            move_macro(one, earlier=what == "up")
        case "remove":
            toast(request, _("Deleted.") if remove_macro(one) else _("Archived."))
        case "again":
            bring_back_macro(one)
            toast(request, _("In use again."))
        case _:
            raise Http404
    return redirect("feedback:macros")


@staff_with(CHANGE)
@require_GET
def record_macros(request: SignedInRequest, number: int) -> HttpResponse:
    """What can be run on a record: the body of its menu, or a page without a script."""
    context = {
        "opened": open_record(request, number),
        "rows": in_words(macros_for(request.user)),
    }
    page = "feedback/_record_macros.html" if is_htmx(request) else "feedback/record_macros.html"
    return render(request, page, context)


@staff_with(CHANGE)
@require_http_methods(["GET", "POST"])
def record_macro(request: SignedInRequest, number: int, pk: int) -> HttpResponse:
    """GET says what the macro would do to the record; POST does it."""
    opened = open_record(request, number)
    macro = get_object_or_404(macros_for(request.user), pk=pk)
    if request.method != "POST":
        return _attempt(request, opened, macro)
    version = row_id(request.POST.get("version", ""))
    try:
        ran = run_macro(macro, opened.feedback.pk, by=request.user, version=version)
    except DomainError as refusal:
        return _attempt(request, opened, macro, refusal=str(refusal.message))
    changed = Changed(ran.feedback.pk, ran.feedback.number, ran.feedback.version, ran.did)
    key = remember_for_undo("macro", [changed], by=request.user)
    toast(request, _("Done: %(name)s.") % {"name": macro.name}, undo_url=_undo(key))
    url = _where_next(request, opened, macro)
    return HttpResponseClientRedirect(url) if is_htmx(request) else redirect(url)


def _undo(key: str) -> str:
    return reverse("feedback:undo", args=[key])


def _attempt(
    request: SignedInRequest, opened: Opened, macro: Macro, *, refusal: str = ""
) -> HttpResponse:
    """What it would do now; after a refused run with the reason, as 409."""
    attempt = try_macro(macro, opened.feedback.pk, by=request.user)
    context = {
        "opened": opened,
        "feedback": opened.feedback,
        "macro": macro,
        "attempt": attempt,
        "refusal": refusal or attempt.refusal,
    }
    page = "feedback/_record_macro.html" if is_htmx(request) else "feedback/record_macro.html"
    return render(request, page, context, status=409 if refusal else 200)


def _where_next(request: SignedInRequest, opened: Opened, macro: Macro) -> str:
    visible = Feedback.objects.visible_to(request.user).filter(pk=opened.feedback.pk).exists()
    if macro.after == AfterMacro.NEXT and opened.place is not None and opened.place.next:
        return opened.place.link(opened.place.next, opened.at)
    return opened.url if visible else opened.list_url


@staff_with(CHANGE)
@require_POST
def bulk_macro(request: SignedInRequest) -> HttpResponse:
    """First what it would do to how many; with `sure` it is done."""
    given = request.POST
    back = f"{reverse('feedback:queue')}?{given.get('list', '')}"
    macro = macros_for(request.user).filter(pk=row_id(given.get("macro", "")) or 0).first()
    try:
        found = chosen_records(request, given.getlist("id"), given.get("list", ""), "all" in given)
        ids = list(found.order_by("pk").values_list("pk", flat=True)[: AT_ONCE + 1])
        if macro is not None and len(ids) > AT_ONCE and "sure" in given:
            job = order_job(
                found,
                by=request.user,
                action=BulkAction.MACRO,
                params={BulkAction.MACRO: macro.pk},
                list_query=given.get("list", ""),
            )
            return redirect("feedback:bulk_job", pk=job.pk)
        if macro is not None and ids and "sure" in given:
            outcome = run_macro_on_many(macro, ids, by=request.user)
            report_bulk(request, outcome, "macro")
            return redirect(back)
    except FilterNotKnown as unknown:
        return unknown_filter(request, unknown)
    except DomainError as refusal:
        messages.error(request, str(refusal.message))
        return redirect(back)
    if macro is None or not ids:
        messages.warning(request, _("Select some records and a macro first."))
        return redirect(back)
    context: dict[str, Any] = {
        "shown": in_words([macro])[0],
        "ids": given.getlist("id"),
        "total": len(ids) if len(ids) <= AT_ONCE else found.count(),
        "given": given,
        "back": back,
    }
    return render(request, "feedback/bulk_macro.html", context)
