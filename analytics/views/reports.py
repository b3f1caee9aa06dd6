"""Reports: the list, a new one, what it is about, and its way from the draft to the issue."""

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language, ngettext, override, pgettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import SignedInRequest, staff_with
from accounts.models import User
from analytics.enums import ReportEvery, ReportLanguage, ReportState
from analytics.errors import ReportNotInState, ReportTellsWho
from analytics.forms.reports import IssueForm, ReportForm
from analytics.models import Report
from analytics.models.report import APPROVE, READ, WRITE
from analytics.rules.report.document import blanks_of
from analytics.rules.report.times import last_whole
from analytics.rules.report.values import name_of_time
from analytics.selectors.reports import draft_of, personal_data_in, reports_for
from analytics.selectors.window import today
from analytics.services.reports import (
    approve_report,
    begin_report,
    change_report,
    issue_report,
    refresh_figures,
    remove_report,
    submit_report,
    take_back,
)
from analytics.views.listing import links
from config.kernel.errors import DomainError
from config.kernel.http import toast
from config.kernel.paging import CappedPaginator
from feedback.errors import FilterNotKnown

A_PAGE = 25
ADD, REMOVE = "analytics.add_report", "analytics.delete_report"


@staff_with(READ)
@require_GET
def report_list(request: SignedInRequest) -> HttpResponse:
    """The newest time first; ?state= narrows it."""
    rows = reports_for(request.user)
    state = request.GET.get("state", "")
    if state in ReportState.values:
        rows = rows.filter(state=state)
    page = CappedPaginator(rows, A_PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "tabs": _tabs(state, request.user), "state": state}
    return render(request, "analytics/report/list.html", context)


def _tabs(state: str, user: User) -> list[dict[str, Any]]:
    """Whoever only reads has nothing to choose from."""
    if not user.has_perm(WRITE) and not user.has_perm(APPROVE):
        return []
    choices = [("", pgettext("reports", "All")), *ReportState.choices]
    return links("state", choices, {"state": state})


@staff_with(ADD)
@require_http_methods(["GET", "POST"])
def new_report(request: SignedInRequest) -> HttpResponse:
    """?time=month or quarter fills in the last one that is over."""
    every = request.GET.get("time", ReportEvery.QUARTER)
    every = every if every in ReportEvery.values else ReportEvery.QUARTER.value
    form = ReportForm(request.POST or None, user=request.user, initial=_usual(every))
    if form.is_valid():
        try:
            report = begin_report(**form.given, by=request.user)
        except FilterNotKnown as unknown:
            form.add_error("team", str(unknown.message))
        else:
            toast(request, _("Drafted from the data. Read it, and write what the numbers mean."))
            return redirect(report)
    context = {"form": form, "every": every, "choices": ReportEvery.choices}
    status = 422 if form.errors else 200
    return render(request, "analytics/report/new.html", context, status=status)


def _usual(every: str) -> dict[str, Any]:
    period = last_whole(every, today(timezone.now()))
    language = ReportLanguage.ENGLISH if get_language() == "en" else ReportLanguage.CHINESE
    with override(language.value):
        name = name_of_time(period.first, period.last)
        title = _("Satisfaction report, %(time)s") % {"time": name}
    return {
        "title": title,
        "first": period.first,
        "last": period.last,
        "language": language.value,
    }


@staff_with(WRITE)
@require_http_methods(["GET", "POST"])
def report_settings(request: SignedInRequest, pk: int) -> HttpResponse:
    report = get_object_or_404(Report.objects.visible_to(request.user), pk=pk)
    initial = {
        "title": report.title,
        "first": report.first,
        "last": report.last,
        "language": report.language,
        "team": report.filters.get("team", ""),
    }
    # The teams are those that its owner sees, for whom the figures are gathered.
    form = ReportForm(request.POST or None, user=report.owner or request.user, initial=initial)
    if form.is_valid():
        try:
            change_report(report.pk, **form.given, by=request.user)
        except (ReportNotInState, FilterNotKnown) as refusal:
            form.add_error(None, str(refusal.message))
        else:
            toast(request, _("Saved, and the figures were gathered anew."))
            return redirect(report)
    status = 422 if form.errors else 200
    context = {"report": report, "form": form}
    return render(request, "analytics/report/settings.html", context, status=status)


_STEPS: dict[str, tuple[str, Callable[..., Any], Callable[[], str]]] = {
    "submit": (WRITE, submit_report, lambda: _("Those who approve reports are told.")),
    "back": (WRITE, take_back, lambda: _("It can be written in again.")),
    "approve": (APPROVE, approve_report, lambda: _("Approved. It can be issued now.")),
}


@staff_with(READ)
@require_POST
def change_state(request: SignedInRequest, pk: int, what: str) -> HttpResponse:
    """submit, back, approve."""
    if what not in _STEPS:
        raise Http404
    permission, step, words = _STEPS[what]
    report = get_object_or_404(Report.objects.visible_to(request.user), pk=pk)
    may = request.user.has_perm(permission) or (what == "back" and request.user.has_perm(APPROVE))
    if not may:
        raise Http404
    try:
        step(report.pk, by=request.user)
    except ReportNotInState as refusal:
        toast(request, refusal.message)
    else:
        toast(request, words())
    return redirect(report)


@staff_with(WRITE)
@require_POST
def refresh(request: SignedInRequest, pk: int) -> HttpResponse:
    report = get_object_or_404(Report.objects.visible_to(request.user), pk=pk)
    try:
        n = len(refresh_figures(report.pk, by=request.user))
    except DomainError as refusal:
        toast(request, refusal.message)
        return redirect(report)
    if not n:
        toast(request, _("Every figure is still the same."))
        return redirect(report)
    changed = ngettext("%(n)s figure has changed.", "%(n)s figures have changed.", n) % {"n": n}
    toast(request, changed)
    return redirect(f"{report.get_absolute_url()}#history")


@staff_with(REMOVE)
@require_POST
def remove(request: SignedInRequest, pk: int) -> HttpResponse:
    report = get_object_or_404(Report.objects.visible_to(request.user), pk=pk)
    if remove_report(report.pk):
        toast(request, _("Deleted."))
        return redirect("analytics:reports")
    toast(request, _("It was issued and stays: people have read it."))
    return redirect(report)


@staff_with(WRITE)
@require_http_methods(["GET", "POST"])
def issue(request: SignedInRequest, pk: int) -> HttpResponse:
    """What is still blank and what tells who somebody is, before it is issued."""
    report = get_object_or_404(Report.objects.visible_to(request.user), pk=pk)
    form = IssueForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            issue_report(report.pk, by=request.user, **form.cleaned_data)
        except ReportTellsWho as refusal:
            form.add_error("has_looked", str(refusal.message))
        except ReportNotInState as refusal:
            toast(request, refusal.message)
            return redirect(report)
        else:
            toast(request, _("Issued. Everybody who reads reports can open it now."))
            return redirect(report)
    document = draft_of(report)
    context = {
        "report": report,
        "form": form,
        "blanks": blanks_of(document),
        "told": personal_data_in(document),
        "titles": {one["kind"]: one["title"] for one in document["parts"]},
    }
    status = 422 if form.errors else 200
    return render(request, "analytics/report/issue.html", context, status=status)
