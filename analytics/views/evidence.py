"""The evidence of a problem: all of it, more of it by a search, some of it taken away."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from accounts.access import SignedInRequest, covers_of, staff_with
from analytics.charts.data import Unit
from analytics.charts.figure import figure
from analytics.charts.pareto import ParetoChart
from analytics.metrics.pareto import pareto
from analytics.models import Problem
from analytics.selectors.evidence_groups import GROUPS, grouped
from analytics.services.evidence import add_evidence, remove_evidence
from analytics.views.evidence_rows import as_row
from analytics.views.improvement import ADD_EVIDENCE, READ, WRITE, problem_or_404
from config.kernel.errors import DomainError
from config.kernel.numbers import row_id
from feedback.errors import FilterNotKnown
from feedback.selectors.queue import queue_records, read_queue

PAGE_SIZE = 50
FOUND = 20


@staff_with(READ)
@require_GET
def evidence(request: SignedInRequest, problem_id: int) -> HttpResponse:
    one = problem_or_404(request.user, problem_id)
    seen = one.evidence.visible_to(request.user)
    whose = ("feedback__status", "feedback__customer", "response__survey", "added_by")
    page = Paginator(seen.select_related(*whose), PAGE_SIZE).get_page(request.GET.get("page"))
    cover = covers_of(request).in_lists
    words = " ".join(request.GET.get("q", "").split())[:200]
    by = request.GET.get("by") if request.GET.get("by") in GROUPS else next(iter(GROUPS))
    may_add = request.user.has_perm(ADD_EVIDENCE)
    context = {
        "problem": one,
        "page": page,
        "rows": [as_row(row, cover) for row in page],
        "words": words,
        "found": _search(request, one, words, cover) if words and may_add else [],
        "may_add": may_add,
        "may_remove": request.user.has_perm(WRITE),
        "picture": _picture(one, request, str(by)) if page.paginator.count else "",
        "groups": [(name, label, name == by) for name, label in GROUPS.items()],
    }
    return render(request, "analytics/improvement/evidence.html", context)


def _search(request: SignedInRequest, one: Problem, words: str, cover: Any) -> list[Any]:
    """Records that are no evidence yet: (number, subject, when)."""
    try:
        state = read_queue({"q": [words]}, request.user)
    except FilterNotKnown:
        return []
    records = queue_records(state, request.user).real()
    known = one.evidence.filter(feedback__isnull=False).values("feedback")
    rows = records.exclude(pk__in=known).order_by("-received_at", "-pk")
    listed = rows.values_list("pk", "number", "subject", "received_at")[:FOUND]
    return [(pk, number, cover(subject), at) for pk, number, subject, at in listed]


def _picture(one: Problem, request: SignedInRequest, by: str) -> Any:
    causes = pareto(grouped(one, request.user, by), last=str(_("Others")))
    return figure(
        ParetoChart(
            _("Evidence by %(group)s") % {"group": GROUPS[by]}, tuple(causes), unit=Unit.COUNT
        ),
        wide=True,
    )


@staff_with(ADD_EVIDENCE)
@require_POST
def add(request: SignedInRequest, problem_id: int) -> HttpResponse:
    """The records that somebody ticked."""
    one = problem_or_404(request.user, problem_id)
    ticked = [pk for text in request.POST.getlist("row") if (pk := row_id(text)) is not None]
    try:
        added = add_evidence(one.pk, by=request.user, feedback=ticked)
    except DomainError as refusal:
        messages.error(request, str(refusal.message))
    else:
        said = ngettext("%(n)s piece of evidence added.", "%(n)s pieces of evidence added.", added)
        messages.success(request, said % {"n": added})
    return redirect("analytics:evidence", problem_id)


@staff_with(WRITE)
@require_POST
def remove(request: SignedInRequest, problem_id: int) -> HttpResponse:
    one = problem_or_404(request.user, problem_id)
    ticked = [pk for text in request.POST.getlist("row") if (pk := row_id(text)) is not None]
    gone = remove_evidence(one.pk, ticked, by=request.user)
    said = ngettext(
        "%(n)s piece of evidence taken away.", "%(n)s pieces of evidence taken away.", gone
    )
    messages.success(request, said % {"n": gone})
    return redirect("analytics:evidence", problem_id)
