"""One problem: what it is, what shows it, what is done about it."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts.access import SignedInRequest, staff_with
from analytics.selectors.improvement_story import story_of_problem
from analytics.selectors.problem_facts import facts_of, reach_of, severity_of
from analytics.views.improvement import READ, problem_or_404


@staff_with(READ)
@require_GET
def problem(request: SignedInRequest, problem_id: int) -> HttpResponse:
    one = problem_or_404(request.user, problem_id)
    facts = facts_of(request.user, [one.pk])[one.pk]
    context = {
        "problem": one,
        "facts": facts,
        "severity": severity_of(one, facts),
        "reach": reach_of(one, facts),
        "measures": one.measures.select_related("owner"),
        "causes": one.causes.all(),
        "story": story_of_problem(one),
    }
    return render(request, "analytics/improvement/problem.html", context)
