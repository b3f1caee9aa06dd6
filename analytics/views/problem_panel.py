"""The card beside a record: which problems it shows, and where it is added to one."""

from typing import Any

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from analytics.enums import ProblemStatus
from analytics.models import Problem, ProblemEvidence
from analytics.views.improvement import ADD_EVIDENCE, PROBLEM_TONES, READ, WRITE
from feedback.models import Feedback
from feedback.panels import Panel


def problem_facts(user: Any) -> dict[str, Any]:
    """Whether it shows a problem at all, read along with the record."""
    if not user.has_perm(READ):
        return {}
    shown = ProblemEvidence.objects.filter(feedback=OuterRef("pk"))
    return {"shows_a_problem": Exists(shown)}


def problem_panel(feedback: Feedback, user: Any) -> Panel | None:
    if not user.has_perm(READ):
        return None
    may_add = user.has_perm(ADD_EVIDENCE) or user.has_perm(WRITE)
    problems = []
    if getattr(feedback, "shows_a_problem", True):
        seen = Problem.objects.visible_to(user).filter(evidence__feedback=feedback)
        problems = [(one, PROBLEM_TONES[ProblemStatus(one.status)]) for one in seen]
    if not (problems or may_add):
        return None
    context = {"problems": problems, "number": feedback.number, "may_add": may_add}
    return Panel(_("Problems"), "analytics/improvement/_record_panel.html", context, "target")
