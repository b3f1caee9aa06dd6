"""One measure: what is done, by whom, until when, and what came of it."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import SignedInRequest, staff_with
from analytics.enums import MeasureStatus, ScoreScheme
from analytics.forms.improvement import MeasureForm, NoteForm, StepForm
from analytics.models import Measure
from analytics.rules.measures import steps_from
from analytics.selectors.improvement_story import story_of_measure
from analytics.services.measure_steps import (
    add_step,
    may_tick,
    remove_step,
    tick_step,
    works_on,
)
from analytics.services.measures import change_measure, move_measure, propose_measure, who_moves
from analytics.services.problems import note_on_problem
from analytics.views.improvement import (
    MEASURE_TONES,
    READ,
    WRITE,
    measure_or_404,
    problem_or_404,
)
from config.kernel.errors import DomainError
from config.kernel.http import safe_next
from config.kernel.punctuation import labelled


@staff_with(READ)
@require_GET
def measure(request: SignedInRequest, measure_id: int) -> HttpResponse:
    one = measure_or_404(request.user, measure_id)
    return render(request, "analytics/improvement/measure.html", page_of(request, one))


def page_of(request: SignedInRequest, one: Measure) -> dict[str, Any]:
    status = MeasureStatus(one.status)
    newest = {score.scheme: score for score in one.scores.newest()}
    return {
        "measure": one,
        "problem": one.problem,
        "tone": MEASURE_TONES[status],
        "moves": [(to.value, to.label) for to in steps_from(status, who_moves(one, request.user))],
        "steps": one.steps.select_related("assignee", "done_by"),
        "step_form": StepForm(),
        "scores": [(value, label, newest.get(value)) for value, label in ScoreScheme.choices],
        "story": story_of_measure(one),
        "may_write": request.user.has_perm(WRITE),
        "works_on": works_on(one, request.user),
        "note_form": NoteForm(),
    }


@staff_with(WRITE)
@require_http_methods(["GET", "POST"])
def new_measure(request: SignedInRequest, problem_id: int) -> HttpResponse:
    problem = problem_or_404(request.user, problem_id)
    form = MeasureForm(request.POST or None)
    form.offer()
    if form.is_valid():
        try:
            made = propose_measure(problem.pk, by=request.user, **form.cleaned_data)
        except DomainError as refusal:
            form.add_error("owner", str(refusal.message))
        else:
            messages.success(request, _("%(measure)s is proposed.") % {"measure": made.reference})
            return redirect(made)
    title = _("Propose a measure")
    return _form(request, {"form": form, "problem": problem, "title": title})


@staff_with(WRITE)
@require_http_methods(["GET", "POST"])
def edit_measure(request: SignedInRequest, measure_id: int) -> HttpResponse:
    one = measure_or_404(request.user, measure_id)
    form = MeasureForm(request.POST or None, instance=one)
    form.offer()
    if form.is_valid():
        try:
            change_measure(one.pk, by=request.user, **form.cleaned_data)
        except DomainError as refusal:
            form.add_error("owner", str(refusal.message))
        else:
            messages.success(request, _("Saved."))
            return redirect("analytics:measure", measure_id)
    title = _("Change the measure")
    return _form(request, {"form": form, "problem": one.problem, "measure": one, "title": title})


def _form(request: SignedInRequest, context: dict[str, Any]) -> HttpResponse:
    status = 422 if context["form"].is_bound else 200
    return render(request, "analytics/improvement/measure_edit.html", context, status=status)


@staff_with(READ)
@require_POST
def move(request: SignedInRequest, measure_id: int) -> HttpResponse:
    """To another status; who may, the service says."""
    one = measure_or_404(request.user, measure_id)
    to = request.POST.get("to", "")
    if to not in MeasureStatus.values:
        raise Http404
    try:
        note = request.POST.get("note", "")[:4000]
        move_measure(one.pk, MeasureStatus(to), by=request.user, note=note)
    except DomainError as refusal:
        messages.error(request, labelled(one.reference, refusal.message))
    else:
        messages.success(request, labelled(one.reference, MeasureStatus(to).label))
    back = safe_next(request, one.get_absolute_url())
    return redirect(back)


@staff_with(READ)
@require_POST
def note(request: SignedInRequest, measure_id: int) -> HttpResponse:
    one = measure_or_404(request.user, measure_id)
    form = NoteForm(request.POST)
    try:
        text = form.cleaned_data["text"] if form.is_valid() else ""
        note_on_problem(one.problem_id, by=request.user, text=text, measure=one)
    except DomainError as refusal:
        messages.error(request, str(refusal.message))
    return redirect(one)


@staff_with(READ)
@require_POST
def new_step(request: SignedInRequest, measure_id: int) -> HttpResponse:
    one = measure_or_404(request.user, measure_id)
    if not works_on(one, request.user):
        raise PermissionDenied
    form = StepForm(request.POST)
    if form.is_valid():
        try:
            add_step(one.pk, by=request.user, **form.cleaned_data)
        except DomainError as refusal:
            messages.error(request, str(refusal.message))
    else:
        messages.error(request, _("This step could not be read: look at its day."))
    return redirect(one.get_absolute_url() + "#steps")


@staff_with(READ)
@require_POST
def change_step(request: SignedInRequest, measure_id: int, step_id: int) -> HttpResponse:
    """Tick it off, open it again or take it away."""
    one = measure_or_404(request.user, measure_id)
    step = one.steps.filter(pk=step_id).first()
    if step is None:
        raise Http404
    if not may_tick(one, step, request.user):
        raise PermissionDenied
    if request.POST.get("do") == "remove":
        remove_step(step.pk, by=request.user)
    else:
        tick_step(step.pk, by=request.user, done=request.POST.get("do") == "done")
    return redirect(one.get_absolute_url() + "#steps")
