"""What staff decide about responses: count, or not. Each decision stays in the history, and the
last one can be taken back."""

from collections.abc import Collection

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from accounts.services.webhook_events import note_event
from surveys.enums import ResponseStatus, Verdict
from surveys.errors import NothingToDecide, ReasonNeeded
from surveys.models import QualityCheck, QualityDecision, Response
from surveys.selectors.webhook_events import RESPONSE
from surveys.services.counting import set_counted
from surveys.services.quality_checking import counts_by_itself, is_held, rules_of

LONGEST_REASON = 500
MOST_AT_ONCE = 500


@transaction.atomic
def decide(response_id: int, verdict: Verdict, *, reason: str = "", by: User) -> QualityCheck:
    """Let a complete response count or not, whatever was found about it; `Verdict.OPEN` takes the
    decision back, and the rules say again whether it is held. The same decision twice is one.
    Raises ReasonNeeded where something is left out without one, NothingToDecide for a response
    that is not complete."""
    reason = reason.strip()[:LONGEST_REASON]
    if verdict == Verdict.LEAVE_OUT and not reason:
        raise ReasonNeeded
    response = (
        Response.objects.select_for_update(of=["self"])
        .select_related("version", "imported")
        .filter(pk=response_id, status=ResponseStatus.COMPLETE)
        .first()
    )
    if response is None:
        raise NothingToDecide
    check, _new = QualityCheck.objects.get_or_create(
        response=response, defaults={"survey_id": response.survey_id}
    )
    if check.verdict == verdict:
        return check
    check.verdict, check.decided_by, check.decided_at = verdict, by, timezone.now()
    is_open = verdict == Verdict.OPEN
    check.is_held = is_open and is_held(check, rules_of(response.survey_id))
    check.save(update_fields=["verdict", "decided_by", "decided_at", "is_held"])
    QualityDecision.objects.create(
        response=response, verdict=verdict, reason=reason, by=by, at=check.decided_at
    )
    counts = counts_by_itself(response, check) if is_open else verdict == Verdict.COUNT
    set_counted(response, counts, by=by)
    note_event(RESPONSE, response.pk, what="decided")
    return check


@transaction.atomic
def decide_about(
    responses: Collection[int], verdict: Verdict, *, reason: str = "", by: User
) -> int:
    """The same decision about several, all or none; how many there are. Locked in one order, so
    that two people who decide about the same ones never wait for each other."""
    chosen = sorted(set(responses))[:MOST_AT_ONCE]
    for pk in chosen:
        decide(pk, verdict, reason=reason, by=by)
    return len(chosen)
