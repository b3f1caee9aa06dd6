"""What follows in the records when two customers turn out to be one, or two after all."""

from django.db import transaction

from accounts.models import CustomerMerge, User
from accounts.services.merging import merge_in_force, remember_moved
from feedback.enums import TimelineKind
from feedback.models import Feedback
from feedback.services.records import tell_many
from feedback.services.sla_recompute import recompute_records_of


@transaction.atomic
def take_over_records(merge_id: int) -> int:
    """Give the records of one customer to the other; how many. Safe to run twice, and does
    nothing for a merge that was taken back meanwhile."""
    merge = merge_in_force(merge_id)
    if merge is None:
        return 0
    keys = _lock_records(customer=merge.gone_id)
    Feedback.objects.filter(pk__in=keys).update(customer=merge.kept_id)
    if keys:
        remember_moved(merge, Feedback._meta.label, keys)
        names = {"customer": merge.gone_id, "into_customer": merge.kept_id}
        tell_many(keys, TimelineKind.MERGED, by=merge.by, **names)
    # Also when no record moved: tier, manager or organisation may be another now.
    recompute_records_of(merge.kept_id)
    return len(keys)


@transaction.atomic
def give_back_records(merge_id: int, *, by_id: int) -> int:
    """Bring back what was moved because of a merge and is still there; how many."""
    merge = CustomerMerge.objects.get(pk=merge_id)
    moved = merge.moved.get(Feedback._meta.label, [])
    keys = _lock_records(pk__in=moved, customer=merge.kept_id)
    Feedback.objects.filter(pk__in=keys).update(customer=merge.gone_id)
    by = User.objects.filter(pk=by_id).first()
    names = {"customer": merge.kept_id, "into_customer": merge.gone_id}
    tell_many(keys, TimelineKind.MERGED, by=by, undone=True, **names)
    for customer_id in (merge.gone_id, merge.kept_id):
        recompute_records_of(customer_id)
    return len(keys)


def _lock_records(**which: object) -> list[int]:
    records = Feedback.objects.select_for_update().filter(**which).order_by("pk")
    return list(records.values_list("pk", flat=True))
