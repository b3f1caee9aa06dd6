"""One problem: what it is, what shows it, what is done about it."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import SignedInRequest, covers_of, staff_with
from analytics.enums import MeasureStatus, ProblemStatus, ScoreScheme
from analytics.forms.improvement import MoveProblemForm, NoteForm, ProblemForm
from analytics.models import Problem
from analytics.selectors.alerts.wording import alerts_of
from analytics.selectors.improvement_story import story_of_problem
from analytics.selectors.problem_list import rows_of
from analytics.services.problems import change_problem, move_problem, note_on_problem
from analytics.views.evidence_rows import evidence_rows
from analytics.views.improvement import (
    ADD_EVIDENCE,
    MEASURE_TONES,
    PROBLEM_TONES,
    READ,
    WRITE,
    ZONE_TONES,
    problem_or_404,
)
from analytics.views.problems import zone_names
from config.kernel.errors import DomainError

SHOWN_EVIDENCE = 8


@staff_with(READ)
@require_GET
def problem(request: SignedInRequest, problem_id: int) -> HttpResponse:
    context = page_of(request, problem_or_404(request.user, problem_id))
    return render(request, "analytics/improvement/problem.html", context)


def page_of(request: SignedInRequest, one: Problem) -> dict[str, Any]:
    (row,) = rows_of(request.user, Problem.objects.filter(pk=one.pk))
    seen = one.evidence.visible_to(request.user)
    measures = one.measures.select_related("owner").order_by("pk")
    return {
        "problem": one,
        "row": row,
        "status_tone": PROBLEM_TONES[ProblemStatus(one.status)],
        "zone_tone": ZONE_TONES[row.zone] if row.zone else "",
        "zone_name": zone_names()[row.zone] if row.zone else "",
        "scores": [(value, label, row.scores.get(value)) for value, label in ScoreScheme.choices],
        "evidence": evidence_rows(seen, covers_of(request).in_lists, SHOWN_EVIDENCE),
        "measures": [(each, MEASURE_TONES[MeasureStatus(each.status)]) for each in measures],
        "causes": list(one.causes.all()),
        "alerts": alerts_of(request.user, one),
        "story": story_of_problem(one),
        "statuses": [pair for pair in ProblemStatus.choices if pair[0] != one.status],
        "may_write": request.user.has_perm(WRITE),
        "may_add": request.user.has_perm(ADD_EVIDENCE),
        "note_form": NoteForm(),
    }


@staff_with(WRITE)
@require_http_methods(["GET", "POST"])
def edit_problem(request: SignedInRequest, problem_id: int) -> HttpResponse:
    one = problem_or_404(request.user, problem_id)
    form = ProblemForm(request.POST or None, instance=one)
    form.offer(request.user)
    if form.is_valid():
        try:
            change_problem(one.pk, by=request.user, **form.cleaned_data)
        except DomainError as refusal:
            form.add_error("owner", str(refusal.message))
        else:
            messages.success(request, _("Saved."))
            return redirect("analytics:problem", problem_id)
    context = {"form": form, "problem": one, "title": _("Change the problem")}
    status = 422 if form.is_bound else 200
    return render(request, "analytics/improvement/problem_edit.html", context, status=status)


@staff_with(WRITE)
@require_POST
def move(request: SignedInRequest, problem_id: int) -> HttpResponse:
    """Into another status, perhaps with a word why."""
    one = problem_or_404(request.user, problem_id)
    form = MoveProblemForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("This cannot be chosen here."))
        return redirect(one)
    try:
        status, note = ProblemStatus(form.cleaned_data["status"]), form.cleaned_data["note"]
        move_problem(one.pk, status, by=request.user, note=note)
    except DomainError as refusal:
        messages.error(request, str(refusal.message))
    else:
        messages.success(request, _("Saved."))
    return redirect(one)


@staff_with(READ)
@require_POST
def note(request: SignedInRequest, problem_id: int) -> HttpResponse:
    one = problem_or_404(request.user, problem_id)
    form = NoteForm(request.POST)
    try:
        text = form.cleaned_data["text"] if form.is_valid() else ""
        note_on_problem(one.pk, by=request.user, text=text)
    except DomainError as refusal:
        messages.error(request, str(refusal.message))
    return redirect(one)
