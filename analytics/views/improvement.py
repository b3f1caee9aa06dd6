"""What the pages of problems and measures share."""

from typing import Any
from urllib.parse import urlencode

from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.access import SignedInRequest
from accounts.models import User
from analytics.enums import MeasureStatus, ProblemStatus
from analytics.metrics.priority import Zone
from analytics.models import Measure, Problem

READ = "analytics.view_problem"
ADD_EVIDENCE = "analytics.add_problemevidence"
WRITE = "analytics.change_problem"
APPROVE = "analytics.approve_measure"

PROBLEM_TONES = {
    ProblemStatus.OPEN: "red",
    ProblemStatus.ANALYSING: "amber",
    ProblemStatus.ACTING: "blue",
    ProblemStatus.WATCHING: "violet",
    ProblemStatus.SOLVED: "green",
    ProblemStatus.DROPPED: "gray",
}
MEASURE_TONES = {
    MeasureStatus.PROPOSED: "gray",
    MeasureStatus.APPROVED: "violet",
    MeasureStatus.DOING: "blue",
    MeasureStatus.DONE: "amber",
    MeasureStatus.VERIFIED: "green",
    MeasureStatus.REJECTED: "gray",
}
ZONE_TONES = {Zone.LOW: "green", Zone.MEDIUM: "amber", Zone.HIGH: "red", Zone.CRITICAL: "violet"}


def tabs(current: str) -> list[dict[str, Any]]:
    """The pages of problems."""
    pages = {"problems": _("List"), "problem_matrix": _("Severity and reach")}
    return [
        {"label": label, "url": reverse(f"analytics:{name}"), "current": name == current}
        for name, label in pages.items()
    ]


def problem_url(request: SignedInRequest, kind: str, **own: Any) -> str:
    """Where a problem is made of the texts of this page (selectors.evidence_sources); empty for
    whoever may not."""
    if not (request.user.has_perm(WRITE) or request.user.has_perm(ADD_EVIDENCE)):
        return ""
    pairs = [(name, value) for name, texts in request.GET.lists() for value in texts]
    listed = urlencode([*pairs, *own.items()])
    return f"{reverse('analytics:new_problem')}?{urlencode({'from': kind, 'list': listed})}"


def problem_or_404(user: User, pk: int) -> Problem:
    found = Problem.objects.visible_to(user).select_related("category", "team", "owner", "topic")
    try:
        return found.get(pk=pk)
    except (Problem.DoesNotExist, OverflowError) as gone:
        raise Http404 from gone


def measure_or_404(user: User, pk: int) -> Measure:
    found = Measure.objects.visible_to(user).select_related("problem__team", "owner")
    try:
        return found.get(pk=pk)
    except (Measure.DoesNotExist, OverflowError) as gone:
        raise Http404 from gone
