"""Clocks of many records: after a policy or a calendar was changed, and where there are none."""

from collections.abc import Iterable

from django.db import transaction

from config.kernel.live import tell_pages
from feedback.enums import OPEN_STATES, TimelineKind
from feedback.models import Feedback
from feedback.selectors.sla_policies import policy_book
from feedback.services.records import lock, tell
from feedback.services.sla_clocks import settle_clocks

BATCH = 200


def recompute_open_records(after: int = 0, *, limit: int = BATCH) -> int | None:
    """After a policy or a calendar was changed: what is open is reckoned anew, what is settled
    stays as it was promised. One batch of records with ids above `after`, each in a transaction
    of its own; gives the last id, None when there are no more. May run twice."""
    keys = list(
        Feedback.objects.open()
        .filter(pk__gt=after)
        .order_by("pk")
        .values_list("pk", flat=True)[:limit]
    )
    for pk in keys:
        _settle_one(pk, why="policy")
    return keys[-1] if len(keys) == limit else None


def recompute_records_of(customer_id: int) -> None:
    """After a customer was regarded otherwise (a tier, a manager) or got records of another:
    what of theirs is open is reckoned anew, what is settled stays as it was promised. May run
    twice."""
    open_ones = Feedback.objects.open().filter(customer=customer_id).order_by("pk")
    for pk in list(open_ones.values_list("pk", flat=True)):
        _settle_one(pk, why="customer")


def start_missing_clocks(*, limit: int = BATCH) -> int:
    """Clocks for open records that have none: those from before there were clocks, and those
    of the demo. What is over already is marked so without telling anybody."""
    if not policy_book().policies:
        return 0
    missing = Feedback.objects.open().filter(reply_due_at__isnull=False, clocks=None)
    keys = list(missing.order_by("reply_due_at", "-pk").values_list("pk", flat=True)[:limit])
    for pk in keys:
        _settle_one(pk, quietly=True)
    return len(keys)


def start_clocks_of(feedback_ids: Iterable[int]) -> None:
    """Clocks for open records that were written without any, quietly as above."""
    for pk in feedback_ids:
        _settle_one(pk, quietly=True)


@transaction.atomic
def _settle_one(pk: int, *, why: str = "", quietly: bool = False) -> None:
    """What is promised is read once the record is locked: a policy that is saved meanwhile is
    either read here, or its own reckoning comes after this one."""
    feedback = lock(pk)
    if feedback.state not in OPEN_STATES:
        return
    before = feedback.reply_due_at
    moved = settle_clocks(feedback, why=why, quietly=quietly)
    if moved:
        tell(feedback, TimelineKind.SLA, what="moved", **moved)
    if feedback.reply_due_at != before:
        # The version stays: nobody's open form becomes stale by it.
        feedback.save(update_fields=["reply_due_at"])
        tell_pages("feedback", id=feedback.pk, number=feedback.number, version=feedback.version)
