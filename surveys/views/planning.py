"""The plan of a survey: on one page from what it is for to the report."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import SignedInRequest, staff_with
from config.kernel.conditions.condition import always
from config.kernel.http import toast
from config.kernel.punctuation import listed
from surveys.enums import PlanStep
from surveys.forms.planning import PlanForm
from surveys.models import SurveyPlan
from surveys.selectors.planning import estimate_for, is_late, progress_of
from surveys.services.planning import save_plan, tick_step
from surveys.views.tabs import survey_of, survey_tabs

LOOK, CHANGE = "surveys.view_survey", "surveys.change_survey"


@staff_with(LOOK)
@require_GET
def plan(request: SignedInRequest, slug: UUID) -> HttpResponse:
    found = survey_of(slug)
    one = SurveyPlan.objects.filter(survey=found).first()
    today = timezone.localdate()
    steps = one.steps.select_related("owner") if one else ()
    progress = progress_of(one) if one else None
    context = {
        "survey": found,
        "tabs": survey_tabs(found, request.user, "plan"),
        "plan": one,
        "everybody": always(),
        "progress": progress,
        "reached_points": 100 * progress.reached if progress and progress.reached else None,
        "methods": listed(one.channel_labels) if one else "",
        "steps": [(step, is_late(step, today)) for step in steps],
        "may_change": request.user.has_perm(CHANGE),
    }
    return render(request, "surveys/plan.html", context)


@staff_with(CHANGE)
@require_http_methods(["GET", "POST"])
def edit_plan(request: SignedInRequest, slug: UUID) -> HttpResponse:
    found = survey_of(slug)
    one = SurveyPlan.objects.filter(survey=found).first() or SurveyPlan(survey=found)
    form = PlanForm(request.POST or None, instance=one)
    if form.is_valid():
        save_plan(form.instance, steps=form.wanted_steps())
        toast(request, _("Saved."))
        return redirect("surveys:plan", slug=found.slug)
    context = {"survey": found, "form": form, "estimate": estimate_for(_typed(form))}
    return render(request, "surveys/plan_edit.html", context, status=422 if form.errors else 200)


@staff_with(CHANGE)
@require_POST
def estimate(request: SignedInRequest, slug: UUID) -> HttpResponse:
    """How many answers it takes with what is typed now; nothing is kept."""
    found = survey_of(slug)
    one = SurveyPlan.objects.filter(survey=found).first() or SurveyPlan(survey=found)
    context = {"estimate": estimate_for(_typed(PlanForm(request.POST, instance=one)))}
    return render(request, "surveys/_estimate.html", context)


def _typed(form: PlanForm) -> SurveyPlan:
    """A plan with what was typed as far as it can be read, and what it was for the rest."""
    before: SurveyPlan = form.instance
    typed = SurveyPlan(survey_id=before.survey_id)
    given = {}
    if form.is_bound:
        form.is_valid()
        given = form.cleaned_data
    for name in ("audience", "population", "margin", "confidence", "response_rate"):
        setattr(typed, name, given.get(name, getattr(before, name)))
    return typed


@staff_with(CHANGE)
@require_POST
def tick(request: SignedInRequest, slug: UUID, step: str) -> HttpResponse:
    """A step is done today, or (undo) not after all."""
    one = get_object_or_404(SurveyPlan, survey__slug=slug)
    if step not in PlanStep.values:
        raise Http404
    done_on = None if "undo" in request.POST else timezone.localdate()
    tick_step(one.pk, step, done_on=done_on)
    return redirect("surveys:plan", slug=slug)
