"""What shows a problem: records and responses, added from lists or one by one."""

from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from analytics.enums import ImprovementEvent
from analytics.errors import ProblemRefused
from analytics.models import ProblemEvidence
from analytics.services.improvement_history import lock_problem, tell
from feedback.models import Feedback
from surveys.models import Response

AT_ONCE = 5_000


@transaction.atomic
def add_evidence(
    problem_id: int,
    *,
    by: User,
    feedback: Iterable[int] = (),
    responses: Iterable[int] = (),
    quote: str = "",
) -> int:
    """Records and responses (ids) that show a problem; those that `by` may not see, spam and what
    was merged are left out, and so is what is there already. `quote`: the words that show it.
    Gives how many were added; the history does not say it, for not everybody who reads that may
    see them. Raises ProblemRefused for more than AT_ONCE."""
    problem = lock_problem(problem_id)
    wanted, answered = set(feedback), set(responses)
    if len(wanted) + len(answered) > AT_ONCE:
        raise ProblemRefused(
            _("These are more than %(most)s: choose fewer.") % {"most": f"{AT_ONCE:,}"}
        )
    told = Feedback.objects.visible_to(by).real().filter(pk__in=wanted)
    given = Response.objects.visible_to(by).complete().filter(pk__in=answered)
    if not by.has_perm("surveys.view_response"):
        given = given.none()
    there = ProblemEvidence.objects.filter(problem=problem)
    before = there.count()
    rows = [
        ProblemEvidence(problem=problem, feedback_id=pk, said_at=at)
        for pk, at in told.values_list("pk", "received_at")
    ]
    rows += [
        ProblemEvidence(problem=problem, response_id=pk, said_at=ended or begun)
        for pk, ended, begun in given.values_list("pk", "completed_at", "started_at")
    ]
    for row in rows:
        row.quote, row.added_by = quote.strip()[:1000], by
    ProblemEvidence.objects.bulk_create(rows, ignore_conflicts=True, batch_size=1000)
    added = there.count() - before
    if added:
        tell(problem.pk, ImprovementEvent.EVIDENCE, by=by)
    return added


@transaction.atomic
def remove_evidence(problem_id: int, evidence_ids: Iterable[int], *, by: User) -> int:
    """It does not show the problem after all. Gives how many went; what `by` may not see stays."""
    problem = lock_problem(problem_id)
    rows = ProblemEvidence.objects.filter(problem=problem, pk__in=list(evidence_ids))
    seen = list(rows.visible_to(by).values_list("pk", flat=True))
    if seen:
        ProblemEvidence.objects.filter(pk__in=seen).delete()
        tell(problem.pk, ImprovementEvent.NO_EVIDENCE, by=by)
    return len(seen)
