"""What follows in the records when two customers turn out to be one."""

from django.db import transaction

from accounts.models import User
from feedback.enums import TimelineKind
from feedback.models import Feedback
from feedback.services.records import tell_many


@transaction.atomic
def take_over_records(*, kept_id: int, gone_id: int, by_id: int) -> int:
    """Give the records of one customer to the other; how many. Safe to run twice."""
    records = Feedback.objects.select_for_update().filter(customer=gone_id).order_by("pk")
    keys = list(records.values_list("pk", flat=True))
    Feedback.objects.filter(pk__in=keys).update(customer=kept_id)
    by = User.objects.filter(pk=by_id).first()
    tell_many(keys, TimelineKind.MERGED, by=by, customer=gone_id, into_customer=kept_id)
    return len(keys)
