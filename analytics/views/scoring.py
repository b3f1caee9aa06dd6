"""Scoring a problem or a measure, with the scores of before."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import SignedInRequest, staff_with
from analytics.enums import ScoreScheme
from analytics.forms.scoring import form_for
from analytics.models import ImprovementScore, Measure, Problem
from analytics.selectors.problem_facts import facts_of
from analytics.services.scoring import score_measure, score_problem
from analytics.views.improvement import WRITE, measure_or_404, problem_or_404
from config.kernel.errors import DomainError

KEPT = 30  # scores of before that are shown


@staff_with(WRITE)
@require_http_methods(["GET", "POST"])
def score_of_problem(request: SignedInRequest, problem_id: int, scheme: str) -> HttpResponse:
    return _score(request, problem_or_404(request.user, problem_id), scheme)


@staff_with(WRITE)
@require_http_methods(["GET", "POST"])
def score_of_measure(request: SignedInRequest, measure_id: int, scheme: str) -> HttpResponse:
    return _score(request, measure_or_404(request.user, measure_id), scheme)


def _score(request: SignedInRequest, about: Problem | Measure, scheme: str) -> HttpResponse:
    if scheme not in ScoreScheme.values:
        raise Http404
    wanted = ScoreScheme(scheme)
    form = form_for(wanted, request.POST or None, initial=_before(request, about, wanted))
    if form.is_valid():
        try:
            inputs = {name: float(value) for name, value in form.cleaned_data.items()}
            if isinstance(about, Problem):
                score_problem(about, wanted, inputs, by=request.user)
            else:
                score_measure(about, wanted, inputs, by=request.user)
        except DomainError as refusal:
            form.add_error(None, str(refusal.message))
        else:
            messages.success(request, _("Saved."))
            return redirect(about)
    pages = [(value, label, value == scheme) for value, label in ScoreScheme.choices]
    context = {
        "about": about,
        "is_problem": isinstance(about, Problem),
        "form": form,
        "scheme": wanted,
        "pages": pages,
        "scores": about.scores.filter(scheme=wanted).select_related("by")[:KEPT],
    }
    status = 422 if form.is_bound else 200
    return render(request, "analytics/improvement/score.html", context, status=status)


def _before(
    request: SignedInRequest, about: Problem | Measure, scheme: ScoreScheme
) -> dict[str, Any]:
    """The inputs of the last time; else the reach that the evidence shows."""
    last: ImprovementScore | None = about.scores.filter(scheme=scheme).first()
    if last is not None:
        return dict(last.inputs)
    problem = about if isinstance(about, Problem) else about.problem
    return {"reach": facts_of(request.user, [problem.pk])[problem.pk].customers}
