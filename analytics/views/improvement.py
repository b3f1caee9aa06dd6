"""What the pages of problems and measures share."""

from django.http import Http404

from accounts.models import User
from analytics.enums import MeasureStatus, ProblemStatus
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
