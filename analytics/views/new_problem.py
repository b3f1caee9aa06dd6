"""A problem made of what somebody has before them: a list of records, a topic, texts, one record;
or evidence for a problem that is there already."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import SignedInRequest, staff_with
from analytics.forms.improvement import ExistingProblemForm, ProblemForm
from analytics.models import Problem
from analytics.selectors.evidence_sources import ROWS, EvidenceSource, read_source
from analytics.services.alerts import link_to_problem
from analytics.services.evidence import add_evidence
from analytics.services.problems import make_problem
from analytics.views.improvement import ADD_EVIDENCE, READ, WRITE
from analytics.views.listing import unknown
from config.kernel.errors import DomainError
from feedback.errors import FilterNotKnown

MOST_ROWS = 200  # of one page of the queue


@staff_with(READ)
@require_http_methods(["GET", "POST"])
def new_problem(request: SignedInRequest) -> HttpResponse:
    """`from`, `list`, `row`, `number` of the address say what it is made from."""
    may_write, may_add = request.user.has_perm(WRITE), request.user.has_perm(ADD_EVIDENCE)
    if not (may_write or may_add):
        raise PermissionDenied
    try:
        found = read_source(
            request.GET.get("from", ""),
            request.GET.get("list", ""),
            dict(request.GET.lists()),
            request.user,
        )
    except FilterNotKnown as refusal:
        return unknown(request, refusal, "problems")
    is_known = "problem" in request.POST
    form = _form(request, found, bound=request.method == "POST" and not is_known)
    existing = ExistingProblemForm(request.POST if is_known else None)
    existing.offer(request.user, one=len(found) == 1)
    if is_known and may_add and existing.is_valid():
        made = _add(request, found, existing)
        if made is not None:
            return redirect(made)
    elif form.is_bound and may_write and form.is_valid():
        made = _make(request, found, form)
        if made is not None:
            return redirect(made)
    context = {
        "form": form if may_write else None,
        "existing": existing if may_add and len(found) else None,
        "has_problems": may_add and existing.fields["problem"].queryset.exists(),  # type: ignore[attr-defined]
        "found": found,
        "count": len(found),
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "analytics/improvement/new_problem.html", context, status=status)


@staff_with(ADD_EVIDENCE)
@require_POST
def gather(request: SignedInRequest) -> HttpResponse:
    """The rows that somebody ticked in the queue, as the address of `new_problem`."""
    pairs = [("from", ROWS)]
    pairs += [("row", text) for text in request.POST.getlist("id")[:MOST_ROWS]]
    pairs += [(name, request.POST[name]) for name in ("list", "all") if name in request.POST]
    return redirect(f"{reverse('analytics:new_problem')}?{urlencode(pairs)}")


def _form(request: SignedInRequest, found: EvidenceSource, *, bound: bool) -> ProblemForm:
    mine = list(request.user.memberships.values_list("team", flat=True)[:2])
    initial = {"title": found.title, "team": mine[0] if len(mine) == 1 else None}
    form = ProblemForm(request.POST if bound else None, initial=initial)
    form.offer(request.user)
    return form


def _make(request: SignedInRequest, found: EvidenceSource, form: ProblemForm) -> Problem | None:
    try:
        made = make_problem(
            by=request.user,
            source=found.source,
            source_query=found.query,
            topic=found.topic,
            **form.cleaned_data,
        )
        if len(found):
            _count(request, made, found, "")
        if found.alert is not None:
            link_to_problem(found.alert.pk, made, by=request.user)
    except DomainError as refusal:
        form.add_error(None, str(refusal.message))
        return None
    messages.success(request, _("%(problem)s is entered.") % {"problem": made.reference})
    return made


def _add(
    request: SignedInRequest, found: EvidenceSource, existing: ExistingProblemForm
) -> Problem | None:
    one: Problem = existing.cleaned_data["problem"]
    try:
        added = _count(request, one, found, existing.cleaned_data.get("quote", ""))
        if found.alert is not None:
            link_to_problem(found.alert.pk, one, by=request.user)
    except DomainError as refusal:
        existing.add_error(None, str(refusal.message))
        return None
    said = ngettext("%(n)s piece of evidence added.", "%(n)s pieces of evidence added.", added)
    messages.success(request, said % {"n": added})
    return one


def _count(request: SignedInRequest, one: Problem, found: EvidenceSource, quote: str) -> int:
    return add_evidence(
        one.pk,
        by=request.user,
        feedback=found.feedback,
        responses=found.responses,
        quote=quote,
    )
