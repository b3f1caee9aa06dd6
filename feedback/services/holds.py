"""The legal hold of a record: as long as it stands, nothing of the record may be removed."""

from django.db import transaction
from django.utils import timezone

from accounts.errors import HoldUnexplained
from accounts.models import User
from feedback.enums import TimelineKind
from feedback.errors import RecordHeld
from feedback.models import Feedback, LegalHold
from feedback.services.records import lock, save_change, tell


@transaction.atomic
def hold_record(
    feedback_id: int, *, by: User, reason: str, version: int | None = None
) -> Feedback:
    """Holding again renews the reason. Raises HoldUnexplained, Stale."""
    reason = reason.strip()[:500]
    if not reason:
        raise HoldUnexplained
    feedback = lock(feedback_id, version=version)
    LegalHold.objects.update_or_create(
        feedback=feedback,
        defaults={
            "reason": reason,
            "placed_by": by,
            "placed_by_name": by.name,
            "placed_at": timezone.now(),
        },
    )
    tell(feedback, TimelineKind.HOLD, by=by, note=reason, on=True)
    save_change(feedback)
    return feedback


@transaction.atomic
def release_record(feedback_id: int, *, by: User, version: int | None = None) -> Feedback:
    """Releasing what is not held changes nothing. Raises Stale."""
    feedback = lock(feedback_id, version=version)
    if LegalHold.objects.filter(feedback=feedback).delete()[0]:
        tell(feedback, TimelineKind.HOLD, by=by, on=False)
        save_change(feedback)
    return feedback


def ensure_not_held(feedback: Feedback) -> None:
    """For whoever is about to remove something of a locked record. Raises RecordHeld, also for
    a hold of its customer."""
    if feedback.customer.legal_hold or LegalHold.objects.filter(feedback=feedback).exists():
        raise RecordHeld(feedback.number)
