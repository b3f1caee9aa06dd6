"""One measure: what is done, by whom, until when, and what came of it."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts.access import SignedInRequest, staff_with
from analytics.selectors.improvement_story import story_of_measure
from analytics.views.improvement import READ, measure_or_404


@staff_with(READ)
@require_GET
def measure(request: SignedInRequest, measure_id: int) -> HttpResponse:
    one = measure_or_404(request.user, measure_id)
    context = {
        "measure": one,
        "problem": one.problem,
        "steps": one.steps.select_related("assignee"),
        "story": story_of_measure(one),
    }
    return render(request, "analytics/improvement/measure.html", context)
