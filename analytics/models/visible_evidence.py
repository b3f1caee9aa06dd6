from typing import Any, TypeVar

from django.db.models import Q, QuerySet

from feedback.models.assessment import GONE_STATES
from feedback.models.feedback import visible_condition
from surveys.models.response import visible_answers

Rows = TypeVar("Rows", bound=QuerySet[Any])


def visible_evidence(found: Rows, user: Any) -> Rows:
    """Of rows with a `feedback` or a `response` those whose record or response one may see; spam
    and what was merged is no evidence."""
    if not user.is_authenticated or not user.is_active:
        return found.none()
    found = found.filter(Q(feedback=None) | ~Q(feedback__state__in=GONE_STATES))
    if not user.has_perm("surveys.view_response"):
        found = found.filter(response=None)
    if not user.has_perm("feedback.view_feedback"):
        found = found.filter(feedback=None)
    if user.has_perm("accounts.view_every_team"):
        return found
    seen = Q(feedback__isnull=False) & visible_condition(user, "feedback__")
    return found.filter(seen | (Q(response__isnull=False) & visible_answers(user, "response__")))
