"""Statuses as those who set them up see them."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count

from feedback.models import Feedback, Status


@dataclass(frozen=True, slots=True)
class UsedStatus:
    """`uses`: how many records have it now."""

    status: Status
    uses: int


def statuses_with_uses() -> tuple[Sequence[UsedStatus], Sequence[UsedStatus]]:
    """Those in use in their order, and those that are archived. Always two queries."""
    rows = Feedback.objects.order_by().values_list("status").annotate(n=Count("pk"))
    uses: dict[int, int] = dict(rows)
    found = [
        UsedStatus(one, uses.get(one.pk, 0))
        for one in Status.objects.select_related("next_status").order_by("order", "pk")
    ]
    active = [one for one in found if one.status.archived_at is None]
    return active, [one for one in found if one.status.archived_at is not None]
