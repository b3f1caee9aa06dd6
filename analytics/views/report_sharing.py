"""Issued reports for people who do not work here: links that read, end by themselves and can be
withdrawn."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import SignedInRequest, public, staff_with
from analytics.distribution.report_pages import parts_for_page
from analytics.enums import PartKind
from analytics.forms.share_results import PasswordForm, ShareReportForm
from analytics.models import Report, SharedReport
from analytics.models.report import WRITE
from analytics.rules.report.document import linked
from analytics.selectors.reports import newest_version
from analytics.services.report_sharing import share_report, withdraw_shared_report
from analytics.services.sharing import knows_password, note_opened
from analytics.views.report_reading import pdf_answer
from config.kernel.http import toast
from config.kernel.ratelimit import client_address, within_limit

TRIES_IN_TEN_MINUTES = 10
PDFS_IN_TEN_MINUTES = 10
REMEMBERED_FOR = 12 * 3600  # seconds that a browser keeps having known the password


@staff_with(WRITE)
@require_http_methods(["GET", "POST"])
def share(request: SignedInRequest, pk: int) -> HttpResponse:
    """The links there are, and a new one to the newest version."""
    report = get_object_or_404(Report.objects.visible_to(request.user), pk=pk)
    version = newest_version(report)
    form = ShareReportForm(request.POST or None)
    if version is None:
        toast(request, _("Only what was issued can be shared."))
        return redirect(report)
    if request.method == "POST" and form.is_valid():
        share_report(version.pk, by=request.user, **form.cleaned_data)
        messages.success(request, _("The link works from now on."))
        return redirect(request.path)
    now = timezone.now()
    links = SharedReport.objects.filter(version__report=report).for_list()[:100]
    context = {
        "report": report,
        "version": version,
        "form": form,
        "rows": [(one, one.works(now)) for one in links],
    }
    status = 422 if form.errors else 200
    return render(request, "analytics/report/share.html", context, status=status)


@staff_with(WRITE)
@require_POST
def withdraw(request: SignedInRequest, pk: int, shared: int) -> HttpResponse:
    report = get_object_or_404(Report.objects.visible_to(request.user), pk=pk)
    found = get_object_or_404(SharedReport, pk=shared, version__report=report)
    withdraw_shared_report(found.pk, by=request.user)
    messages.success(request, _("The link no longer works."))
    return redirect("analytics:share_report", pk=pk)


@public
@never_cache
@require_http_methods(["GET", "POST"])
def shared_report(request: HttpRequest, token: str) -> HttpResponse:
    """Numbers and words, without the links to what stands behind them."""
    found = _opened(request, token)
    if isinstance(found, HttpResponse):
        return found
    note_opened(found)
    document = linked(found.version.document, None)
    parts = parts_for_page(document)
    context = {
        "shared": found,
        "document": document,
        "cover": next((one for one in parts if one["kind"] == PartKind.COVER), None),
        "parts": [one for one in parts if one["number"]],
    }
    with override(document["language"]):
        answer = render(request, "analytics/report/shared.html", context)
    answer["Referrer-Policy"] = "no-referrer"
    return answer


@public
@never_cache
@require_GET
def shared_pdf(request: HttpRequest, token: str) -> HttpResponse:
    """Its own file: the one for staff has links into the product."""
    found = _opened(request, token)
    if isinstance(found, HttpResponse):
        return found
    who = f"shared-report-pdf:{client_address(request)}"
    if not within_limit(who, limit=PDFS_IN_TEN_MINUTES, seconds=600):
        words = _("Too many tries. Wait ten minutes.")
        return HttpResponse(words, status=429, content_type="text/plain; charset=utf-8")
    return pdf_answer(linked(found.version.document, None), "report")


def _opened(request: HttpRequest, token: str) -> SharedReport | HttpResponse:
    rows = SharedReport.objects.select_related("version__report", "made_by")
    shared = get_object_or_404(rows, token=token)
    if not shared.works(timezone.now()):
        return render(request, "analytics/report/shared_over.html", status=410)
    if shared.password and not _is_remembered(request, shared):
        return _ask_for_password(request, shared)
    return shared


def _ask_for_password(request: HttpRequest, shared: SharedReport) -> HttpResponse:
    form = PasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        tries = f"shared-report:{shared.pk}:{client_address(request)}"
        if not within_limit(tries, limit=TRIES_IN_TEN_MINUTES, seconds=600):
            form.add_error("password", _("Too many tries. Wait ten minutes."))
        elif not knows_password(shared, form.cleaned_data["password"]):
            form.add_error("password", _("This is not the password."))
        else:
            return _remembering(redirect(shared), shared)
    context: dict[str, Any] = {"form": form}
    status = 422 if form.errors else 200
    return render(request, "analytics/report/shared_password.html", context, status=status)


def _remembering(answer: HttpResponse, shared: SharedReport) -> HttpResponse:
    answer.set_signed_cookie(
        _cookie(shared),
        shared.password_mark,
        max_age=REMEMBERED_FOR,
        path=shared.get_absolute_url(),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return answer


def _is_remembered(request: HttpRequest, shared: SharedReport) -> bool:
    return request.get_signed_cookie(_cookie(shared), default="") == shared.password_mark


def _cookie(shared: SharedReport) -> str:
    return f"shared-report-{shared.pk}"
