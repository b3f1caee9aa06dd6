"""The configuration as a file: to keep, to look at, to take into another installation."""

from typing import Any

from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from accounts.access import SignedInRequest, staff_with
from accounts.forms.settings import ExportForm, SettingFileForm
from accounts.selectors.settings import SETS_UP, count_in_use, settings_for
from accounts.services.setting_files import Report, export_settings, import_settings
from config.kernel.errors import DomainError
from config.kernel.http import toast
from config.kernel.settings_models import SettingModel, setting_models


def _exported(request: SignedInRequest) -> list[SettingModel]:
    return [one for one in settings_for(request.user) if not one.stays]


@staff_with(SETS_UP)
@never_cache
@require_http_methods(["GET", "POST"])
def transfer(request: SignedInRequest) -> HttpResponse:
    """Choose what to export; look at a file and, when nothing of it is refused, import it."""
    form = SettingFileForm(request.POST or None, request.FILES or None)
    report: Report | None = None
    if form.is_valid():
        wanted = request.POST.get("do") == "import"
        try:
            data = form.cleaned_data["data"]
            report = import_settings(data, by=request.user, dry_run=not wanted)
        except DomainError as refusal:
            form.add_error("file", str(refusal.message))
        else:
            if report.is_imported:
                toast(request, _imported(report))
                return redirect("accounts:settings_history")
    return _page(request, form, report)


def _imported(report: Report) -> str:
    count = report.counts["new"] + report.counts["changed"]
    return ngettext(
        "Imported: %(n)d setting is new or changed.",
        "Imported: %(n)d settings are new or changed.",
        count,
    ) % {"n": count}


def _page(request: SignedInRequest, form: SettingFileForm, report: Report | None) -> HttpResponse:
    counts = {one.name: count_in_use(one) for one in _exported(request)}
    context: dict[str, Any] = {
        "form": form,
        "export_form": ExportForm(kinds=counts),
        "stays": [one for one in setting_models() if one.stays],
        "report": report,
    }
    if report is not None:
        context["rows"] = [one for one in report.rows if one.outcome != "same"]
        context["same"] = report.counts["same"]
        context["text"] = form.cleaned_data["text"]
        context["form"] = SettingFileForm()  # for another one
    status = 422 if form.errors or (report is not None and report.is_refused) else 200
    return render(request, "accounts/settings_transfer.html", context, status=status)


@staff_with(SETS_UP)
@never_cache
@require_GET
def export(request: SignedInRequest) -> HttpResponse:
    """The file; `kind` (several times) narrows it to some kinds."""
    known = [one.name for one in _exported(request)]
    wanted = request.GET.getlist("kind") or known
    if set(wanted) - set(known):
        raise Http404
    data = export_settings(wanted)
    response = JsonResponse(data, json_dumps_params={"ensure_ascii": False, "indent": 2})
    name = f"settings-{timezone.localdate():%Y-%m-%d}.json"
    attached = content_disposition_header(as_attachment=True, filename=name) or "attachment"
    response.headers["Content-Disposition"] = attached
    return response
